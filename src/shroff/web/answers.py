"""Answers of pages: worked out once for each state of the logs, in threads, kept while they hold."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field, replace

from shroff.domain.messages import Language
from shroff.measure.families import Query
from shroff.report.document import Charts, Details, DotChart, Section, TrendChart
from shroff.report.headline import headline, support
from shroff.report.line_charts import LineChart
from shroff.report.wording import Sayable
from shroff.store.narrowing import narrowing_columns
from shroff.web.bench import Bench
from shroff.web.pages import Page
from shroff.web.people import as_seen
from shroff.web.reminders import Reminder, reminders
from shroff.web.viewing import View
from shroff.workspace import Workspace

__all__ = ["Answer", "Answers", "Asking", "charts_in"]

_KEPT = 256
_WORKERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a page shows, for every language.

    Parameters
    ----------
    days : str
        The days it speaks of.
    lead : Sayable or None
        The answer in a sentence, where the page has one of its own.
    support : tuple of Sayable
        Sentences that complete it.
    sections : tuple of Section
        What it rests on.
    reminders : tuple of Reminder
        What waits for someone.
    queries : tuple of Query
        The SQL behind it.
    columns : tuple of str
        Columns by which it can be narrowed.
    snapshot : mapping
        Version of the lake each table was read at.
    seconds : float
        How long it took.
    """

    days: str
    lead: Sayable | None
    support: tuple[Sayable, ...]
    sections: tuple[Section, ...]
    reminders: tuple[Reminder, ...]
    queries: tuple[Query, ...]
    columns: tuple[str, ...]
    snapshot: Mapping[str, int]
    seconds: float

    def chart(self, name: str) -> TrendChart | DotChart | LineChart | None:
        """Find a chart by its id."""
        return next((each for each in charts_in(self.sections) if each.id == name), None)


def charts_in(sections: tuple[Section, ...]) -> list[TrendChart | DotChart | LineChart]:
    """List the charts of sections, those in details too."""
    blocks = [block for section in sections for block in section.blocks]
    found: list[TrendChart | DotChart | LineChart] = []
    while blocks:
        block = blocks.pop()
        if isinstance(block, Details):
            blocks.extend(block.blocks)
        elif isinstance(block, Charts):
            found.extend(block.charts)
    return found


@dataclass(frozen=True, slots=True)
class Asking:
    """An answer that is being worked out.

    Parameters
    ----------
    id : str
        Its name.
    future : Future
        Gives it.
    since : float
        When it was asked for, by the monotonic clock.
    """

    id: str
    future: Future[Answer]
    since: float

    @property
    def seconds(self) -> float:
        """Tell for how long it has been worked on."""
        return time.monotonic() - self.since


@dataclass
class Answers:
    """Answers of one workspace.

    Parameters
    ----------
    workspace : Workspace
        Its folder is read again for each question, so that settings and logs may change.
    """

    workspace: Workspace
    _kept: OrderedDict[str, Asking] = field(default_factory=OrderedDict[str, Asking])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_WORKERS, thread_name_prefix="answer")
    )

    def ask(self, page: Page, view: View) -> Asking:
        """Ask for a page, unless it was asked for and the logs are as they were.

        Parameters
        ----------
        page : Page
            The page.
        view : View
            How it looks at the logs; the language makes no difference.

        Returns
        -------
        Asking
            Where the answer will be, or is.
        """
        here = as_seen(self.workspace.root)
        plain = replace(view, language=Language.EN)
        name = _name(page, plain, state=_state(here))
        with self._lock:
            asking = self._kept.get(name)
            if asking is None or (asking.future.done() and asking.future.exception()):
                future = self._pool.submit(_answer, here, page, plain)
                asking = self._kept[name] = Asking(name, future, time.monotonic())
            self._kept.move_to_end(name)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return asking

    def wait(self, asking: Asking, *, seconds: float) -> Answer | None:
        """Wait a little for an answer; None while it is not there."""
        try:
            return asking.future.result(timeout=seconds)
        except NotYet:
            return None

    def cancel(self, asking: Asking) -> bool:
        """Take back a question that nobody works on yet."""
        with self._lock:
            taken = asking.future.cancel()
            if taken:
                self._kept.pop(asking.id, None)
        return taken

    def close(self) -> None:
        """Stop working."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _state(workspace: Workspace) -> str:
    """Tell the state of the logs, the catalog and the settings from any other."""
    parts = [f"{table}@{version}" for table, version in sorted(workspace.lake.snapshot().items())]
    parts += [f"hidden:{name}" for name in sorted(workspace.hidden)]
    for name in ("shroff.toml", "catalog.sqlite", "catalog.sqlite-wal"):
        path = workspace.root / name
        if path.exists():
            parts.append(f"{name}:{path.stat().st_mtime_ns}")
    return " ".join(parts)


def _name(page: Page, view: View, *, state: str) -> str:
    return f"{page.id}?{view.query()}#{state}"


def _answer(workspace: Workspace, page: Page, view: View) -> Answer:
    began = time.monotonic()
    with workspace.engine() as engine:
        columns = narrowing_columns(engine)
        bench = Bench(workspace, engine, view)
        bench.narrow()
        sections = () if page.build is None else tuple(page.build(bench))
        results = bench.results if page.id in {"overview", "quality"} else None
        return Answer(
            days=bench.brief.period.label(),
            lead=headline(results, may_show=lambda _: True) if results else None,
            support=tuple(support(results, may_show=lambda _: True)) if results else (),
            sections=sections,
            reminders=reminders(bench) if page.id == "overview" else (),
            queries=bench.queries(),
            columns=columns,
            snapshot=dict(engine.snapshot),
            seconds=time.monotonic() - began,
        )
