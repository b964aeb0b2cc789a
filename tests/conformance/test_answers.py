"""Every engine gives the same answer to every query, and still gives the golden one."""

from __future__ import annotations

import pytest
from tests.conformance.call_sites import entries, marks, ordered
from tests.conformance.comparing import differences
from tests.conformance.conftest import Taped
from tests.conformance.drivers import DEFAULT, OTHERS
from tests.conformance.golden import strays_from
from tests.conformance.recorder import Asked
from tests.conformance.rehearsal import refusals
from tests.conformance.workspaces import PLAYS, Play

SHARED = [(e, play) for e in OTHERS for play in PLAYS if not play.only or e in play.only]
KEPT = [play for play in PLAYS if play.golden]


def named(play: Play) -> str:
    return play.name


def each(engine: str, play: Play) -> object:
    marked = [pytest.mark.xdist_group(f"conformance on {engine}")]
    if not play.always:
        marked.append(pytest.mark.engines)
    return pytest.param(engine, play, id=f"{engine}-{play.name}", marks=marked)


@pytest.mark.xdist_group("conformance")
@pytest.mark.parametrize("play", KEPT, ids=named)
def test_the_default_engine_gives_the_golden_answers(play: Play, taped: Taped) -> None:
    tape, _ = taped(play, DEFAULT)
    assert strays_from(play.name, tape) == [], (
        "make golden writes them anew, if they should change"
    )


@pytest.mark.parametrize(("engine", "play"), [each(engine, play) for engine, play in SHARED])
def test_every_engine_gives_the_same_answers(engine: str, play: Play, taped: Taped) -> None:
    reference, wanted = taped(play, DEFAULT)
    tape, got = taped(play, engine)
    assert [(a.site, a.how) for a in tape.asked] == [(a.site, a.how) for a in reference.asked]
    told = marks(engine)
    pairs = list(zip(reference.asked, tape.asked, strict=True))
    found = [odd for one, other in pairs if one.site not in told for odd in _odd(one, other)]
    assert not found, "\n".join([f"{len(found)} differences", *found[:20]])
    assert differences(wanted, got, ordered=True) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("engine", "play"),
    [each(engine, play) for engine, play in SHARED if play.golden],
)
def test_every_engine_gives_the_golden_answers(engine: str, play: Play, taped: Taped) -> None:
    tape, _ = taped(play, engine)
    told = marks(engine)
    found = [line for line in strays_from(play.name, tape) if line.partition(": ")[0] not in told]
    assert found == []


@pytest.mark.xdist_group("conformance")
def test_every_query_is_translated_for_spark(taped: Taped) -> None:
    refused = [line for play in PLAYS for line in refusals(taped(play, DEFAULT)[0])]
    told = marks("spark")
    assert [line for line in refused if line.partition(": ")[0] not in told] == []


@pytest.mark.parametrize(
    ("engine", "site"),
    [
        pytest.param(
            engine,
            site,
            marks=[pytest.mark.engines, pytest.mark.xdist_group(f"conformance on {engine}")],
        )
        for engine in OTHERS
        for site in sorted(marks(engine).keys() & entries().keys())
    ] or [pytest.param("", "", marks=pytest.mark.skip(reason="no query is marked"))],
)  # fmt: skip
def test_a_mark_is_still_needed(engine: str, site: str, taped: Taped) -> None:
    """A site that the engine is never asked at keeps its mark: no play there is for it."""
    pairs = [
        pair
        for name, play in SHARED
        if name == engine
        for pair in zip(taped(play, DEFAULT)[0].asked, taped(play, engine)[0].asked, strict=False)
        if pair[0].site == site
    ]
    assert not pairs or any(_odd(one, other) for one, other in pairs)


def _odd(one: Asked, other: Asked) -> list[str]:
    odd = differences(one.answer, other.answer, ordered=ordered(one.sql))
    return [f"{one.site} ({one.how}): {line}\n    {other.text[:400]}" for line in odd]
