"""Where the models of a workspace are trained and run over its ads."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from shroff.domain.registered import ModelKind
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DataError
from shroff.measure.briefing import brief_of
from shroff.measure.upkeep import Upkeep
from shroff.models.kill_switch import KillSwitch, SwitchedOff
from shroff.models.model_sources import TEXTS, Named, source_of
from shroff.models.score_run import Scored, ScoreRun, ads_to_score, count_to_score
from shroff.models.scorer import columns_of, open_scorer
from shroff.models.submitted_days import submitted_days
from shroff.models.trained import TrainedModel, figures_of
from shroff.store.catalog import Catalog
from shroff.store.catalog_judging import SentBatch
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.model_records import ModelRecord, ModelRun
from shroff.store.rows import rows
from shroff.store.settings import Settings

__all__ = ["ScoreDesk", "TrainAsked"]

_FOLDER = "models"
_ROWS = 4096
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainAsked:
    """What is to be trained.

    Parameters
    ----------
    name : str
        Name of the model.
    policy : str
        Policy whose violations it is to find; any when empty.
    columns : tuple of str
        Columns of ads that hold texts.
    owner : str
        Who answers for it.
    out : Path or None
        File to write; in the folder ``models`` of the workspace when None.
    level : float
        Coverage of the intervals, in (0, 1).
    """

    name: str = ""
    policy: str = ""
    columns: tuple[str, ...] = TEXTS
    owner: str = ""
    out: Path | None = None
    level: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDesk:
    """Where models are trained and run.

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
    upkeep : callable
        Gives what keeps cubes of the logs.
    """

    root: Path
    settings: Settings
    lake: Lake
    catalog: Catalog
    engine: Callable[[], AbstractContextManager[Engine]]
    upkeep: Callable[[Engine], Upkeep]

    def train(
        self, asked: TrainAsked, *, period: str | Period = "", tick: Tick | None = None
    ) -> TrainedModel:
        """Train a text classifier on the labels of a period, and register it in shadow.

        Parameters
        ----------
        asked : TrainAsked
            Policy, name, columns.
        period : str or Period
            As for `Workspace.measure`.
        tick : callable, optional
            Told done and all.

        Returns
        -------
        TrainedModel
            Its file, its version, and how good it is on ads that it had not seen.
        """
        from shroff.models.classifier_training import train  # noqa: PLC0415  (numba)
        from shroff.models.labelled_texts import read_labelled  # noqa: PLC0415

        self.catalog.writable()
        name = asked.name or ("text_classifier" + (f"_{asked.policy}" if asked.policy else ""))
        args = {"name": name, "policy": asked.policy}
        with self.engine() as engine:
            _require_columns(engine, asked.columns)
            brief = brief_of(self.settings, engine, by=(), period=period, level=asked.level)
            args["period"] = brief.period.label()
            with self.catalog.run("models train", args=args, snapshot=engine.snapshot):
                kept = self.upkeep(engine).for_brief(brief)
                drawn = read_labelled(
                    engine, brief, policy=asked.policy, columns=asked.columns, kept=kept
                )
                found = train(drawn.labels, tick=tick)
                made = {
                    "policy": asked.policy,
                    "columns": list(asked.columns),
                    "period": brief.period.label(),
                    "snapshot": dict(engine.snapshot),
                    "design": drawn.design,
                    "labels": len(drawn.labels.violating),
                    "violating": int(drawn.labels.violating.sum()),
                }
                taught = found.classifier.taught_by(drawn.ads, found.scores)
                found = replace(found, classifier=replace(taught, made_from=made))
                record = self._kept(found.classifier.save, asked, name=name)
                figures = figures_of(drawn, found, level=asked.level)
        return TrainedModel(
            model=record,
            trained=found,
            made_from=made,
            figures=figures,
            caveats=drawn.caveats,
        )

    def _kept(self, save: Callable[[Path], None], asked: TrainAsked, *, name: str) -> ModelRecord:
        """Write the file of a classifier, and register it."""
        folder = self.root / _FOLDER
        scratch = asked.out or folder / (re.sub(r"[^\w.-]", "_", name) + ".npz")
        save(scratch)
        named = Named(file=str(scratch), columns=asked.columns)
        source = source_of(named, root=self.root)
        if asked.out is None:
            path = scratch.with_name(f"{scratch.stem}-{source.version}.npz")
            scratch.replace(path)
            source = source_of(replace(named, file=str(path)), root=self.root)
        record = ModelRecord(
            name=name,
            version=source.version,
            kind=ModelKind.BUILTIN,
            owner=asked.owner,
            policies=(asked.policy,) if asked.policy else (),
            source=source.detail,
        )
        return self.catalog.models.keep(record, who="shroff models train", why="trained")

    def score(
        self, name: str, version: str = "", *, period: str = "", tick: Tick | None = None
    ) -> Scored:
        """Score the ads of a period that a version did not score yet.

        Parameters
        ----------
        name, version : str
            The model, and which version; its champion, or the newest, when empty.
        period : str
            When they were submitted; all when empty.
        tick : callable, optional
            Told done and all.

        Returns
        -------
        Scored
            What was done. What was scored before it was stopped is kept, and is not done again.
        """
        self.catalog.writable()
        model = self.catalog.models.find(name, version)
        columns = columns_of(model)
        with self.engine() as engine:
            _require_columns(engine, columns)
            days = submitted_days(engine, period, week_starts=self.settings.periods.week_starts)
            sql = ads_to_score(model, columns, period=days, known="scores" in engine.snapshot)
            args = {"name": model.name, "version": model.version, "period": period}
            with (
                self.catalog.run("models score", args=args, snapshot=engine.snapshot) as number,
                closing(open_scorer(model, root=self.root, settings=self.settings)) as scorer,
            ):
                run = ScoreRun(
                    model=model,
                    scorer=scorer,
                    lake=self.lake,
                    catalog=self.catalog,
                    engine=self.settings.engine,
                    folder=self.root / "tmp" / f"scoring-{number}",
                )
                return self._run(engine, run, sql, tick)

    def _run(self, engine: Engine, run: ScoreRun, sql: str, tick: Tick | None) -> Scored:
        wanted = count_to_score(engine, sql)
        sent, stopped = self._sent(run), "failed"
        switch = KillSwitch(catalog=self.catalog, name=run.model.name, version=run.model.version)

        def onward(done: int) -> None:
            switch.require_on()
            if tick is not None:
                tick(done, wanted)

        try:
            onward(0)
            run.over(rows(engine, sql, batch=_ROWS), onward)
            stopped = ""
        except SwitchedOff:
            stopped = "killed"
        except KeyboardInterrupt:
            stopped = "cancelled"
        finally:
            run.flush()
            found = run.result(wanted, stopped=stopped)
            self._note(found, run)
            if sent is not None:
                state = {"": "done", "cancelled": "stopped"}.get(stopped, "failed")
                self.catalog.judging.update(replace(sent, ads=run.seen, state=state))
        return found

    def _sent(self, run: ScoreRun) -> SentBatch | None:
        """Remember that ads leave the machine, before any does."""
        if run.model.kind is not ModelKind.HTTP:
            return None
        name = str(run.model.source["endpoint"])
        spec = self.settings.models.endpoints[name]
        batch = SentBatch(
            run=datetime.now(UTC).strftime("%Y%m%dT%H%M%S"),
            what="score",
            endpoint=name,
            host=re.sub(r"^\w+://([^/]*).*", r"\1", spec.url),
            model=str(run.model.source.get("model") or spec.model),
            version=run.model.version,
            masked=spec.mask,
        )
        return replace(batch, id=self.catalog.judging.open(batch))

    def _note(self, found: Scored, run: ScoreRun) -> None:
        if not run.seen:
            return
        self.catalog.models.keep_run(
            ModelRun(
                name=found.model.name,
                version=found.model.version,
                what="score",
                ads=run.seen,
                seconds=found.seconds,
                detail={"scored": found.scored, "refused": found.refused},
            )
        )


def _require_columns(engine: Engine, columns: tuple[str, ...]) -> None:
    if "ads" not in engine.snapshot:
        raise DataError("there is no ad", where="ads", hint="shroff ingest ads FILES")
    known = engine.columns("ads")
    missing = [name for name in columns if name not in known]
    if missing:
        raise ConfigError(
            f"ads have no column {missing[0]!r}",
            where="--column",
            hint="columns: " + ", ".join(name for name in known if not name.startswith("_")),
        )
