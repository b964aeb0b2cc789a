"""`shroff advise thresholds` on the demo."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shroff.advise.proposal_file import read_proposal

Cli = Callable[..., Any]
CALL = ("advise", "thresholds", "--by", "market")


def test_lines_are_told_and_written_as_a_proposal(demo: Path, tmp_path: Path, cli: Cli) -> None:
    file = tmp_path / "lines.yaml"
    told = cli(*CALL, "-w", demo, "--out", file)
    assert told.code == 0, told.err
    assert "of violating impressions" in told.out
    assert "careful" in told.out
    proposal = read_proposal(file)
    assert proposal.id in told.out
    record = cli(*CALL, "-w", demo, "--json").record()
    lines = record["strategies"][1]["lines"]
    changed = [
        each
        for each in lines
        if (each["review_now"], each["reject_now"]) != (each["review_from"], each["reject_from"])
    ]
    assert len(proposal.thresholds) == len(changed) > 0
    rows = list(csv.DictReader(io.StringIO(cli(*CALL, "-w", demo, "--csv", "-").out)))
    assert [row["market"] for row in rows] == [each["where"]["market"] for each in lines]


def test_the_figures_of_today_are_those_of_the_logs(demo: Path, cli: Cli) -> None:
    record = cli(*CALL, "-w", demo, "--json").record()
    today = record["strategies"][0]["figures"]
    rows = cli(
        "sql",
        "SELECT action, COUNT(*) AS n FROM decisions d JOIN (SELECT DISTINCT ad_id, ad_version"
        f" FROM scores WHERE model = '{record['model']}' AND version = '{record['version']}'"
        " AND policy_id IS NULL) s USING (ad_id, ad_version)"
        " WHERE source <> 'human' AND NOT COALESCE(shadow, FALSE)"
        " AND (source <> 'rule' OR action = 'approve')"
        f" AND decided_at >= TIMESTAMPTZ '{record['period']['start']} 00:00:00+00'"
        f" AND decided_at < TIMESTAMPTZ '{record['period']['end']} 00:00:00+00' GROUP BY action",
        "-w",
        demo,
        "--csv",
        "-",
    ).out
    counted = {row["action"]: int(row["n"]) for row in csv.DictReader(io.StringIO(rows))}
    for action in ("approve", "review", "reject"):
        assert today[f"{action}_ads"]["value"] == counted.get(action, 0)


def test_limits_that_cannot_be_kept_are_told(demo: Path, cli: Cli) -> None:
    told = cli(*CALL, "-w", demo, "--hours", "0.01", "--precision", "0.99", "--leakage", "0.001")
    assert told.code == 0, told.err
    assert "No lines keep all of these limits" in told.out


def test_costs_can_be_made_small_instead(demo: Path, cli: Cli) -> None:
    told = cli(*CALL, "-w", demo, "--by-cost")
    assert told.code == 0, told.err
    assert "Cost a day" in told.out
    assert "USD" in told.out


def test_what_cannot_be_is_told_with_a_hint(demo: Path, cli: Cli) -> None:
    for words, cause in (
        (("--precision", "1.5"), "precision"),
        (("--sure", "0.2"), "sure"),
        (("--queue-hours", "nonsense"), "queue"),
        (("--queue-hours", "nowhere=3"), "nowhere"),
        (("--model", "nobody"), "score"),
        (("--by", "nothing"), "nothing"),
    ):
        told = cli(*CALL[:2], "-w", demo, *words, "--json")
        assert told.code == 2, words
        assert cause in told.err
