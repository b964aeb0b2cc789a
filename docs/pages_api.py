"""Writes the reference page of the API from its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shroff.web.server import application
from shroff.workspace import Workspace

__all__ = ["page"]

_METHODS = ("get", "post", "put", "patch", "delete")
Node = Mapping[str, Any]


def page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.
    """
    with TemporaryDirectory() as folder:
        document = application(Workspace.create(Path(folder) / "here")).openapi()
    return "\n".join([*_head(document), *_groups(document), *_schemas(document)]) + "\n"


def _head(document: Node) -> Iterator[str]:
    yield "# The API"
    yield ""
    yield document["info"]["description"]
    yield ""
    yield "`/api/v1/openapi.json` of a running dashboard is the same as a document for programs."
    yield "Every address may also answer with the refusals listed at the end."
    yield ""


def _groups(document: Node) -> Iterator[str]:
    for tag in document["tags"]:
        found = [
            (path, method, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if method in _METHODS and tag["name"] in operation.get("tags", ())
        ]
        if found:
            yield f"## {tag['name'].capitalize()}"
            yield ""
            yield tag["description"]
            yield ""
        for path, method, operation in found:
            yield from _operation(path, method, operation)


def _operation(path: str, method: str, operation: Node) -> Iterator[str]:
    yield f"### `{method.upper()} {path}`"
    yield ""
    yield operation.get("description") or operation["summary"]
    yield ""
    given = operation.get("parameters", [])
    if given:
        yield "| parameter | in | type | meaning |"
        yield "|---|---|---|---|"
        for each in given:
            meaning = each.get("description", "").replace("\n", " ")
            yield f"| `{each['name']}` | {each['in']} | {_type(each['schema'])} | {meaning} |"
        yield ""
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        yield f"Takes `{kind}`: {_type(body.get('schema', {}))}."
        yield ""
    for status, answer in operation["responses"].items():
        if status < "300":
            for kind, body in answer.get("content", {}).items():
                yield f"Answers {status} with `{kind}`: {_type(body.get('schema', {}))}."
                yield ""


def _schemas(document: Node) -> Iterator[str]:
    yield "## What is sent and answered"
    yield ""
    for name, schema in sorted(document["components"]["schemas"].items()):
        yield f"### {name}"
        yield ""
        if schema.get("description"):
            yield schema["description"]
            yield ""
        if "enum" in schema:
            yield f"One of {', '.join(f'`{each}`' for each in schema['enum'])}."
            yield ""
        if schema.get("properties"):
            yield "| field | type | meaning |"
            yield "|---|---|---|"
        needed = schema.get("required", ())
        for field, part in schema.get("properties", {}).items():
            star = "" if field in needed else ", may be absent"
            meaning = part.get("description", "").replace("\n", " ")
            yield f"| `{field}` | {_type(part)}{star} | {meaning} |"
        yield ""
    yield "## Refusals"
    yield ""
    yield "Each is answered with a `Refused`."
    yield ""
    yield "| status | when |"
    yield "|---|---|"
    first = next(iter(document["paths"].values()))
    answers = next(iter(first.values()))["responses"]
    for status, answer in sorted(answers.items()):
        if status >= "400":
            yield f"| {status} | {answer['description']} |"


def _type(schema: Node) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for many in ("anyOf", "oneOf", "allOf"):
        if many in schema:
            return " or ".join(dict.fromkeys(_type(each) for each in schema[many]))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{each}`" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("type", "anything")) + _bounds(schema)


def _bounds(schema: Node) -> str:
    names = {
        "minimum": "from", "exclusiveMinimum": "above", "maximum": "to",
        "exclusiveMaximum": "below", "maxLength": "at most", "maxItems": "at most",
    }  # fmt: skip
    told = [f"{word} {schema[name]:,}" for name, word in names.items() if name in schema]
    return f" ({', '.join(told)})" if told else ""
