"""The JSON Schema of a rule pack, made of the same tables that packs are read by."""

from __future__ import annotations

from shroff.rules.clauses import ColumnTest, Word
from shroff.rules.pack_conditions import HEADS, LONGEST_TERM
from shroff.rules.pack_file import PACK_KEYS
from shroff.rules.pack_rules import RULE_DEFAULTS, RULE_KEYS
from shroff.rules.rule import FIELDS, RuleAction
from shroff.text.evasion import KINDS

__all__ = ["pack_schema"]

_Schema = dict[str, object]
_TEXT: _Schema = {"type": "string", "minLength": 1}
_TERM: _Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_TERM}
_TEXTS: _Schema = {
    "anyOf": [_TEXT, {"type": "array", "items": _TEXT, "uniqueItems": True}]
}  # fmt: skip
_COUNT: _Schema = {"type": "integer", "minimum": 1}
_DISTANCE: _Schema = {"type": "integer", "minimum": 0, "maximum": 10_000}
_FLAG: _Schema = {"enum": [True, False, "on", "off", "yes", "no"]}
_VALUE: _Schema = {"type": ["string", "number", "boolean"]}
_SPAN: _Schema = {
    "type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2
}  # fmt: skip
_CONDITION: _Schema = {"$ref": "#/$defs/condition"}
_ABOUT = {
    "pack": "Name of the pack.",
    "version": "Raised with every change that is shipped.",
    "owner": "Who answers for it.",
    "description": "What it is for.",
    "defaults": "What holds for rules that do not say otherwise.",
    "lists": "Words and patterns shared by rules as $name.",
    "rules": "The rules.",
    "id": "Name of the rule; history is kept by it.",
    "name": "What people call it.",
    "policy": "Policy that is broken.",
    "severity": "1 (slight) to 5 (worst).",
    "action": "What is to be done with the ad.",
    "markets": "Where it applies; none for everywhere.",
    "languages": "Languages of ads it applies to; none for all.",
    "fields": "Texts of the ad that it reads.",
    "across_fields": "Whether parts may hold in different fields of the ad.",
    "word": "Whether terms must stand as words of their own.",
    "evasion": "Disguises that are seen through.",
    "expires": "Last day it applies, as 2027-06-30.",
    "legal": "Clause it rests on.",
    "offensive": "Whether its terms and hits are blurred.",
    "match": "When it fires.",
    "allow": "Phrases that win over the terms inside them.",
    "unless": "What takes hits back.",
    "examples": "What it must and must not match.",
}


def pack_schema() -> _Schema:
    """Give the schema.

    Returns
    -------
    dict
        JSON Schema, draft 2020-12.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Shroff rule pack",
        **_object(_pack_keys(), needed=("pack", "rules")),
        "$defs": {
            "condition": _condition(),
            "evasion": _evasion(),
            "bilingual": {"anyOf": [_TEXT, _object({"en": _TEXT, "zh": _TEXT})]},
            "example": _example(),
            "rule": _object(_rule_keys(), needed=("id", "match")),
        },
    }


def _object(keys: _Schema, *, needed: tuple[str, ...] = (), open_to: object = False) -> _Schema:
    told: _Schema = {"type": "object", "properties": keys, "additionalProperties": open_to}
    return told | ({"required": list(needed)} if needed else {})


def _about(key: str, schema: _Schema) -> _Schema:
    return {"description": _ABOUT[key], **schema}


def _pack_keys() -> _Schema:
    atoms: _Schema = {"type": "array", "items": _CONDITION}
    keys: dict[str, _Schema] = {
        "pack": _id(),
        "version": _COUNT,
        "owner": _TEXT,
        "description": {"$ref": "#/$defs/bilingual"},
        "defaults": _object({key: _rule_key(key) for key in RULE_DEFAULTS}),
        "lists": _object({}, open_to=atoms),
        "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
    }
    return {key: _about(key, keys[key]) for key in PACK_KEYS}


def _id() -> _Schema:
    return {"type": "string", "pattern": r"^\w[\w.\-]{0,99}$"}


def _rule_keys() -> _Schema:
    return {key: _rule_key(key) for key in RULE_KEYS}


def _rule_key(key: str) -> _Schema:
    unless = _object(
        {"match": _CONDITION, "within": _DISTANCE, "words": _DISTANCE}, needed=("match",)
    )
    examples: _Schema = {"type": "array", "items": {"$ref": "#/$defs/example"}}
    known: dict[str, _Schema] = {
        "id": _id(),
        "version": _COUNT,
        "name": {"$ref": "#/$defs/bilingual"},
        "policy": _TEXT,
        "severity": {"type": "integer", "minimum": 1, "maximum": 5},
        "action": {"enum": [str(action) for action in RuleAction]},
        "markets": _TEXTS,
        "languages": _TEXTS,
        "fields": _fields(),
        "across_fields": _FLAG,
        "word": {"enum": [str(word) for word in Word]},
        "evasion": {"$ref": "#/$defs/evasion"},
        "owner": _TEXT,
        "expires": {"type": "string", "format": "date"},
        "legal": _TEXT,
        "offensive": _FLAG,
        "match": _CONDITION,
        "allow": {"anyOf": [_TERM, {"type": "array", "items": _CONDITION}]},
        "unless": {"anyOf": [_CONDITION, unless]},
        "examples": _object({"match": examples, "no_match": examples}),
    }
    return _about(key, known[key])


def _fields() -> _Schema:
    # other names are possible: editors are to propose those of ads
    one: _Schema = {"anyOf": [{"enum": list(FIELDS)}, _TEXT]}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def _evasion() -> _Schema:
    kinds = {
        kind.id: {**_FLAG, "description": f"{kind.names[0]} ({kind.names[1]}): {kind.meaning[0]}"}
        for kind in KINDS
    }
    listed: _Schema = {"type": "array", "items": {"enum": list(kinds)}}
    return {"anyOf": [{"enum": ["none", "all", "default"]}, listed, _object({**kinds})]}


def _condition() -> _Schema:
    several: _Schema = {"type": "array", "items": _CONDITION, "minItems": 1}
    either: _Schema = {"anyOf": [_CONDITION, several]}
    own: dict[str, _Schema] = {
        "term": _TERM, "regex": _TEXT, "any": either, "all": either, "not": _CONDITION,
        "near": {**several, "minItems": 2}, "count": _CONDITION, "fields": _fields(),
        "column": _TEXT,
    }  # fmt: skip
    extra: dict[str, _Schema] = {
        "word": {"enum": [str(word) for word in Word]},
        "evasion": {"$ref": "#/$defs/evasion"},
        "within": _DISTANCE,
        "words": _DISTANCE,
        "ordered": _FLAG,
        "at_least": _COUNT,
        "match": _CONDITION,
        "missing": _FLAG,
    }
    tests: dict[str, _Schema] = {str(test): _VALUE for test in ColumnTest}
    for test in (ColumnTest.IS_IN, ColumnTest.NOT_IN):
        tests[str(test)] = {"anyOf": [_VALUE, {"type": "array", "items": _VALUE}]}
    needs = {"count": ("count", "at_least"), "fields": ("fields", "match")}
    kinds: list[_Schema] = [_TERM, several]
    for head, beside in HEADS.items():
        if head in {"any", "all", "not"}:
            continue
        keys = {head: own[head], **{key: tests[key] if head == "column" and key in tests
                                    else extra[key] for key in beside}}  # fmt: skip
        kinds.append(_object({**keys}, needed=needs.get(head, (head,))))
    logic = {key: own[key] for key in ("any", "all", "not")}
    kinds.append({**_object({**logic}), "minProperties": 1})
    return {"anyOf": kinds}


def _example() -> _Schema:
    spans: _Schema = {"type": "array", "items": _SPAN}
    keys: dict[str, _Schema] = {
        "text": {"type": "string"},
        **{name: {"type": "string"} for name in FIELDS},
        "columns": {"type": "object", "additionalProperties": _VALUE},
        "span": _SPAN,
        "spans": {"anyOf": [spans, {"type": "object", "additionalProperties": spans}]},
        "note": _TEXT,
    }
    return {"anyOf": [{"type": "string"}, _object({**keys}, open_to={"type": "string"})]}
