"""Where reports are written, listed, scheduled and told of."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shroff.domain.messages import Language, say
from shroff.errors import ConfigError, ShroffError
from shroff.measure.brief import Brief
from shroff.measure.briefing import brief_of
from shroff.measure.upkeep import Upkeep
from shroff.report.audiences import EDITIONS, Audience
from shroff.report.due_reports import due_at, require_cron
from shroff.report.gathering import Asked, gather
from shroff.report.ordering import Order, require
from shroff.report.publication import PublishRule
from shroff.report.writing import ReportFiles, write_report
from shroff.store.catalog import Catalog
from shroff.store.catalog_reports import ReportWriting, Schedule, Turn
from shroff.store.engine import Engine
from shroff.store.health import check_health
from shroff.store.lake import Lake
from shroff.store.narrowing import narrow
from shroff.store.settings import Settings
from shroff.watch.webhook import Letter, post_letter

__all__ = ["ReportDesk", "Tick"]

Tick = Callable[[int, int], None]
"""Is told how many of how many parts are done; may stop the work by raising."""


@dataclass(frozen=True, kw_only=True)
class ReportDesk:
    """The reports of a workspace.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    name : str
        Its name.
    settings : Settings
        What its shroff.toml says.
    lake : Lake
        The logs.
    catalog : Catalog
        What was done.
    engine : callable
        Opens an engine over the logs.
    upkeep : callable
        Gives what keeps counts up to date.
    told_by : callable
        Has those who watch, advise and judge told what to add.
    hidden : frozenset of str
        Columns that are hidden from who asks.
    """

    root: Path
    name: str
    settings: Settings
    lake: Lake
    catalog: Catalog
    engine: Callable[[], AbstractContextManager[Engine]]
    upkeep: Callable[[Engine], Upkeep]
    told_by: Callable[[Asked], Asked]
    hidden: frozenset[str] = frozenset()

    def write(
        self, order: Order, *, out: Path | None = None, tick: Tick | None = None
    ) -> ReportFiles:
        """Write a report.

        Parameters
        ----------
        order : Order
            What is asked for.
        out : Path or None
            Folder for the files; one of its own under ``reports`` when None.
        tick : callable or None
            Told how far it is.

        Returns
        -------
        ReportFiles
            The files; each is there whole or not at all.
        """
        browser = self.settings.reports.browser
        require(order, browser=browser)
        with self.engine() as engine:
            narrow(engine, dict(order.where))
            brief = brief_of(self.settings, engine, period=order.period)
            args = {
                **order.record(),
                "period": brief.period.label(),
                "hidden": sorted(self.hidden),
            }
            with self.catalog.noted("report", args=args, snapshot=engine.snapshot) as run:
                health = check_health(engine, settings=self.settings, lake=self.lake)
                asked = self.told_by(
                    Asked(
                        workspace=self.name,
                        brief=brief,
                        health=health,
                        rule=self.rule(),
                        edition=EDITIONS[order.audience],
                        tick=tick,
                    )
                )
                kept = None if order.where else self.upkeep(engine).for_brief(brief)
                results = gather(engine, asked, kept=kept)
                folder = out or self._folder(order, brief)
                files = write_report(
                    results, order, folder=folder, rule=asked.rule, browser=browser
                )
                for path in files.files:
                    self.catalog.add_report(path, period=brief.period.label(), run=run)
        return replace(files, run=run)

    def _folder(self, order: Order, brief: Brief) -> Path:
        named = f"{brief.period.start}_{brief.period.end - timedelta(days=1)}"
        if order.audience is Audience.TEAM and not order.where:
            return self.root / "reports" / named
        stamp = f"{order.name}-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        return self.root / "reports" / named / stamp

    def rule(self) -> PublishRule:
        """Tell how uncertain a published figure may be."""
        rule = self.settings.publish
        return PublishRule(max_width=rule.max_width, relative=rule.relative)

    def written(self, *, limit: int = 50) -> tuple[ReportWriting, ...]:
        """List the reports written, newest first."""
        return self.catalog.writings.written(limit=limit)

    def may_see(self, writing: ReportWriting) -> bool:
        """Tell whether a report hides all that is hidden from who asks."""
        return self.hidden <= set(writing.args.get("hidden", ()))

    def file(self, run: int, name: str) -> Path:
        """Find a file of a report that was written.

        Parameters
        ----------
        run : int
            Number of its run.
        name : str
            Name of the file.

        Returns
        -------
        Path
            The file, which is there.

        Raises
        ------
        ConfigError
            If the report has no such file, or it is gone.
        """
        found = [Path(each) for each in self.catalog.writings.writing(run).files]
        for path in found:
            if path.name == name and path.is_file():
                return path
        raise ConfigError(
            f"report {run} has no file {name!r}, or it was removed",
            where=str(self.root / "reports"),
            hint="shroff report writes it again",
        )

    def send(self, run: int, *, language: Language) -> str:
        """Tell the webhook of the settings of a report.

        Parameters
        ----------
        run : int
            Number of its run.
        language : Language
            Language of the message.

        Returns
        -------
        str
            The host that took it.
        """
        writing = self.catalog.writings.writing(run)
        return post_letter(
            self.settings.reports, self._letter(writing, language), where="[reports]"
        )

    def _letter(self, writing: ReportWriting, language: Language) -> Letter:
        audience = str(writing.args.get("audience", "team"))
        link = self.settings.reports.link
        slots = {"workspace": self.name, "period": writing.period}
        return Letter(
            title=say("report.letter.title", language, slots),
            lines=(*_told(writing, language), say(f"report.audience.{audience}", language)),
            record={
                "workspace": self.name,
                "report": writing.run,
                "period": writing.period,
                "audience": audience,
                "files": [Path(each).name for each in writing.files],
                "told": list(_told(writing, language)),
            },
            link=f"{link.rstrip('/')}/reports" if link else "",
            link_text=say("report.letter.link", language),
        )

    def schedule(
        self, order: Order, *, cron: str, zone: str = "UTC", sends: bool = False, who: str = ""
    ) -> Schedule:
        """Have a report written again and again.

        Parameters
        ----------
        order : Order
            What is written; its period is read anew each time.
        cron : str
            When: minute, hour, day of the month, month, day of the week.
        zone : str
            Time zone of it.
        sends : bool
            Whether the webhook of the settings is told.
        who : str
            Who asks for it.

        Returns
        -------
        Schedule
            The schedule.

        Raises
        ------
        ConfigError
            If the times cannot be understood, a kind cannot be written, or nobody could be told.
        """
        require_cron(cron, zone)
        require(order, browser=self.settings.reports.browser)
        if sends and not self.settings.reports.webhook:
            raise ConfigError(
                "nobody can be told: no webhook is set",
                where="shroff.toml [reports]",
                hint='webhook = "https://HOST/PATH" and hosts = ["HOST"]',
            )
        made = Schedule(
            id=secrets.token_hex(4),
            cron=cron,
            zone=zone,
            order=order.record(),
            sends=sends,
            who=who,
            until=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        self.catalog.writings.add_schedule(made)
        return made

    def schedules(self) -> tuple[Schedule, ...]:
        """List what is scheduled."""
        return self.catalog.writings.schedules()

    def turns(self) -> tuple[Turn, ...]:
        """List what was due, and what came of it, newest first."""
        return self.catalog.writings.turns()

    def run_due(
        self, *, now: datetime, tick: Tick | None = None
    ) -> Sequence[tuple[Schedule, Mapping[str, object]]]:
        """Write what is due; of what was missed several times, the last time only.

        Parameters
        ----------
        now : datetime
            The time, with its zone.
        tick : callable or None
            Told how far a report is.

        Returns
        -------
        sequence of (Schedule, mapping)
            What was due and what came of it; one that fails does not stop the others.
        """
        done: list[tuple[Schedule, Mapping[str, object]]] = []
        for schedule in self.schedules():
            due = due_at(schedule, now=now)
            turn = self.catalog.writings.claim(schedule, due=due) if due else None
            if turn is None:
                continue
            detail = self._turn(schedule, turn, tick=tick)
            done.append((schedule, detail))
        return done

    def _turn(self, schedule: Schedule, turn: int, *, tick: Tick | None) -> Mapping[str, object]:
        book = self.catalog.writings
        try:
            order = Order.of(schedule.order)
            files = self.write(order, tick=tick)
            detail = {"state": "done", **files.record()}
            if schedule.sends and files.run is not None:
                detail["sent"] = self.send(files.run, language=order.languages[0])
        except ShroffError as fault:
            detail = {"state": "failed", "cause": fault.cause, "hint": fault.hint}
        except BaseException:
            book.end(turn, state="failed", detail={"state": "failed", "cause": "stopped"})
            raise
        book.end(turn, state=str(detail["state"]), detail=detail)
        return detail


def _told(writing: ReportWriting, language: Language) -> tuple[str, ...]:
    """Read what a report says in a few sentences, in the language or in the one that it has."""
    for each in map(Path, writing.files):
        if each.name.endswith(".summary.json") and each.is_file():
            told: dict[str, list[str]] = json.loads(each.read_text(encoding="utf-8"))
            return tuple(told.get(str(language)) or next(iter(told.values()), ()))
    return ()
