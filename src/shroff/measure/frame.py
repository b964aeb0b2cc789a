"""The label frame: every labelled ad, with how likely it was to be labelled.

One row a labelled decision of record. For each machine action the frame takes its labels from one
design: the probability sample that knows most of what is weighed (ads, impressions, spend) among
those whose weights add up; failing that, a queue that was worked in full;
failing that, whatever labels there are, and then the figures are proxies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import ConfigError, EngineError
from shroff.measure.balance import declared_balance
from shroff.measure.brief import Design
from shroff.measure.ground import ROWS, Ground
from shroff.measure.labelling import (
    DECK,
    drawn_sql,
    frame_sql,
    labels_sql,
    queue_supply_sql,
    supply_sql,
)
from shroff.measure.truth import TRUTH_SQL
from shroff.store.engine import Engine

__all__ = ["ACTIONS", "Frame", "Source", "Stratum", "build_frames"]

_LEAST_DRAWN, _LEAST_SHARE = 30, 0.02
ACTIONS = ("approve", "review", "reject", "restrict")
"""Machine actions in the order of their codes."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the labels of one machine action come from.

    Measures are in the frame's unit: ads, impressions or spend.

    Parameters
    ----------
    action : str
        The machine action.
    design : Design or None
        The design whose labels are used; None when no design drew any.
    ads : int
        Ads of the period with this action.
    total : float
        Their measure.
    drawn, labelled : int
        Ads drawn, and those of them whose truth is known.
    weight : float
        Their measure as the ads drawn tell it: near ``total`` when the probabilities are right.
    doubt : float
        Standard error of ``weight`` under the design.
    """

    action: str
    design: Design | None
    ads: int
    total: float
    drawn: int
    labelled: int
    weight: float
    doubt: float

    @property
    def balanced(self) -> bool:
        """Whether the weights add up to what they should, as far as the draw can tell."""
        gap = abs(self.weight - self.total)
        return gap <= max(4 * self.doubt, 0.05 * self.total)

    @property
    def probability(self) -> bool:
        """Whether its labels can speak for ads nobody labelled."""
        return self.design is not None and self.labelled > 0


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum of the frame.

    Parameters
    ----------
    code : int
        Index in the frame, from 0.
    design, name : str
        The design and its stratum.
    kind : DesignKind
        How ads were drawn from it.
    labels : int
        Labels it holds.
    """

    code: int
    design: str
    name: str
    kind: DesignKind
    labels: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The label frame as built.

    Parameters
    ----------
    table : str
        Its table in the session.
    weight : Weight
        What one ad counts for in it.
    sources : tuple of Source
        Where each action's labels come from.
    strata : tuple of Stratum
        Strata in the order of their codes.
    clustered : bool
        Whether ads were drawn, or err, together.
    query : str
        The query that made it.
    balance : tuple of Message
        What is lopsided about draws that are declared to be random.
    """

    table: str
    weight: Weight
    sources: tuple[Source, ...]
    strata: tuple[Stratum, ...]
    clustered: bool
    query: str
    balance: tuple[Message, ...] = ()

    @property
    def labels(self) -> int:
        """Count the labels."""
        return sum(stratum.labels for stratum in self.strata)

    def uncovered(self) -> tuple[str, ...]:
        """Name the actions of the period that no design ever labelled."""
        return tuple(s.action for s in self.sources if s.ads > 0 and not s.probability)

    def any_probability(self) -> bool:
        """Tell whether any label was drawn with a known probability."""
        return any(source.probability for source in self.sources)

    def text(self) -> str:
        """Describe the designs in one line."""
        used = {s.design.id: s.design for s in self.sources if s.design is not None}
        parts = [f"{d.id} ({d.kind}, {d.basis})" for d in used.values()]
        return " + ".join(parts) if parts else "no probability sample"

    def caveats(self) -> tuple[Message, ...]:
        """Say what to know of the labels as a whole."""
        notes = [note for source in self.sources for note in _notes(source, self._sum)]
        return (*notes, *self.balance)

    @property
    def _sum(self) -> float:
        return sum(source.total for source in self.sources)


def _notes(source: Source, everything: float) -> list[Message]:
    if source.design is None:
        return []
    notes: list[Message] = []
    shared = {"action": source.action, "design": source.design.id}
    if source.design.basis is Basis.DECLARED:
        notes.append(Message("scorecard.declared", {**shared, "by": source.design.by or "?"}))
    if source.design.kind is DesignKind.CENSUS:
        notes.append(Message("scorecard.queue_truth", shared))
    elif source.labelled < source.drawn:
        missing = source.drawn - source.labelled
        notes.append(
            Message("scorecard.unanswered", {**shared, "missing": missing, "drawn": source.drawn})
        )
    # a few ads tell little of what they should weigh, least of all where some are seen far more
    telling = source.drawn >= _LEAST_DRAWN and source.total >= _LEAST_SHARE * everything
    if telling and not source.balanced and source.design.kind is not DesignKind.CENSUS:
        share = source.weight / source.total if source.total else 0.0
        notes.append(Message("scorecard.unbalanced", {**shared, "share": share}))
    return notes


def _sources(
    engine: Engine, designs: Sequence[Design], weight: Weight, *, ground: Ground
) -> tuple[Source, ...]:
    """Choose the design of each action: of those whose weights add up, the one that knows most."""
    known = {design.id: design for design in designs}
    best: dict[str, tuple[bool, float]] = {}
    found: dict[str, Source] = {}
    for row in map(_without_deck, engine.query(supply_sql(weight, ground)).to_pylist()):
        design = known.get(row["design"]) or (Design(id=row["design"]) if row["design"] else None)
        source = Source(
            action=row["action"],
            design=design if row["labelled"] else None,
            ads=int(row["ads"]),
            total=float(row["total"]),
            drawn=int(row["drawn"]),
            labelled=int(row["labelled"]),
            weight=float(row["weight"]),
            doubt=max(float(row["spread"]), 0.0) ** 0.5,
        )
        merit = (source.balanced, float(row["effective"] or 0.0))
        if source.action not in best or merit > best[source.action]:
            best[source.action], found[source.action] = merit, source
    census = next((d for d in designs if d.kind is DesignKind.CENSUS), None)
    chosen = (found[action] for action in ACTIONS if action in found)
    return tuple(
        _or_queue(engine, source, census, weight=weight, ground=ground) for source in chosen
    )


def _without_deck(row: dict[str, Any]) -> dict[str, Any]:
    """Pass over labels that speak for the ads of a few rules only."""
    if not row["design"].startswith(DECK):
        return row
    nothing = {"drawn": 0, "labelled": 0, "weight": 0.0, "spread": 0.0, "effective": 0.0}
    return {**row, "design": "", **nothing}


def _or_queue(
    engine: Engine, source: Source, census: Design | None, *, weight: Weight, ground: Ground
) -> Source:
    """Fall back on the outcome of a queue that is worked in full."""
    if source.probability or source.action != "review" or census is None:
        return source
    done = int(engine.query(queue_supply_sql(weight, ground)).column("labelled")[0].as_py())
    return replace(
        source, design=census, drawn=source.ads, labelled=done, weight=source.total, doubt=0.0
    )


def build_frames(
    engine: Engine,
    designs: Sequence[Design],
    *,
    weights: Sequence[Weight],
    ground: Ground = ROWS,
) -> dict[Weight, Frame]:
    """Make the label frames of this session; ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    designs : sequence of Design
        How labels were drawn, in order of preference.
    weights : sequence of Weight
        What ads are to be weighed by.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    dict of Frame
        For each weight, where the labels come from and what to know of them.

    Raises
    ------
    ConfigError
        If the stratum of a design is not an expression over the population's columns.
    EngineError
        If the engine fails.
    """
    engine.materialise("truth", TRUTH_SQL)
    engine.materialise("drawn", drawn_sql(designs))
    try:
        engine.materialise("drawn_labels", labels_sql(designs, ground))
    except EngineError:
        _require_strata(engine, designs, ground)
        raise
    return {weight: _build(engine, designs, weight, ground=ground) for weight in weights}


def _require_strata(engine: Engine, designs: Sequence[Design], ground: Ground) -> None:
    """Name the design whose stratum the population cannot give."""
    for design in designs:
        if not design.stratum:
            continue
        try:
            engine.query(
                f"SELECT MAX(CAST(({design.stratum}) AS VARCHAR)) AS x FROM {ground.rows}"
            )
        except EngineError as fault:
            raise ConfigError(
                f"the stratum cannot be computed: {fault.cause}",
                where=f"shroff.toml [designs.{design.id}] stratum",
                hint="write one SQL expression over action, policy_id, market, score, ...",
            ) from fault


def _build(engine: Engine, designs: Sequence[Design], weight: Weight, *, ground: Ground) -> Frame:
    sources = _sources(engine, designs, weight, ground=ground)
    chosen = {s.action: s.design for s in sources if s.design is not None}
    query = frame_sql(chosen, ground)
    table = f"frame_{weight}"
    engine.materialise(table, query, compact=True)
    used = {design.id: design for design in chosen.values()}
    clustered = any(design.cluster for design in used.values())
    balance = declared_balance(engine, tuple(chosen.items()), ground=ground)
    strata = _strata(engine, table, used)
    return Frame(table, weight, sources, strata, clustered, query, balance)


def _strata(engine: Engine, table: str, used: Mapping[str, Design]) -> tuple[Stratum, ...]:
    rows = engine.query(
        f"SELECT stratum_code, design, stratum, COUNT(*) AS labels FROM {table}"
        " GROUP BY stratum_code, design, stratum ORDER BY stratum_code"
    ).to_pylist()
    return tuple(
        Stratum(
            int(row["stratum_code"]),
            row["design"],
            row["stratum"],
            used[row["design"]].kind if row["design"] in used else DesignKind.PPS,
            int(row["labels"]),
        )
        for row in rows
    )
