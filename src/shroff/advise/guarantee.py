"""From which score may ads be rejected so that precision is sure to stay above a floor?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.advise.guarantee_result import Guarantee, GuaranteedLine, Outlook
from shroff.advise.line_labels import (
    ScoredCell,
    ScoredCells,
    chosen_score,
    columns_of,
    dimensions_of,
    joined_labels,
    read_cells,
    today_lines,
)
from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import ConfigError
from shroff.measure.brief import Brief
from shroff.measure.score_labels import ScoreKey, told_by
from shroff.measure.score_queries import ALL_SCORES, Chosen
from shroff.measure.scorecard import Query, Scorecard, scorecard
from shroff.stats.precision_tests import DrawDesign, design_of
from shroff.stats.proportions import Floats, clopper_pearson
from shroff.stats.score_cells import BINS
from shroff.stats.sure_lines import (
    LineCell,
    SureLine,
    labels_for_line,
    precision_from,
    sure_lines,
)
from shroff.store.engine import Engine

__all__ = ["GuaranteeAsked", "guarantee", "guarantee_of"]

_USUAL_FLOOR = 0.9
_MOST = 2000
_FLOORS = (0.01, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeAsked:
    """What is to be guaranteed.

    Parameters
    ----------
    chosen : Chosen
        Whose score; the one over all policies of the version most in use when empty.
    by : tuple of str
        Columns that cells are made of, each with a line of its own; none for one line. The policy
        of an ad is the one with the highest score of its own.
    floor : float or None
        Least precision of rejects; None for the goal of ``reject_precision``, else today's.
    delta : float
        Risk that precision is under the floor in any cell, in (0, 0.25].
    lowest : float
        Lowest line looked at, a score.
    """

    chosen: Chosen = ALL_SCORES
    by: tuple[str, ...] = ()
    floor: float | None = None
    delta: float = 0.05
    lowest: float = 0.5


def guarantee(engine: Engine, brief: Brief, asked: GuaranteeAsked) -> Guarantee:
    """Find reject lines that are sure.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs; its slices and metrics are not used.
    asked : GuaranteeAsked
        Score, cells, floor, risk.

    Returns
    -------
    Guarantee
        A line for each cell, or why there is none.

    Raises
    ------
    ConfigError
        If there is no such score or column, or a number is out of range.
    DesignError
        If no label was drawn at random.
    """
    wanted = ("reject_precision", "approve_rate")
    card = scorecard(
        engine, replace(brief, by=tuple({(), dimensions_of(asked.by)}), wanted=wanted)
    )
    return guarantee_of(engine, card, asked)


def guarantee_of(engine: Engine, card: Scorecard, asked: GuaranteeAsked) -> Guarantee:
    """Find them for the ads of a scorecard; its session tables, by rows, must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard.
    asked : GuaranteeAsked
        Score, cells, floor, risk.

    Returns
    -------
    Guarantee
        A line for each cell, or why there is none.

    Raises
    ------
    ConfigError
        If far too many cells are asked for.
    """
    lowest = _lowest(asked)
    frame = card.frames[Weight.ADS]
    chosen = chosen_score(engine, asked.chosen)
    read = read_cells(engine, card, by=columns_of(asked.by), chosen=chosen, lowest=lowest)
    if len(read.cells) > _MOST:
        raise ConfigError(
            f"{len(read.cells):,} cells are asked for, at most {_MOST:,} can be looked at",
            hint="cut by columns with fewer values",
        )
    floor, floor_from = _floor(card, asked)
    design = design_of(
        joined_labels([cell.labels for cell in read.cells if len(cell.labels)]),
        one_by_one=read.one_by_one,
        largest=read.largest,
    )
    lines = _lines(
        read.cells,
        design,
        asked=replace(asked, floor=floor),
        blind=frame.uncovered(),
    )
    titles = ("scores of labels by cell", "scores of all ads by cell")
    return Guarantee(
        period=card.brief.period,
        score=replace(read.cells[0].key, slice=ScoreKey("", "", None).slice),
        floor=floor,
        delta=asked.delta,
        floor_from=floor_from,
        lowest=lowest,
        lines=lines,
        way=_way(design, lowest),
        design=frame.text(),
        notes=_notes(read, design, asked=replace(asked, floor=floor)) + told_by(frame),
        queries=tuple(
            Query(title, engine.text(sql)) for title, sql in zip(titles, read.queries, strict=True)
        ),
    )


def _notes(read: ScoredCells, design: DrawDesign, *, asked: GuaranteeAsked) -> tuple[Message, ...]:
    left_out = {"guarantee.rules": read.by_rules, "guarantee.unnamed": read.unnamed}
    return (
        *(Message(name, {"ads": ads}) for name, ads in left_out.items() if ads),
        Message("guarantee.how", {"floor": asked.floor, "delta": asked.delta}),
        Message(f"guarantee.way_{_way(design, _lowest(asked))}"),
        Message("guarantee.future"),
    )


def _lowest(asked: GuaranteeAsked) -> int:
    if not 0 <= asked.lowest < 1:
        raise ConfigError(
            f"the lowest line {asked.lowest:g} is no score", hint="a score from 0 to 0.999"
        )
    return int(asked.lowest * BINS)


def _floor(card: Scorecard, asked: GuaranteeAsked) -> tuple[float, str]:
    """Take the floor asked for, else the goal's, else today's precision."""
    if asked.floor is not None:
        return asked.floor, "asked"
    goal = card.brief.goal("reject_precision")
    if goal is not None and goal.at_least is not None:
        return goal.at_least, "goal"
    figure = card.figure("reject_precision")
    today = figure.estimate.value if figure is not None else None
    if today is None or not _FLOORS[0] < today < _FLOORS[1]:
        return _USUAL_FLOOR, "usual"
    return float(np.floor(100 * today) / 100), "today"


def _way(design: DrawDesign, lowest: int) -> str:
    thinned = design.thinned[lowest:]
    return "counted" if thinned.all() else "both" if thinned.any() else "bet"


def _lines(
    cells: Sequence[ScoredCell], design: DrawDesign, *, asked: GuaranteeAsked, blind: Sequence[str]
) -> tuple[GuaranteedLine, ...]:
    """Test all cells, and tell of each; ads of an action nobody labelled count as compliant."""
    floor, lowest = float(asked.floor or 0), _lowest(asked)
    tested = []
    for cell in cells:
        unseen = cell.of(blind)
        tested.append(LineCell(labels=cell.labels, ads=cell.ads() - unseen, unseen=unseen))
    found = sure_lines(tested, design, floor=floor, delta=asked.delta, lowest=lowest)
    pooled = precision_from(joined_labels([cell.labels for cell in tested if len(cell.labels)]))
    lines = []
    for cell, test, sure in zip(cells, tested, found, strict=True):
        need = labels_for_line(
            test,
            design,
            pooled=pooled,
            floor=floor,
            level=sure.level or asked.delta / len(tested),
            lowest=lowest,
            line=sure.at,
        )
        blinded = bool(test.unseen[lowest])
        lines.append(_told(cell, replace(sure, need=need), asked=asked, able=not blinded))
    return tuple(lines)


def _told(
    cell: ScoredCell, sure: SureLine, *, asked: GuaranteeAsked, able: bool
) -> GuaranteedLine:
    review, reject = today_lines(cell.volume)
    looks = precision_from(cell.labels)
    good = np.flatnonzero(np.nan_to_num(looks) >= float(asked.floor or 0))
    good = good[good >= _lowest(asked)]

    def outlook(at: int | None) -> Outlook | None:
        return None if at is None or at >= BINS else _outlook(cell, at, looks, delta=asked.delta)

    return GuaranteedLine(
        key=cell.key,
        scored=int(cell.volume.sum()),
        labels=len(cell.labels),
        rejected=int(cell.today("reject")),
        review_from=review,
        today=outlook(reject),
        sure=outlook(sure.at),
        empirical=outlook(int(good[0]) if len(good) else None),
        risk=sure.level,
        tested=len(sure.tested),
        need=sure.need,
        covered=able,
    )


def _outlook(cell: ScoredCell, at: int, looks: Floats, *, delta: float) -> Outlook:
    above = cell.labels.where(cell.labels.place > at)
    low = None
    if len(above):
        # labels in effect: as many alike as the weights make them worth
        worth = float(above.weight.sum() ** 2 / (above.weight**2).sum())
        hits = round(worth * float(looks[at]))
        low = clopper_pearson(hits, max(round(worth), hits), level=1 - 2 * delta).low
    return Outlook(
        at=at,
        ads=int(cell.ads()[at]),
        labels=len(above),
        violating=int(above.violating.sum()),
        precision=float(looks[at]) if len(above) else None,
        low=low,
    )
