"""The page of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from markdown import cell, code, table
from shroff.store.settings import Settings

__all__ = ["page"]

HEAD = """# Settings

`shroff.toml` in the workspace says how your files are read, how your labels were drawn, and what
you aim at. Every table and every key may be left out; a key that Shroff does not know is refused
with the line it stands on and the nearest known key.

"""
_WORDS = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "true / false",
    "date": "day",
}
KEYED = {
    "mapping": "TABLE",
    "designs": "NAME",
    "goals": "METRIC",
    "metrics": "NAME",
}
"""What the name of a table of shroff.toml ends in, for those that there can be many of."""
SHAPES = {
    "sources": 'TABLE = ["FILE, FOLDER OR GLOB", ...]',
    "retention": "TABLE = DAYS",
}
"""How the keys of a table of shroff.toml look, where they are the names of log tables."""


def page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.
    """
    return HEAD + "\n".join(_section(name, field) for name, field in Settings.model_fields.items())


def _section(name: str, field: FieldInfo) -> str:
    model = _model(field.annotation)
    about = f"{field.description}\n\n" if field.description else ""
    if model is None:
        return f"## [{name}]\n\n{about}```toml\n[{name}]\n# {SHAPES[name]}\n```\n"
    word = f".{KEYED[name]}" if name in KEYED else ""
    inner = [part for key, held in model.model_fields.items() for part in _inner(name, key, held)]
    return "\n".join([f"## [{name}{word}]\n\n{about}{_rows(model)}", *inner])


def _rows(model: type[BaseModel]) -> str:
    rows = [
        (code(key), _kind(inner), _default(inner), cell(inner.description or ""))
        for key, inner in model.model_fields.items()
    ]
    return table(("key", "type", "default", "meaning"), rows)


def _inner(name: str, key: str, field: FieldInfo) -> Iterator[str]:
    """Write the table of a key that holds a table itself, or many by name."""
    model = _model(field.annotation)
    if model is not None:
        word = ".NAME" if get_args(field.annotation) else ""
        yield f"### [{name}.{key}{word}]\n\n{_rows(model)}"


def _model(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 -- an annotation is anything
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for part in get_args(annotation) if (m := _model(part))), None)


def _kind(field: FieldInfo) -> str:
    if _model(field.annotation) is not None:
        return "tables by name" if get_args(field.annotation) else "table"
    if isinstance(field.annotation, type) and not get_args(field.annotation):
        values = getattr(field.annotation, "__members__", {}).values()
        if values:
            return " / ".join(code(str(value)) for value in values)
        return _WORDS[field.annotation.__name__]
    return _composite(str(field.annotation), get_args(field.annotation))


def _composite(spelled: str, parts: tuple[Any, ...]) -> str:
    if "Literal" in spelled:
        return " / ".join(code(str(part)) for part in parts)
    if spelled.startswith("tuple"):
        return "list of text"
    if spelled.startswith("dict"):
        return "table"
    return "number" if "float" in spelled else "whole number" if "int" in spelled else "text"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value in (None, "", (), {}) or isinstance(value, BaseModel):
        return "–"
    if isinstance(value, tuple):
        return ", ".join(code(str(part)) for part in value)
    return code(str(value).lower() if isinstance(value, bool) else str(value))
