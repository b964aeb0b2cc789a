"""The section that answers: who says this, how is it hidden, and who catches it already?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.messages import Message, count
from shroff.report.document import Align, Block, Column, Details, Paragraph, Row, Section, Table
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence
from shroff.rules.found import Disguise, Found, Part
from shroff.text.evasion import evasion_of, kinds_in

__all__ = ["found_section", "way_name"]

FOUND = "found"
"""Id of the section."""

_PARTS = ("actions", "detectors", "markets", "languages", "top_advertisers")
_WEEKS = 12


def found_section(found: Found) -> Section:
    """Build the section from what a search found.

    Parameters
    ----------
    found : Found
        What was found.

    Returns
    -------
    Section
        How many ads, whose, how far they reach; what catches them; the disguises; the ads by
        action, detector, market, language, advertiser and week.
    """
    blocks: list[Block] = []
    if found.ads:
        blocks.append(Paragraph(found.catching()))
        if found.query:
            blocks += [Paragraph(found.hiding()), _ways(found.disguises, found.ads)]
        parts: list[Block] = [_parts(found, name) for name in _PARTS if getattr(found, name)]
        parts.append(_weeks(found))
        blocks.append(Details(Message("find.parts"), tuple(parts)))
    title = Message("find.title" if found.query else "find.title_listed")
    return Section(FOUND, title, found.summary(), tuple(blocks))


def way_name(evasion: Sequence[str]) -> Sayable:
    """Name a mixture of disguises."""
    kinds = [kind for name in evasion for kind in kinds_in(evasion_of(name))]
    if not kinds:
        return Message("find.way.plain")
    english, chinese = (" + ".join(kind.names[place] for kind in kinds) for place in (0, 1))
    return Bilingual(english, chinese)


def _ways(disguises: Sequence[Disguise], ads: int) -> Table:
    columns = (
        Column(Message("find.column.way")),
        Column(Message("find.column.ads"), Align.END),
        Column(Message("find.column.share"), Align.END),
        Column(Message("find.column.matched")),
    )
    rows = [
        Row((way_name(each.evasion), *_counted(each.ads, ads), Plain(_harmless(each.matched()))))
        for each in disguises
    ]
    return Table(columns, tuple(rows))


def _parts(found: Found, name: str) -> Table:
    parts: tuple[Part, ...] = getattr(found, name)
    rows = [Row((_named(part, name), *_counted(part.ads, found.ads))) for part in parts]
    return Table(_columns(f"find.part.{name}"), tuple(rows))


def _weeks(found: Found) -> Table:
    rows = [
        Row((_named(part, "weeks"), *_counted(part.ads, found.ads)))
        for part in found.weeks[-_WEEKS:]
    ]
    return Table(_columns("find.part.weeks"), tuple(rows))


def _columns(title: str) -> tuple[Column, ...]:
    return (
        Column(Message(title)),
        Column(Message("find.column.ads"), Align.END),
        Column(Message("find.column.share"), Align.END),
    )


def _counted(ads: int, whole: int) -> tuple[Sayable, Sayable]:
    return Plain(count(ads)), Sentence("find.share", {"share": ads / whole})


def _named(part: Part, name: str) -> Sayable:
    if part.name is None:
        return Message("find.nothing")
    if name == "actions":
        return Message("find.action", {"name": part.name})
    return Plain(_harmless(part.name))


def _harmless(text: str) -> str:
    """Put a dot for what is not seen, or would turn the text around it."""
    return "".join(sign if sign.isprintable() else "·" for sign in text)
