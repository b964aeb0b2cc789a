"""What waits for someone: at most five cards, each leading to the page where it is dealt with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.measure.monitoring import Verdict, monitor
from shroff.measure.periods import covered
from shroff.report.document import Tone
from shroff.report.wording import Bilingual, Plain, Sayable
from shroff.store.health_findings import Severity
from shroff.watch.incident_desk import sentence_of
from shroff.watch.watched_metrics import WATCHED
from shroff.web.bench import Bench

__all__ = ["Reminder", "reminders"]

_ITEMS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One card.

    Parameters
    ----------
    kind : str
        ``goals``, ``incidents``, ``decisions``, ``labels`` or ``data``.
    count : int
        How many wait.
    items : tuple of Sayable
        The first of them.
    page : str
        Id of the page where they are dealt with.
    tone : Tone
        How it asks for attention.
    """

    kind: str
    count: int
    items: tuple[Sayable, ...]
    page: str
    tone: Tone

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "kind": self.kind,
            "count": self.count,
            "items": [item.text() for item in self.items],
            "page": self.page,
        }


def reminders(bench: Bench) -> tuple[Reminder, ...]:
    """Tell what waits.

    Parameters
    ----------
    bench : Bench
        The logs.

    Returns
    -------
    tuple of Reminder
        One a kind of which something waits, most pressing first; at most five.
    """
    made = (
        _card("data", "health", tuple(_data(bench)), Tone.BAD),
        _card("goals", "advise", tuple(_goals(bench)), Tone.BAD),
        _card("incidents", "changes", tuple(_incidents(bench)), Tone.UNSURE),
        _card("decisions", "advise", tuple(_decisions(bench)), Tone.PLAIN),
        _card("labels", "label", tuple(_labels(bench)), Tone.PLAIN),
    )
    return tuple(card for card in made if card is not None)


def _card(kind: str, page: str, items: tuple[Sayable, ...], tone: Tone) -> Reminder | None:
    if not items:
        return None
    return Reminder(kind=kind, count=len(items), items=items[:_ITEMS], page=page, tone=tone)


def _data(bench: Bench) -> Iterator[Sayable]:
    for each in bench.health.findings:
        if each.severity is Severity.BROKEN:
            yield each.what


def _goals(bench: Bench) -> Iterator[Sayable]:
    if not bench.brief.goals:
        return
    known = covered(bench.engine)
    upkeep = bench.workspace.upkeep(bench.engine)
    kept = None if bench.view.where else upkeep.for_brief(bench.brief)  # it counts all ads
    for each in monitor(
        bench.engine, bench.brief, first=known.first, until=known.complete_until, kept=kept
    ):
        if each.verdict is Verdict.MISSED:
            yield Bilingual(each.metric.name_en, each.metric.name_zh)


def _incidents(bench: Bench) -> Iterator[Sayable]:
    metrics = {**bench.workspace.metrics(), **WATCHED}
    for each in bench.workspace.catalog.incidents.incidents("open"):
        yield sentence_of(each, metrics)


def _decisions(bench: Bench) -> Iterator[Sayable]:
    """Name the steps that wait for a second person, then what the last plan recommends."""
    catalog = bench.workspace.catalog
    for request in catalog.approvals.requests("waiting"):
        yield Message("web.reminders.approval", {"subject": request.subject, "who": request.who})
    open_ = catalog.advice.advice("open")
    last = max((each.last_at for each in catalog.advice.advice()), default="")
    for each in open_:
        if each.last_at == last:
            yield Plain(each.subject)


def _labels(bench: Bench) -> Iterator[Sayable]:
    for each in bench.workspace.catalog.labels.batches():
        if not each.taken:
            yield Message("web.reminders.batch", {"batch": each.id, "day": each.at[:10]})
