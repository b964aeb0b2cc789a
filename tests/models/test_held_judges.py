"""Judges of known quality, held against people: results, gate, repeat runs, labellers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.models.gold_scene import build, ingest, truth_of

from shroff.domain.slices import Slice
from shroff.errors import ConfigError, DesignError
from shroff.models.gate import GateAsked
from shroff.models.held_judges import JudgeNamed
from shroff.workspace import Workspace

GOOD, BAD = JudgeNamed("judge@good"), JudgeNamed("judge@bad")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = build(tmp_path_factory.mktemp("held") / "scene")
    workspace.modeller.golden.adopt("audit", design="audit")
    return workspace


def test_a_refusal_is_no_answer_and_never_compliant(workspace: Workspace) -> None:
    found = workspace.modeller.judging.results(GOOD, golden="audit")
    said = workspace.sql(
        "SELECT j.ad_id, j.outcome, j.verdict FROM judgements AS j JOIN (SELECT DISTINCT ad_id"
        " FROM reviews WHERE design_id = 'audit') AS g ON j.ad_id = g.ad_id"
        " WHERE version = 'good' AND run_id = 'good1'"
    ).to_pylist()
    refused = [row for row in said if row["outcome"] == "refused"]
    bad = [row for row in said if truth_of(row["ad_id"]) == "violating"]
    caught = sum(row["verdict"] == "violating" for row in bad)
    assert refused
    assert found.unanswered == {"refused": len(refused)}
    recall, no_answer = found.find("recall"), found.find("no_answer")
    assert recall is not None
    assert no_answer is not None
    assert recall.value == pytest.approx(caught / len(bad))
    assert no_answer.value == pytest.approx(len(refused) / len(said))
    assert recall.low is not None
    assert recall.low < caught / len(bad) < (recall.high or 0)


def test_results_are_by_policy_and_language_and_name_no_policy_who_names_none(
    workspace: Workspace,
) -> None:
    found = workspace.modeller.judging.results(GOOD, golden="audit", against=BAD)
    part = Slice((("policy", "A"),))
    assert found.find("recall", part) is not None
    assert found.find("precision", part) is None
    assert found.find("precision", Slice((("language", "zh"),))) is not None
    assert found.paired is not None
    difference = found.find("recall_difference")
    assert difference is not None
    assert difference.low is not None
    assert difference.low > 0.1


def test_a_model_that_scores_needs_a_threshold(workspace: Workspace) -> None:
    judging = workspace.modeller.judging
    with pytest.raises(ConfigError, match="from which score"):
        judging.results(JudgeNamed("clf@v1"), golden="audit")
    found = judging.results(JudgeNamed("clf@v1", 0.45), golden="audit")
    assert (found.find("recall") or found).value > 0.85  # type: ignore[union-attr]
    with pytest.raises(ConfigError, match="nothing named"):
        judging.results(JudgeNamed("nobody"), golden="audit")
    with pytest.raises(ConfigError, match="may be any of 2"):
        judging.results(JudgeNamed("judge"), golden="audit")
    with pytest.raises(ConfigError, match="no score is 7"):
        judging.results(JudgeNamed("clf@v1", 7.0), golden="audit")


def test_the_gate_fails_who_is_worse_and_passes_who_is_not(workspace: Workspace) -> None:
    judging = workspace.modeller.judging
    worse = judging.gate(BAD, GOOD, GateAsked(metrics=("recall",)), golden="audit")
    assert worse.verdict == "fail"
    assert worse.checks[0].drop is not None
    assert worse.checks[0].drop.low > 0
    better = judging.gate(GOOD, BAD, GateAsked(metrics=("recall",)), golden="audit")
    assert better.verdict in {"pass", "too_small"}
    small = judging.gate(GOOD, GOOD, GateAsked(matters=0.001), golden="audit")
    assert small.verdict == "too_small"
    recall = next(check for check in small.blind if check.metric == "recall")
    assert recall.drop is not None
    assert recall.drop.needed > recall.labels
    floor = judging.gate(GOOD, GOOD, GateAsked(floors={"recall": 0.999}), golden="audit")
    assert [check.kind for check in floor.failed] == ["floor"]
    kept = judging.gate(
        BAD, GOOD, GateAsked(metrics=("recall",), margins={"recall": 0.9}), golden="audit"
    )
    assert kept.verdict != "fail"
    with pytest.raises(ConfigError, match="cannot check"):
        GateAsked(metrics=("accuracy",))
    with pytest.raises(ConfigError, match="not checked"):
        GateAsked(metrics=("recall",), margins={"fpr": 0.1})


def test_a_gate_on_a_policy_that_there_is_not_does_not_pass(workspace: Workspace) -> None:
    judging = workspace.modeller.judging
    for ask in (
        lambda: judging.gate(GOOD, GOOD, GateAsked(), golden="audit", policies=["Z9"]),
        lambda: judging.results(GOOD, golden="audit", policies=["Z9"]),
    ):
        with pytest.raises(ConfigError, match="no policy 'Z9'") as fault:
            ask()
        assert fault.value.where == "--policy"


def test_repeat_runs_tell_how_often_answers_flip(workspace: Workspace) -> None:
    found = workspace.modeller.judging.consistency(GOOD, golden="audit")
    said = workspace.sql(
        "SELECT j.ad_id, COUNT(DISTINCT COALESCE(verdict, outcome)) AS kinds FROM judgements AS j"
        " JOIN (SELECT DISTINCT ad_id FROM reviews WHERE design_id = 'audit') AS g"
        " ON j.ad_id = g.ad_id WHERE version = 'good' GROUP BY j.ad_id"
    ).to_pylist()
    same = sum(row["kinds"] == 1 for row in said) / len(said)
    figures = {(f.metric, f.slice.terms): f.estimate for f in found.figures}
    assert figures["same", ()].value == pytest.approx(same)
    assert figures["flips", ()].value == pytest.approx(1 - same)
    assert 0 < len(found.flips) <= 20
    with pytest.raises(DesignError, match="judged twice"):
        workspace.modeller.judging.consistency(BAD, golden="audit")
    with pytest.raises(ConfigError, match="no LLM"):
        workspace.modeller.judging.consistency(JudgeNamed("clf@v1", 0.5), golden="audit")


def test_a_good_labeller_saves_labels_and_its_errors_are_told(workspace: Workspace) -> None:
    found = workspace.modeller.judging.labeller(GOOD, period="all")
    truth = sum(truth_of(f"ad{n:03d}") == "violating" for n in range(400)) / 400
    share = found.find("violating_ad_share")
    assert share is not None
    for estimate in (share.plain, share.powered, share.rogan_gladen):
        assert estimate.low is not None
        assert estimate.low <= truth <= (estimate.high or 0)
    assert share.used
    assert share.saved > 50
    assert (share.powered.width or 1) < (share.plain.width or 0)
    assert share.said.low is None
    assert str(share.said.status) == "proxy"
    sensitivity = found.error("sensitivity")
    assert sensitivity is not None
    assert sensitivity.low is not None
    assert sensitivity.low < 0.85 < (sensitivity.high or 0)
    held = workspace.modeller.judging.labeller(GOOD, period="all", golden="audit")
    assert held.gold.startswith("audit r0")


def test_labels_and_judgements_of_llms_are_never_truth(
    workspace: Workspace, tmp_path: Path
) -> None:
    shutil.copytree(workspace.root, tmp_path / "copy")
    other = Workspace.open(tmp_path / "copy")
    before = other.measure(period="all", by=["language"]).to_arrow()
    golden = other.modeller.golden.adopt("before", design="audit").golden
    everything = [f"ad{n:03d}" for n in range(400)]
    wrong = {"violating": "compliant", "compliant": "violating"}
    for reason in ("random", "model", "report", "recheck", "seeded"):
        ingest(other, "reviews", [
            {"review_id": f"llm-{reason}-{ad}", "ad_id": ad, "role": "LLM", "blind": True,
             "queue": "audit", "queue_reason": reason, "verdict": wrong[truth_of(ad)],
             "design_id": "audit", "stratum": "all", "sampling_prob": 0.9,
             "enqueued_at": "2026-05-05 10:00:00", "decided_at": "2026-05-05 23:00:00"}
            for ad in everything
        ])  # fmt: skip
    ingest(other, "judgements", [
        {"judgement_id": f"lie-{ad}", "ad_id": ad, "model": "liar", "version": "1",
         "judged_at": "2026-05-05 23:00:00", "outcome": "verdict", "verdict": wrong[truth_of(ad)]}
        for ad in everything
    ])  # fmt: skip
    assert other.measure(period="all", by=["language"]).to_arrow().equals(before)
    assert other.modeller.golden.adopt("before", design="audit").golden.hash == golden.hash
    liar = other.modeller.judging.labeller(JudgeNamed("liar@1"), period="all")
    share = liar.find("violating_ad_share")
    assert share is not None
    assert share.rogan_gladen.value is None
    assert next(note.id for note in liar.notes) == "labeller.never_truth"
    assert any(note.id == "labeller.reviews_by_llm" for note in liar.notes)


def test_a_labeller_that_hardly_spoke_is_not_thanked_for_what_actions_foresee(
    workspace: Workspace, tmp_path: Path
) -> None:
    shutil.copytree(workspace.root, tmp_path / "copy")
    other = Workspace.open(tmp_path / "copy")
    ingest(other, "judgements", [
        {"judgement_id": f"new-{n}", "ad_id": f"ad{n:03d}", "model": "newcomer", "version": "1",
         "judged_at": "2026-05-05 23:00:00", "outcome": "verdict", "verdict": "compliant"}
        for n in range(12)
    ])  # fmt: skip
    found = other.modeller.judging.labeller(JudgeNamed("newcomer@1"), period="all")
    share = found.find("violating_ad_share")
    assert share is not None
    assert share.without > 1.05 * share.plain.n  # actions alone are worth that
    assert (share.used, share.saved) == (False, 0.0)
    assert (share.powered.low, share.powered.high) == (share.plain.low, share.plain.high)
    good = other.modeller.judging.labeller(GOOD, period="all").find("violating_ad_share")
    assert good is not None
    assert good.saved == pytest.approx((good.worth.value or 0.0) - share.without)
