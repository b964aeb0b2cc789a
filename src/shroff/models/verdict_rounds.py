"""Which batches hold the same ads, for two people who do not see each other's answers and a third."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.store.catalog import Catalog

__all__ = ["FIRST", "SECOND", "SINGLE", "THIRD", "Round", "rounds_of"]

SINGLE, FIRST, SECOND, THIRD = "single", "first", "second", "third"
"""Whom a batch is for: anybody, one of two, or the third who settles what they dispute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A batch, and the others that hold the same ads.

    Parameters
    ----------
    batch_id : str
        The batch.
    at : str
        When it was drawn.
    taken : str
        When labels of it first came back; empty before.
    golden : str
        The golden set it is of; empty for none.
    part : str
        ``single``, ``first``, ``second`` or ``third``.
    partners : tuple of str
        The other batches.
    """

    batch_id: str
    at: str
    taken: str = ""
    golden: str = ""
    part: str = SINGLE
    partners: tuple[str, ...] = ()


def rounds_of(catalog: Catalog) -> tuple[Round, ...]:
    """List the batches of a workspace, oldest first, with those that go together.

    Parameters
    ----------
    catalog : Catalog
        What was drawn.

    Returns
    -------
    tuple of Round
        One a batch.
    """
    golden: dict[str, tuple[str, str]] = {}
    for each in catalog.golden.sets():
        golden |= {b: (each.name, str(part)) for b, part in each.detail.get("batches", {}).items()}
    twins = catalog.verdicts.rounds()
    firsts = {first for first, _ in twins.values()}
    groups: dict[str, list[str]] = {}
    for batch, (name, _) in golden.items():
        groups.setdefault(f"golden {name}", []).append(batch)
    for batch, (first, _) in twins.items():
        groups.setdefault(first, [first]).append(batch)
    partners = {
        batch: tuple(each for each in members if each != batch)
        for members in groups.values()
        for batch in members
    }
    parts = dict.fromkeys(firsts, FIRST)
    parts |= {batch: part for batch, (_, part) in (*golden.items(), *twins.items())}
    return tuple(
        Round(
            batch_id=batch.id,
            at=batch.at,
            taken=batch.taken,
            golden=golden.get(batch.id, ("", ""))[0],
            part=parts.get(batch.id, SINGLE),
            partners=partners.get(batch.id, ()),
        )
        for batch in catalog.labels.batches()
    )
