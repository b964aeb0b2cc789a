"""The section that answers: which terms are new?"""

from __future__ import annotations

from shroff.domain.messages import Language, Message, count, say
from shroff.errors import ConfigError, DesignError
from shroff.measure.scorecard import Scorecard
from shroff.report.abridging import Value
from shroff.report.document import Align, Block, Column, Paragraph, Row, Section, Table, Tone
from shroff.report.wording import Bilingual, Plain, Quote, Sayable
from shroff.store.engine import Engine
from shroff.watch.new_terms import NewTerm, NewTerms, TermQuestion, told_growth
from shroff.watch.term_watch import new_terms

__all__ = ["terms_of", "terms_section"]

_COLUMNS = ("term", "growth", "ads", "before", "advertisers", "first", "policy", "variant")
_RIGHT = frozenset({"growth", "ads", "before", "advertisers"})
_MOST = 15


def terms_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: terms that rose among violating ads.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where no violating ad has a text, or none came before.
    """
    question = TermQuestion(most=_MOST, level=card.brief.level)
    try:
        return terms_of(new_terms(engine, card.brief.period, question))
    except (ConfigError, DesignError):  # the logs cannot tell: other sections say why
        return None


def terms_of(found: NewTerms) -> Section:
    """Tell what was found.

    Parameters
    ----------
    found : NewTerms
        Terms that rose.

    Returns
    -------
    Section
        A table of terms, an example of each, and what to know of them.
    """
    blocks: list[Block] = []
    if found.terms:
        blocks.append(Table(_columns(), tuple(map(_row, found.terms))))
        blocks += [Paragraph(_example(each), Tone.QUIET) for each in found.terms if each.examples]
    blocks += [Paragraph(note, Tone.QUIET) for note in (found.rule(), *found.notes)]
    return Section("new-terms", Message("terms.title"), found.summary(), tuple(blocks))


def _columns() -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"terms.column.{name}"), Align.END if name in _RIGHT else Align.START)
        for name in _COLUMNS
    )


def _row(each: NewTerm) -> Row:
    return Row(
        (
            Quote(Value(Plain(each.text))),
            Plain(told_growth(each.growth)),
            Plain(count(each.ads[0])),
            Plain(count(each.growth.n - each.ads[0])),
            Plain(count(each.advertisers)),
            Plain(str(each.first_seen)),
            Value(Plain(each.policy or "–")),
            _variant(each),
        )
    )


def _variant(each: NewTerm) -> Sayable:
    if each.likeness is None:
        return Plain("")
    key = f"terms.likeness.{each.likeness}"
    return Bilingual(
        *(f"{say(key, language)} {each.variant_of}" for language in (Language.EN, Language.ZH))
    )


def _example(each: NewTerm) -> Sayable:
    example = each.examples[0]
    said = Message(
        "terms.example",
        {"term": each.text, "ad": example.ad_id, "text": Value(Plain(example.text)).whole()},
    )
    return Quote(said)
