"""Plan, draw, take back: labels of one workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.measure.audit import AuditPlan
from shroff.measure.brief import Brief
from shroff.measure.briefing import brief_of, catalogue_of
from shroff.measure.label_batch import Batch, Drawing, DrawStratum, draw
from shroff.measure.label_batch_files import DESIGN, read_rows, write_batch
from shroff.measure.label_batch_take import Taken
from shroff.measure.label_plan import LabelPlan
from shroff.measure.label_plan_goals import parse_costs, parse_goal
from shroff.measure.label_plan_strata import Key
from shroff.measure.label_plan_work import Asked, plan_labels
from shroff.measure.label_taking import LabelTaking, TakeAsked, moment_of, now_iso
from shroff.measure.population import build_population
from shroff.store.catalog import Catalog
from shroff.store.catalog_batches import BatchRecord, BatchRow
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.settings import Settings

__all__ = ["DrawnBatch", "LabelDesk"]

Opens: TypeAlias = Callable[[], AbstractContextManager[Engine]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnBatch:
    """A batch as it was written.

    Parameters
    ----------
    id : str
        Its name.
    file : Path or None
        The file to label in; None when nothing is left to label.
    asked : int
        Ads to label.
    kept : int
        Ads with a label already, whose probability is higher now.
    again : bool
        Whether the very same batch had been drawn before.
    waiting : tuple of str
        Other batches whose labels did not come back yet.
    """

    id: str
    file: Path | None
    asked: int
    kept: int
    again: bool
    waiting: tuple[str, ...] = ()

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {**asdict(self), "file": str(self.file) if self.file else None}


class LabelDesk:
    """Where labels are planned, drawn and taken back.

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

    def __init__(
        self, root: Path, settings: Settings, *, lake: Lake, catalog: Catalog, engine: Opens
    ) -> None:
        self.root, self.settings = root, settings
        self.lake, self.catalog, self.engine = lake, catalog, engine

    def plan(
        self,
        goals: Sequence[str],
        *,
        by: Sequence[str] = (),
        costs: Sequence[str] = (),
        budget: float | None = None,
        floor: int = 30,
        period: str | Period = "",
        level: float = 0.95,
    ) -> LabelPlan:
        """Plan the cheapest labels that meet every goal, and remember the plan.

        Parameters
        ----------
        goals : sequence of str
            E.g. ``leakage@market=ID:half``, ``reject_precision:0.02``.
        by : sequence of str
            More columns to draw by.
        costs : sequence of str
            What a label costs: ``0.5``, ``reject:1.2``, ``market=ID:2``; 1 each when empty.
        budget : float, optional
            Most that new labels may cost.
        floor : int
            Labels that each stratum gets at least.
        period : str or Period
            Days whose ads are drawn, as for `Workspace.measure`.
        level : float
            Coverage of the intervals.

        Returns
        -------
        LabelPlan
            How many labels, where, at what cost, and what they will tell.

        Raises
        ------
        ConfigError
            If a goal, cost, floor or budget cannot be read.
        """
        if floor < 1 or (budget is not None and budget <= 0):
            raise ConfigError(
                "a floor or a budget of nothing", hint="--floor is at least 1, --budget above 0"
            )
        metrics = catalogue_of(self.settings)
        asked = Asked(
            goals=tuple(dict.fromkeys(parse_goal(goal, metrics=metrics) for goal in goals)),
            by=tuple(dict.fromkeys(by)),
            costs=parse_costs(costs),
            budget=budget,
            floor=floor,
        )
        with self.engine() as engine:
            brief = brief_of(self.settings, engine, by=(), period=period, level=level)
            args = {"goals": list(goals), "period": brief.period.label()}
            with self.catalog.noted("labels plan", args=args, snapshot=engine.snapshot):
                plan = plan_labels(engine, brief, asked)
        if not self.catalog.read_only:
            self.catalog.labels.add_plan(plan.id, at=now_iso(), plan=plan.record())
        return plan

    def draw(
        self,
        plan_id: str = "",
        *,
        form: str = "csv",
        out: str | Path = "",
        design: Sequence[str] = DESIGN,
    ) -> DrawnBatch:
        """Draw the batch of a plan, remember what was drawn, and write it.

        Parameters
        ----------
        plan_id : str
            The plan; the newest when empty.
        form : str
            ``csv``, ``xlsx`` or ``jsonl``.
        out : str or Path
            File; ``audits/BATCH.FORM`` in the workspace when empty.
        design : sequence of str
            Columns of the file that say how ads were drawn; empty to keep them to the catalog.

        Returns
        -------
        DrawnBatch
            What was drawn. The same plan on the same logs draws the same batch.
        """
        self.catalog.writable()
        plan = self.catalog.labels.plan(plan_id)
        first, _, end = str(plan["period"]).partition("/")
        period = Period(date.fromisoformat(first), date.fromisoformat(end))
        with self.engine() as engine:
            brief = brief_of(self.settings, engine, by=(), period=period)
            args = {"plan": plan["plan_id"]}
            with self.catalog.run("labels draw", args=args, snapshot=engine.snapshot):
                build_population(
                    engine, period, derived=brief.derived, week_starts=brief.week_starts
                )
                return self.write(engine, brief, _drawing(plan), form=form, out=out, design=design)

    def write(
        self,
        engine: Engine,
        brief: Brief,
        drawing: Drawing,
        *,
        form: str = "csv",
        out: str | Path = "",
        design: Sequence[str] = DESIGN,
    ) -> DrawnBatch:
        """Draw a batch from ads that stand in the session, remember it and write it; see `draw`."""
        batch = draw(engine, brief, drawing)
        file = Path(out) if out else self.root / "audits" / f"{batch.id}.{form}"
        return self.write_drawn(engine, batch, file, design=design)

    def write_drawn(
        self, engine: Engine, batch: Batch, file: Path, *, design: Sequence[str] = ()
    ) -> DrawnBatch:
        """Remember a batch that was drawn and write it; `design` as for `draw`, else hidden."""
        at = moment_of(engine)
        known = {each.id: each for each in self.catalog.labels.batches()}
        if batch.asked:
            # a file that somebody may be labelling in is left alone
            if not (batch.id in known and file.exists()):
                write_batch(batch, file, design=design)
            self.catalog.labels.add(_record(batch, file, at=at))
        return DrawnBatch(
            id=batch.id,
            file=file if batch.asked else None,
            asked=len(batch.asked),
            kept=len(batch.drawn) - len(batch.asked),
            again=batch.id in known,
            waiting=tuple(n for n, each in known.items() if not each.taken and n != batch.id),
        )

    def take(self, files: Sequence[str | Path], *, batch_id: str = "", role: str = "L1") -> Taken:
        """Take labels back: the batch that was drawn, whole or in part, as often as you like.

        Parameters
        ----------
        files : sequence of str or Path
            The file, or the files it was divided into.
        batch_id : str
            The batch, if the files do not say.
        role : str
            Who labelled: L1, L2, QA or SME.

        Returns
        -------
        Taken
            What came back, and how many reviews are new.

        Raises
        ------
        DesignError
            If the batch is not what was drawn.
        DataError
            If it cannot be read.
        """
        rows = [row for file in files for row in read_rows(Path(file))]
        return self.take_rows(rows, batch_id=batch_id, role=role, where=str(files[0]))

    def take_rows(
        self,
        rows: Sequence[Mapping[str, str]],
        *,
        batch_id: str = "",
        role: str = "L1",
        where: str = "",
        open_stay: bool = False,
    ) -> Taken:
        """Take rows of a batch back, wherever they were filled in; see `take`.

        Parameters
        ----------
        rows : sequence of mapping
            The rows.
        batch_id, role
            As for `take`.
        where : str
            What to name where something is wrong with them.
        open_stay : bool
            Whether a row without a verdict leaves a label that came back before as it is.

        Returns
        -------
        Taken
            What came back, and how many reviews are new.

        Raises
        ------
        DesignError
            If the batch is not what was drawn.
        """
        taking = LabelTaking(self.root, self.settings, self.lake, self.catalog, self.engine)
        asked = TakeAsked(batch_id=batch_id, role=role, where=where, open_stay=open_stay)
        return taking.take(rows, asked)

    def audit_file(self, plan: AuditPlan) -> Path:
        """Tell where the batch of a planned audit is written."""
        return self.root / "audits" / plan.file

    def keep_audit(self, engine: Engine, brief: Brief, plan: AuditPlan) -> Path:
        """Draw and write the smallest batch that would answer.

        Parameters
        ----------
        engine : Engine
            Where the logs are.
        brief : Brief
            What was measured.
        plan : AuditPlan
            The batch.

        Returns
        -------
        Path
            The file; one that somebody labels in already stays as it is.
        """
        file = self.audit_file(plan)
        if self.catalog.read_only or (file.exists() and _is_begun(file)):
            return file
        # what was measured on kept cubes has no ads to draw from
        build_population(
            engine, brief.period, derived=brief.derived, week_starts=brief.week_starts
        )
        batch = draw(engine, brief, plan.drawing())
        if batch.asked:
            write_batch(batch, file)
            self.catalog.labels.add(_record(batch, file, at=moment_of(engine)))
        return file


def _is_begun(file: Path) -> bool:
    """Say whether somebody began to label."""
    return any(row.get("verdict", "").strip() for row in read_rows(file))


def _record(batch: Batch, file: Path, *, at: str) -> BatchRecord:
    rows = tuple(
        BatchRow(
            ad.place,
            ad.ad_id,
            ad.ad_version,
            ad.design_id,
            ad.stratum,
            ad.sampling_prob,
            ad.digest,
        )
        for ad in batch.drawn
    )
    return BatchRecord(batch.id, at, batch.signature, str(file), "", rows)


def _drawing(plan: dict[str, Any]) -> Drawing:
    return Drawing(
        period=plan["period"],
        keys=tuple(Key(each["name"], each["sql"]) for each in plan["keys"]),
        strata=tuple(
            DrawStratum(
                tuple(each["values"]),
                each["code"],
                each["design_id"],
                each["chance"],
                each["base"],
            )
            for each in plan["strata"]
        ),
    )
