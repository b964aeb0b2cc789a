"""Judging the ads of a workspace with a model: what is asked, sent, written and told."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from shroff.domain.registered import ModelKind
from shroff.errors import ConfigError
from shroff.models.abilities import Abilities
from shroff.models.budget import Budget, read_budget
from shroff.models.endpoint import Endpoint, find_endpoint
from shroff.models.judge_asking import (
    JudgeAsked,
    ads_to_judge,
    asking_of,
    judge_of,
    new_run,
)
from shroff.models.judge_result import Judged
from shroff.models.judged_ads import Asking as AdAsking
from shroff.models.judgement_writer import JudgementWriter
from shroff.models.judging_run import Judging
from shroff.models.kill_switch import KillSwitch
from shroff.models.pace import Backoff
from shroff.models.prices import Usage
from shroff.models.probe_result import Probed
from shroff.models.probing import Asking, probe_endpoint
from shroff.models.questioner import Questioner
from shroff.models.transport import Transport
from shroff.store.answer_store import ANSWERS_FILE, AnswerStore
from shroff.store.catalog import Catalog
from shroff.store.catalog_judging import SentBatch
from shroff.store.catalog_watch import CatalogWatch
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.model_records import ModelRecord, ModelRun
from shroff.store.settings import Settings

__all__ = ["JudgeDesk", "Tick"]

Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeDesk:
    """Where a workspace asks models.

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
    """

    root: Path
    settings: Settings
    lake: Lake
    catalog: Catalog

    def endpoint(self, name: str) -> Endpoint:
        """Find an endpoint that ads may be sent to."""
        return find_endpoint(self.settings, name, root=self.root).allowed()

    def abilities(self, endpoint: Endpoint, transport: Transport) -> tuple[Abilities, bool]:
        """Tell what an endpoint honours; probe it when that is not known yet.

        Parameters
        ----------
        endpoint : Endpoint
            The endpoint.
        transport : Transport
            The way there.

        Returns
        -------
        (Abilities, bool)
            What it honours, and whether it was probed now.
        """
        told = self.catalog.judging.probe(endpoint.name)
        if told is not None:
            known = Abilities.of(told)
            if (known.url, known.model) == (endpoint.spec.url, endpoint.spec.model):
                return known, False
        return self.probe(endpoint, transport), True

    def probed(self, name: str) -> Probed:
        """Probe an endpoint by its name; it holds no ad, and leaves no sooner than ads may."""
        endpoint = self.endpoint(name)
        with closing(Transport(endpoint)) as transport:
            abilities = self.probe(endpoint, transport)
        (last,) = self.catalog.judging.sent(name)[:1]
        return Probed(
            endpoint=name,
            host=endpoint.host,
            abilities=abilities,
            requests=last.requests,
            tokens=last.tokens,
        )

    def probe(self, endpoint: Endpoint, transport: Transport) -> Abilities:
        """Probe an endpoint, and remember what it honours."""
        self.catalog.writable()
        batch = _batch(endpoint, new_run(), what="probe")
        number = self.catalog.judging.open(batch)
        asked, state = Asking(endpoint, transport), "failed"
        try:
            found = probe_endpoint(asked)
            self.catalog.judging.keep_probe(endpoint.name, found.record())
            state = "done"
        finally:
            self.catalog.judging.update(
                replace(
                    batch, id=number, requests=asked.requests, tokens=asked.tokens, state=state
                )
            )
        return found

    def judge(self, engine: Engine, asked: JudgeAsked, *, tick: Tick | None = None) -> Judged:
        """Judge ads, and write the judgements to the logs.

        Parameters
        ----------
        engine : Engine
            The logs.
        asked : JudgeAsked
            What is to be judged.
        tick : callable, optional
            Told done and all.

        Returns
        -------
        Judged
            What was done; a `Trouble` says that asking on was no use, after what there was has
            been written.
        """
        endpoint = self.endpoint(asked.endpoint)
        self.catalog.writable()
        budget = _budget_of(asked, endpoint)
        with ExitStack() as stack:
            transport = stack.enter_context(closing(Transport(endpoint)))
            abilities, probed = self.abilities(endpoint, transport)
            store = stack.enter_context(AnswerStore(self.root / ANSWERS_FILE))
            judge = judge_of(asked, endpoint)
            run = _Run(
                desk=self,
                asked=asked,
                endpoint=endpoint,
                judging=Judging(
                    judge=judge,
                    switch=KillSwitch(
                        catalog=self.catalog,
                        name=judge.name,
                        version=judge.version,
                        limits=self.settings.models.trip,
                        watch=stack.enter_context(closing(CatalogWatch(self.catalog.path))),
                    ),
                    questioner=Questioner(
                        endpoint=endpoint,
                        abilities=abilities,
                        transport=transport,
                        budget=budget,
                        backoff=Backoff(seed=asked.seed),
                    ),
                    store=store,
                    again=asked.again,
                ),
                budget=budget,
                probed=probed,
            )
            return run.done(engine, tick)


def _budget_of(asked: JudgeAsked, endpoint: Endpoint) -> Budget:
    """Read the limit, and see that one in money can be kept: a price must hold today."""
    prices, today = endpoint.prices, datetime.now(UTC)
    budget = read_budget(asked.budget, currency=prices.currency if prices else None)
    if budget.money is not None and endpoint.cost(Usage(read=1), "", at=today) is None:
        raise ConfigError(
            f"a limit in money cannot be kept: no price of {endpoint.spec.model} holds on"
            f" {today.date()}",
            where=endpoint.spec.prices,
            hint="add a line with its model and since, or limit tokens: --budget '200000 tokens'",
        )
    return budget


def _batch(endpoint: Endpoint, run: str, *, what: str) -> SentBatch:
    return SentBatch(
        run=run,
        what=what,
        endpoint=endpoint.name,
        host=endpoint.host,
        model=endpoint.spec.model,
        masked=endpoint.spec.mask,
    )


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run under way."""

    desk: JudgeDesk
    asked: JudgeAsked
    endpoint: Endpoint
    judging: Judging
    budget: Budget
    probed: bool
    asking: AdAsking = field(init=False)
    writer: JudgementWriter = field(init=False)
    sent: SentBatch = field(init=False)

    def __post_init__(self) -> None:
        desk, judge = self.desk, self.judging.judge
        self.asking = asking_of(self.asked, self.endpoint)
        self.writer = JudgementWriter(
            lake=desk.lake,
            catalog=desk.catalog,
            engine=desk.settings.engine,
            folder=desk.root / "tmp" / f"judging-{judge.run}",
            scores=not judge.repeat,
        )
        batch = _batch(self.endpoint, judge.run, what="judge")
        self.sent = replace(batch, policy=judge.policy, version=judge.version)

    def done(self, engine: Engine, tick: Tick | None) -> Judged:
        """Do it all, and say what was done."""
        judge, book = self.judging.judge, self.desk.catalog.judging
        wanted, batches = ads_to_judge(
            engine,
            self.asked,
            judge=judge,
            asking=self.asking,
            week_starts=self.desk.settings.periods.week_starts,
        )
        earlier = self.judging.store.under_way(judge.endpoint)
        begun = time.monotonic()
        state, stopped = "failed", "trouble"
        self.sent = replace(self.sent, id=book.open(self.sent))
        rows = self.judging.rows(batches, tick=lambda n: tick(n, wanted) if tick else None)
        try:
            for row in rows:
                if self.writer.add(row):
                    book.update(self._so_far("under way"))
            state, stopped = "done", self.judging.stopped
        except KeyboardInterrupt:
            state, stopped = "stopped", "cancelled"
        finally:
            seconds = time.monotonic() - begun
            self.writer.flush()
            if self.writer.folder.exists():
                self.writer.folder.rmdir()
            book.update(self._so_far("stopped" if stopped and state == "done" else state))
            self._register(seconds)
        return self._result(wanted, seconds=seconds, stopped=stopped, earlier=earlier)

    def _so_far(self, state: str) -> SentBatch:
        prices = self.endpoint.prices
        return replace(
            self.sent,
            ads=self.judging.tally.ads,
            requests=self.judging.tally.sent,
            tokens=self.budget.used.tokens,
            cost=self.budget.spent if prices else None,
            currency=prices.currency if prices else "",
            state=state,
        )

    def _register(self, seconds: float) -> None:
        """Keep judge and run in the registry, where they are compared with others."""
        judge, spec, tally = self.judging.judge, self.endpoint.spec, self.judging.tally
        if not tally.ads:
            return
        book = self.desk.catalog.models
        source = {
            "endpoint": judge.endpoint,
            "model": spec.model,
            "params": dict(self.endpoint.sampling().params),
            "language": str(self.asking.form.language),
        }
        record = ModelRecord(
            name=judge.name,
            version=judge.version,
            kind=ModelKind.LLM,
            policies=(judge.policy,),
            source=source,
        )
        if not any(each.version == judge.version for each in book.models(judge.name)):
            book.keep(record, who="shroff", why="first judgements")
        book.keep_run(
            ModelRun(
                name=judge.name,
                version=judge.version,
                what="judge",
                ads=tally.ads,
                seconds=seconds,
                detail={
                    "requests": tally.sent,
                    "cost": self.budget.spent if self.endpoint.prices else None,
                    "currency": self.endpoint.prices.currency if self.endpoint.prices else "",
                },
            )
        )

    def _result(self, wanted: int, *, seconds: float, stopped: str, earlier: int) -> Judged:
        prices = self.endpoint.prices
        return Judged(
            judge=self.judging.judge,
            model=self.endpoint.spec.model,
            host=self.endpoint.host,
            wanted=wanted,
            scope=self.asking.scope,
            textless=self.asking.textless,
            tally=self.judging.tally,
            written=self.writer.written,
            scored=self.writer.scored,
            spent=self.budget.spent if prices else None,
            currency=prices.currency if prices else "",
            tokens=self.budget.used.tokens,
            unpriced=self.budget.unpriced,
            uncounted=self.budget.uncounted,
            masked=self.asking.masked,
            seconds=seconds,
            stopped=stopped,
            under_way=earlier,
            probed=self.probed,
        )
