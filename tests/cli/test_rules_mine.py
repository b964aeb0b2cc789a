"""`shroff rules mine` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from shroff.cli.app import run
from shroff.rules.pack_file import load_pack

GUARDED = """
pack: health
version: 1
rules:
  - id: WL-1
    match: slimming
    examples: {match: [slimming], no_match: [gym]}
"""


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(9)
    words = ["".join(rng.choice(list("abdeghiklmnoprstu"), 6)) for _ in range(300)]
    lines = ["caption,verdict,who"]
    for at in range(360):
        kind = at % 3
        phrase = ("slimming tea", "slimming class", "")[kind]
        text = f"{' '.join(rng.choice(words, 5))} {phrase} {' '.join(rng.choice(words, 4))}"
        lines.append(f"{text},{'bad' if kind == 0 else 'good'},a{at % 90}")
    path = tmp_path_factory.mktemp("mine") / "ads.csv"
    path.write_text("\n".join(lines))
    return path


def arguments(path: Path) -> list[str]:
    columns = ["--text", "caption", "--label", "verdict", "--violating", "bad", "--group", "who"]
    return ["rules", "mine", "--files", str(path), *columns]


def test_rules_are_shown_and_written_with_tests(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pack.yaml"
    assert run([*arguments(labelled), "--out", str(out)]) == 0
    assert "tea" in capsys.readouterr().out
    pack = load_pack(out)
    assert pack.rules[0].must_match
    assert pack.rules[0].must_not_match


def test_json_tells_figures_and_what_was_looked_at(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments(labelled), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["proposals"][0]["precision"]["value"] > 0.9
    assert told["ads"]["found_on"] + told["ads"]["checked_on"] + told["ads"]["neither"] == 360


def test_guards_are_proposed_for_a_rule(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "health.yaml"
    pack.write_text(GUARDED)
    asked = [*arguments(labelled), "--guards", "WL-1", "--against", str(pack), "--json"]
    assert run(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["after"]["value"] > told["before"]["value"]
    assert any("class" in each["text"] for each in told["guards"])


def test_columns_must_be_named(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "mine", "--files", str(labelled)]) == 2
    assert "--text" in capsys.readouterr().err


def test_a_rule_that_is_not_there_is_named(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments(labelled), "--guards", "nothing"]) == 2
    assert "nothing" in capsys.readouterr().err


def test_the_terms_of_a_list_are_measured_one_by_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(3)
    words = ["".join(rng.choice(list("abdeghiklmnoprstu"), 6)) for _ in range(300)]
    lines = ["caption,verdict,who"]
    cues = [f"cue{letter}" for letter in "abcdefgh"]
    for at in range(800):
        cue = cues[at // 2 % len(cues)] if at % 2 == 0 else ""
        text = f"{' '.join(rng.choice(words, 5))} {cue} {' '.join(rng.choice(words, 4))}"
        lines.append(f"{text},{'bad' if cue else 'good'},a{at % 100}")
    path = tmp_path / "ads.csv"
    path.write_text("\n".join(lines))
    assert run([*arguments(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (first,) = [each for each in told["proposals"] if each["kind"] == "list"]
    assert {each["says"] for each in first["terms"]} >= {"cuea", "cueb"}
    assert sum(each["caught"] for each in first["terms"]) >= first["caught"]
    assert all(each["precision"]["low"] is not None for each in first["terms"])
    assert run(arguments(path)) == 0
    assert "term by term: cue" in " ".join(capsys.readouterr().out.split())
