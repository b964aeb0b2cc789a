"""Answers of pages: worked out once for each state of the logs, in threads, kept in memory and on disk."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from shroff.domain.messages import Language
from shroff.errors import ShroffError
from shroff.measure.families import Query
from shroff.report.document import Charts, Details, DotChart, Section, TrendChart
from shroff.report.headline import headline, support
from shroff.report.line_charts import LineChart
from shroff.report.wording import Sayable
from shroff.store.narrowing import narrowing_columns
from shroff.web.bench import Bench
from shroff.web.kept_answers import KeptAnswers
from shroff.web.pages import PAGES, Page
from shroff.web.people import as_seen
from shroff.web.reminders import Reminder
from shroff.web.taking_back import Waiting
from shroff.web.viewing import View
from shroff.web.whole import Whole
from shroff.web.workspace_state import WorkspaceState
from shroff.workspace import Workspace

__all__ = ["Answer", "Answers", "Asking", "charts_in"]

_KEPT = 256
_WORKERS = 2
_LOOK_SECONDS = 3.0
_NICE = 5
"""How far work stands back behind answering: pages that are there come at once meanwhile."""


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
    id : str
        Its name: that of the page, the view and the state of the workspace.
    before : bool
        Whether the logs have changed since, and what they say now is being worked out.
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
    id: str = ""
    before: bool = False

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
    earlier : Answer or None
        What the logs said before they changed; None where that was never asked.
    """

    id: str
    future: Future[Answer]
    since: float
    earlier: Answer | None = None

    @property
    def seconds(self) -> float:
        """Tell for how long it has been worked on."""
        return time.monotonic() - self.since


class Answers:
    """Answers of one workspace.

    Parameters
    ----------
    workspace : Workspace
        Its folder is read again for each question, so that settings and logs may change.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._state = WorkspaceState(workspace.root)
        self._disk = KeptAnswers(workspace.root)
        self._whole = Whole(self._state, self._disk)
        self._kept: OrderedDict[str, Asking] = OrderedDict()
        self._last: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()
        self._waiting = Waiting()
        self._usual: dict[str, float] = {}
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(
            _WORKERS, thread_name_prefix="answer", initializer=_stand_back
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
        place = f"{page.id}?{plain.query()}#{','.join(sorted(here.hidden))}"
        name = f"{place}#{self._state.everything()}"
        with self._lock:
            asking = self._kept.get(name)
            if asking is None or (asking.future.done() and asking.future.exception()):
                future = self._pool.submit(self._work, here, page, plain, place=place, name=name)
                asking = Asking(name, future, time.monotonic(), self._last.get(place))
                self._kept[name] = asking
            _keep_last(self._kept, name)
        return asking

    def usual(self, page: Page) -> float | None:
        """Tell how long a page took when it was last worked out, in seconds."""
        return self._usual.get(page.id)

    def wait(self, asking: Asking, *, seconds: float, reader: str = "") -> Answer | None:
        """Wait a little for an answer; what was true before the logs changed does meanwhile."""
        if reader and not asking.future.done():
            self._waiting.waits(asking.id, reader)
        if asking.earlier is not None and not asking.future.done():
            return replace(asking.earlier, before=True)
        try:
            return asking.future.result(timeout=seconds)
        except NotYet:
            return None

    def cancel(self, asking: Asking, *, reader: str = "") -> bool:
        """Take a question back: where nobody else waits for its answer, the work on it stops.

        Parameters
        ----------
        asking : Asking
            The question.
        reader : str
            Who takes it back.

        Returns
        -------
        bool
            Whether it is worked on no more.
        """
        if not self._waiting.leave(asking.id, reader):
            return False
        with self._lock:
            taken = asking.future.cancel()
            if taken:
                self._kept.pop(asking.id, None)
        return taken or self._waiting.stop(asking.id)

    def close(self) -> None:
        """Stop working."""
        self._closing.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._state.close()

    def begin_ahead(self) -> None:
        """Work out every page as it is first looked at, and again whenever the logs change."""
        threading.Thread(target=self._ahead, name="ahead", daemon=True).start()

    def _ahead(self) -> None:
        done = ""
        while not self._closing.is_set():
            state = self._state.everything()
            if state != done:
                for page in PAGES:
                    if page.build is not None and not self._closing.is_set():
                        with suppress(ShroffError, CancelledError):
                            self.ask(page, View()).future.exception()
                done = state
            self._closing.wait(_LOOK_SECONDS)

    def _work(
        self, workspace: Workspace, page: Page, view: View, *, place: str, name: str
    ) -> Answer:
        kept = self._disk.get(name)
        found = kept if isinstance(kept, Answer) else self._answer(workspace, page, view, name)
        if found is not kept:
            found = replace(found, id=name)
            self._disk.put(name, found)
        self._usual[page.id] = found.seconds
        with self._lock:
            self._last[place] = found
            _keep_last(self._last, place)
        return found

    def _answer(self, workspace: Workspace, page: Page, view: View, name: str) -> Answer:
        began = time.monotonic()
        with workspace.engine() as engine, self._waiting.working(name, engine):
            columns = narrowing_columns(engine)
            bench = Bench(workspace, engine, view, self._whole.health)
            bench.narrow()
            sections = () if page.build is None else tuple(page.build(bench))
            results = bench.results if page.id in {"overview", "quality"} else None
            return Answer(
                days=bench.brief.period.label(),
                lead=headline(results, may_show=lambda _: True) if results else None,
                support=tuple(support(results, may_show=lambda _: True)) if results else (),
                sections=sections,
                reminders=self._whole.reminders(workspace) if page.id == "overview" else (),
                queries=bench.queries(),
                columns=columns,
                snapshot=dict(engine.snapshot),
                seconds=time.monotonic() - began,
            )


_Any = TypeVar("_Any")


def _keep_last(kept: OrderedDict[str, _Any], name: str) -> None:
    kept.move_to_end(name)
    while len(kept) > _KEPT:
        kept.popitem(last=False)


def _stand_back() -> None:
    """Let this thread, and those the engine starts from it, yield to threads that answer."""
    with suppress(OSError, AttributeError):  # Linux gives each thread a priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
