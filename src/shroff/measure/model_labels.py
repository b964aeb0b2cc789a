"""The labelled ads that both versions of a model scored, and what they can speak for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.measure.brief import Design
from shroff.measure.counts import group_rows
from shroff.measure.frame import Frame
from shroff.measure.labelling import frame_sql
from shroff.measure.model_versions import Pair
from shroff.stats.estimate import Status
from shroff.stats.paired_doubt import PairedLabels
from shroff.stats.paired_merging import merged
from shroff.stats.sampling import kind_codes
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal

__all__ = ["PREFIX", "PairSample", "bad_sql", "design_of", "merge", "read_labels"]

_TOGETHER = " + "

PREFIX = "compare-"
"""Designs that draw ads on which versions disagree begin so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSample:
    """Labelled ads with both scores.

    Parameters
    ----------
    labels : PairedLabels
        Truth, weight and stratum of each.
    champion, challenger : array of shape (k,)
        Scores.
    columns : mapping
        Value of each ad in each dimension, as text.
    design : str
        How they were drawn.
    status : Status
        What figures on them are worth.
    caveats : tuple of Message
        What to know of them.
    unscored : int
        Labelled ads that one of the versions did not score.
    """

    labels: PairedLabels
    champion: np.ndarray
    challenger: np.ndarray
    columns: Mapping[str, pa.ChunkedArray]
    design: str
    status: Status
    caveats: tuple[Message, ...]
    unscored: int

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.labels)

    def slices(self, slicing: tuple[str, ...]) -> tuple[list[Slice], np.ndarray]:
        """List the slices of one slicing, and the place of each label among them."""
        values = [self.columns[name] for name in slicing]
        return group_rows(slicing, values, size=len(self))


def merge(
    draws: Sequence[PairSample], *, champion_at: float, challenger_at: float
) -> PairSample | None:
    """Put independent draws together; see `shroff.stats.paired_merging.merged`.

    Parameters
    ----------
    draws : sequence of PairSample
        The draws.
    champion_at, challenger_at : float
        Thresholds; which versions act there is the class in which draws share the weight.

    Returns
    -------
    PairSample or None
        One sample; None without any.
    """
    if len(draws) < 2:
        return draws[0] if draws else None
    first, second = (
        np.concatenate([getattr(draw, name) for draw in draws])
        for name in ("champion", "challenger")
    )
    classes = [
        (2 * (draw.champion >= champion_at) + (draw.challenger >= challenger_at)).astype(np.intp)
        for draw in draws
    ]
    return replace(
        draws[0],
        labels=merged([draw.labels for draw in draws], classes),
        champion=first,
        challenger=second,
        columns={
            name: pa.chunked_array([c for draw in draws for c in draw.columns[name].chunks])
            for name in draws[0].columns
        },
        design=_TOGETHER.join(draw.design for draw in draws),
        caveats=tuple(note for draw in draws for note in draw.caveats),
        unscored=sum(draw.unscored for draw in draws),
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """A table of labelled ads, and how its strata were drawn."""

    table: str
    kinds: Mapping[int, DesignKind]
    designs: tuple[Design, ...]
    text: str
    status: Status
    caveats: tuple[Message, ...]


def design_of(pair: Pair) -> str:
    """Name the design that draws the ads on which two versions disagree."""
    first, second = pair.champion, pair.challenger
    policy = f"-{first.policy}" if first.policy else ""
    return f"{PREFIX}{first.model}{policy}-{first.version}-{second.version}"


def read_labels(
    engine: Engine, frame: Frame, pair: Pair, *, dimensions: Sequence[str]
) -> tuple[PairSample, ...]:
    """Read the labelled ads that both versions scored.

    Parameters
    ----------
    engine : Engine
        Where the frame, ``drawn_labels`` and ``model_pairs`` are.
    frame : Frame
        The label frame.
    pair : Pair
        The versions.
    dimensions : sequence of str
        Columns to slice by.

    Returns
    -------
    tuple of PairSample
        One for each independent draw: the frame's, and the ads that were drawn to compare these
        very versions. Labels that no chance drew are left out when others are there.

    Notes
    -----
    Where only some labelled ads of a stratum have both
    scores, the others' weight is given to them, and a stratum that was labelled in full is then a
    draw: that takes whether a version scored an ad to be a matter of chance within the stratum.
    """
    bad = bad_sql(engine, pair.champion.policy)
    found = [_read(engine, _of_frame(frame), bad=bad, dimensions=dimensions)]
    own = _of_design(engine, design_of(pair))
    if own is not None:
        found.append(_read(engine, own, bad=bad, dimensions=dimensions))
    there = [each for each in found if each is not None]
    drawn = tuple(each for each in there if each.status is Status.ESTIMATE)
    return drawn or tuple(there)


def _of_frame(frame: Frame) -> _Source:
    used = {s.design.id: s.design for s in frame.sources if s.design is not None}
    uncovered = frame.uncovered()
    notes = frame.caveats() if frame.any_probability() else (Message("scorecard.found"),)
    if uncovered and frame.any_probability():
        notes += (Message("models.uncovered", {"actions": ", ".join(uncovered)}),)
    sure = frame.any_probability() and not uncovered
    return _Source(
        table=frame.table,
        kinds={stratum.code: stratum.kind for stratum in frame.strata},
        designs=tuple(used.values()),
        text=frame.text(),
        status=Status.ESTIMATE if sure else Status.PROXY,
        caveats=notes,
    )


def _of_design(engine: Engine, name: str) -> _Source | None:
    """Make the frame of the labels drawn for this very comparison, if there are any."""
    found = engine.query(
        "SELECT action, COUNT(*) AS drawn, COUNT(any_violating) AS labelled FROM drawn_labels"
        f" WHERE design = {literal(name)} AND in_period GROUP BY action ORDER BY action"
    ).to_pylist()
    answered = [row for row in found if row["labelled"]]
    if not answered or len(answered) < len(found):
        return None
    design = Design(id=name)
    query = frame_sql({str(row["action"]): design for row in answered})
    engine.materialise("model_frame", query)
    codes = engine.query("SELECT DISTINCT stratum_code AS code FROM model_frame ORDER BY code")
    drawn, labelled = (sum(int(row[key]) for row in found) for key in ("drawn", "labelled"))
    notes = (Message("models.unanswered", {"missing": drawn - labelled, "drawn": drawn}),)
    return _Source(
        table="model_frame",
        kinds={int(code): DesignKind.POISSON for code in codes.column("code").to_pylist()},
        designs=(design,),
        text=f"{name} ({design.kind}, {design.basis})",
        status=Status.ESTIMATE,
        caveats=notes if drawn > labelled else (),
    )


def bad_sql(engine: Engine, policy: str) -> str:
    """Write whether an ad violates what a model scores: a policy, with those below it.

    Parameters
    ----------
    engine : Engine
        Where the policies are.
    policy : str
        The policy; any when empty.

    Returns
    -------
    str
        A condition on a label frame that is called ``f``.
    """
    if not policy:
        return "f.any_violating"
    below = _below(engine, policy)
    tests = " OR ".join(f"array_contains(f.truth_policies, {literal(each)})" for each in below)
    return f"(f.any_violating AND COALESCE({tests}, FALSE))"


def _below(engine: Engine, policy: str) -> list[str]:
    if "policies" not in engine.snapshot:
        return [policy]
    tree = engine.query(
        "SELECT DISTINCT policy_id, parent FROM policies WHERE parent IS NOT NULL"
        " ORDER BY policy_id, parent"
    ).to_pylist()
    found = [policy]
    for name in found:
        found += [
            str(row["policy_id"])
            for row in tree
            if row["parent"] == name and row["policy_id"] not in found
        ]
    return found


def _read(
    engine: Engine, source: _Source, *, bad: str, dimensions: Sequence[str]
) -> PairSample | None:
    shown = "".join(
        f", CAST(f.{ident(name)} AS VARCHAR) AS {ident('_' + name)}" for name in dimensions
    )
    batches = list(
        rows(
            engine,
            "SELECT f.stratum_code, f.w, m.first_score, m.second_score,"
            f" {bad} AS bad, {_cluster_sql(source.designs)} AS cluster{shown}"
            f" FROM {source.table} AS f LEFT JOIN model_pairs AS m"
            " ON f.ad_id = m.ad_id AND f.ad_version = m.ad_version WHERE f.in_period",
        )
    )
    if not batches:
        return None
    table = pa.Table.from_batches(batches)
    first, second = (
        table.column(name).cast(pa.float64()).to_numpy()
        for name in ("first_score", "second_score")
    )
    both = np.isfinite(first) & np.isfinite(second)
    if not both.any():
        return None
    kept = table.filter(pa.array(both))
    return PairSample(
        labels=_labels(table, source, both=both),
        champion=first[both],
        challenger=second[both],
        columns={name: kept.column("_" + name) for name in dimensions},
        design=source.text,
        status=source.status,
        caveats=source.caveats,
        unscored=int((~both).sum()),
    )


def _labels(table: pa.Table, source: _Source, *, both: np.ndarray) -> PairedLabels:
    stratum = table.column("stratum_code").to_numpy().astype(np.intp)
    w = table.column("w").to_numpy()
    size = int(stratum.max(initial=0)) + 1
    whole = np.bincount(stratum, weights=w, minlength=size)
    there = np.bincount(stratum[both], weights=w[both], minlength=size)
    kinds = [source.kinds.get(code, DesignKind.POISSON) for code in range(size)]
    partly = there < whole * (1 - 1e-12)
    for code in np.flatnonzero(partly).tolist():
        # who of a census or a fixed number was scored is left to chance
        kinds[code] = DesignKind.POISSON
    more = np.divide(whole, there, out=np.ones(size), where=there > 0)
    cluster = None
    if any(design.cluster for design in source.designs):
        coded = table.column("cluster").combine_chunks().dictionary_encode()
        cluster = coded.indices.to_numpy().astype(np.intp)[both]
    return PairedLabels(
        stratum=stratum[both],
        w=(w * more[stratum])[both],
        bad=table.column("bad").to_numpy(zero_copy_only=False).astype(bool)[both],
        kind=kind_codes(kinds),
        cluster=cluster,
    )


def _cluster_sql(designs: Sequence[Design]) -> str:
    """Name what a label was drawn with; one whose design has no clusters is on its own."""
    whens = " ".join(
        f"WHEN f.design = {literal(d.id)} THEN CAST(f.{ident(d.cluster)} AS VARCHAR)"
        for d in designs
        if d.cluster
    )
    return f"COALESCE(CASE {whens} END, 'ad ' || f.ad_id)" if whens else "f.ad_id"
