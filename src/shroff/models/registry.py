"""Everything that scores or judges: what was registered, and what the logs show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shroff.measure.calibrator import CALIBRATION
from shroff.store.catalog import Catalog
from shroff.store.detector_files import DetectorFiles
from shroff.store.engine import Engine
from shroff.store.model_records import ModelRecord, ModelRun, ModelStep

__all__ = [
    "Entry", "Registry", "Seen", "calibrations", "logged", "read_registry", "registry_of",
]  # fmt: skip

_MIXED = "?"
_MOST_POLICIES = 4

_SCORES = """
SELECT model, version, COALESCE(policy_id, '') AS policy, COUNT(*) AS n,
       SUM(CASE WHEN COALESCE(shadow, FALSE) THEN 0 ELSE 1 END) AS live,
       MIN(scored_at) AS first_at, MAX(scored_at) AS last_at
FROM scores
GROUP BY model, version, COALESCE(policy_id, '')
ORDER BY 1, 2, 3
"""

_DECISIONS = """
SELECT detector AS model, COALESCE(version, '') AS version, COUNT(*) AS n,
       SUM(CASE WHEN COALESCE(shadow, FALSE) THEN 0 ELSE 1 END) AS live,
       MIN(decided_at) AS first_at, MAX(decided_at) AS last_at
FROM decisions
WHERE source IN ('model', 'llm') AND detector IS NOT NULL
GROUP BY detector, COALESCE(version, '')
ORDER BY 1, 2
"""

_JUDGEMENTS = """
SELECT model, COALESCE(version, '') AS version, COALESCE(policy_id, '') AS policy, COUNT(*) AS n,
       SUM(CASE WHEN COALESCE(shadow, FALSE) THEN 0 ELSE 1 END) AS live,
       MIN(judged_at) AS first_at, MAX(judged_at) AS last_at,
       SUM(latency_ms) AS latency, COUNT(latency_ms) AS timed, SUM(cost) AS cost,
       COUNT(cost) AS priced, MIN(currency) AS currency, MAX(currency) AS other
FROM judgements
WHERE model IS NOT NULL
GROUP BY model, COALESCE(version, ''), COALESCE(policy_id, '')
ORDER BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the logs show of a version.

    Parameters
    ----------
    scores, decisions, judgements : int
        Rows in those tables.
    live : int
        Rows that are not in shadow.
    policies : tuple of str
        Policies scored; empty for one score over all.
    first, last : datetime or None
        First and last time it was seen; None where the log does not date it.
    latency : tuple of float
        Milliseconds of all judgements that were timed, and how many were.
    cost : tuple of float
        Cost of all judgements that were priced, and how many were.
    currency : str
        Currency of the cost; ``?`` where there are several.
    """

    scores: int = 0
    decisions: int = 0
    judgements: int = 0
    live: int = 0
    policies: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    latency: tuple[float, int] = (0.0, 0)
    cost: tuple[float, int] = (0.0, 0)
    currency: str = ""

    @property
    def latency_ms(self) -> float | None:
        """Give the mean time of a judgement."""
        return self.latency[0] / self.latency[1] if self.latency[1] else None

    @property
    def cost_per_1000(self) -> float | None:
        """Give the cost of 1,000 judgements; None where it is not known, or in several currencies."""
        if not self.cost[1] or self.currency == _MIXED:
            return None
        return 1000 * self.cost[0] / self.cost[1]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "scores": self.scores,
            "decisions": self.decisions,
            "judgements": self.judgements,
            "latency_ms": self.latency_ms,
            "cost_per_1000": self.cost_per_1000,
            "currency": self.currency,
            "live": self.live,
            "policies": list(self.policies),
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One version, as the registry and the logs know it.

    Parameters
    ----------
    model : ModelRecord
        As it is registered; of one that is not, what the log says.
    registered : bool
        Whether somebody registered it.
    seen : Seen
        What the logs show.
    calibrations : tuple of str
        Calibrations that were fitted to its scores, as ``name vN``.
    runs : tuple of ModelRun
        Runs over ads, oldest first.
    steps : tuple of ModelStep
        Steps of its life, oldest first.
    """

    model: ModelRecord
    registered: bool
    seen: Seen
    calibrations: tuple[str, ...] = ()
    runs: tuple[ModelRun, ...] = ()
    steps: tuple[ModelStep, ...] = ()

    @property
    def policies(self) -> tuple[str, ...]:
        """Give the policies it speaks of: as registered, else as logged."""
        return self.model.policies or self.seen.policies

    @property
    def some_policies(self) -> tuple[str, ...]:
        """Give the first of its policies, and how many more there are as ``+N``."""
        rest = len(self.policies) - _MOST_POLICIES
        return (*self.policies[:_MOST_POLICIES], *([f"+{rest}"] if rest > 0 else []))

    @property
    def ads_per_second(self) -> float | None:
        """Give its speed, of the last run that was measured."""
        timed = [run for run in self.runs if run.ads and run.seconds > 0]
        return timed[-1].ads / timed[-1].seconds if timed else None

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            **self.model.record(),
            "state": str(self.model.state) if self.registered else None,
            "registered": self.registered,
            "policies": list(self.policies),
            "calibrations": list(self.calibrations),
            "ads_per_second": self.ads_per_second,
            "seen": self.seen.record(),
            "runs": [run.record() for run in self.runs],
            "history": [step.record() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that scores or judges.

    Parameters
    ----------
    entries : tuple of Entry
        By name; the newest version of each last.
    """

    entries: tuple[Entry, ...]

    def of(self, name: str, version: str = "") -> tuple[Entry, ...]:
        """Give the versions of a model; only one where it is named."""
        return tuple(
            each
            for each in self.entries
            if each.model.name == name and version in {"", each.model.version}
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"models": [each.record() for each in self.entries]}


def read_registry(engine: Engine, *, catalog: Catalog, root: Path) -> Registry:
    """List everything that scores or judges: what is registered, and what the logs show.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    catalog : Catalog
        What was registered.
    root : Path
        Folder of the workspace.

    Returns
    -------
    Registry
        All of it.
    """
    book = catalog.models
    return registry_of(
        book.models(),
        logged(engine),
        fitted=calibrations(DetectorFiles(root)),
        runs=book.runs(),
        steps=book.steps(),
    )


def logged(engine: Engine) -> dict[tuple[str, str], Seen]:
    """Find the versions that the logs show, whether they are registered or not.

    Parameters
    ----------
    engine : Engine
        Where the logs are.

    Returns
    -------
    dict
        What is seen of each, by name and version.
    """
    found: dict[tuple[str, str], Seen] = {}
    if "scores" in engine.snapshot:
        for row in engine.query(_SCORES).to_pylist():
            _add(found, row, scores=int(row["n"]), policy=str(row["policy"]))
    if "decisions" in engine.snapshot:
        for row in engine.query(_DECISIONS).to_pylist():
            _add(found, row, decisions=int(row["n"]))
    if "judgements" in engine.snapshot:
        for row in engine.query(_JUDGEMENTS).to_pylist():
            _add(found, row, judgements=int(row["n"]), policy=str(row["policy"]))
    return found


def _add(
    found: dict[tuple[str, str], Seen],
    row: Mapping[str, object],
    *,
    scores: int = 0,
    decisions: int = 0,
    judgements: int = 0,
    policy: str = "",
) -> None:
    key = (str(row["model"]), str(row["version"]))
    before = found.get(key, Seen())
    found[key] = Seen(
        scores=before.scores + scores,
        decisions=before.decisions + decisions,
        judgements=before.judgements + judgements,
        live=before.live + int(str(row["live"])),
        policies=tuple(dict.fromkeys([*before.policies, *([policy] if policy else [])])),
        first=min(_times(before.first, row["first_at"]), default=None),
        last=max(_times(before.last, row["last_at"]), default=None),
        latency=_more(before.latency, row.get("latency"), row.get("timed")),
        cost=_more(before.cost, row.get("cost"), row.get("priced")),
        currency=_currency(before.currency, row.get("currency"), row.get("other")),
    )


def _more(before: tuple[float, int], total: object, n: object) -> tuple[float, int]:
    return before[0] + float(str(total or 0)), before[1] + int(str(n or 0))


def _currency(before: str, *told: object) -> str:
    found = {name for name in (before, *(str(each) for each in told if each)) if name}
    return found.pop() if len(found) == 1 else (_MIXED if found else "")


def _times(*told: object) -> list[datetime]:
    return [each.astimezone(UTC) for each in told if isinstance(each, datetime)]


def calibrations(files: DetectorFiles) -> dict[tuple[str, str], list[str]]:
    """List the calibrations that were kept, by model and version.

    Parameters
    ----------
    files : DetectorFiles
        The detectors of the workspace.

    Returns
    -------
    dict
        Names, the newest version of each, by the model and version they are for.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for name in files.names(CALIBRATION):
        kept = files.read(CALIBRATION, name)
        key = (str(kept.content["model"]), str(kept.content["version"]))
        found.setdefault(key, []).append(f"{kept.id} v{kept.version}")
    return found


def registry_of(
    records: Sequence[ModelRecord],
    seen: Mapping[tuple[str, str], Seen],
    *,
    fitted: Mapping[tuple[str, str], Sequence[str]],
    runs: Iterable[ModelRun] = (),
    steps: Iterable[ModelStep] = (),
) -> Registry:
    """Put the registry together from what is kept and what is logged.

    Parameters
    ----------
    records : sequence of ModelRecord
        What is registered.
    seen : mapping
        What the logs show, by name and version.
    fitted : mapping
        Calibrations by name and version.
    runs, steps : iterable
        Runs and steps of all models.

    Returns
    -------
    Registry
        What is registered, then of each model what only the log knows.
    """
    known = {(each.name, each.version) for each in records}
    rest = [ModelRecord(name=n, version=v) for n, v in seen if (n, v) not in known]
    ran, moved = list(runs), list(steps)
    entries = [
        Entry(
            model=model,
            registered=(model.name, model.version) in known,
            seen=seen.get((model.name, model.version), Seen()),
            calibrations=tuple(fitted.get((model.name, model.version), ())),
            runs=tuple(r for r in ran if (r.name, r.version) == (model.name, model.version)),
            steps=tuple(s for s in moved if (s.name, s.version) == (model.name, model.version)),
        )
        for model in [*records, *rest]
    ]
    return Registry(tuple(sorted(entries, key=_order)))


def _order(entry: Entry) -> tuple[str, bool, str, str]:
    seen = entry.seen.last.isoformat() if entry.seen.last else ""
    return (entry.model.name, entry.registered, seen, entry.model.version)
