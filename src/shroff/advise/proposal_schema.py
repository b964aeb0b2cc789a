"""The JSON Schema of proposals, made of the same forms that proposals are read by."""

from __future__ import annotations

from shroff.advise.proposal import DAYS
from shroff.advise.proposal_file import FORMS

__all__ = ["proposal_schema"]

_Schema = dict[str, object]
_KINDS: dict[str, _Schema] = {
    "text": {"type": "string", "minLength": 1},
    "line": {"type": ["number", "null"], "minimum": 0},
    "number": {"type": "number", "minimum": 0},
    "hour": {"type": "string", "pattern": "^([01]?[0-9]|2[0-4]):[0-5][0-9]$"},
    "texts": {"type": "array", "items": {"enum": list(DAYS)}, "minItems": 1},
    "terms": {
        "type": "object",
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    },
}
_NOTHING = frozenset({"kind", "llm", "llm_version", "name", "note", "policy", "replaces", "version",
    "where",
})  # fmt: skip
_ABOUT = {
    "kind": "Which kind of change it makes; told by what it holds.",
    "name": "What people call it.",
    "note": "What there is to say of it.",
    "thresholds": "Scores from which ads are reviewed and rejected; the first that fits decides.",
    "cascades": "Scores between which an LLM is asked; they come before thresholds.",
    "llm": "LLM that gets the ads between; null where people do.",
    "llm_version": "Its version.",
    "ask_from": "Score from which ads go to the LLM; null for never.",
    "people_from": "Score of the LLM from which people review; null for never.",
    "llm_reject_from": "Score of the LLM from which ads are rejected; null for never.",
    "fallback": "What is done without an answer: review or approve.",
    "packs": "Rule packs that become live.",
    "versions": "Models and the version of each that becomes live.",
    "routing": "Queues that ads go to; the first that fits decides.",
    "staffing": "Shifts of queues; others stay as the log tells.",
    "version": "Version of the model that the lines were drawn for; null for the live one.",
    "model": "Model whose score decides.",
    "policy": "Policy of the score; null for one score over all.",
    "where": "Columns of ads and their values; none for all ads.",
    "review_from": "Score from which ads are reviewed; null for never.",
    "reject_from": "Score from which ads are rejected; null for never.",
    "path": "File of the pack.",
    "replaces": "File of the pack that it stands in for.",
    "queue": "Name of the queue.",
    "shifts": "Its week.",
    "days": "Days on which the shift begins.",
    "from": "When it begins, UTC.",
    "to": "When it ends, UTC.",
    "reviewers": "Reviewers on duty.",
}


def proposal_schema() -> _Schema:
    """Give the schema.

    Returns
    -------
    dict
        JSON Schema, draft 2020-12.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Shroff proposal",
        "$ref": "#/$defs/proposal",
        "$defs": {name: _form(name) for name in FORMS},
    }


def _form(name: str) -> _Schema:
    form = FORMS[name]
    return {
        "type": "object",
        "properties": {key: _value(key, kind) for key, kind in form.keys.items()},
        "required": list(form.needed),
        "additionalProperties": False,
    }


def _value(key: str, kind: str) -> _Schema:
    told: _Schema = (
        {"type": "array", "items": {"$ref": f"#/$defs/{kind}"}}
        if kind in FORMS
        else dict(_KINDS[kind])
    )
    if key in _NOTHING:
        told = {"anyOf": [told, {"type": "null"}]}
    return {"description": _ABOUT[key], **told}
