"""Where the product asks an engine: every call in the sources, found by reading them.

A site is ``module:function``, with ``#1``, ``#2``, ... behind it where a function asks several
times. Functions that only pass a query on (`PASSES_ON`) are sites, and so are their callers: each
caller has a query of its own.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

__all__ = ["ROOT", "Site", "entries", "marks", "ordered", "sites", "sites_of_stack"]

ROOT = Path(__file__).resolve().parents[2] / "src" / "shroff"
TABLE = Path(__file__).parent / "queries.toml"
METHODS = frozenset({"query", "stream", "materialise", "attach", "detect", "columns"})
PASSES_ON = {
    "measure.counts:count": "count",
    "measure.custom:_fault_of": "_fault_of",
    "store.rows:rows": "rows",
    "store.health_findings:Examined.many": ".many",
    "store.health_findings:Examined.one": ".one",
    "store.health_findings:conditions_met": "conditions_met",
    "store.readonly:select": "select",
}
"""Functions that run the query they are given, and how they are called."""

ENGINES = ("store.engine", "store.duckdb", "store.dialect", "store.spark")
"""Modules behind the seam, by the beginning of their names: what they ask of themselves is no
query of the product."""


@dataclass(frozen=True, slots=True)
class Site:
    """One call that asks an engine.

    Parameters
    ----------
    name : str
        ``module:function``, numbered where a function asks several times.
    function : str
        ``module:function``.
    file : str
        Its file.
    span : tuple of int
        First line, column, last line and column of the call.
    """

    name: str
    function: str
    file: str
    span: tuple[int, int, int, int]


@cache
def sites() -> tuple[Site, ...]:
    """List every call in the sources that asks an engine."""
    found: list[Site] = []
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if not module.startswith(ENGINES):
            found += _of_module(path, module)
    return tuple(found)


def _of_module(path: Path, module: str) -> list[Site]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = _passed_on(tree, module)
    calls = [pair for pair in _calls(tree, ()) if _asks(pair[1].func, known)]
    calls.sort(key=lambda pair: (pair[1].lineno, pair[1].col_offset))
    many = Counter(function for function, _ in calls)
    seen: Counter[str] = Counter()
    found = []
    for function, call in calls:
        seen[function] += 1
        number = f"#{seen[function]}" if many[function] > 1 else ""
        found.append(
            Site(
                f"{module}:{function}{number}",
                f"{module}:{function}",
                str(path),
                (call.lineno, call.col_offset, call.end_lineno or 0, call.end_col_offset or 0),
            )
        )
    return found


def _calls(node: ast.AST, inside: tuple[str, ...]) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, (ast.FunctionDef, ast.ClassDef))
        yield from _calls(child, (*inside, child.name) if named else inside)
        if isinstance(child, ast.Call):
            yield ".".join(inside), child


def _passed_on(tree: ast.Module, module: str) -> frozenset[str]:
    """Name the functions that pass queries on as this module calls them."""
    own = {name for name in PASSES_ON if name.startswith(f"{module}:")}
    taken = {
        f"{node.module}:{alias.name}".removeprefix("shroff.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    plain = {PASSES_ON[name] for name in own | (taken & PASSES_ON.keys())}
    plain |= {way for way in PASSES_ON.values() if way.startswith(".")}
    return frozenset(plain | set(_other_names(tree)))


def _other_names(tree: ast.Module) -> Iterator[str]:
    """Name the variables that stand for an engine's method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute):
            names = node.targets if _is_engines(node.value) else []
            yield from (target.id for target in names if isinstance(target, ast.Name))


def _asks(called: ast.expr, known: frozenset[str]) -> bool:
    if isinstance(called, ast.Name):
        return called.id in known
    if not isinstance(called, ast.Attribute):
        return False
    if f".{called.attr}" in known:
        return True
    return _is_engines(called)


def _is_engines(called: ast.Attribute) -> bool:
    return called.attr in METHODS and ast.unparse(called.value).endswith("engine")


def sites_of_stack(frame: FrameType | None) -> tuple[Site, ...]:
    """Tell which sites a call came by, from the engine outward to the first that asks itself.

    Parameters
    ----------
    frame : frame
        Where the engine was called.

    Returns
    -------
    tuple of Site
        The last one has the query; those before it passed it on.
    """
    way: list[Site] = []
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(str(ROOT)):
            site = _site_at(path, frame)
            if site is not None:
                way.append(site)
                if site.function not in PASSES_ON:
                    break
        frame = frame.f_back
    return tuple(way)


def _site_at(path: str, frame: FrameType) -> Site | None:
    positions = list(frame.f_code.co_positions())
    line, end, column, end_column = positions[frame.f_lasti // 2]
    if line is None or end is None or column is None or end_column is None:
        return None
    here = (line, column), (end, end_column)
    near = [site for site in sites() if site.file == path and _touches(site.span, here)]
    return min(near, key=lambda site: site.span[2] - site.span[0], default=None)


def _touches(span: tuple[int, int, int, int], here: tuple[tuple[int, int], ...]) -> bool:
    """Tell whether one of two ranges is inside the other: a generator is asked from around it."""
    first, last = (span[0], span[1]), (span[2], span[3])
    return (first <= here[0] and here[1] <= last) or (here[0] <= first and last <= here[1])


def ordered(sql: str) -> bool:
    """Tell whether a query says in which order its rows come."""
    text = sql.upper()
    return "ORDER BY" in text[text.rfind(")") + 1 :] or text.rstrip().endswith("DESC")


def entries() -> dict[str, str]:
    """Read what queries.toml says of each site."""
    tables = _table()["queries"]
    return {
        f"{module}:{name}": what for module, told in tables.items() for name, what in told.items()
    }


def marks(engine: str) -> dict[str, str]:
    """Read why queries are marked ``notyet`` or ``never`` on an engine."""
    table = _table()
    return {
        site: f"{mark}: {reason}"
        for mark in ("notyet", "never")
        for site, reason in table.get(mark, {}).get(engine, {}).items()
    }


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def main() -> int:
    """Print the sites, those without an entry with a +, and entries without a site with a -."""
    known = [site.name for site in sites()]
    lines = [f"{' ' if name in entries() else '+'} {name}\n" for name in known]
    lines += [f"- {name}\n" for name in entries() if name not in known]
    sys.stdout.write("".join(sorted(lines, key=lambda line: line[2:])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
