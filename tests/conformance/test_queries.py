"""Every query in the sources has an entry in the suite, and the suite asks every one of them."""

from __future__ import annotations

import pytest
from tests.conformance.call_sites import entries, marks, sites
from tests.conformance.conftest import Taped
from tests.conformance.drivers import DEFAULT, DRIVERS
from tests.conformance.workspaces import PLAYS

HOW = "python -m tests.conformance.call_sites shows which; entries are in queries.toml"


def test_every_query_has_an_entry() -> None:
    missing = {site.name for site in sites()} - entries().keys()
    assert not missing, f"no entry for {sorted(missing)}: {HOW}"


def test_every_entry_has_a_query() -> None:
    stale = entries().keys() - {site.name for site in sites()}
    assert not stale, f"nothing asks {sorted(stale)} any more: {HOW}"


def test_every_entry_says_what_is_asked() -> None:
    assert all(what.strip() for what in entries().values())


def test_marks_name_queries_and_give_reasons() -> None:
    for engine in DRIVERS:
        told = marks(engine)
        assert told.keys() <= entries().keys()
        assert all(len(reason) > len("notyet: ") for reason in told.values())


def test_no_query_of_the_default_engine_is_marked() -> None:
    assert not marks(DEFAULT)


@pytest.mark.xdist_group("conformance")
def test_what_is_asked_is_found_in_the_sources(taped: Taped) -> None:
    asked = [each for play in PLAYS for each in taped(play, DEFAULT)[0].asked]
    unplaced = {each.sql[:200] for each in asked if not each.sites}
    assert not unplaced, "call engines by the name engine: call_sites.py finds them so"


@pytest.mark.xdist_group("conformance")
def test_the_plays_ask_every_query(taped: Taped) -> None:
    reached = {site for play in PLAYS for site in taped(play, DEFAULT)[0].reached()}
    missed = entries().keys() - reached
    assert not missed, f"no play in workspaces.py asks {sorted(missed)}"
