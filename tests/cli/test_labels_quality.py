"""`shroff labels quality`."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Cli


def reviewer(demo: Path, group: str) -> str:
    """Name the busiest reviewer of a group by pseudonym."""
    query = (
        "SELECT reviewer_id, COUNT(*) AS n FROM reviews"
        f" WHERE reviewer_group = '{group}' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return str(Workspace.open(demo).sql(query).column("reviewer_id")[0].as_py())


def test_tells_agreement_and_error_rates_of_groups(cli: Cli, demo: Path) -> None:
    told = cli("labels", "quality", "-w", demo, "--period", "all")
    assert told.code == 0
    for word in ("Krippendorff's alpha", "Gwet's AC1", "audit", "audit_desk"):
        assert word in told.out
    record = cli("labels", "quality", "-w", demo, "--period", "all", "--json").record()
    figures = record["figures"]
    assert isinstance(figures, list)
    checked = [
        figure["n"]
        for figure in figures
        if figure["metric"] in {"check_overturn", "cohen_kappa"}
        and list(figure["slice"]) in (["queue"], ["group"])
    ]
    assert checked
    assert ("Overturned" in told.out) == (max(checked) >= 10)
    assert "r_" not in told.out


def test_json_holds_every_figure_with_its_interval(cli: Cli, demo: Path) -> None:
    told = cli("labels", "quality", "-w", demo, "--period", "all", "--json")
    record = told.record()
    figures = record["figures"]
    assert isinstance(figures, list)
    metrics = {figure["metric"] for figure in figures}
    assert {"krippendorff_alpha", "gwet_ac1", "fleiss_kappa", "check_overturn"} <= metrics
    assert all({"low", "high", "n", "status", "method"} <= set(figure) for figure in figures)
    assert record["supply"]["judged_twice_blind"] > 100  # type: ignore[index]
    assert not {dim for f in figures for dim in f["slice"]} & {"reviewer_id", "reviewer"}


def test_csv_holds_the_same_figures(cli: Cli, demo: Path) -> None:
    told = cli("labels", "quality", "-w", demo, "--period", "all", "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    record = cli("labels", "quality", "-w", demo, "--period", "all", "--json").record()
    assert len(rows) == len(record["figures"])  # type: ignore[arg-type]


def test_speaks_chinese(cli: Cli, own_demo: Path) -> None:
    settings = own_demo / "shroff.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'language = "en"' in text
    settings.write_text(text.replace('language = "en"', 'language = "zh"'), encoding="utf-8")
    told = cli("labels", "quality", "-w", own_demo, "--period", "all")
    assert "一致率" in told.out
    assert "盲审" in told.out


def test_a_reviewer_is_for_quality_assurance_only(cli: Cli, demo: Path) -> None:
    told = cli("labels", "quality", "-w", demo, "--reviewer", reviewer(demo, "audit_desk"))
    assert told.code == 2
    assert "quality assurance only" in told.err
    assert "--as qa" in told.err
    assert not told.out


def test_asking_for_a_reviewer_is_kept(cli: Cli, own_demo: Path) -> None:
    name = reviewer(own_demo, "audit_desk")
    words = ("labels", "quality", "-w", own_demo, "--period", "all", "--as", "qa", "--json")
    record = cli(*words, "--reviewer", name).record()
    assert record["reviewer"] == name
    assert record["judged"] >= 50  # type: ignore[operator]
    figures = record["figures"]
    assert isinstance(figures, list)
    assert figures
    runs = Workspace.open(own_demo).catalog.runs()
    assert any(run.command == "reviewer quality" for run in runs)


def test_a_reviewer_of_few_answers_is_not_judged(cli: Cli, demo: Path) -> None:
    name = reviewer(demo, "experts")
    told = cli("labels", "quality", "-w", demo, "--reviewer", name, "--as", "qa", "--json")
    assert told.code == 2
    assert "50 are needed" in told.fault()["cause"]


def test_the_group_of_commands_lists_it(cli: Cli) -> None:
    told = cli("labels", "--help")
    assert told.code == 0
    assert "quality" in told.out
