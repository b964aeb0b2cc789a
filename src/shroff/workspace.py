"""A folder: settings, logs, catalog, reports. The Python way in.

>>> from shroff.workspace import Workspace
>>> card = Workspace.open("demo").measure(by=["market"])  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.store.settings import SETTINGS_FILE, Settings
from shroff.store.settings_search import settings_above

if TYPE_CHECKING:
    import pyarrow as pa

    from shroff.advise.adviser import Adviser
    from shroff.domain.metrics import Metric
    from shroff.domain.slices import Period
    from shroff.measure.analyses import Analyses
    from shroff.measure.label_desk import LabelDesk
    from shroff.measure.scorecard import Scorecard
    from shroff.measure.upkeep import Upkeep, Watch
    from shroff.models.modeller import Modeller
    from shroff.report.gathering import Asked
    from shroff.report.report_desk import ReportDesk
    from shroff.report.writing import ReportFiles
    from shroff.rules.rule_desk import RuleDesk
    from shroff.store.catalog import Catalog
    from shroff.store.engine import Engine
    from shroff.store.health_findings import Health
    from shroff.store.ingest import IngestProgress, IngestReport
    from shroff.store.lake import Lake
    from shroff.store.overview import TableState
    from shroff.store.retention import Erasure
    from shroff.synthetic.revelation import Revelation
    from shroff.watch.lookout import Lookout

__all__ = ["Workspace"]


@dataclass(frozen=True)
class Workspace:
    """Everything about one ads platform, in one folder.

    Parameters
    ----------
    root : Path
        The folder.
    settings : Settings
        What its shroff.toml says.
    watch : Watch or None
        Told of counting that is kept.
    hidden : frozenset of str
        Columns, or table.column, that are read as pseudonyms.
    """

    root: Path
    settings: Settings
    watch: Watch | None = None
    hidden: frozenset[str] = frozenset()

    @classmethod
    def open(cls, path: str | Path = ".", *, engine: str = "") -> Workspace:
        """Open a workspace.

        Parameters
        ----------
        path : str or Path
            Its folder, or a folder inside it.
        engine : str
            Engine to ask instead of the one the settings name: ``duckdb`` or ``spark``.

        Returns
        -------
        Workspace
            The workspace; a `ConfigError` tells that there is none, or what is wrong with it.
        """
        return cls(*settings_above(path, engine=engine))

    @classmethod
    def create(
        cls, path: str | Path, *, name: str = "", language: str = "en", mapping: str = ""
    ) -> Workspace:
        """Make a workspace in "en" or "zh"; files there are left alone, `mapping` is TOML to add."""
        from shroff.store.settings_template import write_settings

        root = Path(path).expanduser().resolve()
        write_settings(
            root / SETTINGS_FILE, name=name or root.name, language=language, mapping=mapping
        )
        return cls.open(root)

    @property
    def name(self) -> str:
        """Name shown on reports."""
        return self.settings.workspace.name or self.root.name

    @cached_property
    def lake(self) -> Lake:
        """The logs."""
        from shroff.store.lake import Lake

        return Lake(self.root / "lake")

    @cached_property
    def catalog(self) -> Catalog:
        """What was done here."""
        from shroff.store.catalog import Catalog

        return Catalog(self.root / "catalog.sqlite")

    def engine(
        self, *, snapshot: Mapping[str, int] | None = None, readable: Sequence[Path] = ()
    ) -> AbstractContextManager[Engine]:
        """Open a query engine over the logs as they are now, or as a snapshot had them."""
        from shroff.store.opening import open_engine

        lake, settings, root, hidden = self.lake, self.settings, self.root, self.hidden
        return open_engine(
            lake, settings, folder=root, snapshot=snapshot, readable=readable, hidden=hidden
        )

    def ingest(
        self,
        table: str,
        files: Iterable[str | Path],
        *,
        progress: Callable[[IngestProgress], None] | None = None,
    ) -> IngestReport:
        """Read log files into a table; reading one twice adds nothing.

        Parameters
        ----------
        table : str
            Canonical table.
        files : iterable of str or Path
            Files, folders and globs.
        progress : callable, optional
            Told how far it is.

        Returns
        -------
        IngestReport
            How many rows were read, added, corrected, known already and rejected.
        """
        from shroff.store.taking_in import take_in

        return take_in(
            self.lake, self.catalog, self.settings, table=table, files=files, progress=progress
        )

    def sources(self) -> dict[str, list[Path]]:
        """Find the files that ``shroff ingest --all`` reads, by table."""
        from shroff.store.sources import sources_of

        return sources_of(self.settings.sources, root=self.root)

    def quarantine(self, *, table: str | None = None, limit: int | None = None) -> pa.Table:
        """List the rejected rows, newest first: file, line, column, value, reason, the row."""
        from shroff.store.overview import rejected

        with self.engine() as engine:
            return rejected(engine, self.lake, table=table, limit=limit)

    def contents(self) -> tuple[TableState, ...]:
        """Tell what each table holds: rows, days, version."""
        from shroff.store.overview import table_states

        with self.engine() as engine:
            return table_states(engine)

    def check(self) -> Health:
        """Tell what is wrong with the logs, and what it does to the metrics."""
        from shroff.store.health import check_health

        with self.engine() as engine:
            return check_health(engine, settings=self.settings, lake=self.lake)

    def reveal(self, *, period: str | Period = "") -> Revelation:
        """Compare measured figures with the truth that was planted; of a demo only."""
        from shroff.measure.briefing import brief_of
        from shroff.synthetic.revelation import planted, reveal

        planted(self.root)  # an ordinary workspace is refused before anything is measured
        here = Workspace(self.root, self.settings.asking("duckdb"))  # which reads files of truth
        with here.engine(readable=[self.root / "truth"]) as engine:
            brief = brief_of(self.settings, engine, by=(), period=period)
            return reveal(engine, brief, folder=self.root)

    @property
    def labels(self) -> LabelDesk:
        """Where labels are planned, drawn and taken back."""
        from shroff.measure.label_desk import LabelDesk

        lake, catalog = self.lake, self.catalog
        return LabelDesk(self.root, self.settings, lake=lake, catalog=catalog, engine=self.engine)

    @property
    def analyses(self) -> Analyses:
        """Where the logs are asked further questions."""
        from shroff.measure.analyses import Analyses

        catalog, engine = self.catalog, self.engine
        return Analyses(self.settings, catalog=catalog, engine=engine, upkeep=self.upkeep)

    @property
    def rules(self) -> RuleDesk:
        """Where rules are tried on the logs, and where their life is recorded."""
        from shroff.rules.rule_desk import RuleDesk

        lake, catalog = self.lake, self.catalog
        return RuleDesk(self.root, self.settings, lake=lake, catalog=catalog, engine=self.engine)

    @property
    def lookout(self) -> Lookout:
        """Where the logs are watched for what changes and what is new."""
        from shroff.watch.lookout import Lookout

        return Lookout(
            root=self.root, settings=self.settings, lake=self.lake, catalog=self.catalog,
            engine=self.engine, upkeep=self.upkeep,
        )  # fmt: skip

    @property
    def modeller(self) -> Modeller:
        """Where models are registered, run and watched."""
        from shroff.models.modeller import Modeller

        return Modeller(
            root=self.root, settings=self.settings, lake=self.lake, catalog=self.catalog,
            engine=self.engine, upkeep=self.upkeep, labels=self.labels,
        )  # fmt: skip

    @property
    def adviser(self) -> Adviser:
        """Where it is told what to change, what it would do, and whether it worked."""
        from shroff.advise.adviser import Adviser

        return Adviser(lookout=self.lookout, labels=self.labels, rules=self.rules)

    def upkeep(self, engine: Engine) -> Upkeep:
        """Give what keeps cubes of the logs up to date, so that little is counted twice."""
        from shroff.measure.upkeep import Upkeep

        lake, told, hidden = self.lake, self.watch, self.hidden
        return Upkeep(engine=engine, lake=lake, settings=self.settings, watch=told, hidden=hidden)

    def metrics(self) -> dict[str, Metric]:
        """List the metrics, built-in and your own, by id."""
        from shroff.measure.briefing import catalogue_of

        return catalogue_of(self.settings)

    def measure(
        self,
        *,
        by: Sequence[str | Sequence[str]] | None = None,
        period: str | Period = "",
        metrics: Sequence[str] = (),
        level: float = 0.95,
    ) -> Scorecard:
        """Measure the machine.

        Parameters
        ----------
        by : sequence, optional
            Slicings: ``"market"``, or ``"market,language"`` for pairs; each slice column of the
            settings when absent.
        period : str or Period
            E.g. ``2026-W20``, ``2026-05-01..2026-05-31``, ``last-week``, ``all``; the last four
            whole weeks when empty.
        metrics : sequence of str
            Metrics; all when empty.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        Scorecard
            Every figure with its interval; converts to Arrow, pandas and polars. Where no design
            drew labels for leakage or reject precision, the smallest batch that would answer is
            drawn and written to ``audits/``.
        """
        from shroff.measure.briefing import brief_of
        from shroff.measure.scorecard import scorecard

        with self.engine() as engine:
            brief = brief_of(
                self.settings, engine, by=by, period=period, wanted=metrics, level=level
            )
            args = {"period": brief.period.label(), "by": brief.by, "metrics": list(metrics)}
            with self.catalog.noted("measure", args=args, snapshot=engine.snapshot):
                card = scorecard(engine, brief, kept=self.upkeep(engine).for_brief(brief))
                if card.audit is not None:
                    card.stand_rows(engine)
                    self.labels.keep_audit(engine, brief, card.audit)
                return card

    def metric_sql(
        self, metric: str, *, by: Sequence[str | Sequence[str]] = (), period: str | Period = ""
    ) -> str:
        """Give the SQL that measuring a metric runs, as executed, in order."""
        card = self.measure(by=by, period=period, metrics=[metric])
        return "\n\n".join(f"-- {query.title}\n{query.sql.strip()};" for query in card.queries)

    @property
    def reporter(self) -> ReportDesk:
        """Where reports are written, listed, scheduled and told of."""
        from dataclasses import replace

        from shroff.report.report_desk import ReportDesk

        def told_by(asked: Asked) -> Asked:
            asked = replace(asked, rules=self.rules.watched)
            return asked.told_by(self.lookout, self.adviser, self.modeller)

        return ReportDesk(
            root=self.root, name=self.name, settings=self.settings, lake=self.lake,
            catalog=self.catalog, engine=self.engine, upkeep=self.upkeep, told_by=told_by,
            hidden=self.hidden,
        )  # fmt: skip

    def report(
        self,
        *,
        period: str | Period = "",
        languages: Sequence[str] = ("en", "zh"),
        out: str | Path = "",
    ) -> ReportFiles:
        """Write the working report: every figure, what is too uncertain greyed.

        Parameters
        ----------
        period : str or Period
            As for `measure`.
        languages : sequence of str
            "en", "zh" or both.
        out : str or Path
            Folder for the files; ``reports/PERIOD`` in the workspace when empty.

        Returns
        -------
        ReportFiles
            The files written; `reporter` writes other kinds, for other readers.
        """
        return self._written(period, languages=languages, out=out, publish=False)

    def publish(
        self,
        *,
        period: str | Period = "",
        languages: Sequence[str] = ("en", "zh"),
        out: str | Path = "",
    ) -> ReportFiles:
        """Write the report that leaves the team, as `report` but with unsure figures withheld."""
        return self._written(period, languages=languages, out=out, publish=True)

    def _written(
        self, period: str | Period, *, languages: Sequence[str], out: str | Path, publish: bool
    ) -> ReportFiles:
        from shroff.domain.messages import Language
        from shroff.report.ordering import Order

        days = period if isinstance(period, str) else period.label().replace(" – ", "..")
        spoken = tuple(Language(each) for each in languages)
        order = Order(period=days, languages=spoken, publish=publish)
        return self.reporter.write(order, out=Path(out) if out else None)

    def forget(self, kind: str, identity: str) -> Erasure:
        """Remove an advertiser or a reviewer (`kind`), by the id of the user's files, for good."""
        from shroff.store.forgetting import forget

        return forget(self.lake, self.catalog, kind=kind, identity=identity)

    def retain(self, *, now: datetime | None = None) -> dict[str, int]:
        """Remove rows older than the settings allow; tell how many of each table."""
        from shroff.store.forgetting import retain

        days = self.settings.retention
        return retain(self.lake, self.catalog, days, now=now or datetime.now(UTC))

    def sql(self, query: str, *, limit: int | None = None) -> pa.Table:
        """Run one read-only ``SELECT`` on the canonical tables; of its rows at most `limit`."""
        from shroff.store.readonly import select

        with self.engine() as engine:
            return select(engine, query, limit=limit, hidden=self.hidden)
