"""Plan, draw, label, take: on the command line, and as the scorecard sees it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shroff.cli.labels_command import LABELS_COMMANDS
from shroff.measure.label_batch_files import read_rows
from shroff.workspace import Workspace

Cli = Callable[..., Any]
GOAL = "leakage@market=US:half"


def filled(path: Path, out: Path, *, rows: int = 10**6, **more: str) -> Path:
    """Fill in the verdicts of a CSV batch: every fortieth ad violates."""
    table = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    place = {name: at for at, name in enumerate(table[0])}
    for number, row in enumerate(table[1 : rows + 1]):
        row[place["verdict"]] = "violating" if number % 40 == 0 else "compliant"
        for name, value in more.items():
            row[place[name]] = value
    with out.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(table)
    return out


@pytest.fixture
def drawn(own_demo: Path, cli: Cli) -> tuple[Path, Path]:
    """A demo with a batch drawn, and the batch."""
    assert cli("labels", "plan", "-w", own_demo, "--goal", GOAL).code == 0
    record = cli("labels", "draw", "-w", own_demo, "--json").record()
    return own_demo, Path(str(record["file"]))


def test_the_group_lists_its_commands(cli: Cli) -> None:
    told = cli("labels", "--help").out
    assert all(name in told for name in LABELS_COMMANDS)
    wrong = cli("labels", "pln")
    assert wrong.code == 2
    assert "did you mean 'plan'?" in wrong.err


def test_a_plan_is_told_in_words(own_demo: Path, cli: Cli) -> None:
    outcome = cli("labels", "plan", "-w", own_demo, "--goal", GOAL, "--cost", "0.5")
    assert outcome.code == 0
    assert "More labels: " in outcome.out
    assert "leakage@market=US: the interval goes from" in outcome.out
    assert "'audit'" in outcome.out
    assert "shroff labels draw plan-" in outcome.out


def test_a_plan_as_json_and_csv_says_the_same(own_demo: Path, cli: Cli) -> None:
    words = ("labels", "plan", "-w", own_demo, "--goal", GOAL)
    record = cli(*words, "--json").record()
    table = list(csv.DictReader(cli(*words, "--csv", "-").out.splitlines()))
    assert sum(int(row["to_label"]) for row in table) == record["labels"]
    assert record["goals"][0]["width_expected"] <= record["goals"][0]["width_wanted"]
    assert {row["market"] for row in table} >= {"US", "*"}


def test_labels_come_back_and_narrow_the_interval_as_planned(
    drawn: tuple[Path, Path], tmp_path: Path, cli: Cli
) -> None:
    root, file = drawn
    plan = Workspace.open(root).catalog.labels.plan()
    outcome = cli("labels", "take", "-w", root, filled(file, tmp_path / "done.csv"), "--json")
    assert outcome.code == 0, outcome.err
    taken = outcome.record()
    asked = len(read_rows(file))
    assert (taken["labelled"], taken["open"]) == (asked, 0)
    assert taken["by_design"] == {"audit": asked}
    assert taken["added"] > asked  # and what is known of ads that have their label
    card = Workspace.open(root).measure(by=["market"], metrics=["leakage"])
    figure = card.figure("leakage", market="US")
    assert figure is not None
    assert figure.estimate.n == plan["goals"][0]["labels_now"] + asked
    assert (figure.estimate.width or 1) < 0.8 * plan["goals"][0]["width_now"]
    assert all(source.balanced for source in card.frame.sources)


def test_taking_a_file_twice_adds_nothing(
    drawn: tuple[Path, Path], tmp_path: Path, cli: Cli
) -> None:
    root, file = drawn
    done = filled(file, tmp_path / "done.csv")
    first = cli("labels", "take", "-w", root, done, "--json").record()
    again = cli("labels", "take", "-w", root, done, "--json").record()
    assert (again["added"], again["corrected"]) == (0, 0)
    assert again["known"] == first["added"]


def test_a_part_is_taken_and_the_rest_later(
    drawn: tuple[Path, Path], tmp_path: Path, cli: Cli
) -> None:
    root, file = drawn
    part = cli("labels", "take", "-w", root, filled(file, tmp_path / "part.csv", rows=5))
    assert "5 of" in part.out
    assert "still open" in part.out
    rest = cli("labels", "take", "-w", root, filled(file, tmp_path / "all.csv"), "--json").record()
    assert rest["open"] == 0
    assert rest["corrected"] == rest["labelled"] - 5


def test_a_batch_divided_among_people_is_taken_together(
    drawn: tuple[Path, Path], tmp_path: Path, cli: Cli
) -> None:
    root, file = drawn
    lines = filled(file, tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()
    half = len(lines) // 2
    for name, part in (("a", lines[1:half]), ("b", lines[half:])):
        (tmp_path / f"{name}.csv").write_text("\n".join([lines[0], *part]), encoding="utf-8")
    one = cli("labels", "take", "-w", root, tmp_path / "a.csv")
    assert one.code == 2
    assert "missing" in one.err
    assert cli("labels", "take", "-w", root, tmp_path / "a.csv", tmp_path / "b.csv").code == 0


def test_a_batch_that_was_tampered_with_is_refused_and_nothing_is_taken(
    drawn: tuple[Path, Path], tmp_path: Path, cli: Cli
) -> None:
    root, file = drawn
    before = Workspace.open(root).lake.snapshot()
    changed = filled(file, tmp_path / "done.csv", rows=1, sampling_prob="0.123")
    outcome = cli("labels", "take", "-w", root, changed, "--json")
    assert outcome.code == 2
    assert outcome.fault()["kind"] == "DesignError"
    assert "1 changed: row 1 (" in outcome.fault()["cause"]
    assert Workspace.open(root).lake.snapshot() == before


def test_reviewers_are_pseudonyms_in_the_lake(
    drawn: tuple[Path, Path], tmp_path: Path, cli: Cli
) -> None:
    root, file = drawn
    cli("labels", "take", "-w", root, filled(file, tmp_path / "d.csv", reviewer_id="Bo Li"))
    found = Workspace.open(root).sql(
        "SELECT DISTINCT reviewer_id FROM reviews WHERE queue = 'labels' AND verdict IS NOT NULL"
    )
    (name,) = found.column("reviewer_id").to_pylist()
    assert name.startswith("r_")


def test_an_empty_batch_says_what_to_fill_in(drawn: tuple[Path, Path], cli: Cli) -> None:
    root, file = drawn
    outcome = cli("labels", "take", "-w", root, file, "--json")
    assert outcome.fault()["kind"] == "DesignError"
    assert "verdict" in outcome.fault()["hint"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_a_batch_shows_the_ad_and_nothing_of_the_machine(
    form: str, own_demo: Path, cli: Cli
) -> None:
    cli("labels", "plan", "-w", own_demo, "--goal", GOAL)
    record = cli("labels", "draw", "-w", own_demo, "--format", form, "--json").record()
    rows = read_rows(Path(record["file"]))
    assert len(rows) == record["asked"] > 0
    assert {"title", "body", "verdict", "sampling_prob", "stratum", "design_id"} <= set(rows[0])
    assert not {"action", "policy_id", "score", "detector"} & set(rows[0])
    words = {value for row in rows for value in row.values()}
    assert not {"approve", "reject", "review", "restrict"} & words


def test_the_design_may_stay_out_of_the_file(own_demo: Path, tmp_path: Path, cli: Cli) -> None:
    cli("labels", "plan", "-w", own_demo, "--goal", GOAL)
    out = tmp_path / "mine.csv"
    cli("labels", "draw", "-w", own_demo, "--hide-design", "--out", out)
    assert "sampling_prob" not in read_rows(out)[0]
    assert cli("labels", "take", "-w", own_demo, filled(out, out)).code == 0


def test_drawn_again_a_batch_is_the_same_and_what_was_filled_in_stays(
    drawn: tuple[Path, Path], cli: Cli
) -> None:
    root, file = drawn
    filled(file, file, rows=3)
    again = cli("labels", "draw", "-w", root)
    assert "as drawn before" in again.out
    assert sum(bool(row["verdict"]) for row in read_rows(file)) == 3


def test_a_forgotten_advertiser_leaves_the_batch(
    drawn: tuple[Path, Path], tmp_path: Path, cli: Cli
) -> None:
    root, file = drawn
    rows = read_rows(file)
    owner = Workspace.open(root).sql(
        f"SELECT advertiser_id FROM ads WHERE ad_id = '{rows[0]['ad_id']}'"
    )
    who = owner.column("advertiser_id")[0].as_py()
    done = filled(file, tmp_path / "done.csv")
    assert cli("forget", "advertiser", who, "-w", root, "--yes").code == 0
    assert rows[0]["ad_id"] not in file.read_text(encoding="utf-8")
    known = Workspace.open(root).catalog.labels.batches()[0]
    ids = [row.ad_id for row in Workspace.open(root).catalog.labels.batch(known.id).rows]
    assert rows[0]["ad_id"] not in ids
    taken = cli("labels", "take", "-w", root, done, "--json").record()
    assert taken["forgotten"] == len(rows) - taken["labelled"] >= 1


def test_the_batch_that_measuring_writes_can_be_taken_back(tmp_path: Path, cli: Cli) -> None:
    logs = tmp_path / "logs"
    new = tmp_path / "bare"
    assert cli("init", new).code == 0
    logs.mkdir()
    when = "2026-05-04T10:00:00Z"
    decisions = [
        {"decision_id": f"d{n}", "ad_id": f"a{n}", "action": "approve" if n % 9 else "reject"}
        | {"decided_at": when, "source": "model", "policy_id": "drugs"}
        for n in range(2000)
    ]
    lines = "\n".join(json.dumps(row) for row in decisions)
    (logs / "decisions.jsonl").write_text(lines, encoding="utf-8")
    review = {"review_id": "r1", "ad_id": "a1", "verdict": "compliant", "enqueued_at": when}
    (logs / "reviews.jsonl").write_text(json.dumps(review), encoding="utf-8")
    for table in ("decisions", "reviews"):
        assert cli("ingest", table, logs / f"{table}.jsonl", "-w", new).code == 0
    told = cli("measure", "-w", new, "--period", "all", "--json").record()
    file = new / "audits" / told["audit"]["file"]
    asked = read_rows(file)
    assert asked
    filled(file, file, rows=3)
    cli("measure", "-w", new, "--period", "all")  # leaves alone what somebody began
    assert sum(bool(row["verdict"]) for row in read_rows(file)) == 3
    taken = cli("labels", "take", "-w", new, filled(file, file), "--json").record()
    assert taken["labelled"] == len(asked)
    card = Workspace.open(new).measure(period="all", metrics=["leakage", "reject_precision"])
    figure = card.figure("leakage")
    assert figure is not None
    assert figure.estimate.status == "estimate"
    assert card.audit is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("plan", "--goal", "leakage@market=Mars:half"), "DesignError"),
        (("plan", "--goal", "leakage@markt=US:half"), "ConfigError"),
        (("plan", "--goal", "leakage:half", "--budget", "-1"), "ConfigError"),
        (("plan", "--goal", "leakage:half", "--floor", "0"), "ConfigError"),
        (("draw", "plan-x"), "ConfigError"),
        (("draw",), "ConfigError"),
        (("take", "nowhere.csv"), "ConfigError"),
    ],
)
def test_wrong_use_is_one_sentence_with_a_hint(
    words: tuple[str, ...], kind: str, own_demo: Path, cli: Cli
) -> None:
    outcome = cli("labels", *words, "-w", own_demo, "--json")
    assert outcome.code == 2
    assert outcome.fault()["kind"] == kind
    assert outcome.fault()["cause"]


def test_the_objects_have_the_keys_that_are_documented(
    own_demo: Path, tmp_path: Path, cli: Cli
) -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
    told = dict(
        re.findall(r"^\| `shroff labels (\w+)` \| (.+) \|$", page.read_text("utf-8"), re.MULTILINE)
    )
    plan = cli("labels", "plan", "-w", own_demo, "--goal", GOAL, "--json").record()
    batch = cli("labels", "draw", "-w", own_demo, "--json").record()
    done = filled(Path(batch["file"]), tmp_path / "done.csv")
    taken = cli("labels", "take", "-w", own_demo, done, "--json").record()
    for name, record in (("plan", plan), ("draw", batch), ("take", taken)):
        assert set(record) == set(re.findall(r"`(\w+)`", told[name])), name
