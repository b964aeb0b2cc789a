"""Judging many ads: each wording is asked about once, and what was paid for is not asked again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from queue import SimpleQueue

from shroff.domain.judgements import JudgementOutcome
from shroff.models.combining import combine
from shroff.models.judgement_rows import AdRef, Judge, judgement_id, judgement_row
from shroff.models.judging_tally import Tally
from shroff.models.kill_switch import KillSwitch
from shroff.models.pace import Cancelled
from shroff.models.prompt import Prompt
from shroff.models.questioner import BudgetSpent, Questioner, Unit, units_of
from shroff.models.sample import Sample
from shroff.models.trouble import Kind, Trouble
from shroff.store.answer_store import AnswerStore, Asked, KeptAnswer

__all__ = ["Judging", "Wording"]

_MOST_THREADS = 256
_LEAST_FAILURES = 10
_DOUBT = "was under way when an earlier run ended; whether it was charged is not known"
_Tick = Callable[[int], None]


@dataclass(slots=True)
class Wording:
    """A question, and the ads that have this wording.

    Parameters
    ----------
    prompt : Prompt
        The question.
    ads : list of AdRef
        The ads; the first one is the one that is asked about.
    """

    prompt: Prompt
    ads: list[AdRef]


@dataclass(slots=True)
class _Done:
    """A wording that came back: its answers, or why there are none."""

    wording: Wording
    name: str
    origin: str = ""
    samples: tuple[Sample, ...] = ()
    fault: Exception | None = None


@dataclass(slots=True, kw_only=True)
class Judging:
    """A run of judgements.

    Parameters
    ----------
    judge : Judge
        Who judges.
    questioner : Questioner
        Who asks the endpoint.
    store : AnswerStore
        What was answered before.
    again : bool
        Whether requests that were under way when an earlier run ended are sent again.
    tally : Tally
        What was done.
    stopped : str
        ``budget`` when the budget ended the run, ``killed`` when the model was switched off.
    switch : KillSwitch or None
        Asked before every request, and told of every answer.
    """

    judge: Judge
    questioner: Questioner
    store: AnswerStore
    again: bool = False
    tally: Tally = field(default_factory=Tally)
    stopped: str = ""
    switch: KillSwitch | None = None
    _done: SimpleQueue[_Done] = field(default_factory=SimpleQueue)
    _under_way: dict[str, Wording] = field(default_factory=dict[str, Wording])
    _recent: dict[str, _Done] = field(default_factory=dict[str, _Done])
    _failures: int = 0
    _fault: Exception | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rows(
        self, batches: Iterable[Sequence[Wording]], *, tick: _Tick | None = None
    ) -> Iterator[dict[str, object]]:
        """Judge ads, and give each judgement as a row as it comes.

        Parameters
        ----------
        batches : iterable of sequence of Wording
            The questions, some at a time.
        tick : callable, optional
            Told how many ads are done.

        Yields
        ------
        dict
            A row of judgements. Where asking on is of no use, all rows that there are come before
            the `Trouble` is raised.
        """
        many = min(2 * self.questioner.endpoint.spec.concurrency + 2, _MOST_THREADS)
        if self.switch is not None:
            self.questioner.tell = self._allow
        with ThreadPoolExecutor(max_workers=many, thread_name_prefix="judge") as pool:
            try:
                for row in self._all(batches, pool, most=2 * many):
                    self.tally.count(row)
                    if tick is not None:
                        tick(self.tally.ads)
                    yield row
            except BaseException:
                self.questioner.pace.stopped.set()
                raise
        if (fault := self._fault) is not None:
            raise fault

    def _all(
        self, batches: Iterable[Sequence[Wording]], pool: ThreadPoolExecutor, *, most: int
    ) -> Iterator[dict[str, object]]:
        for batch in batches:
            if self.switch is not None and self.switch.off() is not None:
                self.stopped = "killed"  # answers that are kept wait until it is revived, too
                break
            yield from self._batch(batch, pool, most)
            if self._ends:
                break
        while self._under_way:
            yield from self._settled(self._done.get())

    def _allow(self, _endpoint: str) -> None:
        """Let a request out, unless the model was switched off."""
        if self.switch is not None and self.switch.off() is not None:
            self.stopped = "killed"
            self.questioner.pace.stopped.set()
            raise Cancelled

    @property
    def _ends(self) -> bool:
        return bool(self.stopped) or self._fault is not None

    def _batch(
        self, batch: Sequence[Wording], pool: ThreadPoolExecutor, most: int
    ) -> Iterator[dict[str, object]]:
        endpoint, abilities = self.questioner.endpoint, self.questioner.abilities
        repeat = self.judge.repeat
        asked = [(e, units_of(e.prompt, endpoint, abilities, repeat=repeat)) for e in batch]
        self._recent.clear()  # what was settled before is found in the store
        known = self.store.known(unit.key for _, units in asked for unit in units)
        for wording, units in asked:
            name = units[0].key
            kept = {unit.key: known.get(unit.key) for unit in units}
            if name in self._under_way:
                self._under_way[name].ads += wording.ads
            elif name in self._recent:
                yield from self._settled(replace(self._recent[name], wording=wording))
            elif all(each is not None and each.state == "answered" for each in kept.values()):
                yield from self._settled(_kept(wording, name, [k for k in kept.values() if k]))
            else:
                while len(self._under_way) >= most:
                    yield from self._settled(self._done.get())
                if self._ends:
                    return
                self._under_way[name] = wording
                pool.submit(self._work, wording, units, kept)
            while not self._done.empty():
                yield from self._settled(self._done.get())

    def _work(
        self, wording: Wording, units: Sequence[Unit], kept: Mapping[str, KeptAnswer | None]
    ) -> None:
        """Ask all that a question still needs; runs in a thread, and never raises."""
        done = _Done(wording, units[0].key, origin=judgement_id(wording.ads[0], self.judge))
        try:
            samples: list[Sample] = []
            for unit in units:
                samples += self._unit(wording, unit, kept=kept.get(unit.key), origin=done.origin)
            done.samples = tuple(samples)
        except Exception as fault:  # noqa: BLE001 - the main thread decides
            done.fault = fault
        self._done.put(done)

    def _unit(
        self, wording: Wording, unit: Unit, *, kept: KeptAnswer | None, origin: str
    ) -> Sequence[Sample]:
        if self._ends or self.questioner.pace.stopped.is_set():
            raise Cancelled
        if kept is not None and kept.state == "answered":
            return [Sample.of(each) for each in kept.answer["samples"]]
        if kept is not None and kept.state == "sent" and not self.again:
            with self._lock:
                self.tally.doubt += 1
            doubt = Sample(outcome=JudgementOutcome.FAILED, reason=_DOUBT, doubt=True)
            return [doubt] * unit.answers
        self.store.begin(
            Asked(
                key=unit.key,
                run=self.judge.run,
                endpoint=self.judge.endpoint,
                ad_id=wording.ads[0].ad_id,
            )
        )
        try:
            samples = self.questioner.ask(wording.prompt, unit)
        except BaseException:
            self.store.fail(unit.key)
            raise
        if all(each.outcome is JudgementOutcome.FAILED for each in samples):
            self.store.fail(unit.key)
        else:
            records = [each.record() for each in samples]
            self.store.finish(unit.key, {"origin": origin, "samples": records})
        with self._lock:
            self.tally.sent += sum(each.attempts for each in samples)
        if self.switch is not None:
            for each in samples:
                self.switch.saw(
                    each.outcome, cost=each.cost or 0.0, latency_ms=each.latency_ms or 0.0
                )
        return samples

    def _settled(self, done: _Done) -> Iterator[dict[str, object]]:
        """Take an answer as rows, one for each ad of that wording."""
        self._under_way.pop(done.name, None)
        if done.fault is not None:
            self._failed(done.fault)
            return
        self._recent[done.name] = done
        if any(each.doubt for each in done.samples):
            return
        found = combine(done.samples)
        self._watch(found.outcome, found.spokesman.reason)
        now = datetime.now(UTC)
        for ad in done.wording.ads:
            own = judgement_id(ad, self.judge)
            copy_of = "" if own == done.origin else done.origin
            yield judgement_row(ad, self.judge, found=found, at=now, copy_of=copy_of)

    def _failed(self, fault: Exception) -> None:
        if isinstance(fault, BudgetSpent):
            self.stopped = "budget"
        elif not isinstance(fault, Cancelled) and self._fault is None:
            self._fault = fault

    def _watch(self, outcome: JudgementOutcome, reason: str) -> None:
        """Stop when nothing but failures comes: the server is down, not the ads odd."""
        if outcome is not JudgementOutcome.FAILED:
            self._failures = 0
            return
        self._failures += 1
        most = max(_LEAST_FAILURES, 2 * self.questioner.endpoint.spec.concurrency)
        if self._failures >= most and self._fault is None:
            self._fault = Trouble(
                Kind.SERVER,
                f"stopped after {self._failures} failures in a row; the last: {reason}",
                where=self.judge.endpoint,
            )


def _kept(wording: Wording, name: str, kept: Sequence[KeptAnswer]) -> _Done:
    samples = tuple(Sample.of(each) for part in kept for each in part.answer["samples"])
    return _Done(wording, name, origin=str(kept[0].answer.get("origin", "")), samples=samples)
