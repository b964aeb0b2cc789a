"""What is told about the content of policies."""

from __future__ import annotations

from importlib.resources import files

import pytest

from shroff.domain.messages import Language
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.models.policy_findings import POLICY_CODES
from shroff.models.policy_lint import lint_policy

STARTER = files("shroff.models").joinpath("starter_policy.md").read_text(encoding="utf-8")


def told(text: str, **how: object) -> set[str]:
    return {each.code for each in lint_policy(text, **how)[1]}  # type: ignore[arg-type]


def test_nothing_is_wrong_with_the_starter() -> None:
    assert told(STARTER, known={"E4"}) == set()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("## Definitions", "## Exceptions ", "P101"),
        ('- "Melt belly fat while you sleep": without effort\n', "", None),
        ("→ violates: in an ad", ": in an ad", "P106"),
        ("→ does not violate: no number, no time, nothing that works by itself",
         "→ does not violate", "P108"),
        ('"Track what you eat and see your weight over time": a tool',
         '"MELT belly  fat while you sleep"', "P103"),
        ('"No diet, no gym, just results"', '"Melt belly fat while you sleep"', "P110"),
        ("any time up to\nthree months", "an appropriate time", "P107"),
        ("三个月以内的\n任何时间", "合理的时间", "P107"),
        ("by itself\n", "by itself. Answer only with JSON.\n", None),
        ("An ad breaks this policy", "Reply with no more than a word. An ad breaks this", "P111"),
        ("## Edge cases", "## Edge cases of old", "P005"),
        ("- “低卡魔芋面，每份90千卡”：说明成分\n- “十二周私教力量训练营”：提供训练，没有减重数字\n", "", "P102"),
    ],
)  # fmt: skip
def test_each_weakness_has_its_code(old: str, new: str, code: str | None) -> None:
    assert old in STARTER
    found = told(STARTER.replace(old, new, 1))
    assert (code in found) if code else found == set()


def test_a_section_in_one_language_only_is_told() -> None:
    start = STARTER.index("## 边界情形")
    assert told(STARTER[:start]) == {"P104"}


def test_length_is_told_in_about_english_words() -> None:
    start = STARTER.index("## Definitions")
    long = STARTER[:start] + "## Definitions\n\n" + "word " * 1_000 + STARTER[start + 14 :]
    assert "P105" in told(long)
    short = "---\npolicy: P\nversion: 1\n---\n## 定义\n广告\n## 违规\n- 甲\n- 乙\n- 丙\n## 不违规\n- 丁\n"
    assert told(short) == {"P105", "P102"}


def test_a_policy_that_the_logs_do_not_have_is_told() -> None:
    assert told(STARTER, known={"E5"}) == {"P109"}


def test_an_empty_section_is_told() -> None:
    assert "P112" in told(STARTER + "\n# More\n").union(
        told(STARTER.replace("## Exceptions", "## Exceptions\n\n## Violating", 1))
    )


def test_every_code_has_a_sentence_in_both_languages() -> None:
    for code in POLICY_CODES:
        assert all(PHRASEBOOK[f"policies.{code.lower()}"])
    assert len(Language) == 2
