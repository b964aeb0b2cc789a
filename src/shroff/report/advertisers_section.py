"""The section that answers: which advertisers drive what goes wrong?"""

from __future__ import annotations

from shroff.domain.messages import Message, count
from shroff.domain.slices import Slice
from shroff.errors import ConfigError, DesignError
from shroff.measure.scorecard import Scorecard
from shroff.report.abridging import Value
from shroff.report.document import Align, Block, Column, Paragraph, Row, Section, Table, Tone
from shroff.report.figures import Figure, Form
from shroff.report.wording import Listed, Plain, Sentence, Sentences
from shroff.store.engine import Engine
from shroff.watch.account_standing import Drive
from shroff.watch.account_tenure import Tenure
from shroff.watch.account_watch import AdvertiserQuestion, AdvertiserRow, Advertisers, advertisers

__all__ = ["advertisers_of", "advertisers_section"]

_TABLED = 10
_COLUMNS = ("account", "ads", "share", "labels", "expected", "of_all", "rejected", "lost")
_THIRTY = 1


def advertisers_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: by violations where labels tell of them, else by review load.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where no ad names its account.
    """
    for by in (Drive.VIOLATIONS, Drive.REVIEWS):
        question = AdvertiserQuestion(by=by, most=_TABLED)
        try:
            return advertisers_of(advertisers(engine, card, question))
        except (ConfigError, DesignError):  # the logs cannot tell of these
            continue
    return None


def advertisers_of(found: Advertisers) -> Section:
    """Tell what was found.

    Parameters
    ----------
    found : Advertisers
        The accounts.

    Returns
    -------
    Section
        Who holds how much, the accounts, new against old, how long they stay clean.
    """
    repeats = found.repeats
    blocks: list[Block] = [
        Paragraph(found.lead(), Tone.UNSURE),
        Table(_columns(), tuple(map(_row, found.rows))),
        *(Paragraph(_tenure(each)) for each in found.tenures),
        Paragraph(
            Sentence(
                "advertisers.repeats",
                {
                    "accounts": repeats.accounts,
                    "repeaters": repeats.repeaters,
                    "first": Figure(repeats.first[_THIRTY]),
                    "again": Figure(repeats.again[_THIRTY]),
                },
            )
        ),
        Paragraph(_held(found)),
        Paragraph(
            Sentences((Message("advertisers.how"), Message("advertisers.repeats_note"))),
            Tone.QUIET,
        ),
    ]
    if found.missing:
        drives = tuple(Message(f"advertisers.drive.{each}") for each in found.missing)
        told = Sentence("advertisers.missing", {"drives": Listed(drives)})
        blocks.append(Paragraph(told, Tone.QUIET))
    return Section("advertisers", Message("advertisers.title"), found.summary(), tuple(blocks))


def _columns() -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"advertisers.column.{name}"), Align.END if place else Align.START)
        for place, name in enumerate(_COLUMNS)
    )


def _row(each: AdvertiserRow) -> Row:
    return Row(
        (
            Value(Plain(each.advertiser_id)),
            Plain(count(each.ads)),
            Figure(each.share),
            Plain(count(each.labels)),
            Figure(each.total, Form.COUNT),
            Plain(f"{100 * each.of_all:.1f}%"),
            Plain(count(each.rejected)),
            Plain(f"{count(each.lost)} / {count(each.settled)}"),
        ),
        part=Slice((("advertiser_id", each.advertiser_id),)),
    )


def _tenure(each: Tenure) -> Sentence:
    return Sentence(
        "advertisers.tenure",
        {
            "tenure": Message(f"advertisers.tenure_{each.name}"),
            "violating": Figure(each.violating),
            "leaking": Figure(each.leaking),
            "ads": each.ads,
            "accounts": each.accounts,
        },
    )


def _held(found: Advertisers) -> Sentences:
    return Sentences(
        tuple(
            Sentence(
                "advertisers.held", {"drive": Message(f"advertisers.drive.{drive}"), "held": held}
            )
            for drive, held in found.held.items()
            if held is not None
        )
    )
