"""From a pattern in our dialect to what the engines are told, and how dear it could be to `re`."""

from __future__ import annotations

from math import inf

from shroff.rules.regex_folding import AS_WRITTEN, Folding, fold, nullable, something
from shroff.rules.regex_needs import needs_of
from shroff.rules.regex_scan import Expression
from shroff.rules.regex_tree import Choice, Node, Repeat, inside, nodes
from shroff.rules.regex_writers import hyperscan_lines_text, python_text, re2_text
from shroff.rules.syntax import parse_regex

__all__ = ["expression_of"]


def expression_of(pattern: str, *, folding: Folding = AS_WRITTEN) -> Expression:
    """Make a pattern ready for the engines.

    Parameters
    ----------
    pattern : str
        In our dialect.
    folding : mapping
        What becomes of characters in the texts it is matched on.

    Returns
    -------
    Expression
        The same pattern for each engine.

    Raises
    ------
    RuleError
        If it is not of the dialect.
    """
    tree = fold(parse_regex(pattern), folding).tree
    if nullable(tree):  # a match of nothing is none, and engines go on after it differently
        tree = something(tree)
    steps, open_ends = _ways(tree)
    return Expression(
        lines=hyperscan_lines_text(tree),
        python=python_text(tree),
        linear=re2_text(tree),
        steps=steps,
        open_ends=open_ends,
        needs=needs_of(tree),
    )


def _ways(tree: Node) -> tuple[float, int]:
    """Bound the ways in which a backtracking matcher could try a pattern from one place."""
    steps, open_ends = 1.0, 0
    for node in nodes(tree):
        if isinstance(node, Choice):
            steps *= max(len(node.parts), 1)
        elif isinstance(node, Repeat):
            if node.high != 1 and any(_branches(part) for part in nodes(node.part)):
                return inf, 0  # ways multiply with each turn
            steps *= 1 if node.high is None else node.high - node.low + 1
            open_ends += node.high is None
    return min(steps, 1e300), open_ends


def _branches(node: Node) -> bool:
    if isinstance(node, Choice):
        return any(inside(part) for part in node.parts) or len(node.parts) > 1
    return isinstance(node, Repeat) and node.low != node.high
