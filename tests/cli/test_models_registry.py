"""`shroff models register | list | show | state`: who answers for what scores and judges."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shroff.models.prompt import Sampling, prompt_version

if TYPE_CHECKING:
    from conftest import Cli

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"


def keys(command: str) -> set[str]:
    found = re.search(
        rf"^\| `shroff {command}` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert found
    return set(re.findall(r"`(\w+)`", found[1]))


@pytest.fixture
def empty(tmp_path: Path, cli: Cli) -> Path:
    root = tmp_path / "w"
    assert cli("init", root).code == 0
    return root


def test_what_the_logs_name_is_listed_though_nobody_registered_it(demo: Path, cli: Cli) -> None:
    found = cli("models", "list", "-w", demo, "--json").record()
    assert set(found) == keys("models list")
    risk = [each for each in found["models"] if each["name"] == "ads_risk"]  # type: ignore[attr-defined]
    assert [each["version"] for each in risk] == ["v1", "v2"]
    assert all(each["kind"] == "log" and each["state"] is None for each in risk)
    assert all(each["seen"]["scores"] > 0 and each["seen"]["first"] for each in risk)
    assert "registered by nobody" in cli("models", "list", "-w", demo).out


def test_registering_what_is_logged_gives_it_an_owner_and_keeps_what_is_seen(
    own_demo: Path, cli: Cli
) -> None:
    outcome = cli(
        "models", "register", "ads_risk", "--version", "v2", "--owner", "Lin", "--threshold",
        "reject=0.95", "--state", "champion", "--why", "it decides", "-w", own_demo, "--json",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert set(outcome.record()) == keys("models register")
    shown = cli("models", "show", "ads_risk", "v2", "-w", own_demo, "--json").record()
    assert set(shown) == keys("models show")
    (entry,) = shown["models"]  # type: ignore[misc]
    assert entry["owner"] == "Lin"
    assert entry["state"] == "champion"
    assert entry["thresholds"] == {"reject": 0.95}
    assert entry["seen"]["scores"] > 0
    assert [step["state"] for step in entry["history"]] == ["shadow", "champion"]
    told = cli("models", "show", "ads_risk", "-w", own_demo).out
    assert "Lin" in told
    assert "it decides" in told


def test_a_new_champion_takes_the_old_ones_place_and_that_is_said(empty: Path, cli: Cli) -> None:
    for version in ("1", "2"):
        words = ["register", "m", "--version", version, "--policy", "E4"]
        assert cli("models", *words, "--policy", f"L{version}", "-w", empty).code == 0
    assert cli("models", "state", "m", "1", "champion", "--why", "first", "-w", empty).code == 0
    outcome = cli("models", "state", "m", "2", "champion", "--why", "better", "-w", empty)
    assert "m 1 is no longer the champion" in outcome.out
    assert "without a champion now: L1" in outcome.out
    moved = cli("models", "state", "m", "1", "champion", "--why", "x", "-w", empty, "--json")
    assert set(moved.record()) == keys("models state")
    assert moved.record()["demoted"] == [{"name": "m", "version": "2"}]


def test_of_many_policies_the_first_are_listed_and_the_others_counted(
    empty: Path, cli: Cli
) -> None:
    policies = [word for at in range(7) for word in ("--policy", f"P{at}")]
    assert cli("models", "register", "m", "--version", "1", *policies, "-w", empty).code == 0
    told = cli("models", "list", "-w", empty).out
    assert "P3, +3" in told
    assert "P4" not in told


def test_nothing_registered_and_nothing_logged_is_said(empty: Path, cli: Cli) -> None:
    assert "Nothing scores or judges" in cli("models", "list", "-w", empty).out
    text = (empty / "shroff.toml").read_text("utf-8")
    (empty / "shroff.toml").write_text(text.replace('language = "en"', 'language = "zh"'), "utf-8")
    assert "没有登记" in cli("models", "list", "-w", empty).out


def test_an_llm_is_versioned_by_policy_text_model_and_parameters(empty: Path, cli: Cli) -> None:
    file = empty / "policies" / "E4.md"
    assert cli("models", "prompt", "init", file).code == 0
    words = ["--endpoint", "local", "--model", "q", "--policy-text", file, "--param"]

    def version(param: str) -> str:
        outcome = cli("models", "register", "judge", *words, param, "-w", empty, "--json")
        assert outcome.code == 0, outcome.err
        model = outcome.record()["model"]
        assert isinstance(model, dict)
        assert model["kind"] == "llm"
        assert model["policies"] == ["E4"]
        return str(model["version"])

    from shroff.models.policy_file import load_policy

    policy = load_policy(file)
    sampling = Sampling(model="q", params={"temperature": 0})
    assert version("temperature=0") == prompt_version(
        policy, sampling, language=policy.languages[0]
    )
    assert version("temperature=1") != version("temperature=0")


def test_a_pickle_is_refused_unless_its_hash_is_given(empty: Path, cli: Cli) -> None:
    file = empty / "m.pkl"
    file.write_bytes(b"anything")
    outcome = cli("models", "register", "m", "--file", file, "-w", empty, "--json")
    assert outcome.code != 0
    digest = hashlib.sha256(b"anything").hexdigest()
    assert digest in json.dumps(outcome.fault())
    words = ["models", "register", "m", "--file", file, "--trust-pickle"]
    assert cli(*words, "0" * 64, "-w", empty).code != 0
    kept = cli(*words, digest, "-w", empty, "--json").record()["model"]
    assert isinstance(kept, dict)
    assert kept["source"]["file"] == "m.pkl"
    assert kept["version"] == digest[:12]


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["m"], "which version"),
        (["m", "--file", "m.exe"], "no kind of model"),
        (["m", "--file", "none.onnx"], "cannot read"),
        (["m", "--callable", "json"], "not module:function"),
        (["m", "--callable", "no_such_module:f"], "no module"),
        (["m", "--callable", "json:f", "--endpoint", "x"], "one source"),
        (["m", "--policy-text", "E4.md"], "no --endpoint"),
        (["m", "--endpoint", "x"], "which version"),
        (["m", "--version", "1", "--threshold", "reject"], "not ACTION=SCORE"),
        (["m", "--version", "1", "--threshold", "reject=nan"], "not ACTION=SCORE"),
        (["m", "--version", "1", "--threshold", "reject=1.5"], "not ACTION=SCORE"),
        (["m", "--version", "1", "--threshold", "eject=1"], "not ACTION=SCORE"),
    ],
)
def test_what_cannot_be_registered_is_told(
    words: list[str], cause: str, empty: Path, cli: Cli
) -> None:
    outcome = cli("models", "register", *words, "-w", empty, "--json")
    assert outcome.code != 0
    assert cause in outcome.fault()["cause"]


def test_a_model_that_is_not_there_is_told(empty: Path, cli: Cli) -> None:
    assert "no model 'm'" in cli("models", "show", "m", "-w", empty).err
    assert (
        "is registered"
        in cli("models", "state", "m", "1", "shadow", "--why", "x", "-w", empty).err
    )
