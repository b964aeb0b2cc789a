"""Both languages say the same, and everything that is said has a phrase."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shroff.domain.phrasebook import PHRASEBOOK
from shroff.domain.phrases import (
    health_phrases,
    ingest_phrases,
    propose_phrases,
    report_phrases,
    scorecard_phrases,
    terminal_phrases,
)

SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
FORMS = {"", "percent", "points", "count", "number"}
ROOMS = (
    health_phrases, ingest_phrases, propose_phrases, report_phrases, scorecard_phrases,
    terminal_phrases,
)  # fmt: skip
SOURCE = Path(__file__).parents[2] / "src" / "shroff"


@pytest.mark.parametrize("key", PHRASEBOOK)
def test_both_languages_have_the_same_slots_in_known_forms(key: str) -> None:
    english, chinese = (set(SLOT.findall(phrase)) for phrase in PHRASEBOOK[key])
    assert english == chinese
    assert {form for _, form in english} <= FORMS


@pytest.mark.parametrize("key", PHRASEBOOK)
def test_a_phrase_has_no_brace_that_is_not_a_slot(key: str) -> None:
    for phrase in PHRASEBOOK[key]:
        assert not re.search(r"{(?! )|(?<! )}", SLOT.sub("", phrase))


@pytest.mark.parametrize("key", PHRASEBOOK)
def test_the_chinese_is_chinese_or_needs_no_words(key: str) -> None:
    english, chinese = (SLOT.sub("", phrase) for phrase in PHRASEBOOK[key])
    has_words = re.search(r"[a-z]{4}", english) and english != chinese
    assert not has_words or re.search(r"[\u4e00-\u9fff]", chinese), chinese


@pytest.mark.parametrize("key", PHRASEBOOK)
def test_recall_the_statistic_is_never_called_by_its_bare_name(key: str) -> None:
    english, chinese = PHRASEBOOK[key]
    assert not re.fullmatch(r"recall", english.strip(), re.IGNORECASE)
    assert chinese.strip() != "召回"


def test_no_key_stands_in_two_rooms() -> None:
    assert sum(len(room.PHRASES) for room in ROOMS) == len(PHRASEBOOK)


def test_every_message_named_in_the_code_has_a_phrase() -> None:
    named = {
        key
        for path in SOURCE.rglob("*.py")
        for key in re.findall(r'(?:Message|say)\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(named) > 30
    assert not named - PHRASEBOOK.keys()
