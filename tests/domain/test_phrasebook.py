"""All sentences: both languages, the same slots, each of them used."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import shroff
from shroff.domain.phrasebook import PHRASEBOOK

SOURCE = Path(shroff.__file__).parent
PHRASES = SOURCE / "domain" / "phrases"
KEY = re.compile(r"[a-z]+(\.[a-z0-9_]+(-[a-z0-9]+)*)+")
SLOT = re.compile(r"\{(\w*)(?::(\w*))?\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_PUNCTUATION = re.compile(r"[\u4e00-\u9fff][,;:?!]")
QUERIES = "web.find.example."
"""Keys of queries that may be typed: the same in both languages."""
FORMS = {"", "percent", "points", "count", "number", "action", "named"}
SENTENCES = {key: both for key, both in PHRASEBOOK.items() if not key.startswith(QUERIES)}


def test_a_key_names_a_room_and_what_is_said() -> None:
    assert not [key for key in PHRASEBOOK if not KEY.fullmatch(key)]


def test_both_languages_have_the_same_slots_in_the_same_form() -> None:
    for key, (english, chinese) in SENTENCES.items():
        assert Counter(SLOT.findall(english)) == Counter(SLOT.findall(chinese)), key
        assert {form for _, form in SLOT.findall(english)} <= FORMS, key
        for text in (english, chinese):
            assert not re.search(r"\{(?! )|(?<! )\}", SLOT.sub("", text)), f"a slot of {key}"


def test_each_language_is_itself() -> None:
    for key, (english, chinese) in SENTENCES.items():
        assert english.strip() == english, key
        assert chinese.strip() == chinese, key
        assert english or key.startswith("terminal.")  # a narrow table leaves the usual case blank
        assert chinese, key
        assert not CHINESE.search(english), key
        if re.search(r"[A-Za-z]{3}", SLOT.sub("", english)):
            assert CHINESE.search(chinese), key


def test_chinese_is_punctuated_as_chinese() -> None:
    latin = [key for key, (_, chinese) in PHRASEBOOK.items() if LATIN_PUNCTUATION.search(chinese)]
    assert not latin


def test_a_sentence_ends_in_both_languages_or_in_none() -> None:
    assert not [
        key
        for key, (english, chinese) in PHRASEBOOK.items()
        if len(english.split()) > 2  # not "n eff."
        and english.endswith((".", "?")) != chinese.endswith(("。", "？"))
    ]


def _literals(path: Path) -> Iterator[ast.Dict]:
    every = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    yield from (node for node in every if isinstance(node, ast.Dict))


def test_no_key_is_said_twice() -> None:
    for path in PHRASES.glob("*.py"):
        for node in _literals(path):
            keys = Counter(key.value for key in node.keys if isinstance(key, ast.Constant))
            assert not [key for key, count in keys.items() if count > 1], path.name


def test_no_two_files_say_one_key_and_all_that_they_say_is_in_the_book() -> None:
    files = [path.stem for path in PHRASES.glob("*_phrases.py")]
    parts = [
        getattr(import_module(f"shroff.domain.phrases.{each}"), "PHRASES", {}) for each in files
    ]
    said: dict[str, tuple[str, str]] = {}
    for part in parts:
        assert not {key for key, both in part.items() if said.get(key, both) != both}
        said |= part
    assert said == PHRASEBOOK


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
