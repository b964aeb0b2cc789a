"""Is the width that was planned the width that comes? Plan, draw, label, measure, again and again.

::

    python -m benchmarks.label_planning                 # 1,000 rounds a case, writes the table
    python -m benchmarks.label_planning --rounds 50     # a look, writes nothing
    python -m benchmarks.label_planning --product 200   # beside it, through ingest and engine

Each round draws a pilot, plans on it, draws the batch, labels it with the truth and measures. What
is labelled is finite and the same in all rounds; the pilot and the batch are not. The rounds of
`benchmarks.label_planning_rounds` count with arrays; those here go through the product: its SQL,
its sampler, its scorecard.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.label_planning_rounds import CASES as QUICK
from benchmarks.label_planning_rounds import table

from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.slices import Period
from shroff.measure.brief import Brief
from shroff.measure.label_batch import Drawing, draw
from shroff.measure.label_plan import LabelPlan
from shroff.measure.label_plan_goals import LabelGoal, parse_goal
from shroff.measure.label_plan_work import Asked, plan_labels
from shroff.measure.scorecard import scorecard
from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import ingest
from shroff.store.lake import Lake

RESULTS = Path(__file__).parent / "results" / "label_planning.md"
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
AS_OF = datetime(2026, 6, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What to try.

    Parameters
    ----------
    name : str
        Its name in the table.
    goals : tuple of str
        What is to be known.
    pilot : mapping
        Share of each action that the pilot labels.
    own : bool
        Whether the pilot's design cannot be added to, so that the batch stands alone, with no
        top-up.
    """

    name: str
    goals: tuple[str, ...]
    pilot: dict[str, float] = field(
        default_factory=lambda: {"approve": 0.04, "reject": 0.1, "review": 0.05}
    )
    own: bool = False


CASES = (
    Case(name="two goals", goals=("leakage@market=ID:half", "reject_precision:0.05")),
    Case(name="recall to 10 points", goals=("recall_any:0.1",)),
    Case(name="a design of its own", goals=("leakage@market=ID:half",), own=True),
)


@dataclass(frozen=True, slots=True)
class Round:
    """One goal in one round.

    Parameters
    ----------
    goal : str
        The goal.
    topped_up : bool
        Whether a second, corrected batch followed the first.
    planned, came : float
        Width planned and width measured.
    covered : bool
        Whether the interval held the truth.
    labels, expected : int
        New labels drawn, and as planned.
    promised : bool
        Whether the width was in the range given with the plan.
    """

    goal: str
    topped_up: bool
    planned: float
    came: float
    covered: bool
    labels: int
    expected: int
    promised: bool


class Platform:
    """Ads with known truth in a real lake; labels change from round to round."""

    def __init__(self, folder: Path, *, ads: int = 40_000, seed: int = 5) -> None:
        rng = np.random.default_rng(seed)
        self.folder, self.lake = folder, Lake(folder / "lake")
        self.market = rng.choice(["ID", "US", "JP"], ads, p=[0.25, 0.45, 0.3])
        rate = np.where(self.market == "ID", 0.12, 0.07)
        violating = rng.random(ads) < rate
        luck = rng.random(ads)
        caught = np.select([luck < 0.35, luck < 0.55], ["reject", "review"], "approve")
        wronged = np.select([luck < 0.004, luck < 0.04], ["reject", "review"], "approve")
        self.violating, self.action = violating, np.where(violating, caught, wronged)
        self.ids = [f"a{number:06d}" for number in range(ads)]
        self._ingest()
        self.engine = DuckDBEngine(self.lake, spill=folder / "lake" / "spill", threads=1)
        self.columns = self.engine.columns("reviews")
        self.rounds = 0

    def _ingest(self) -> None:
        at = "2026-05-04 10:00:00"
        logs = {
            "ads": [
                {"ad_id": i, "market": m, "created_at": at, "title": f"ad {i}"}
                for i, m in zip(self.ids, self.market.tolist(), strict=True)
            ],
            "decisions": [
                {"decision_id": f"d{i}", "ad_id": i, "action": a, "decided_at": at}
                | {"source": "model", "policy_id": None if a == "approve" else "drugs"}
                for i, a in zip(self.ids, self.action.tolist(), strict=True)
            ],
            "reviews": [{"review_id": "none", "ad_id": "none", "enqueued_at": at}],
        }
        for name, rows in logs.items():
            path = self.folder / f"{name}.jsonl"
            path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
            ingest(self.lake, name, [path], threads=1)

    def label(self, rows: list[dict[str, object]]) -> None:
        """Let the reviews of this round be these."""
        names = list(rows[0])
        table = pa.Table.from_pylist(rows, schema=_schema(names))
        path = self.lake.root / "round.parquet"
        pq.write_table(table, path)
        kinds = {name: self.columns[name] for name in self.columns if name in names}
        rest = {name: kind for name, kind in self.columns.items() if name not in names}
        self.engine.attach("reviews", [str(path)], {**kinds, **rest})

    def truth(self, goal: LabelGoal) -> float:
        """Give the share that a goal is about."""
        inside = np.ones(len(self.ids), dtype=bool)
        for _, value in goal.part.terms:
            inside &= self.market == value
        bad, action = self.violating[inside], self.action[inside]
        if goal.metric == "leakage":
            return float(bad[action == "approve"].mean())
        if goal.metric == "reject_precision":
            return float(bad[action == "reject"].mean())
        return float((action[bad] != "approve").mean())


def _schema(names: list[str]) -> pa.Schema:
    kinds = {"ad_version": pa.int64(), "sampling_prob": pa.float64()}
    kinds |= {"blind": pa.bool_(), "seen_machine": pa.bool_()}
    kinds |= {"decided_at": pa.timestamp("us", tz="UTC")}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in names])


def one_round(platform: Platform, case: Case, number: int) -> list[Round]:
    """Plan, draw, label, measure."""
    rng = np.random.default_rng([8, number])
    platform.rounds = number
    design = f"pilot-{number}"
    chance = np.array([case.pilot[action] for action in platform.action])
    if case.own:
        # chances that nothing the plan knows tells: then they cannot be added to
        chance *= rng.choice([0.7, 1.3], len(chance))
    rows = [
        _review(platform, i, f"p{i}", design=design, stratum="", chance=chance[i])
        for i in np.flatnonzero(rng.random(len(chance)) < chance).tolist()
    ]
    platform.label(rows)
    goals = tuple(parse_goal(goal, metrics=CATALOGUE) for goal in case.goals)
    brief = Brief(period=MAY, as_of=AS_OF)
    first = plan_labels(platform.engine, brief, Asked(goals=goals))
    labels = _label_batch(platform, brief, first, rows, batch="b1")
    found = _measured(platform, first, labels=labels, topped_up=False)
    if not case.own:
        widths = tuple(LabelGoal(g.goal.metric, g.goal.part, width=g.wanted) for g in first.goals)
        again = plan_labels(platform.engine, brief, Asked(goals=widths))
        labels += _label_batch(platform, brief, again, rows, batch="b2")
        found += _measured(platform, first, labels=labels, topped_up=True)
    return found


def _measured(platform: Platform, plan: LabelPlan, *, labels: int, topped_up: bool) -> list[Round]:
    wanted = tuple(dict.fromkeys(each.goal.metric for each in plan.goals))
    asked = Brief(period=MAY, as_of=AS_OF, by=((), ("market",)), wanted=wanted)
    card = scorecard(platform.engine, asked)
    found = []
    for each in plan.goals:
        figure = card.figure(each.goal.metric, **dict(each.goal.part.terms))
        assert figure is not None
        low, high = figure.estimate.low, figure.estimate.high
        assert low is not None
        assert high is not None
        found.append(
            Round(
                goal=each.goal.where,
                topped_up=topped_up,
                planned=each.wanted,
                came=high - low,
                covered=low <= platform.truth(each.goal) <= high,
                labels=labels,
                expected=plan.labels,
                promised=each.low <= high - low <= each.high,
            )
        )
    return found


def _anew(drawing: Drawing, number: int) -> Drawing:
    """Draw other ads in each round: a draw goes by the name of its design, and some are by month."""
    own = "labels-"
    strata = tuple(
        replace(each, design_id=f"{each.design_id}-{number}")
        if each.design_id.startswith(own)
        else each
        for each in drawing.strata
    )
    return replace(drawing, strata=strata)


def _label_batch(
    platform: Platform,
    brief: Brief,
    plan: LabelPlan,
    rows: list[dict[str, object]],
    *,
    batch: str,
) -> int:
    """Draw, label with the truth, and add to the reviews."""
    drawn = draw(platform.engine, brief, _anew(plan.drawing(), platform.rounds))
    places = {name: place for place, name in enumerate(platform.ids)}
    for number, ad in enumerate(drawn.drawn):
        row = _review(
            platform,
            places[ad.ad_id],
            f"shroff/{batch}/{number}",
            design=ad.design_id,
            stratum=ad.stratum,
            chance=ad.sampling_prob,
        )
        if not ad.place:
            row |= {"verdict": None, "decided_at": None}
        rows.append(row)
    platform.label(rows)
    return len(drawn.asked)


def _review(
    platform: Platform, place: int, name: str, *, design: str, stratum: str, chance: float
) -> dict[str, object]:
    return {
        "review_id": name,
        "ad_id": platform.ids[place],
        "ad_version": 1,
        "queue": "labels",
        "queue_reason": "random",
        "role": "L1",
        "blind": True,
        "seen_machine": False,
        "verdict": "violating" if platform.violating[place] else "compliant",
        "design_id": design,
        "stratum": stratum,
        "sampling_prob": float(chance),
        "decided_at": AS_OF,
    }


def run(case: Case, *, rounds: int, ads: int = 40_000) -> list[Round]:
    """Try a case."""
    with tempfile.TemporaryDirectory() as folder:
        platform = Platform(Path(folder), ads=ads)
        try:
            return [each for n in range(rounds) for each in one_round(platform, case, n)]
        finally:
            platform.engine.close()


HEAD = """# Is the width that was planned the width that comes?

`python -m benchmarks.label_planning`: {rounds:,} rounds a case. 40,000 ads, a quarter of them in
ID; a pilot of 4% of approvals, 5% of what is queued, 10% of rejects; the plan asks for half of the
pilot's interval, for a reject precision of 5 points, or for a recall of 10. *came / planned* is the
mean width measured over the one planned; *within 10%* counts rounds, *at most 110%* those that are
not too wide, *covers* those whose 95% interval holds the truth. A plan rests on what a pilot says of
rare violations (some 35 of them in ID, or 9 with a quarter of the violations), so single rounds
differ; a top-up (plan, draw and label once more, with the widths of the first plan) takes most of
that out.

| case | goal | came / planned | within 10% | at most 110% | covers | new labels |
|---|---|---|---|---|---|---|
"""

PRODUCT = """
Through the product (ingest, SQL, sampler, scorecard), {rounds} rounds a case; *in range* counts the
rounds inside of the range that the plan named, said to be eight in ten before a top-up:

| case | goal | came / planned | within 10% | at most 110% | in range | covers | labels | planned |
|---|---|---|---|---|---|---|---|---|
"""


def table_row(name: str, rounds: list[Round]) -> str:
    """Sum up the rounds of one goal."""
    ratio = np.array([each.came / each.planned for each in rounds])
    shares = [
        float(np.mean(np.abs(ratio - 1) <= 0.1)),
        float(np.mean(ratio <= 1.1)),
        float(np.mean([each.promised for each in rounds])),
        float(np.mean([each.covered for each in rounds])),
    ]
    labels = np.mean([each.labels for each in rounds])
    planned = np.mean([each.expected for each in rounds])
    told = " | ".join(f"{share:.1%}" for share in shares)
    return (
        f"| {name} | {rounds[0].goal} | {ratio.mean():.3f} | {told}"
        f" | {labels:.0f} | {planned:.0f} |"
    )


def rows_of(case: Case, found: list[Round]) -> Iterator[str]:
    """Sum up a case, goal by goal, before and after the top-up."""
    for goal, topped_up in dict.fromkeys((each.goal, each.topped_up) for each in found):
        same = [each for each in found if (each.goal, each.topped_up) == (goal, topped_up)]
        name = f"{case.name}, topped up" if topped_up else case.name
        yield table_row(name, same)


def main() -> None:
    """Run the cases and write the table."""
    parser = argparse.ArgumentParser(description="Is the width planned the width that comes?")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--product", type=int, default=0)
    asked = parser.parse_args()
    text = HEAD.format(rounds=asked.rounds)
    for quick in QUICK:
        lines = table(quick, rounds=asked.rounds)
        print(*lines, sep="\n", flush=True)
        text += "\n".join(lines) + "\n"
    if asked.product:
        text += PRODUCT.format(rounds=asked.product)
        for case in CASES:
            for line in rows_of(case, run(case, rounds=asked.product)):
                print(line, flush=True)
                text += line + "\n"
    if asked.rounds >= 1000:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
