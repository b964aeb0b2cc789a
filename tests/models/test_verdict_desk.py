"""People label one ad at a time: blind, two of them, a third where they dispute; nothing is lost."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.models.gold_scene import build, truth_of

from shroff.domain.labels import Verdict
from shroff.errors import ConfigError, DesignError
from shroff.models.golden_draw import DrawAsked
from shroff.models.verdict_desk import VerdictDesk
from shroff.models.verdict_work import Given, Shown, Span
from shroff.store.catalog_verdicts import given
from shroff.workspace import Workspace

Judge = Callable[[str], str]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("verdicts") / "scene"
    build(root)
    return root


@pytest.fixture
def workspace(scene: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(scene, tmp_path / "scene")
    return Workspace.open(tmp_path / "scene")


def golden(workspace: Workspace, *, ads: int = 24) -> list[str]:
    made = workspace.modeller.golden.draw(DrawAsked(name="may", ads=ads), period="all")
    return [batch.id for _, batch in made.batches]


def ad_of(workspace: Workspace, batch: str, place: int) -> str:
    rows = workspace.catalog.labels.batch(batch).rows
    return next(str(row.ad_id) for row in rows if row.place == place)


def sometimes_wrong(ad: str) -> str:
    right = truth_of(ad)
    return right if int(ad[2:]) % 4 else {"violating": "compliant"}.get(right, "violating")


def say(shown: Shown, verdict: str, *, seconds: float = 3.0) -> Given:
    return Given(
        batch_id=shown.batch_id, place=shown.place, verdict=Verdict(verdict), seconds=seconds
    )


def label(workspace: Workspace, batch: str, who: str, judge: Judge = truth_of) -> int:
    """Label all that is left for a person; tell how many that were."""
    desk: VerdictDesk = workspace.modeller.verdicts
    sheet, many = desk.sheet(batch), 0
    while (shown := desk.open(batch, who, sheet=sheet)) is not None:
        verdict = judge(ad_of(workspace, batch, shown.place))
        desk.give(say(shown, verdict), who, sheet=sheet)
        many += 1
    return many


def test_an_ad_is_shown_without_its_name_its_stratum_or_what_the_machine_made_of_it(
    workspace: Workspace,
) -> None:
    first, _ = golden(workspace)
    desk = workspace.modeller.verdicts
    shown = desk.open(first, "ana", sheet=desk.sheet(first))
    assert shown is not None
    told = str({**shown.record(), "content": sorted(shown.content)})
    row = next(r for r in workspace.catalog.labels.batch(first).rows if r.place == shown.place)
    assert shown.content["title"]
    for secret in (str(row.ad_id), row.stratum, row.design_id, str(row.sampling_prob)):
        assert secret not in told


def test_an_ad_stays_open_over_a_reload_and_what_was_said_stays_said(
    workspace: Workspace,
) -> None:
    first, _ = golden(workspace)
    desk = workspace.modeller.verdicts
    sheet = desk.sheet(first)
    shown = desk.open(first, "ana", sheet=sheet)
    assert shown is not None
    again = Workspace.open(workspace.root).modeller.verdicts.open(first, "ana", sheet=sheet)
    assert again == shown
    desk.give(say(shown, "violating"), "ana", sheet=sheet)
    then = Workspace.open(workspace.root).modeller.verdicts.open(first, "ana", sheet=sheet)
    assert then is not None
    assert then.place != shown.place
    assert then.left == shown.left - 1


def test_two_people_at_one_batch_never_have_the_same_ad(workspace: Workspace) -> None:
    first, _ = golden(workspace)
    desk = workspace.modeller.verdicts
    sheet = desk.sheet(first)
    one, two = (desk.open(first, who, sheet=sheet) for who in ("ana", "ben"))
    assert one is not None
    assert two is not None
    assert one.place != two.place
    desk.give(say(one, "compliant"), "ana", sheet=sheet)
    with pytest.raises(ConfigError, match="somebody else"):
        desk.give(say(one, "violating"), "ben", sheet=sheet)


def test_the_order_is_each_persons_own(workspace: Workspace) -> None:
    first, second = golden(workspace)
    desk = workspace.modeller.verdicts

    def order(batch: str, who: str) -> list[str]:
        places: list[str] = []
        sheet = desk.sheet(batch)
        while (shown := desk.open(batch, who, sheet=sheet)) is not None:
            places.append(ad_of(workspace, batch, shown.place))
            desk.give(say(shown, "compliant"), who, sheet=sheet)
        return places

    one, two = order(first, "ana"), order(second, "ben")
    assert sorted(one) == sorted(two)
    assert one != two
    assert one != sorted(one)


def test_one_person_cannot_be_both_of_two(workspace: Workspace) -> None:
    first, second = golden(workspace)
    many = label(workspace, first, "ana")
    assert many > 10
    assert label(workspace, second, "ana") == 0
    desk = workspace.modeller.verdicts
    with pytest.raises(ConfigError, match="not yours"):
        desk.give(
            Given(batch_id=second, place=1, verdict=Verdict.COMPLIANT),
            "ana",
            sheet=desk.sheet(second),
        )
    assert label(workspace, second, "ben") == many


def test_a_skipped_ad_comes_again_at_the_end_and_undo_brings_the_last_one_back(
    workspace: Workspace,
) -> None:
    first, _ = golden(workspace)
    desk = workspace.modeller.verdicts
    sheet = desk.sheet(first)
    shown = desk.open(first, "ana", sheet=sheet)
    assert shown is not None
    desk.skip(first, shown.place, "ana", sheet=sheet)
    then = desk.open(first, "ana", sheet=sheet)
    assert then is not None
    assert then.place != shown.place
    said = Given(
        batch_id=first, place=then.place, verdict=Verdict.VIOLATING, policies=("A",), note="so"
    )
    desk.give(said, "ana", sheet=sheet)
    assert desk.undo(first, "ana", sheet=sheet) == then.place
    back = desk.open(first, "ana", sheet=sheet)
    assert back is not None
    assert (back.place, back.before is not None) == (then.place, True)
    assert back.record()["before"] == {"verdict": "violating", "policies": ["A"], "note": "so"}
    assert not given(workspace.catalog.verdicts.steps(first))
    assert desk.undo(first, "ben", sheet=sheet) == 0
    seen = []
    while (each := desk.open(first, "ana", sheet=sheet)) is not None:
        seen.append(each.place)
        desk.give(say(each, "compliant"), "ana", sheet=sheet)
    assert seen[-1] == shown.place


def test_a_golden_set_is_settled_by_two_and_a_third_and_keeps_its_chances(
    workspace: Workspace,
) -> None:
    first, second = golden(workspace, ads=60)
    desk = workspace.modeller.verdicts
    many = label(workspace, first, "ana")
    with pytest.raises(DesignError, match="lack the answer"):
        desk.adjudicate(first)
    label(workspace, second, "ben", sometimes_wrong)
    voices = desk.voices(second)
    assert (voices.asked, voices.both, voices.done) == (many, many, True)
    wrong = {row.ad_id for row in workspace.catalog.labels.batch(first).rows if row.ad_id}
    wrong = {ad for ad in wrong if int(ad[2:]) % 4 == 0}
    assert {ad for ad, _ in voices.disputed} == wrong
    share = voices.figures["agreement"]
    assert share.value == pytest.approx(1 - len(wrong) / many)
    assert share.low is not None
    assert share.high is not None
    assert share.low < 1 - len(wrong) / many < share.high
    for batch in (first, second):
        assert desk.hand_in(batch).labelled == many
    third = desk.adjudicate(first).id
    assert label(workspace, third, "ana") == label(workspace, third, "ben") == 0
    assert label(workspace, third, "cleo") == len(wrong)
    desk.hand_in(third)
    found = workspace.catalog.golden.find("may")
    assert all(item.verdict == truth_of(str(item.ad_id)) for item in found.items)
    drawn = {r.ad_id: r.sampling_prob for r in workspace.catalog.labels.batch(first).rows}
    assert all(item.sampling_prob == drawn[item.ad_id] for item in found.items)


def test_time_spent_is_kept_and_never_more_than_there_was(workspace: Workspace) -> None:
    first, _ = golden(workspace)
    desk = workspace.modeller.verdicts
    sheet = desk.sheet(first)
    for seconds in (0.0, 900.0):
        shown = desk.open(first, "ana", sheet=sheet)
        assert shown is not None
        desk.give(say(shown, "compliant", seconds=seconds), "ana", sheet=sheet)
    spent = [step.seconds for step in given(workspace.catalog.verdicts.steps(first)).values()]
    assert spent[0] == 0
    assert 0 <= spent[1] < 60  # it was open for less than that
    desk.hand_in(first)
    with workspace.engine() as engine:
        rows = engine.query(
            "SELECT active_ms, blind, seen_machine FROM reviews"
            f" WHERE verdict = 'compliant' AND review_id LIKE '%{first}/%' ORDER BY active_ms"
        ).to_pylist()
    assert [row["active_ms"] for row in rows] == [0, round(1000 * spent[1])]
    assert all(row["blind"] and not row["seen_machine"] for row in rows)


def test_labels_that_came_back_in_a_file_are_not_asked_for_again_nor_lost(
    workspace: Workspace,
) -> None:
    made = workspace.modeller.golden.draw(DrawAsked(name="may", ads=24), period="all")
    batch = made.batches[0][1]
    assert batch.file is not None
    with batch.file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows[:5]:
        row.update(verdict=truth_of(row["ad_id"]), reviewer_id="someone")
    with batch.file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    workspace.modeller.golden.take([batch.file])
    assert label(workspace, batch.id, "ana") == len(rows) - 5
    taken = workspace.modeller.verdicts.hand_in(batch.id)
    assert taken.labelled == len(rows) - 5
    with workspace.engine() as engine:
        held = engine.query(
            "SELECT COUNT(*) AS n FROM reviews WHERE verdict IS NOT NULL"
            f" AND review_id LIKE '%{batch.id}/%'"
        ).to_pylist()[0]["n"]
    assert held == len(rows)


def test_a_batch_of_one_can_be_doubled_and_its_disputes_settled(workspace: Workspace) -> None:
    plan = workspace.labels.plan(["leakage:half"], period="all", budget=30)
    batch = workspace.labels.draw(plan.id)
    desk = workspace.modeller.verdicts
    second = desk.double(batch.id).id
    with pytest.raises(ConfigError, match="already"):
        desk.double(batch.id)
    tasks = {task.round.batch_id: task for task in desk.tasks("ana")}
    assert {tasks[batch.id].round.part, tasks[second].round.part} == {"first", "second"}
    many = label(workspace, batch.id, "ana")
    assert {t.round.batch_id: t.left for t in desk.tasks("ana")}[second] == 0
    label(workspace, second, "ben", lambda _: "unclear")
    third = desk.adjudicate(batch.id).id
    assert label(workspace, third, "cleo") == many
    assert desk.hand_in(third).labelled == many
    with workspace.engine() as engine:
        roles = engine.query(
            f"SELECT DISTINCT role FROM reviews WHERE review_id LIKE '%{third}/%'"
        ).to_pylist()
    assert roles == [{"role": "SME"}]


def test_evidence_is_words_of_the_ad_and_cannot_be_elsewhere(workspace: Workspace) -> None:
    first, _ = golden(workspace)
    desk = workspace.modeller.verdicts
    sheet = desk.sheet(first)
    shown = desk.open(first, "ana", sheet=sheet)
    assert shown is not None
    title = shown.content["title"]

    def marked(field: str, start: int, end: int) -> Given:
        return Given(
            batch_id=first,
            place=shown.place,
            verdict=Verdict.VIOLATING,
            evidence=(Span(field=field, start=start, end=end, text="made up"),),
        )

    for wrong in (("title", 0, len(title) + 1), ("title", 2, 2), ("nowhere", 0, 1)):
        with pytest.raises(ConfigError, match="are not in"):
            desk.give(marked(*wrong), "ana", sheet=sheet)
    desk.give(marked("title", 0, 2), "ana", sheet=sheet)
    kept = given(workspace.catalog.verdicts.steps(first))[shown.place].detail["evidence"]
    assert kept == [{"field": "title", "start": 0, "end": 2, "text": title[:2]}]


def test_a_compliant_ad_violates_no_policy(workspace: Workspace) -> None:
    first, _ = golden(workspace)
    desk = workspace.modeller.verdicts
    said = Given(batch_id=first, place=1, verdict=Verdict.COMPLIANT, policies=("A",))
    with pytest.raises(ConfigError, match="no policy"):
        desk.give(said, "ana", sheet=desk.sheet(first))


def test_what_people_wrote_of_an_advertisers_ads_goes_with_the_advertiser(
    workspace: Workspace,
) -> None:
    first, _ = golden(workspace)
    desk = workspace.modeller.verdicts
    sheet = desk.sheet(first)
    shown = desk.open(first, "ana", sheet=sheet)
    assert shown is not None
    said = Given(batch_id=first, place=shown.place, verdict=Verdict.UNCLEAR, note="names a person")
    desk.give(said, "ana", sheet=sheet)
    book = workspace.catalog.verdicts
    assert book.forget([ad_of(workspace, first, shown.place)]) > 0
    assert all(not step.detail for step in book.steps(first))
    assert given(book.steps(first))[shown.place].verdict == "unclear"
