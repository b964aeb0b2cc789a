"""Labels that came back become reviews in the logs, each with the chance that its ad was drawn with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from shroff.errors import DesignError
from shroff.measure.label_batch_check import check_rows
from shroff.measure.label_batch_take import Taken, batch_of, reviews_of
from shroff.measure.label_plan_strata import PREFIX
from shroff.measure.periods import covered
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.forgetting import kept_out
from shroff.store.ingest import IngestReport, ingest
from shroff.store.lake import Lake
from shroff.store.settings import Settings
from shroff.store.sql import literal

__all__ = ["LabelTaking", "TakeAsked", "moment_of", "now_iso"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAsked:
    """How rows are taken back.

    Parameters
    ----------
    batch_id : str
        The batch, if the rows do not say.
    role : str
        Who labelled: L1, L2, QA or SME.
    where : str
        What to name where something is wrong with them.
    open_stay : bool
        Whether a row without a verdict leaves a label that came back before as it is.
    """

    batch_id: str = ""
    role: str = "L1"
    where: str = ""
    open_stay: bool = False


@dataclass(frozen=True, slots=True)
class LabelTaking:
    """Where labels come back to.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    settings : Settings
        What its shroff.toml says.
    lake : Lake
        The logs.
    catalog : Catalog
        What was done.
    engine : callable
        Opens a query engine over the logs.
    """

    root: Path
    settings: Settings
    lake: Lake
    catalog: Catalog
    engine: Callable[[], AbstractContextManager[Engine]]

    def take(self, rows: Sequence[Mapping[str, str]], asked: TakeAsked) -> Taken:
        """Take rows of a batch back.

        Parameters
        ----------
        rows : sequence of mapping
            The rows, all of the batch.
        asked : TakeAsked
            How.

        Returns
        -------
        Taken
            What came back, and how many reviews are new.

        Raises
        ------
        DesignError
            If the batch is not what was drawn, or has no verdict.
        """
        self.catalog.writable()
        batch = self.catalog.labels.batch(batch_of(rows, named=asked.batch_id))
        found = check_rows(batch, rows)
        with self.engine() as engine:
            moment, snapshot = moment_of(engine), dict(engine.snapshot)
            earlier = _earlier(engine, batch.id)
        reviews, taken = reviews_of(
            batch, found, earlier=earlier, now=datetime.fromisoformat(moment), role=asked.role
        )
        if not taken.labelled:
            raise DesignError(
                f"no row of {batch.id} has a verdict yet",
                where=asked.where,
                hint="fill in the column verdict: violating, compliant or unclear",
            )
        if asked.open_stay:
            reviews = [r for r in reviews if r.get("verdict") or not _labelled(r, earlier)]
        args = {"batch": batch.id, "labels": taken.labelled}
        with self.catalog.run("labels take", args=args, snapshot=snapshot) as run:
            report = self._ingested(reviews, batch.id, run=run)
        self.catalog.labels.mark_taken(batch.id, at=now_iso())
        return replace(
            taken, added=report.inserted, corrected=report.corrected, known=report.unchanged
        )

    def _ingested(
        self, reviews: Sequence[dict[str, object]], name: str, *, run: int
    ) -> IngestReport:
        """Put reviews through the ingest that reads log files."""
        folder = self.root / "tmp"
        folder.mkdir(exist_ok=True)
        file = folder / f"{name}.jsonl"
        lines = [json.dumps(row, ensure_ascii=False) for row in reviews]
        file.write_text("\n".join(lines), encoding="utf-8")
        try:
            report = ingest(
                self.lake,
                "reviews",
                [file],
                memory_gb=0.7 * self.settings.engine.memory_gb,
                threads=self.settings.engine.threads,
            )
        finally:
            file.unlink(missing_ok=True)
        report = kept_out(self.lake, self.catalog, report)
        self.catalog.add_ingest(report.ingest_id, table="reviews", summary=asdict(report), run=run)
        return report


def _earlier(engine: Engine, batch_id: str) -> dict[str, dict[str, object]]:
    rows = engine.query(
        "SELECT review_id, verdict, decided_at FROM reviews"
        f" WHERE review_id LIKE {literal(f'{PREFIX}{batch_id}/%')}"
    ).to_pylist()
    return {str(row["review_id"]): row for row in rows}


def _labelled(review: Mapping[str, object], earlier: Mapping[str, Mapping[str, object]]) -> bool:
    return bool(earlier.get(str(review["review_id"]), {}).get("verdict"))


def moment_of(engine: Engine) -> str:
    """Give the time to put on what has none: now, but not later than the logs go."""
    # otherwise whatever is open in old logs would look open until today
    return _iso(min(datetime.now(UTC), covered(engine).as_of))


def now_iso() -> str:
    """Give the time now."""
    return _iso(datetime.now(UTC))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(sep=" ")
