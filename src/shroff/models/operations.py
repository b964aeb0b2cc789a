"""How do LLM judges run: errors, refusals, latency, cost, drift, and who disagrees with them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from shroff.errors import DataError
from shroff.measure.brief import Brief
from shroff.measure.label_plan_work import stand
from shroff.models.operations_queries import (
    BESIDE_SQL,
    SCORES_SQL,
    calls_sql,
    days_sql,
    stood_sql,
    truth_sql,
)
from shroff.models.operations_result import CUTS, Beside, CallDay, Calls, Drift, Operations
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import beta_ends, wilson
from shroff.store.engine import Engine

if TYPE_CHECKING:
    from shroff.models.kill_switch import Switched

__all__ = ["operations"]

_FEWEST_SCORES = 50
_HALF = 0.5


def operations(
    engine: Engine, brief: Brief, *, model: str = "", off: tuple[Switched, ...] = ()
) -> Operations:
    """Tell how LLM judges ran.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    model : str
        One model; all of them when empty.
    off : tuple of Switched
        What is switched off now.

    Returns
    -------
    Operations
        Calls, days, drift and disagreement.

    Raises
    ------
    DataError
        If no ad of the period was judged.
    """
    frame = stand(engine, brief)
    engine.materialise("judged_calls", stood_sql())

    def mine(rows: pa.Table) -> list[dict[str, Any]]:
        return [row for row in rows.to_pylist() if model in {"", row["model"]}]

    whole = mine(engine.query(calls_sql()))
    if not whole:
        raise DataError(
            f"no ad of {brief.period.label()} was judged" + (f" by {model}" if model else ""),
            hint="ingest judgements, or shroff models judge",
        )
    cuts, apart = [], []
    for cut, column in CUTS.items():
        told = mine(engine.query(calls_sql(column)))
        cuts += [_calls(row, brief.level, cut=cut, value=row[column]) for row in told]
        rows = mine(engine.query(truth_sql(frame.table, (column,))))
        apart += _people(rows, brief.level, cut=cut, column=column)
    by_day = mine(engine.query(days_sql()))
    return Operations(
        period=brief.period,
        versions=tuple(_calls(row, brief.level) for row in whole),
        cuts=tuple(cuts),
        days=tuple(_day(row) for row in by_day),
        drifts=tuple(_drifts(mine(engine.query(SCORES_SQL)), brief.level)),
        beside=(
            *_people(mine(engine.query(truth_sql(frame.table))), brief.level),
            *_others(mine(engine.query(BESIDE_SQL)), brief.level),
            *apart,
        ),
        off=tuple(each for each in off if model in {"", each.name}),
    )


def _counts(row: Mapping[str, Any]) -> dict[str, float]:
    skip = {
        "model",
        "version",
        "policy_id",
        "language",
        "day",
        "currency",
        "first_day",
        "last_day",
    }
    return {
        name: float(value or 0)
        for name, value in row.items()
        if name not in skip and name not in {"p50", "p95", "p99"}
    }


def _calls(row: Mapping[str, Any], level: float, *, cut: str = "", value: str = "") -> Calls:
    return Calls(
        model=row["model"],
        version=row["version"],
        cut=cut,
        value=value,
        counts=_counts(row),
        latency=(row["p50"], row["p95"], row["p99"]),
        first_day=row["first_day"],
        last_day=row["last_day"],
        currency=row["currency"] or "",
        level=level,
    )


def _day(row: Mapping[str, Any]) -> CallDay:
    return CallDay(
        model=row["model"],
        version=row["version"],
        day=row["day"],
        counts=_counts(row),
        p95=row["p95"],
    )


def _versions(rows: Iterable[Mapping[str, Any]], *more: str) -> dict[tuple[str, ...], list[Any]]:
    found: dict[tuple[str, ...], list[Any]] = {}
    for row in rows:
        key = (row["model"], row["version"], *(row[name] for name in more))
        found.setdefault(key, []).append(row)
    return found


def _drifts(rows: list[dict[str, Any]], level: float) -> list[Drift]:
    """Hold the last half of each version's days against the first."""
    found = []
    for (model, version), mine in _versions(rows).items():
        days = sorted({row["day"] for row in mine})
        middle = days[len(days) // 2]
        parts = [[r for r in mine if r["day"] < middle], [r for r in mine if r["day"] >= middle]]
        sums = np.zeros((2, 10))
        moments = np.zeros((2, 3))
        for half, part in enumerate(parts):
            for row in part:
                sums[half, int(row["tenth"])] += row["n"]
                moments[half] += (row["n"], row["total"], row["squares"])
        if moments[:, 0].min() < _FEWEST_SCORES:
            continue
        share = (sums + _HALF) / (sums.sum(axis=1, keepdims=True) + 10 * _HALF)
        psi = float(((share[1] - share[0]) * np.log(share[1] / share[0])).sum())
        found.append(
            Drift(
                model=model,
                version=version,
                psi=psi,
                shift=_shift(moments, level),
                first=int(moments[0, 0]),
                last=int(moments[1, 0]),
            )
        )
    return found


def _shift(moments: np.ndarray, level: float) -> Estimate:
    """Give the difference of means in standard deviations, with a normal interval."""
    n, mean = moments[:, 0], moments[:, 1] / moments[:, 0]
    variance = np.maximum(moments[:, 2] / n - mean**2, 1e-12)
    scale = float(np.sqrt(variance[0]))
    value = float(mean[1] - mean[0]) / scale
    reach = NormalDist().inv_cdf((1 + level) / 2) * float(np.sqrt((variance / n).sum())) / scale
    return Estimate(
        value=value, low=value - reach, high=value + reach, level=level,
        status=Status.ESTIMATE, method="difference of means", n=int(n.sum()),
    )  # fmt: skip


def _people(
    rows: list[dict[str, Any]], level: float, *, cut: str = "", column: str = ""
) -> list[Beside]:
    """Weigh disagreements with drawn labels by the design: Kish's effective number of them."""
    found = []
    for key, mine in _versions(rows, *([column] if column else [])).items():
        w, w2 = sum(row["w"] for row in mine), sum(row["w2"] for row in mine)
        if not w2:
            continue
        other = sum(r["w"] for r in mine if (r["verdict"] == "violating") != bool(r["truth"]))
        size = w * w / w2
        low, high = beta_ends(np.array([size * other / w]), np.array([size]), level=level)
        share = other / w
        apart = Estimate(
            value=share,
            low=min(float(low[0]), share),
            high=max(float(high[0]), share),
            level=level,
            status=Status.ESTIMATE,
            method="Clopper-Pearson on effective labels",
            n=int(sum(row["n"] for row in mine)),
        )
        found.append(
            Beside(model=key[0], version=key[1], beside="people", apart=apart, cut=cut,
                   value=key[2] if column else "")
        )  # fmt: skip
    return found


def _others(rows: list[dict[str, Any]], level: float) -> list[Beside]:
    return [
        Beside(
            model=row["model"],
            version=row["version"],
            beside=row["beside"],
            apart=wilson(int(row["apart"]), int(row["n"]), level=level),
        )
        for row in rows
    ]
