from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shroff.measure.briefing import brief_of
from shroff.measure.fewer_labels import fewer_labels, fewer_labels_of
from shroff.measure.regulatory import regulatory, regulatory_of
from shroff.measure.scorecard import scorecard
from shroff.workspace import Workspace

Cli = Callable[..., Any]


def test_published_indicators_stand_beside_random_labels(demo: Path, cli: Cli) -> None:
    found = cli("regulatory", "-w", demo, "--period", "all", "--json").record()
    by_metric = {f["metric"]: f for f in found["figures"] if not f["slice"]}
    proxy, truth = by_metric["dsa_google_ads_like_recall"], by_metric["automated_recall"]
    between = by_metric["dsa_google_ads_like_recall_gap"]
    assert (proxy["status"], truth["status"]) == ("proxy", "estimate")
    assert between["value"] == pytest.approx(proxy["value"] - truth["value"])
    assert between["low"] == pytest.approx(proxy["value"] - truth["high"])
    assert by_metric["complaints_filed"]["status"] == "count"
    shown = cli("regulatory", "-w", demo, "--period", "all").out
    assert "Random labels say" in shown
    assert "TikTok" in shown
    assert "%" in shown


def test_drafts_are_written_for_both_tables(demo: Path, tmp_path: Path, cli: Cli) -> None:
    out = tmp_path / "drafts"
    done = cli("regulatory", "-w", demo, "--period", "all", "--export", out, "--json")
    names = [Path(each).name for each in done.record()["drafts"]]
    assert names == ["DRAFT_7_appeals_and_recidivism.csv", "DRAFT_8_automated_means.csv"]
    with (out / names[1]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["Service"] for row in rows} == {"Demo ads platform"}
    shown = cli("regulatory", "-w", demo, "--export", out, "--service", "Ads").out
    assert "marked as drafts" in shown


def test_figures_go_to_a_csv_file(demo: Path, cli: Cli) -> None:
    text = cli("regulatory", "-w", demo, "--csv", "-").out
    rows = list(csv.DictReader(text.splitlines()))
    assert {"metric", "language", "value", "status"} <= set(rows[0])


def test_a_report_from_kept_cubes_tells_the_same(demo: Path) -> None:
    workspace = Workspace.open(demo)
    with workspace.engine() as engine:
        wanted = ["leakage", "violating_ad_share", "violating_impression_share"]
        brief = brief_of(workspace.settings, engine, by=["market"], period="all", wanted=wanted)
        card = scorecard(engine, brief, kept=workspace.upkeep(engine).for_brief(brief))
        assert card.ground.cuts
        kept = [
            *(regulatory_of(engine, card) or ()),
            *fewer_labels_of(engine, card, metrics=wanted),
        ]
    with workspace.engine() as engine:
        counted = [*regulatory(engine, brief), *fewer_labels(engine, brief)]
    assert len(kept) == len(counted) > 100
    for mine, theirs in zip(kept, counted, strict=True):
        assert (mine.metric, mine.slice) == (theirs.metric, theirs.slice)
        a, b = (
            [-1.0 if end is None else end for end in (e.value, e.low, e.high)]
            for e in (mine.estimate, theirs.estimate)
        )
        assert a == pytest.approx(b, rel=1e-9), mine.metric
        assert mine.estimate.status is theirs.estimate.status


def test_a_folder_that_cannot_be_written_is_named(demo: Path, tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    outcome = cli("regulatory", "-w", demo, "--export", tmp_path / "file" / "in", "--json")
    assert outcome.code == 2
    assert "cannot write" in outcome.fault()["cause"]
