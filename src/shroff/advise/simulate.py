"""What would this proposal have done? History replayed under it, as one strategy."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from shroff.advise.decision_errors import LabelTrust, errors_of, trust_of
from shroff.advise.label_sums import LabelErrors
from shroff.advise.proposal import Proposal
from shroff.advise.proposal_file import read_proposal
from shroff.advise.queue_play import QueueOutcome, fit_queue, play_queue
from shroff.advise.replay import Replay, read_replay
from shroff.advise.replay_draws import Draws, draw
from shroff.advise.replay_figures import AMOUNT, SHARE, Compared, Told, figures, friction
from shroff.advise.review_load import read_loads
from shroff.advise.scored_policy import SCORED_POLICY
from shroff.advise.simulate_question import SimulateQuestion, simulate_question
from shroff.advise.simulation import Costs, CostSwing, Flip, Simulation
from shroff.advise.strategy_lines import find_lines
from shroff.advise.strategy_sql import strategy_sql
from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import ConfigError, ShroffError
from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.frame import ACTIONS, Frame, build_frames
from shroff.measure.population import build_population
from shroff.measure.tasks import build_tasks
from shroff.rules.history_hits import stand_history
from shroff.stats.estimate import Status
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine

__all__ = ["simulate", "simulated_files", "stand_strategy"]

_DRAWS = 600
_SEED = 20261123
_WHATS = ("missed", "wrong", "hour")


def simulate(
    engine: Engine, brief: Brief, question: SimulateQuestion, *, lake: Path
) -> Simulation:
    """Replay history under a proposal.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    question : SimulateQuestion
        The proposal, costs, priorities.
    lake : Path
        Folder of the lake.

    Returns
    -------
    Simulation
        What would change, how sure that is, and what cannot be known.
    """
    with ExitStack() as open_:
        notes = stand_strategy(engine, brief, question, lake=lake, open_=open_)
        frames = build_frames(engine, brief.designs, weights=[Weight.ADS, Weight.IMPRESSIONS])
        build_tasks(engine, brief.period, as_of=brief.as_of, week_starts=brief.week_starts)
        work = _Work(engine, brief, question, frames, np.random.default_rng(_SEED))
        return work.run(notes)


def simulated_files(
    engine: Engine, brief: Brief, files: Sequence[Path], *, costs: Costs, lake: Path
) -> tuple[Simulation, ...]:
    """Replay the proposals of files; those that cannot be replayed are passed over.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    files : sequence of Path
        YAML or JSON.
    costs : Costs
        What mistakes and work cost.
    lake : Path
        Folder of the lake.

    Returns
    -------
    tuple of Simulation
        In the order of the files.
    """
    found = []
    for file in files:
        with suppress(ShroffError):
            question = simulate_question(read_proposal(file), folder=file.parent, costs=costs)
            found.append(simulate(engine, brief, question, lake=lake))
    return tuple(found)


def stand_strategy(
    engine: Engine, brief: Brief, question: SimulateQuestion, *, lake: Path, open_: ExitStack
) -> list[Message]:
    """Make the tables ``population`` and ``strategy``: what was done with each ad, and what would be.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period and slices.
    question : SimulateQuestion
        The proposal.
    lake : Path
        Folder of the lake.
    open_ : ExitStack
        Closes what the tables stand on.

    Returns
    -------
    list of Message
        What to know of it.
    """
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    proposal = question.proposal
    _require_columns(engine, proposal)
    lines, notes = find_lines(engine, proposal)
    if question.packs:
        new = tuple(pack for pack, _ in question.packs)
        open_.enter_context(stand_history(engine, new, lake=lake))
    replaced = [rule.id for _, old in question.packs if old is not None for rule in old.rules]
    columns = engine.columns("population")
    sql = strategy_sql(
        proposal, live=lines, replaced=replaced, columns=columns, packs=bool(question.packs)
    )
    engine.materialise("strategy", sql)
    return notes


def _require_columns(engine: Engine, proposal: Proposal) -> None:
    """Refuse slices by columns that ads do not have."""
    known = {*engine.columns("population"), SCORED_POLICY}
    asked = [each.where for each in proposal.lines]
    asked += [each.where for each in proposal.routing]
    for name in (name for terms in asked for name, _ in terms):
        if name not in known:
            raise ConfigError(
                f"the proposal slices ads by {name!r}, which is no column of them",
                hint="columns: " + ", ".join(sorted(known)),
            )


@dataclass(frozen=True, slots=True)
class _Work:
    """One simulation under way; its tables stand."""

    engine: Engine
    brief: Brief
    question: SimulateQuestion
    frames: dict[Weight, Frame]
    rng: np.random.Generator

    def run(self, notes: Sequence[Message]) -> Simulation:
        brief, frame = self.brief, self.frames[Weight.ADS]
        replay = read_replay(self.engine, self.frames)
        sure = frame.any_probability() and not frame.uncovered()
        told = Told(brief.level, Status.ESTIMATE if sure else Status.PROXY, frame.text())
        trust = trust_of(self.engine, brief, frame)
        draws = draw(replay, _errors(trust), draws=_DRAWS, rng=self.rng)
        queues, queries = self.queues()
        found = figures(replay, draws, told, rng=self.rng)
        wronged = friction(replay, draws, told)
        found += [wronged] if wronged is not None else []
        found += _hours(queues, told, rng=self.rng)
        swings = _swings(self.question.costs, replay, draws, told, hours=_more_hours(queues))
        return Simulation(
            proposal=self.question.proposal, period=brief.period, level=brief.level,
            ads=int(replay.ads.sum()), flips=_flips(replay, draws, told),
            figures=tuple(found), queues=self.shown(queues), costs=self.question.costs,
            swings=swings, design=frame.text(),
            notes=(*notes, *self.notes(frame, queues), *_trusted(trust)),
            unknown=_unknown(replay, self.question.proposal, trust),
            queries=tuple(
                replace(each, sql=self.engine.text(each.sql))
                for each in (*replay.queries, *queries)
            ),
            snapshot=dict(self.engine.snapshot),
        )  # fmt: skip

    def queues(self) -> tuple[list[QueueOutcome], tuple[Query, ...]]:
        loads, queries = read_loads(
            self.engine, self.question.proposal, period=self.brief.period, rng=self.rng
        )
        first = self.question.first
        outcomes = [
            play_queue(
                load,
                fit_queue(load, first=first),
                level=self.brief.level,
                rng=self.rng,
                first=first,
            )
            for load in loads
        ]
        return outcomes, queries

    def shown(self, queues: Sequence[QueueOutcome]) -> tuple[QueueOutcome, ...]:
        """Choose the queues that change; all of them where none does."""
        changed = tuple(
            each
            for each in queues
            if each.tasks != each.tasks_after
            or each.hours != each.hours_after
            or each.duty != each.duty_after
        )
        return changed or tuple(queues)

    def notes(self, frame: Frame, queues: Sequence[QueueOutcome]) -> list[Message]:
        notes = list(frame.caveats())
        if not frame.any_probability():
            notes.append(Message("scorecard.found"))
        loose = [each.queue for each in queues if not each.fit.fitted]
        if loose:
            notes.append(Message("simulate.unfitted", {"queues": ", ".join(loose)}))
        guessed = [each.queue for each in queues if not each.logged]
        if guessed:
            notes.append(Message("simulate.staff_guessed", {"queues": ", ".join(guessed)}))
        if not self.question.costs.known:
            notes.append(Message("simulate.no_costs"))
        return notes


def _flips(replay: Replay, draws: Draws, told: Told) -> tuple[Flip, ...]:
    found = []
    for was, becomes in product(ACTIONS, ACTIONS):
        mine = replay.cells(was=(was,), becomes=(becomes,))
        ads = float(replay.ads[mine].sum())
        if was == becomes or not ads:
            continue
        labels = int(replay.labels.counted[mine].sum())
        share = draws.bad[:, mine].sum(axis=1) / ads
        found.append(
            Flip(
                was=was,
                becomes=becomes,
                ads=int(ads),
                labels=labels,
                violating=told.estimate(share, n=labels, ends=SHARE),
            )
        )
    return tuple(sorted(found, key=lambda flip: -flip.ads))


def _more_hours(queues: Sequence[QueueOutcome]) -> float:
    return sum(each.hours_after - each.hours for each in queues)


def _hours(
    queues: Sequence[QueueOutcome], told: Told, *, rng: np.random.Generator
) -> list[Compared]:
    """Tell the hours of review; those that would come were done by nobody."""
    if not queues:
        return []
    before, after = sum(each.hours for each in queues), sum(each.hours_after for each in queues)
    doubt = float(np.sqrt(sum(each.doubt**2 for each in queues)))
    tasks = sum(each.tasks for each in queues)
    drawn = np.maximum(after + doubt * rng.standard_normal(_DRAWS), 0.0)
    sure = Told(told.level, Status.ESTIMATE, "review tasks of the period")
    return [
        Compared(
            name="review_hours",
            unit="hours",
            before=told.counted(before, n=tasks),
            after=sure.estimate(drawn, n=tasks, ends=AMOUNT)
            if doubt
            else told.counted(after, n=tasks),
            change=sure.estimate(drawn - before, n=tasks)
            if doubt
            else told.counted(after - before, n=tasks),
        )
    ]


def _swings(
    costs: Costs, replay: Replay, draws: Draws, told: Told, *, hours: float
) -> tuple[CostSwing, ...]:
    """Tell the change of cost as costs are, and with each of them halved and doubled."""
    if not costs.known:
        return ()
    bad, good = draws.bad, replay.ads - draws.bad
    sums = {
        "missed": _less(bad, replay, "approve"),
        "wrong": _less(good, replay, "reject"),
        "hour": np.full(len(bad), hours),
    }
    asked = [("", 1.0), *product(_WHATS, (0.5, 2.0))]
    found = []
    for what, times in asked:
        change = sum(
            (
                float(getattr(costs, name)) * (times if name == what else 1.0) * sums[name]
                for name in _WHATS
            ),
            np.zeros(len(bad)),
        )
        n = int(replay.labels.counted.sum())
        found.append(
            CostSwing(
                what=what,
                times=times,
                change=told.estimate(change, n=n),
                saves=float(np.mean(change < 0)),
            )
        )
    return tuple(found)


def _less(values: Floats, replay: Replay, action: str) -> Floats:
    """Give how much more of something there would be among ads of an action."""
    after = values[:, replay.cells(becomes=(action,))].sum(axis=1)
    more: Floats = after - values[:, replay.cells(was=(action,))].sum(axis=1)
    return more


def _errors(trust: LabelTrust) -> LabelErrors:
    """Say how often labels are right; a queue's own verdicts are taken as they are."""
    return errors_of(np.zeros(0, dtype=np.int64), trust, np.zeros((2, 2)))


def _trusted(trust: LabelTrust) -> tuple[Message, ...]:
    """Say how far labels are believed."""
    if trust.how == "nothing":
        return ()
    told = {"caught": trust.caught, "passed": trust.passed, "n": trust.ads}
    return (Message(f"simulate.trust.{trust.how}", told),)


def _unknown(replay: Replay, proposal: Proposal, trust: LabelTrust) -> tuple[Message, ...]:
    """Say what no replay can know."""
    flips = replay.flips
    total = float(replay.ads[flips].sum())
    notes = []
    hidden = float(replay.ads[flips & replay.cells(was=("reject",))].sum())
    if hidden:
        notes.append(Message("simulate.unknown_exposure", {"ads": int(hidden)}))
    bare = float(replay.ads[flips & (replay.labels.counted == 0)].sum())
    if bare:
        notes.append(Message("simulate.unknown_labels", {"ads": int(bare), "share": bare / total}))
    if proposal.versions and replay.cells(was=("restrict",)).any():
        notes.append(Message("simulate.unknown_restricts"))
    names = ["labels_err"] * (trust.how == "nothing") + ["reaction", "people", "turnaround"]
    notes += [Message(f"simulate.unknown_{name}") for name in names]
    return tuple(notes)
