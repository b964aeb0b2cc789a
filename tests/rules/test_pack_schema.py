"""What the schema takes is what is read, as far as a schema can tell."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from tests.rules.packs import packs
from tests.rules.test_pack_file import CONDITIONS, WHOLE

import shroff
from shroff.rules.pack_file import inspect
from shroff.rules.pack_schema import pack_schema
from shroff.rules.rule import Pack
from shroff.rules.written import write_pack

CHECK = jsonschema.Draft202012Validator(pack_schema())


class Texts(yaml.SafeLoader):
    """Reads YAML 1.2 as editors do: ``off`` is a word, and so is a date."""


Texts.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in pairs if not tag.endswith(("timestamp", "bool"))]
    for sign, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Texts.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|false)$"), list("tf"))


def faults(text: str) -> list[str]:
    loaded = yaml.load(text, Loader=Texts)  # noqa: S506 - a safe loader
    return [fault.message for fault in CHECK.iter_errors(loaded)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(pack_schema())


def test_a_whole_pack_is_taken() -> None:
    assert faults(WHOLE) == []


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_kind_of_condition_is_taken(condition: str) -> None:
    assert faults(f"pack: p\nlists: {{w: [a b, c]}}\nrules: [{{id: R, match: {condition}}}]") == []


@given(packs())
def test_what_is_written_is_taken(pack: Pack) -> None:
    assert faults(write_pack(pack)) == []


@pytest.mark.parametrize(
    "text",
    [
        "pack: p",
        "pack: p\nrules: [{id: R}]",
        "pack: p\nrules: [{id: R, macth: a}]",
        "pack: p\nrules: [{id: R, match: a, action: rejct}]",
        "pack: p\nrules: [{id: R, match: {near: [a], within: 3}}]",
        "pack: p\nrules: [{id: R, match: {term: a, within: 3}}]",
        "pack: p\nrules: [{id: R, match: a, evasion: {pinyn: off}}]",
        "pack: p\nrules: [{id: R, match: a, severity: 9}]",
    ],
)
def test_what_is_refused_is_refused_by_both(text: str) -> None:
    assert faults(text)
    assert inspect(text)[1]


@pytest.mark.parametrize(
    "path", sorted((Path(shroff.__file__).parent / "rules" / "packs").glob("*.yaml")), ids=str
)
def test_packs_that_come_with_shroff_are_taken(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []
