"""The section that answers: which near-copies run over several accounts?"""

from __future__ import annotations

from datetime import timedelta

from shroff.domain.messages import Message, count
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.scorecard import Scorecard
from shroff.report.abridging import Value
from shroff.report.document import Align, Block, Column, Paragraph, Row, Section, Table, Tone
from shroff.report.figures import Figure, Form, Part
from shroff.report.wording import Plain, Quote, Sayable
from shroff.store.engine import Engine
from shroff.watch.campaign_findings import Campaign, shortened
from shroff.watch.campaign_result import Campaigns
from shroff.watch.campaigns import CampaignQuestion, campaigns

__all__ = ["campaigns_of", "campaigns_section"]

_DAYS = 91
_TABLED, _SAID = 12, 3
_COLUMNS = (
    "text", "ads", "accounts", "where", "when", "flagged", "approved", "contradicted", "back",
)  # fmt: skip
_START = frozenset({"text", "where", "when"})


def campaigns_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: the thirteen weeks up to the end of the report's period.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where no several accounts say the same.
    """
    end = card.brief.period.end
    period = Period(min(card.brief.period.start, end - timedelta(days=_DAYS)), end)
    question = CampaignQuestion(listed=_TABLED, level=card.brief.level)
    try:
        return campaigns_of(campaigns(engine, period, question))
    except (ConfigError, DesignError):  # the logs cannot tell: other sections say why
        return None


def campaigns_of(found: Campaigns) -> Section | None:
    """Tell what was found.

    Parameters
    ----------
    found : Campaigns
        The campaigns.

    Returns
    -------
    Section or None
        None where there are none.
    """
    if not found.campaigns:
        return None
    blocks: list[Block] = [Paragraph(found.lead(), Tone.UNSURE)]
    for each in found.campaigns[:_SAID]:
        blocks += [
            Paragraph(Quote(each.message(), shortened(each.text))),
            Paragraph(each.outcome(), Tone.QUIET),
        ]
    blocks.append(Table(_columns(), tuple(map(_row, found.campaigns))))
    review = found.review_list().num_rows
    if review:
        blocks.append(Paragraph(Message("campaigns.review", {"ads": review})))
    blocks.append(Paragraph(Message("campaigns.how"), Tone.QUIET))
    return Section("campaigns", Message("campaigns.title"), found.summary(), tuple(blocks))


def _columns() -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"campaigns.column.{name}"), Align.START if name in _START else Align.END)
        for name in _COLUMNS
    )


def _row(each: Campaign) -> Row:
    return Row(
        (
            Quote(Value(Plain(" ".join(each.text.split())))),
            Plain(count(each.ads)),
            Plain(count(each.accounts)),
            _where(each),
            Plain(_when(each)),
            Figure(each.flagged, Form.SHARE, Part.VALUE),
            Plain(count(each.outcomes.approved)),
            Plain(count(each.outcomes.contradicted)),
            Plain(f"{count(each.returns.same)} / {count(each.returns.other)}"),
        )
    )


def _where(each: Campaign) -> Sayable:
    if each.wave is None:
        return Value(Plain(", ".join(part.name for part in each.by_market[:3])))
    if each.wave.market is None:
        return Message("campaigns.all_markets")
    return Value(Plain(each.wave.market))


def _when(each: Campaign) -> str:
    first, last = (each.first, each.last)
    if each.wave is not None:
        first, last = each.wave.first, each.wave.last
    return f"{first} – {last}"
