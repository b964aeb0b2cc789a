from __future__ import annotations

from pathlib import Path

import pytest

from shroff.errors import ConfigError
from shroff.store.catalog import Catalog
from shroff.store.catalog_findings import Finding, finding_id
from shroff.store.catalog_incidents import Incident


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite")


def finding(subject: str, **detail: object) -> Finding:
    return Finding(
        id=finding_id("new_term", subject), kind="new_term", subject=subject, detail=detail
    )


def test_a_finding_is_named_by_what_it_is_about() -> None:
    assert finding_id("new_term", "加微") == finding_id("new_term", "加微")
    others = {finding_id("drift", "加微"), finding_id("new_term", "加微", onset="2026-01-01")}
    assert len(others | {finding_id("new_term", "加微")}) == 3


def test_a_finding_found_again_is_renewed_and_not_doubled(catalog: Catalog) -> None:
    assert len(catalog.findings.keep([finding("加微", ads=3)])) == 1
    first = catalog.findings.finding(finding_id("new_term", "加微"))
    assert catalog.findings.keep([finding("加微", ads=5), finding("加v", ads=1)]) == (
        finding("加v", ads=1),
    )
    again = catalog.findings.finding(first.id)
    assert (again.detail, again.at) == ({"ads": 5}, first.at)
    assert [one.subject for one in catalog.findings.findings("new_term")] == ["加微", "加v"]
    assert catalog.findings.findings("drift") == ()


def test_a_finding_that_is_not_there_is_told(catalog: Catalog) -> None:
    with pytest.raises(ConfigError, match="there is no finding 'x'"):
        catalog.findings.finding("x")


def test_findings_that_name_the_forgotten_are_removed(catalog: Catalog) -> None:
    catalog.findings.keep([finding("adv1"), finding("b", who=["adv1"]), finding("c", n="adv11")])
    assert catalog.findings.forget(["adv1"]) == 2
    assert [one.subject for one in catalog.findings.findings()] == ["c"]


def incident(name: str, onset: str = "2026-03-01", **detail: object) -> Incident:
    return Incident(id=name, kind="level", subject="reject_share", onset=onset, detail=detail)


def test_a_second_run_does_not_reopen_what_was_closed(catalog: Catalog) -> None:
    assert catalog.incidents.open(incident("a1", size=2))
    catalog.incidents.move("a1", state="closed", who="ann", why="a campaign of ours")
    assert not catalog.incidents.open(incident("a1", size=3))
    (one,) = catalog.incidents.incidents()
    assert (one.state, one.who, one.why) == ("closed", "ann", "a campaign of ours")
    assert one.detail == {"size": 3}
    assert [step.state for step in catalog.incidents.steps("a1")] == ["open", "closed"]


def test_incidents_are_listed_by_state_and_found_by_a_beginning(catalog: Catalog) -> None:
    catalog.incidents.open(incident("a1"))
    catalog.incidents.open(incident("a2", onset="2026-03-05"))
    catalog.incidents.move("a1", state="acknowledged", who="ann", why="")
    assert [one.id for one in catalog.incidents.incidents()] == ["a2", "a1"]
    assert [one.id for one in catalog.incidents.incidents("open")] == ["a2"]
    assert catalog.incidents.incident("a2").onset == "2026-03-05"


@pytest.mark.parametrize("name", ["", "a", "b"])
def test_an_incident_must_be_named_well(catalog: Catalog, name: str) -> None:
    catalog.incidents.open(incident("a1"))
    catalog.incidents.open(incident("a2"))
    with pytest.raises(ConfigError, match="there is no one incident"):
        catalog.incidents.incident(name)
    with pytest.raises(ConfigError, match="there is no one incident"):
        catalog.incidents.move(name, state="closed", who="", why="")
