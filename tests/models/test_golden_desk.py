"""Golden sets from the draw to the third labeller, as a workspace keeps them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from tests.models.gold_scene import answer, build, ingest, truth_of

from shroff.errors import ConfigError, DesignError
from shroff.models.golden_draw import DrawAsked
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("gold") / "scene"
    build(root)
    return root


@pytest.fixture
def workspace(scene: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(scene, tmp_path / "scene")
    return Workspace.open(tmp_path / "scene")


def wrong(ad_id: str) -> str:
    """Answer as one who misjudges every fourth ad."""
    right = truth_of(ad_id)
    return right if int(ad_id[2:]) % 4 else {"violating": "compliant"}.get(right, "violating")


def files_of(workspace: Workspace, *, ads: int = 120) -> list[Path]:
    made = workspace.modeller.golden.draw(DrawAsked(name="may", ads=ads), period="all")
    return [batch.file for _, batch in made.batches if batch.file is not None]


def ads_in(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return [row["ad_id"] for row in csv.DictReader(text)]


def test_two_labellers_get_the_same_ads_in_another_order_and_nothing_of_the_machine(
    workspace: Workspace,
) -> None:
    first, second = files_of(workspace)
    assert sorted(ads_in(first)) == sorted(ads_in(second))
    assert ads_in(first) != ads_in(second)
    with first.open(encoding="utf-8-sig", newline="") as text:
        columns = set(csv.DictReader(text).fieldnames or ())
    assert not columns & {"stratum", "sampling_prob", "design_id", "score", "action"}
    assert {"title", "body", "verdict"} <= columns


def test_what_both_say_is_settled_and_what_they_dispute_goes_to_a_third(
    workspace: Workspace,
) -> None:
    desk = workspace.modeller.golden
    first, second = files_of(workspace)
    answer(first, truth_of, who="one")
    once = desk.take([first])
    assert not once.golden.settled
    assert {item.settled for item in once.golden.items} == {"once"}
    answer(second, wrong, who="two")
    both = desk.take([second])
    assert both.disputed == sum(int(ad[2:]) % 4 == 0 for ad in ads_in(first))
    assert len(both.golden.settled) == len(both.golden.items) - both.disputed
    third = desk.adjudicate("may").batches[0][1].file
    assert third is not None
    assert len(ads_in(third)) == both.disputed
    answer(third, truth_of, who="three")
    done = desk.take([third])
    assert done.disputed == 0
    assert all(item.verdict == truth_of(str(item.ad_id)) for item in done.golden.items)
    assert done.golden.revision > both.golden.revision
    assert done.golden.hash != both.golden.hash
    again = desk.take([third])
    assert (again.golden.revision, again.golden.hash) == (done.golden.revision, done.golden.hash)
    with pytest.raises(DesignError, match="nothing is disputed"):
        desk.adjudicate("may")


def test_one_person_who_labels_both_files_is_one_person(workspace: Workspace) -> None:
    first, second = files_of(workspace)
    for file in (first, second):
        answer(file, truth_of, who="one")
    taken = workspace.modeller.golden.take([first, second])
    assert {item.settled for item in taken.golden.items} == {"once"}


def test_each_stratum_has_a_chance_and_the_chances_add_up(workspace: Workspace) -> None:
    desk = workspace.modeller.golden
    made = desk.draw(DrawAsked(name="may", ads=120), period="all")
    strata = made.golden.detail["strata"]
    assert sum(each["ads"] for each in strata) == 400
    assert sum(each["ads"] * each["chance"] for each in strata) == pytest.approx(120)
    assert {each["policy"] for each in strata} == {"", "A", "B"}
    assert 80 < len(made.golden.items) < 160


def test_drawing_the_same_again_changes_nothing(workspace: Workspace) -> None:
    desk = workspace.modeller.golden
    one, two = (desk.draw(DrawAsked(name="may", ads=60), period="all") for _ in range(2))
    assert [b.id for _, b in one.batches] == [b.id for _, b in two.batches]
    assert one.golden.hash == two.golden.hash


def test_labels_of_an_older_policy_and_edited_ads_are_stale(workspace: Workspace) -> None:
    desk = workspace.modeller.golden
    golden = desk.adopt("audit", design="audit").golden
    assert not desk.standing("audit", days=10_000).stale
    item = next(each for each in golden.settled if each.policies == ("A1",))
    ingest(workspace, "ads", [
        {"ad_id": item.ad_id, "ad_version": 2, "created_at": "2026-05-20 09:00:00"}
    ])  # fmt: skip
    ingest(workspace, "policies", [
        {"policy_id": "A1", "version": "2", "parent": "A", "effective_from": "2026-05-08 00:00:00"}
    ])  # fmt: skip
    ingest(workspace, "decisions", [
        {"decision_id": "late", "ad_id": item.ad_id, "decided_at": "2026-05-25 10:00:00",
         "action": "approve", "source": "model"}
    ])  # fmt: skip
    found = desk.standing("audit", days=10_000)
    assert found.stale_by("edited") == 1
    speaks_of_a = sum(each.policies == ("A1",) for each in golden.settled)
    assert found.stale_by("policy") == speaks_of_a > 10
    assert all(each.policies == ("A1",) for each in found.stale if "policy" in each.reasons)
    assert desk.standing("audit", days=1).stale_by("age") == len(golden.settled)


def test_thin_cells_are_named(workspace: Workspace) -> None:
    desk = workspace.modeller.golden
    desk.adopt("audit", design="audit")
    cells = {(cell.policy, cell.language): cell for cell in desk.standing("audit").cells}
    assert set(cells) == {(p, lang) for p in "AB" for lang in ("en", "zh")}
    for cell in cells.values():
        assert cell.thin == (cell.violating < 20)
    assert len(desk.standing("audit", fewest=10_000).thin) == 4


def test_a_set_can_be_read_at_each_revision_and_a_changed_catalog_is_noticed(
    workspace: Workspace,
) -> None:
    desk, book = workspace.modeller.golden, workspace.catalog.golden
    golden = desk.adopt("audit", design="audit").golden
    assert book.find("audit", revision=0).hash == golden.hash
    with pytest.raises(ConfigError, match="no revision 7"):
        book.find("audit", revision=7)
    with pytest.raises(ConfigError) as fault:
        book.find("audti")
    assert "did you mean 'audit'" in (fault.value.hint or "")
    with book.change() as connection:
        connection.execute(
            "UPDATE golden_items SET verdict = 'compliant' WHERE verdict = 'violating'"
        )
    with pytest.raises(DesignError, match="not what was kept"):
        book.find("audit")


def test_a_forgotten_ad_leaves_the_set_and_the_rest_can_be_checked(workspace: Workspace) -> None:
    golden = workspace.modeller.golden.adopt("audit", design="audit").golden
    gone = str(golden.settled[0].ad_id)
    assert workspace.catalog.golden.forget([gone]) == 1
    left = workspace.catalog.golden.find("audit")
    assert len(left.settled) == len(golden.settled) - 1
    assert gone not in {item.ad_id for item in left.items}


def test_a_design_nobody_labelled_twice_is_no_golden_set(workspace: Workspace) -> None:
    with pytest.raises(DesignError, match="labelled by two people"):
        workspace.modeller.golden.adopt("none", design="nothing")
    with pytest.raises(ConfigError, match="cannot be the name"):
        DrawAsked(name="May set")
