"""Where models are registered, run over the logs, and watched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.domain.registered import ModelKind, ModelState
from shroff.measure.label_desk import LabelDesk
from shroff.measure.upkeep import Upkeep
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.model_records import ModelRecord, ModelStep
from shroff.store.settings import Settings

if TYPE_CHECKING:
    from shroff.domain.slices import Period
    from shroff.models.batch_result import BatchRead, BatchWritten
    from shroff.models.golden_desk import GoldenDesk
    from shroff.models.golden_run import GoldenRan, GoldenRunAsked
    from shroff.models.held_judges import Judging
    from shroff.models.judge_asking import JudgeAsked
    from shroff.models.judge_desk import JudgeDesk, Tick
    from shroff.models.judge_result import Judged
    from shroff.models.kill_switch import Switched
    from shroff.models.operations_result import Operations
    from shroff.models.probe_result import Probed
    from shroff.models.registry import Registry
    from shroff.models.score_desk import ScoreDesk
    from shroff.models.shadow_run import ShadowAsked, ShadowRun
    from shroff.models.verdict_desk import VerdictDesk

__all__ = ["Modeller", "Registered"]


def _renewed(known: ModelRecord, told: ModelRecord) -> ModelRecord:
    """Renew what is given; a version that is named without a source is the one that is known."""
    named_only = told.kind is ModelKind.LOG
    return replace(
        told,
        kind=known.kind if named_only else told.kind,
        source=known.source if named_only else told.source,
        owner=told.owner or known.owner,
        policies=told.policies or known.policies,
        thresholds=told.thresholds or known.thresholds,
        note=told.note or known.note,
    )


@dataclass(frozen=True, slots=True)
class Registered:
    """A version as it is kept now.

    Parameters
    ----------
    model : ModelRecord
        The version.
    demoted : tuple of ModelRecord
        Champions of the same policies that it took down, as they were.
    """

    model: ModelRecord
    demoted: tuple[ModelRecord, ...] = ()

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "model": self.model.record(),
            "demoted": [{"name": each.name, "version": each.version} for each in self.demoted],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Modeller:
    """Where a workspace keeps its models.

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
    labels : LabelDesk
        Where labels are planned, drawn and taken back.
    """

    root: Path
    settings: Settings
    lake: Lake
    catalog: Catalog
    engine: Callable[[], AbstractContextManager[Engine]]
    upkeep: Callable[[Engine], Upkeep]
    labels: LabelDesk

    @property
    def golden(self) -> GoldenDesk:
        """Where golden sets are drawn, labelled and kept."""
        from shroff.models.golden_desk import GoldenDesk  # noqa: PLC0415  (only when asked)

        return GoldenDesk(
            settings=self.settings, catalog=self.catalog, engine=self.engine, labels=self.labels
        )

    @property
    def verdicts(self) -> VerdictDesk:
        """Where people label one ad at a time."""
        from shroff.models.verdict_desk import VerdictDesk  # noqa: PLC0415  (only when asked)

        return VerdictDesk(
            catalog=self.catalog, engine=self.engine, labels=self.labels, golden=self.golden
        )

    @property
    def judging(self) -> Judging:
        """Where judges are held against people: results, gate, LLMs as labellers."""
        from shroff.models.held_judges import Judging  # noqa: PLC0415  (only when asked)

        return Judging(settings=self.settings, catalog=self.catalog, engine=self.engine)

    @property
    def scoring(self) -> ScoreDesk:
        """Where models are trained and run over ads."""
        from shroff.models.score_desk import ScoreDesk  # noqa: PLC0415  (only when asked)

        return ScoreDesk(
            root=self.root, settings=self.settings, lake=self.lake, catalog=self.catalog,
            engine=self.engine, upkeep=self.upkeep,
        )  # fmt: skip

    @property
    def desk(self) -> JudgeDesk:
        """Where models are asked."""
        from shroff.models.judge_desk import JudgeDesk  # noqa: PLC0415  (only when asked)

        return JudgeDesk(
            root=self.root, settings=self.settings, lake=self.lake, catalog=self.catalog
        )

    def probe(self, name: str) -> Probed:
        """Find out what an endpoint honours, and remember it; no ad is sent."""
        return self.desk.probed(name)

    def judge(self, asked: JudgeAsked, *, tick: Tick | None = None) -> Judged:
        """Ask a model about ads, and write its judgements to the logs.

        Parameters
        ----------
        asked : JudgeAsked
            What is asked, and of whom.
        tick : callable, optional
            Told how many ads are done, and of how many.

        Returns
        -------
        Judged
            What was done.
        """
        desk = self.desk
        desk.endpoint(asked.endpoint)  # what is missing is told before the logs are read
        with self.engine() as engine:
            return desk.judge(engine, asked, tick=tick)

    def golden_run(self, asked: GoldenRunAsked, *, tick: Tick | None = None) -> GoldenRan:
        """Put a golden set to a model, and say how good it is and whether it says the same again.

        Parameters
        ----------
        asked : GoldenRunAsked
            Policies, endpoint, set, how many answers.
        tick : callable, optional
            Told how many ads of a run are done, and of how many.

        Returns
        -------
        GoldenRan
            Results and consistency by policy; its judgements are marked as in shadow.
        """
        from shroff.models.golden_run import held_after, run_golden  # noqa: PLC0415

        golden = self.catalog.golden.find(asked.golden)
        prices = self.desk.endpoint(asked.endpoint).prices
        return run_golden(
            golden,
            asked,
            judge=lambda wanted: self.judge(wanted, tick=tick),
            hold=lambda run: held_after(self.judging, run, asked, golden=golden),
            currency=prices.currency if prices else None,
        )

    def write_batch(self, asked: JudgeAsked, *, folder: Path | None = None) -> BatchWritten:
        """Write ads as files of requests; in ``batches`` of the workspace when no folder is given."""
        from shroff.models.batch_desk import write_batch  # noqa: PLC0415  (only when asked)
        from shroff.models.judge_asking import new_run  # noqa: PLC0415
        from shroff.store.batch_folders import BATCHES  # noqa: PLC0415

        with self.engine() as engine:
            place = folder or self.root / BATCHES / new_run()
            return write_batch(self.desk, engine, asked, folder=place)

    def read_batch(self, folder: Path, files: Sequence[Path] = ()) -> BatchRead:
        """Take back what a batch brought, and write the judgements to the logs."""
        from shroff.models.batch_desk import read_batch  # noqa: PLC0415  (only when asked)

        return read_batch(self.desk, folder, files)

    def registry(self) -> Registry:
        """List everything that scores or judges: what is registered, and what the logs show."""
        from shroff.models.registry import read_registry  # noqa: PLC0415  (only when asked)

        with self.engine() as engine:
            return read_registry(engine, catalog=self.catalog, root=self.root)

    def register(self, record: ModelRecord, *, who: str = "", why: str = "") -> Registered:
        """Keep a version in the registry.

        Parameters
        ----------
        record : ModelRecord
            The version. Of one that is known what is given is renewed (owner, policies, thresholds,
            note), and source and state stay; a new one comes into the state it names.
        who, why : str
            Who registers it, and the reason given.

        Returns
        -------
        Registered
            As it is kept, and the champion it took down.
        """
        book = self.catalog.models
        known = {each.version: each for each in book.models(record.name)}.get(record.version)
        told = record if known is None else _renewed(known, record)
        book.keep(replace(told, state=ModelState.SHADOW), who=who, why=why)
        if known or record.state is ModelState.SHADOW:
            return Registered(book.find(record.name, record.version))
        return self.move(
            ModelStep(
                name=record.name, version=record.version, state=record.state, who=who, why=why
            )
        )

    def move(self, step: ModelStep) -> Registered:
        """Record a step in the life of a version; of one policy there is one champion at most.

        Parameters
        ----------
        step : ModelStep
            Which version comes into which state, who says so and why.

        Returns
        -------
        Registered
            As it is kept, and the champions it took down; these are challengers now.
        """
        book = self.catalog.models
        here = book.find(step.name, step.version)
        demoted = book.move(replace(step, version=here.version))
        return Registered(book.find(here.name, here.version), demoted)

    def operations(
        self, *, model: str = "", period: str | Period = "", level: float = 0.95
    ) -> Operations:
        """Tell how LLM judges ran: calls, latency, cost, drift, disagreement, by version."""
        from shroff.measure.briefing import brief_of  # noqa: PLC0415  (only when asked)
        from shroff.models.kill_switch import switched_off  # noqa: PLC0415
        from shroff.models.operations import operations  # noqa: PLC0415

        with self.engine() as engine:
            brief = brief_of(self.settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label(), "model": model}
            with self.catalog.noted("models operations", args=args, snapshot=engine.snapshot):
                return operations(engine, brief, model=model, off=switched_off(self.catalog))

    def shadow(
        self, asked: ShadowAsked, *, period: str | Period = "", level: float = 0.95
    ) -> ShadowRun:
        """Hold a version that runs in shadow beside the one that decides, on the same ads."""
        from shroff.measure.briefing import brief_of  # noqa: PLC0415  (only when asked)
        from shroff.models.shadow_run import shadow_run  # noqa: PLC0415

        with self.engine() as engine:
            brief = brief_of(self.settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label(), "model": asked.model}
            with self.catalog.noted("models shadow", args=args, snapshot=engine.snapshot):
                return shadow_run(engine, brief, asked)

    def kill(self, name: str, *, version: str = "", who: str, why: str) -> Switched:
        """Switch a model off, at once: it asks and decides nothing until it is revived."""
        from shroff.models.kill_switch import switch_off  # noqa: PLC0415  (only when asked)

        return switch_off(self.catalog, name, version=version, who=who, why=why)

    def revive(self, name: str, *, version: str = "", who: str, why: str) -> Switched:
        """Switch a model on again."""
        from shroff.models.kill_switch import revive  # noqa: PLC0415  (only when asked)

        return revive(self.catalog, name, version=version, who=who, why=why)

    def off(self) -> tuple[Switched, ...]:
        """List what is switched off now."""
        from shroff.models.kill_switch import switched_off  # noqa: PLC0415  (only when asked)

        return switched_off(self.catalog)
