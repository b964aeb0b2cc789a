"""The dialect is read as it is documented, and every fault has its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.messages import Language
from shroff.errors import RuleError
from shroff.rules.regex_folding import spelled
from shroff.rules.regex_size import spelled_size
from shroff.rules.regex_tree import Sequence, inside, nodes
from shroff.rules.syntax import LONGEST, inspect_regex, parse_regex

FAULTS = [
    ("a(?=b)", "lookaround", (1, 4), None),
    ("a(?<!b)", "lookaround", (1, 5), None),
    ("a++b", "possessive", (0, 3), None),
    (r"(\w)\1", "back_reference", (4, 6), None),
    ("(?>a)", "unknown_group", (0, 3), None),
    ("(?P<x>a)", "named_group", (0, 6), "("),
    ("(?i)abc", "flags", (0, 4), ""),
    ("a(?i:bc)", "flags", (1, 5), "(?:"),
    ("(?x)a", "flags", (0, 4), None),
    ("a(?#why)b", "comment", (1, 8), ""),
    ("[[(]", "bracket_in_class", (1, 2), "\\["),
    ("[]a]", "bracket_first", (1, 2), "\\]"),
    ("a[bc", "open_bracket", (1, 2), None),
    ("a(bc", "open_parenthesis", (1, 2), "\\("),
    ("ab)c", "extra_parenthesis", (2, 3), "\\)"),
    ("*a", "nothing_to_repeat", (0, 1), "\\*"),
    ("a|+", "nothing_to_repeat", (2, 3), "\\+"),
    ("a{2}{3}", "repeated_twice", (0, 7), "(?:a{2}){3}"),
    (r"\b+a", "repeated_assertion", (0, 3), None),
    ("a{,3}", "no_lower_number", (1, 5), "{0,3}"),
    ("a{3,2}", "numbers_swapped", (1, 6), "{2,3}"),
    ("a{1001}", "too_many_times", (1, 7), None),
    ("((a{100}){100})", "counts_multiply", (1, 14), None),
    ("{x}", "bare_brace", (0, 1), "\\{"),
    ("[z-a]", "range_reversed", (1, 4), "a-z"),
    (r"[a-\d]", "range_of_class", (1, 5), None),
    (r"[\b]", "boundary_in_class", (1, 3), r"\x08"),
    (r"\A", "unknown_escape", (0, 2), "^"),
    (r"\y", "unknown_escape", (0, 2), None),
    ("\\", "lone_backslash", (0, 1), "\\\\"),
    (r"\x{110000}", "no_such_character", (0, 10), None),
    (r"\p{Haan}", "unknown_property", (0, 8), None),
    ("[[:alfa:]]", "unknown_posix", (1, 9), None),
    ("(" + "a?" * 300 + ")*", "empty_repeats", (0, 603), None),
    ("a{1000}b{1000}" * 11, "too_large", (0, 154), None),
    ("(" * 80, "too_deep", (60, 61), None),
    ("x" * 5001, "too_long", (5000, 5001), None),
]


@pytest.mark.parametrize(("pattern", "kind", "place", "fix"), FAULTS)
def test_a_fault_has_its_place_and_its_fix(
    pattern: str, kind: str, place: tuple[int, int], fix: str | None
) -> None:
    _, faults = inspect_regex(pattern)
    assert (kind, place, fix) in [(fault.kind, fault.place, fault.fix) for fault in faults]


@pytest.mark.parametrize(("pattern", "kind", "place", "fix"), FAULTS)
def test_a_fault_is_told_in_both_languages(
    pattern: str, kind: str, place: tuple[int, int], fix: str | None
) -> None:
    del kind, place, fix
    for fault in inspect_regex(pattern)[1]:
        english, chinese = (fault.message().text(language) for language in Language)
        assert english != chinese


@pytest.mark.parametrize(
    "pattern",
    [r"\d{1,2}\s?(天|days?)", r"\bfree\b", r"[^\W_]+", "(a|b|)*c", "a]}", r"\pL\p{Han}", "[a-]",
     r"[\]\-]", r"\u5929\x{1F600}\x41", "a{0,1000}?", "(?:)", r"\/\ \""],
)  # fmt: skip
def test_the_dialect_is_taken_without_a_fault(pattern: str) -> None:
    assert inspect_regex(pattern)[1] == ()


def test_all_faults_are_told_at_once_with_carets_under_wide_characters() -> None:
    with pytest.raises(RuleError) as caught:
        parse_regex(r"天(?=b)\1")
    lines = str(caught.value).splitlines()
    assert lines[1:3] == ["  天(?=b)\\1", "    ^^^"]
    assert lines[4:6] == ["  天(?=b)\\1", "         ^^"]


def test_a_pattern_of_the_greatest_length_is_read() -> None:
    assert inspect_regex("a" * LONGEST)[1] == ()


@pytest.mark.parametrize(
    "pattern", ["(a?b?)*", "((a?b?)*c?)*d", "(a?|b*c?)+", r"(\ba?)*x", "ab{3}(c|d)?"]
)
def test_what_is_spelled_out_is_as_large_as_foretold(pattern: str) -> None:
    tree = parse_regex(pattern)
    leaves = [node for node in nodes(spelled(tree)) if not inside(node) and node != Sequence()]
    assert len(leaves) <= spelled_size(tree)


@given(
    st.text(max_size=40) | st.text(alphabet=r"\[](){}*+?|^$.-ab1,:<>=!PpbdwsxuLH天", max_size=30)
)
def test_reading_any_text_never_crashes_and_places_lie_inside(pattern: str) -> None:
    tree, faults = inspect_regex(pattern)
    assert tree is not None or faults
    assert all(0 <= fault.place[0] <= fault.place[1] <= len(pattern) for fault in faults)
    places = [] if tree is None else [node.place for node in nodes(tree)]
    assert all(0 <= start <= end <= len(pattern) for start, end in places)
