"""Policies as they stand in files: read, or refused with every fault and its place."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.messages import Language
from shroff.errors import PolicyError
from shroff.models.policy_file import inspect_policy, load_policy, read_policy
from shroff.models.policy_text import Part

STARTER = files("shroff.models").joinpath("starter_policy.md").read_text(encoding="utf-8")
HEAD = "---\npolicy: P\nversion: 2\n---\n"


def codes(text: str) -> list[tuple[str, int]]:
    return [(each.code, each.where.line) for each in inspect_policy(text)[1]]


def test_the_starter_is_read_whole_in_both_languages() -> None:
    policy = read_policy(STARTER)
    assert (policy.policy, policy.version, policy.owner) == ("E4", 1, "policy-health")
    assert policy.exemptions == ("licensed_medicine", "gym_programme")
    assert policy.languages == (Language.EN, Language.ZH)
    assert policy.title(Language.ZH) == "快速减肥与塑形"
    assert {(s.language, s.part) for s in policy.sections} == {
        (language, part) for language in Language for part in Part
    }
    violating = list(policy.examples(violates=True))
    assert len(violating) == 5 + 2 + 5 + 2
    assert violating[0].text == "Lose 10 kg in two weeks, guaranteed"
    assert violating[0].why == "a number and a time"


@pytest.mark.parametrize(
    ("line", "text", "violates", "why"),
    [
        ('- "Be thin" → violates: no effort', "Be thin", True, "no effort"),
        ("- “Be thin” → does not violate — a wish", "Be thin", False, "a wish"),
        ("- 「轻一圈」→ 违规：体形", "轻一圈", True, "体形"),
        ("- 轻一圈 → 不违规：没有数字", "轻一圈", False, "没有数字"),
        ("- “Be thin” -> violates", "Be thin", True, ""),
        ("- Be thin", "Be thin", None, ""),
        ("- “Be thin” → perhaps", "Be thin", None, "perhaps"),
        ("- “Be thin”\n  → violates:\n  it says so", "Be thin", True, "it says so"),
    ],
)
def test_an_edge_case_is_a_text_a_verdict_and_a_reason(
    line: str, text: str, violates: bool | None, why: str
) -> None:
    policy = read_policy(f"{HEAD}## Edge cases\n{line}\n")
    (example,) = policy.sections[0].examples
    assert (example.text, example.violates, example.why) == (text, violates, why)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("P001", 1)]),
        ("# Title\n", [("P001", 1)]),
        ("---\npolicy: P\nversion: 1\n", [("P001", 1)]),
        ("---\npolicy: P\n---\n", [("P003", 1)]),
        ("---\npolicy: P\nversion: one\n---\n", [("P004", 3)]),
        ("---\npolicy:\nversion: 0\n---\n", [("P004", 2), ("P004", 3)]),
        ("---\npolicy: P\npolicy: Q\nversion: 1\n---\n", [("P003", 3)]),
        ("---\npolicy: P\nversoin: 1\nversion: 1\n---\n", [("P002", 3)]),
        ("---\npolicy: P\nnonsense\nversion: 1\n---\n", [("P002", 3)]),
        (HEAD + "## Violates!\nx\n", [("P005", 5)]),
        (HEAD + "## Violates\n- a\n## violates\n- b\n", [("P006", 7)]),
        (HEAD + "Lost text\nmore of it\n", [("P007", 5)]),
    ],
)
def test_every_fault_is_told_with_its_line(text: str, found: list[tuple[str, int]]) -> None:
    assert codes(text) == found


def test_a_fault_keeps_a_policy_from_being_used_and_shows_the_line() -> None:
    with pytest.raises(PolicyError, match="'versoin'; did you mean 'version'") as told:
        read_policy("---\npolicy: P\nversoin: 1\n---\n", path="p.md")
    assert "p.md:3:1" in str(told.value)
    assert "^^^" in str(told.value)


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "p.md"
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(file)
    file.write_bytes(b"---\npolicy: \xff\n")
    with pytest.raises(PolicyError, match="not UTF-8: byte 13"):
        load_policy(file)
    file.write_text("x" * 200_001, encoding="utf-8")
    with pytest.raises(PolicyError, match="200,001 characters"):
        load_policy(file)


def test_a_file_saved_by_a_spreadsheet_program_is_read(tmp_path: Path) -> None:
    file = tmp_path / "p.md"
    file.write_bytes(b"\xef\xbb\xbf" + STARTER.replace("\n", "\r\n").encode())
    assert load_policy(file).record() == read_policy(STARTER).record()


@given(
    st.text(st.sampled_from('-# \n:：→"“”ViolatesEdge cases违规policyversion1，*'), max_size=120)
)
def test_whatever_is_written_is_read_or_told(body: str) -> None:
    policy, findings = inspect_policy(HEAD + body)
    assert policy is not None
    lines = (HEAD + body).count("\n") + 1
    assert all(1 <= each.where.line <= lines + 1 for each in findings)
    inspect_policy(body)
