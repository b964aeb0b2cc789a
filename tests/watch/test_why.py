"""Why a figure changed, asked of a workspace: every kind of metric, odd periods, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shroff.domain.slices import Period, Slice
from shroff.errors import ConfigError, DesignError
from shroff.synthetic.platform import write_platform
from shroff.watch.why import _onset
from shroff.watch.why_findings import WhyQuestion
from shroff.watch.why_telling import findings_of, remarks, to_arrow
from shroff.workspace import Workspace

DAYS = {"period": "last-21-days", "against": ""}
COUNTED = ("ads_decided", "reject_rate", "acted_rate", "queue_inflow", "reports_filed",
           "first_review_violating_share", "first_review_contradicted_rate", "appeals_filed",
           "appeals_won_share")  # fmt: skip


@pytest.mark.parametrize("metric", COUNTED)
def test_what_is_counted_is_split_exactly(platform: Workspace, metric: str) -> None:
    found = platform.lookout.why(WhyQuestion(metric=metric), **DAYS)
    assert not found.sampled
    assert found.splits
    for split in found.splits:
        total = sum(part.total.value for part in split.parts)
        assert total == pytest.approx(found.change.value, abs=1e-9)
    assert found.queries
    assert found.record()["metric"] == metric


@pytest.mark.parametrize(
    "metric", ["leakage", "violating_impression_share", "overturns_per_appeal"]
)
def test_labels_are_weighed_as_the_scorecard_weighs_them(platform: Workspace, metric: str) -> None:
    found = platform.lookout.why(WhyQuestion(metric=metric), **DAYS)
    assert found.sampled
    for value, period in ((found.before, found.against), (found.after, found.period)):
        card = platform.measure(period=period, by=(), metrics=[metric])
        figure = card.figure(metric)
        assert figure is not None
        assert value == pytest.approx(figure.estimate.value)


def test_ads_and_rates_are_those_plain_sql_counts(platform: Workspace) -> None:
    found = platform.lookout.why(WhyQuestion(metric="reject_rate", by=("market",)), **DAYS)
    block = platform.measure(period=found.period, by=["market"], metrics=["reject_rate"])
    for part in found.splits[0].parts:
        figure = block.figure("reject_rate", market=part.value)
        assert figure is not None
        assert part.after == pytest.approx(figure.estimate.value)
        assert part.n_after == figure.estimate.n


def test_kept_cubes_give_what_rows_give(tmp_path: Path) -> None:
    write_platform(tmp_path / "demo", ads=1000, seed=6, days=28)
    settings = tmp_path / "demo" / "shroff.toml"
    kept = Workspace.open(tmp_path / "demo")
    for table, files in kept.sources().items():
        kept.ingest(table, files)
    question = WhyQuestion(metric="reject_rate", by=("market",))
    ours = kept.lookout.why(question)
    settings.write_text(settings.read_text("utf-8") + "\n[cubes]\nkeep = false\n", "utf-8")
    theirs = Workspace.open(tmp_path / "demo").lookout.why(question)
    assert ours.splits == theirs.splits
    assert ours.causes == theirs.causes


def test_a_planted_shift_of_traffic_is_named_dated_and_kept(tmp_path: Path) -> None:
    write_platform(tmp_path / "demo", ads=12_000, seed=5, days=70)
    workspace = Workspace.open(tmp_path / "demo")
    for table, files in workspace.sources().items():
        workspace.ingest(table, files)
    (shift,) = [s for s in _stories(tmp_path / "demo") if s["kind"] == "mix_shift"]
    first = date.fromisoformat(str(shift["first_day"]))
    found = workspace.lookout.why(
        WhyQuestion(metric="ads_decided"),
        period=Period(first, date.fromordinal(first.toordinal() + 14)),
    )
    slices = [cause.slice.record() for cause in found.causes]
    assert shift["slice"] in slices
    cause = found.causes[slices.index(shift["slice"])]
    assert cause.since is not None
    assert abs((cause.since - first).days) <= 2
    assert workspace.catalog.findings.findings("cause")
    assert findings_of(found)[0].detail["total"]


def _stories(root: Path) -> list[dict[str, object]]:
    import json

    told: list[dict[str, object]] = json.loads(
        (root / "truth" / "stories.json").read_text("utf-8")
    )
    return told


def test_the_table_has_causes_and_splits(platform: Workspace) -> None:
    found = platform.lookout.why(WhyQuestion(metric="reject_rate"), **DAYS)
    table = to_arrow(found)
    assert table.num_rows == len(found.causes) + sum(len(s.parts) for s in found.splits)
    assert set(table.column("kind").to_pylist()) <= {"cause", "split"}
    assert remarks(found)


def test_periods_of_other_lengths_are_put_to_one(platform: Workspace) -> None:
    found = platform.lookout.why(WhyQuestion(metric="ads_decided"), **_apart(platform))
    days = found.period.days / found.against.days
    assert found.before == pytest.approx(found.n_before * days)


def _apart(workspace: Workspace) -> dict[str, Period]:
    last = workspace.lookout.why(WhyQuestion(metric="ads_decided"))
    start = last.against.start
    return {
        "period": last.period,
        "against": Period(date.fromordinal(start.toordinal() - 7), last.against.end),
    }


@pytest.mark.parametrize(
    ("question", "how", "said"),
    [
        (WhyQuestion(metric="leekage"), {}, "did you mean 'leakage'"),
        (WhyQuestion(metric="turnaround_p50"), {}, "cannot be explained"),
        (WhyQuestion(metric="reject_rate", by=("markt",)), {}, "did you mean 'market'"),
        (WhyQuestion(metric="reject_rate", by=("week",)), {}, "cannot be cut by 'week'"),
        (WhyQuestion(metric="reject_rate", by=("policy",)), {}, "cannot be cut by 'policy'"),
        (
            WhyQuestion(metric="reject_rate", by=("policy",)),
            {},
            "watch trends reject_rate --by policy",
        ),
        (WhyQuestion(metric="queue_inflow", by=("nothing",)), {}, "cannot be cut by"),
        (WhyQuestion(metric="reject_rate", depth=0), {}, "a depth of 0"),
        (WhyQuestion(metric="reject_rate"), {"period": "all", "against": "all"}, "share days"),
        (WhyQuestion(metric="reject_rate"), {"period": "2031-01"}, "no machine decision"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    platform: Workspace, question: WhyQuestion, how: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        platform.lookout.why(question, **how)
    assert said in f"{caught.value} {caught.value.hint}"


def test_a_log_that_is_not_there_is_named(tmp_path: Path) -> None:
    write_platform(tmp_path / "demo", ads=1000, seed=6, days=28)
    workspace = Workspace.open(tmp_path / "demo")
    for table, files in workspace.sources().items():
        if table not in {"reports", "appeals"}:
            workspace.ingest(table, files)
    for metric, log in (("reports_filed", "reports"), ("appeals_filed", "appeals")):
        with pytest.raises(DesignError, match=f"log of {log}"):
            workspace.lookout.why(WhyQuestion(metric=metric))


def test_a_day_is_told_only_where_days_tell_it() -> None:
    days: list[object] = [date(2026, 5, n) for n in range(1, 15)]
    flat = np.full(14, 50.0)
    risen = np.where(np.arange(14) < 9, 50.0, 90.0)
    assert _onset(days, flat, None) is None
    assert _onset(days, risen, None) == date(2026, 5, 10)
    assert _onset(days, risen, np.full(14, 400.0)) == date(2026, 5, 10)
    assert _onset(days, flat * 0, None) is None
    assert _onset(days[:2], risen[:2], None) is None


def test_a_suspect_whose_words_name_the_slice_goes_before_a_nearer_one() -> None:
    from shroff.watch.logged_changes import LoggedChange
    from shroff.watch.why import _Scoped
    from shroff.watch.why_findings import Cause, Contribution, Moved

    cause = Cause(
        slice=Slice((("market", "MY"),)), moved=Moved.COUNT, before=1, after=2, share_before=0.1,
        share_after=0.2, n_before=1, n_after=2, rate=None, mix=None,
        total=Contribution(1, 0.5, 1.5), share=1, gain=9,
    )  # fmt: skip
    near = LoggedChange(id="1", day=date(2026, 5, 20), kind="rule", what="pack 3")
    named = LoggedChange(id="2", day=date(2026, 5, 17), kind="policy", scope="MY only")
    far = replace(named, id="3", day=date(2026, 4, 1))
    assert _Scoped(cause).nearest((far, named, near), date(2026, 5, 20)) == named
    assert _Scoped(cause).nearest((far, near), date(2026, 5, 20)) == near
    assert _Scoped(cause).nearest((far,), date(2026, 5, 20)) is None
