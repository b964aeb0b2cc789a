"""The tree keeps to the house style: names, doors, sizes, parameters."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src" / "shroff").rglob("*.py"))
MODULES = [path for path in SOURCES if path.name != "__init__.py"]
BANNED = frozenset({
    "utils", "util", "helpers", "helper", "common", "core", "base", "manager", "misc", "legacy",
    "future", "v2",
})  # fmt: skip
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, FUNCTIONS)]


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function without its docstring and the SQL written in it."""
    texts = [part for part in ast.walk(node) if is_text(part)]
    inside = {part for text in texts for part in ast.walk(text) if part is not text}
    text_lines = sum(span(text) for text in texts if text not in inside)
    return span(node) - text_lines


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def span(node: ast.AST) -> int:
    """Count the lines a node takes; a text on one line takes none of its own."""
    further = node.end_lineno - node.lineno
    return 0 if is_text(node) and not further else further + 1


def is_kernel(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell what numba compiles: it knows no keyword-only arguments and no small records."""
    return any(isinstance(each, ast.Name) and each.id == "kernel" for each in node.decorator_list)


def is_command(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether click fills the parameters, by name."""
    return any("click" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_no_file_has_a_name_that_says_nothing() -> None:
    names = {part for path in SOURCES for part in (path.stem, path.parent.name)}
    assert not names & BANNED


def test_no_class_has_a_name_that_says_nothing() -> None:
    words = ("Utils", "Helper", "Manager", "Misc", "Base")
    assert not [
        f"{short(path)}: {node.name}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and any(word in node.name for word in words)
    ]


def test_file_names_are_unique_in_the_package() -> None:
    counts = Counter(path.name for path in MODULES)
    assert not [name for name, count in counts.items() if count > 1 and name != "__main__.py"]


def test_test_file_names_are_unique() -> None:
    counts = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert not [name for name, count in counts.items() if count > 1]


def test_a_package_door_holds_only_its_docstring() -> None:
    for path in SOURCES:
        if path.name == "__init__.py":
            statements = tree(path).body
            assert [type(each) for each in statements[:1]] == [ast.Expr], short(path)
            rest = [ast.unparse(each) for each in statements[1:]]
            assert all(
                line.startswith(("__version__", "__all__", "from __future__")) for line in rest
            ), short(path)


def exports(path: Path) -> bool:
    """Say whether a module names what it exports."""
    targets = [
        ast.unparse(target)
        for node in tree(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return "__all__" in targets or path.name == "__main__.py"


def test_a_module_says_what_it_exports() -> None:
    assert not [short(path) for path in MODULES if not exports(path)]


def test_a_module_fits_in_four_hundred_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert not [f"{short(path)}: {length}" for path, length in lengths.items() if length > 400]


def test_a_function_fits_in_forty_lines() -> None:
    assert not [
        f"{short(path)}: {node.name} has {code_lines(node)} lines"
        for path in MODULES
        for node in functions(path)
        if code_lines(node) > (60 if is_kernel(node) else 40)
    ]


def test_a_function_takes_two_positional_parameters_or_at_most_three() -> None:
    assert not [
        f"{short(path)}: {node.name}"
        for path in MODULES
        for node in functions(path)
        if not node.name.startswith("_") and not is_command(node) and not is_kernel(node)
        if len(
            [
                argument
                for argument in (*node.args.posonlyargs, *node.args.args)
                if argument.arg not in {"self", "cls"}
            ]
        )
        > 3
    ]
