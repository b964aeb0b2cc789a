"""What a user can meet is documented, and what is documented is true."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections import Counter
from pathlib import Path

import click
import numpy as np
import pytest

import generate
import pages_commands
import pages_faults
from shroff import errors
from shroff.cli.app import run
from shroff.domain.labels import DesignKind
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.stats.sampling import Cells, Strata, kind_codes, ratios
from shroff.store.reasons import Reason
from shroff.store.schema import TABLES
from shroff.store.settings import Settings, parse_settings
from shroff.workspace import Workspace

ROOT = Path(__file__).parent.parent
COMMANDS = pages_commands.commands()
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def reference(name: str) -> str:
    return text(DOCS / "reference" / f"{name}.md")


def blocks(language: str) -> list[tuple[str, str]]:
    """Find the code blocks of one language: page and content."""
    return [
        (short(page), content)
        for page in PAGES
        for found, content in BLOCK.findall(text(page))
        if found == language
    ]


def command_lines() -> list[tuple[str, str]]:
    """Find the shroff command lines shown: page and what follows ``shroff``."""
    return [
        (page, match[1])
        for page, content in blocks("console")
        for line in content.splitlines()
        if (match := re.match(r"\$ (?:\.venv/bin/)?shroff (.*)", line.split("  #")[0]))
    ]


def test_the_generated_pages_are_current() -> None:
    assert generate.stale() == [], "run make generate"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_are_documented(name: str) -> None:
    section = reference("commands").partition(f"## {name}\n")[2].partition("\n## ")[0]
    options = [
        option
        for parameter in COMMANDS[name].params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in parameter.opts
    ]
    assert section
    assert not [option for option in options if option not in section]


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_says_what_it_does(name: str) -> None:
    options = [entry for entry in COMMANDS[name].params if isinstance(entry, click.Option)]
    assert not [option.name for option in options if not option.help and not option.hidden]


@pytest.mark.parametrize("section", Settings.model_fields)
def test_a_setting_is_documented(section: str) -> None:
    part = re.split(rf"^## \[{section}[\].]", reference("settings"), flags=re.MULTILINE)
    assert len(part) == 2
    shown = part[1].partition("\n## ")[0]
    default = Settings.model_fields[section].get_default(call_default_factory=True)
    keys = type(default).model_fields if hasattr(type(default), "model_fields") else ()
    assert not [key for key in keys if f"`{key}`" not in shown]


@pytest.mark.parametrize("metric", CATALOGUE)
def test_a_metric_is_documented(metric: str) -> None:
    assert f"\n### {metric}\n" in reference("metrics")


@pytest.mark.parametrize("table", TABLES)
def test_a_table_and_its_columns_are_documented(table: str) -> None:
    section = reference("tables").partition(f"## {table}\n")[2].partition("\n## ")[0]
    columns = [column.name for column in TABLES[table].columns]
    assert not [column for column in columns if f"| `{column}` |" not in section]


@pytest.mark.parametrize("name", errors.__all__)
def test_an_error_is_documented(name: str) -> None:
    assert f"`{name}`" in reference("faults")


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_for_quarantine_is_documented(reason: Reason) -> None:
    assert f"| `{reason.value}` |" in reference("faults")


@pytest.mark.parametrize("code", pages_faults.findings())
def test_a_finding_of_data_health_is_documented_with_its_effect(code: str) -> None:
    section = reference("faults").partition(f"### {code}\n")[2].partition("\n### ")[0]
    assert "| finding |" in section
    assert "| effect" in section


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_a_command_line_shown_names_real_commands_and_options(page: str, line: str) -> None:
    words = shlex.split(line)
    names = [f"shroff {' '.join(words[:count])}" for count in (3, 2, 1)]
    command = next((name for name in names if name in COMMANDS), None)
    assert command, f"{page}: there is no command shroff {line}"
    known = {
        option
        for parameter in COMMANDS[command].params
        for option in (*parameter.opts, *parameter.secondary_opts, "--help")
    }
    options = [word.partition("=")[0] for word in words[1:] if word[:1] == "-" != word]
    assert not [option for option in options if option not in known], page


@pytest.mark.parametrize(("page", "block"), blocks("toml"))
def test_settings_shown_are_accepted(page: str, block: str) -> None:
    assert parse_settings(block, name=page)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small demo workspace, under each name that the pages call theirs."""
    folder = tmp_path_factory.mktemp("pages")
    assert run(["demo", str(folder / "demo"), "--ads", "2000", "--days", "35"]) == 0
    (folder / "work").symlink_to(folder / "demo")
    return folder


@pytest.mark.parametrize(("page", "block"), blocks("python"))
def test_python_shown_runs_on_a_demo_workspace(
    page: str, block: str, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    exec(compile(block, page, "exec"), {})  # noqa: S102 - the example is the test


@pytest.mark.slow
def test_the_finding_of_readme_is_that_of_the_demo(tmp_path: Path) -> None:
    assert run(["demo", str(tmp_path / "demo")]) == 0
    workspace = Workspace.open(tmp_path / "demo")
    figure = workspace.measure(metrics=["recall_any"]).figure("recall_any")
    assert figure is not None
    (query,) = (content for _, content in blocks("sql"))
    caught = workspace.sql(query).column("caught")[0].as_py()
    shown = " ".join(text(ROOT / "README.md").split())
    low, high = f"{figure.estimate.low:.0%}".removesuffix("%"), f"{figure.estimate.high:.0%}"
    assert f"catches {caught:.0%} of violating ads" in shown
    assert f"**{figure.estimate.value:.0%} ({low}–{high})**" in shown
    assert f"from {figure.estimate.n} labelled ads" in shown


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    targets = [target for target in LINK.findall(text(path)) if ":" not in target]
    assert not [target for target in targets if not (path.parent / target).exists()]


def test_the_example_of_two_counts_is_what_shroff_computes() -> None:
    compliant_approved, violating_approved, compliant_queued, violating_queued = range(4)
    labels = np.array([1200.0, 800.0, 990.0, 10.0])
    weight = np.array([1.0, 1.0, 98.0, 98.0])
    figure = ratios(
        Cells(
            group=np.zeros(4, dtype=np.intp),
            stratum=np.array([0, 0, 1, 1]),
            cell=np.array(
                [compliant_queued, violating_queued, compliant_approved, violating_approved]
            ),
            n=labels,
            w=labels * weight,
            w2=labels * weight**2,
        ),
        Strata(
            kind=kind_codes([DesignKind.CENSUS, DesignKind.STRATIFIED]),
            population=np.array([2000.0, 98000.0]),
            labels=np.array([2000.0, 1000.0]),
        ),
        numerator=np.array([False, False, False, True]),
        denominator=np.array([False, True, False, True]),
        groups=1,
    ).at(0)
    told = " ".join(text(DOCS / "concepts" / "two-counts.md").split())
    assert (
        f"Shroff says {figure.value:.0%}, between {figure.low:.0%} and {figure.high:.0%}, from"
        f" {figure.n} labels that tell as much as {figure.n_effective:.0f} drawn evenly" in told
    )


def test_the_glossary_has_one_row_a_word_in_both_languages() -> None:
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text(DOCS / "glossary.md"), re.MULTILINE
    )[1:]
    words = [row[0] for row in rows]
    assert len(rows) > 40
    assert words == sorted(words, key=str.casefold)
    assert [word for word, count in Counter(words).items() if count > 1] == []
    assert not [row for row in rows if not re.search(r"[\u4e00-\u9fff]", row[1])]


def test_make_help_lists_every_command_of_contributing() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    named = set(re.findall(r"`make (\w+)", text(ROOT / "CONTRIBUTING.md"))) - {"help"}
    assert not [name for name in named if f"make {name} " not in listed]


def test_no_file_names_a_registry_host() -> None:
    hosts = "|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + "js", r"deb\.deb" + "ian"))
    found = subprocess.run(
        ["git", "grep", "-nIE", hosts],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.stdout == ""


def test_the_program_that_embeds_rules_prints_what_its_page_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = text(DOCS / "howto" / "embed-rules.md")
    program, printed = (found for _, found in BLOCK.findall(page))
    exec(program, {})  # noqa: S102 - the page is ours
    assert capsys.readouterr().out == printed
