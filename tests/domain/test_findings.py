"""Findings are ordered, told once, and mend what they say they mend."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.findings import Edit, fixed, in_order, lines_of, rendered
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.domain.places import Where
from shroff.rules.finding_catalogue import CATALOGUE, finding


def edit(start: int, end: int, text: str) -> Edit:
    return Edit(Where("f", 1, start, 1, end), text)


def test_findings_are_in_the_order_of_the_file_and_told_once() -> None:
    places = [Where("f", 2, 1, 2, 2), Where("f", 1, 5, 1, 6), Where("a", 9, 1, 9, 2)]
    found = [finding("R011", where) for where in [*places, *places]]
    assert [one.where for one in in_order(found)] == [places[2], places[1], places[0]]


def test_of_fixes_that_overlap_the_first_is_applied() -> None:
    where = Where("f", 1, 1, 1, 2)
    found = [
        finding("R002", where, key="x", fix=[edit(*span, "X")])
        for span in ((1, 3), (2, 4), (4, 5))
    ]
    assert fixed("abcdef", found) == ("XcXef", 2)


def test_a_finding_is_rendered_with_its_line() -> None:
    shown = rendered(finding("R011", Where("f", 2, 3, 2, 5)), ["x", "减肥ab"])
    assert shown.splitlines() == [
        "f:2:3: error R011: a term has at least one character", "    减肥ab", "        ^^",
    ]  # fmt: skip


def test_a_place_outside_of_the_file_is_rendered_without_a_line() -> None:
    assert rendered(finding("R011", Where("f", 9, 1, 9, 2)), ["x"]).count("\n") == 0


def test_a_line_ends_where_yaml_says() -> None:
    assert lines_of("a\r\nb\nc\rd\u2028e\x85f\x0cg") == ["a", "b", "c", "d", "e", "f\x0cg"]


def test_each_code_has_a_sentence_of_its_own() -> None:
    for code in CATALOGUE:
        key = f"rules.{code.lower()}"
        told = [one for one in PHRASEBOOK if one == key or one.startswith(f"{key}.")]
        assert told or code == "R101", code


@given(
    st.text(alphabet="ab\n减", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5))),
)
def test_a_fix_changes_its_own_place_only(text: str, spans: list[tuple[int, int]]) -> None:
    lines = lines_of(text)
    found = []
    for at, length in spans:
        line = at % len(lines)
        start = min(at, len(lines[line]))
        end = min(start + length, len(lines[line]))
        where = Where("f", line + 1, start + 1, line + 1, end + 1)
        found.append(finding("R011", where, fix=[Edit(where, text[0:0] + lines[line][start:end])]))
    assert fixed(text, found)[0] == text
