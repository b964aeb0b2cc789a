"""All sentences: both languages, the same slots, each of them used."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import shroff
from shroff.domain.phrasebook import PHRASEBOOK

SOURCE = Path(shroff.__file__).parent
PHRASES = SOURCE / "domain" / "phrases"
SLOT = re.compile(r"\{(\w*)(?::(\w*))?\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_PUNCTUATION = re.compile(r"[\u4e00-\u9fff][,;:?!]")
FORMS = {"", "percent", "points", "count", "number", "action", "named"}
EVERY = pytest.mark.parametrize("key", PHRASEBOOK)


@EVERY
def test_a_key_names_a_room_and_what_is_said(key: str) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z0-9_]+)+", key)


@EVERY
def test_both_languages_have_the_same_slots_in_the_same_form(key: str) -> None:
    english, chinese = PHRASEBOOK[key]
    assert Counter(SLOT.findall(english)) == Counter(SLOT.findall(chinese))
    assert {form for _, form in SLOT.findall(english)} <= FORMS
    for text in (english, chinese):
        assert not re.search(r"\{(?! )|(?<! )\}", SLOT.sub("", text)), "a slot gone wrong"


@EVERY
def test_each_language_is_itself(key: str) -> None:
    english, chinese = PHRASEBOOK[key]
    assert english.strip() == english
    assert chinese.strip() == chinese
    assert english or key.startswith("terminal.")  # a narrow table leaves the usual case blank
    assert chinese
    assert not CHINESE.search(english)
    if re.search(r"[A-Za-z]{3}", SLOT.sub("", english)):
        assert CHINESE.search(chinese)


@EVERY
def test_chinese_is_punctuated_as_chinese(key: str) -> None:
    chinese = PHRASEBOOK[key][1]
    assert not LATIN_PUNCTUATION.search(chinese)


@EVERY
def test_a_sentence_ends_in_both_languages_or_in_none(key: str) -> None:
    english, chinese = PHRASEBOOK[key]
    if len(english.split()) > 2:  # not "n eff."
        assert english.endswith((".", "?")) == chinese.endswith(("。", "？"))


def _keys(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            yield from (key for key in keys if isinstance(key, str))


def test_no_key_is_said_twice() -> None:
    written = Counter(key for path in PHRASES.glob("*.py") for key in _keys(path))
    assert set(written) == set(PHRASEBOOK)
    assert written.most_common(1)[0][1] == 1, written.most_common(3)


def _code() -> dict[Path, str]:
    files = [path for path in SOURCE.rglob("*.py") if path.parent.name != "phrases"]
    return {path: path.read_text(encoding="utf-8") for path in files}


def test_every_message_sent_has_a_phrase() -> None:
    sent = re.compile(r"(?:Message|say)\(\s*\"([a-z_.]+)\"")
    missing = {
        f"{path.name}: {key}"
        for path, text in _code().items()
        for key in sent.findall(text)
        if key not in PHRASEBOOK
    }
    assert not missing


def test_every_phrase_of_the_scorecard_is_said_somewhere() -> None:
    code = "\n".join(_code().values())
    unsaid = {
        key
        for key in PHRASEBOOK
        if key.split(".")[0] in {"scorecard", "audit"} and f'"{key}"' not in code
    }
    assert not unsaid
