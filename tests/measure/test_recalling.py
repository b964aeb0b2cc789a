"""A scorecard from kept cubes is the scorecard of every row."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

import pytest

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Direction, Metric, Needs, Weight
from shroff.measure.brief import Brief, Design, Goal
from shroff.measure.cubing import Cubing, cubing_of
from shroff.measure.ground import Reading
from shroff.measure.keeping import Keeper
from shroff.measure.recalling import Kept
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.store.duckdb import DuckDBEngine
from shroff.store.lake import Lake

if TYPE_CHECKING:
    from conftest import Story

BY = (("market",), ("policy",), ("policy", "market"), ("week",), ("language",), ("size",))
DERIVED = {"size": "CASE WHEN CAST(budget AS BIGINT) < 50 THEN 'small' ELSE 'large' END"}
DESIGNS = (
    Design(id="audit", kind=DesignKind.POISSON, reasons=("random",), stratum="action"),
    Design(id="queue", kind=DesignKind.CENSUS, basis=Basis.CERTAIN, reasons=("model",)),
)


def _own(name: str, above: str, below: str, weight: Weight = Weight.ADS) -> Metric:
    return Metric(
        id=name,
        name_en=name,
        name_zh=name,
        definition_en=name,
        definition_zh=name,
        numerator=above,
        denominator=below,
        needs=Needs.TRUTH,
        direction=Direction.NEUTRAL,
        weight=weight,
        custom=True,
    )


OWN = (
    _own("cheap_rejects", "CAST(budget AS BIGINT) < 20", "action = 'reject' AND cited"),
    _own(
        "cheap_leaks",
        "violating AND CAST(budget AS BIGINT) < 20",
        "action = 'approve' AND CAST(budget AS BIGINT) < 20",
    ),
    _own("seen_leaks", "violating", "action = 'approve' AND size = 'small'", Weight.IMPRESSIONS),
    _own("sure_leaks", "violating AND tier < 4", "action <> 'reject'"),
)


class Logs(NamedTuple):
    engine: DuckDBEngine
    lake: Lake


@pytest.fixture(scope="module")
def logs(tell: Callable[[], Story]) -> Logs:
    """600 ads of three actions in two markets; some edited, audited, queued, appealed, shown."""
    story = tell()
    for number in range(600):
        name = f"a{number:04d}"
        day = f"2026-0{4 + number % 3}-{1 + number % 28:02d}"
        action = ("approve", "approve", "review", "reject")[number % 4]
        policy = None if action == "approve" else ("drugs", "weapons")[number % 2]
        market = ("US", "JP", None)[number % 3]
        story.ad(name, market="US", language=("en", "zh")[number % 2], budget=number % 97)
        decision = story.decided(
            name,
            action,
            market=market,
            decided_at=f"{day} 10:00:00",
            policy_id=policy,
            source=("model", "rule")[number % 5 == 0],
        )
        if number % 7 == 0:
            story.ad(name, ad_version=2, market="JP", budget=5)
            story.decided(name, "approve", ad_version=2, decided_at="2026-05-20 09:00:00")
        if number % 11 == 0:
            story.decided(name, "reject", market="BR", decided_at="2026-05-25 09:00:00")
        for shown in ("2026-04-29", "2026-05-03", "2026-05-22"):
            story.shown(name, shown, number % 13, 0.1 * (number % 5))
        if number % 3 == 0:
            verdict = "violating" if number % 9 == 0 else "compliant"
            cited = ["drugs"] if verdict == "violating" else []
            story.reviewed(name, verdict, sampling_prob=0.3, policies=cited)
        if action == "review" and number % 8:
            story.queued(name, "violating" if number % 16 < 10 else "compliant")
        if number % 10 == 1:
            story.put("reports", report_id=f"m{number}", ad_id=name, filed_at=f"{day} 01:00:00")
        if action == "reject" and number % 12 == 3:
            more = {"decision_id": decision} if number % 24 == 3 else {}
            story.appealed(name, ("reversed", "upheld", None)[number % 3], **more)
        if number % 2:
            story.put("scores", ad_id=name, model="m", version="1", score=number / 600)
    return Logs(story.opened(), Lake(story.folder / "lake"))


def _cubing(engine: DuckDBEngine, brief: Brief) -> Cubing:
    own = [metric for metric in brief.metrics.values() if metric.custom]
    return cubing_of(
        engine, slicings=brief.by, derived=brief.derived, metrics=own, week_starts="monday"
    )


def _kept(logs: Logs, brief: Brief, *, parts: int = 1) -> Kept:
    cubing = _cubing(logs.engine, brief)
    keeper = Keeper(engine=logs.engine, lake=logs.lake, cubing=cubing, parts=parts)
    return Kept(cubing, keeper.store, keeper.refresh(anew=True).state)


def _asked(ask_may: Callable[..., Brief], **more: object) -> Brief:
    goals = (Goal("leakage", at_most=0.5), Goal("reject_precision", at_least=0.1))
    usual: dict[str, object] = {
        "by": ((), *BY),
        "derived": DERIVED,
        "designs": DESIGNS,
        "metrics": {**CATALOGUE, **{metric.id: metric for metric in OWN}},
        "goals": goals,
    }
    return ask_may(**{**usual, **more})


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(
            one, other, rel_tol=1e-9, abs_tol=1e-9
        )
    return one == other


def _compare(rows: Scorecard, kept: Scorecard) -> None:
    assert not rows.ground.cuts
    assert kept.ground.cuts
    found = {(figure.metric, figure.slice): figure.estimate for figure in kept}
    assert len(found) == len(rows) == len(kept)
    for figure in rows:
        mine = found[figure.metric, figure.slice]
        for each in fields(mine):
            values = getattr(figure.estimate, each.name), getattr(mine, each.name)
            assert _same(*values), (figure.metric, figure.slice, each.name, *values)
    assert rows.caveats == kept.caveats


@pytest.mark.parametrize("designs", [DESIGNS, DESIGNS[1:], ()], ids=["audit", "queue", "none"])
def test_figures_from_kept_cubes_are_those_of_every_row(
    logs: Logs, ask_may: Callable[..., Brief], designs: tuple[Design, ...]
) -> None:
    brief = _asked(ask_may, designs=designs)
    kept = _kept(logs, brief)
    _compare(scorecard(logs.engine, brief), scorecard(logs.engine, brief, kept=kept))


def test_counting_in_parts_gives_the_same_cubes(logs: Logs, ask_may: Callable[..., Brief]) -> None:
    brief = _asked(ask_may)
    whole = scorecard(logs.engine, brief, kept=_kept(logs, brief))
    parts = scorecard(logs.engine, brief, kept=_kept(logs, brief, parts=4))
    assert [figure.estimate.value for figure in parts] == pytest.approx(
        [figure.estimate.value for figure in whole], nan_ok=True
    )


def test_conditions_of_own_metrics_are_read_as_far_as_cells_can_tell(
    logs: Logs, ask_may: Callable[..., Brief]
) -> None:
    cubing = _cubing(logs.engine, _asked(ask_may))
    assert {name: reading for name, (_, _, reading) in cubing.own.items()} == {
        "cheap_rejects": Reading.COUNTED,
        "cheap_leaks": Reading.SCENES,
        "seen_leaks": Reading.SCENES,
        "sure_leaks": Reading.ANYTHING,
    }


def test_what_cells_do_not_hold_is_counted_row_by_row(
    logs: Logs, ask_may: Callable[..., Brief]
) -> None:
    brief = _asked(ask_may)
    kept = _kept(logs, brief)
    busy = _own("busy", "action = 'reject'", "impressions > 5")
    told = Design(id="told", basis=Basis.DECLARED, by="Ann", reasons=("random",))
    for more in (
        {"by": (("advertiser_id",),)},
        {"by": (("market", "language"),)},
        {
            "derived": {
                "size": "CASE WHEN CAST(budget AS BIGINT) < 60 THEN 'small' ELSE 'large' END"
            }
        },
        {"metrics": {**CATALOGUE, busy.id: busy}},
        {"designs": (told,)},
        {"week_starts": "sunday"},
    ):
        asked = _asked(ask_may, **more)
        assert not kept.cubing.answers(logs.engine, asked), more
        assert kept.stand(logs.engine, asked) is None


def test_a_dimension_that_depends_on_the_period_has_no_cube(
    logs: Logs, ask_may: Callable[..., Brief]
) -> None:
    derived = {"seen": "CASE WHEN impressions > 9 THEN 'much' ELSE 'little' END"}
    brief = _asked(ask_may, by=((), ("seen",)), derived=derived)
    assert ("seen",) not in _cubing(logs.engine, brief).cuts
