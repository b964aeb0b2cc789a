"""From changes of series to incidents: told once, kept, not opened again, sent to named hosts only."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from shroff.domain.messages import Language
from shroff.domain.slices import Slice
from shroff.errors import ConfigError, EngineError
from shroff.store.catalog import Catalog
from shroff.store.catalog_incidents import Incident
from shroff.store.settings_watch import WatchSettings
from shroff.watch.change_candidates import Candidate
from shroff.watch.holidays import Holiday
from shroff.watch.incident_desk import incident_of, keep
from shroff.watch.incident_grouping import Event, grouped, is_over_a_holiday, same_event
from shroff.watch.incident_sending import post, write_mail
from shroff.watch.logged_changes import LoggedChange
from shroff.watch.watched_metrics import WATCHED

DAY = date(2026, 5, 20)


def change(metric: str, z: float, day: int = 0, **where: str) -> Candidate:
    onset = DAY + timedelta(days=day)
    return Candidate(
        metric=metric,
        slice=Slice(tuple(where.items())),
        kind="level_shift",
        onset=onset,
        onset_low=onset,
        onset_high=onset,
        last=None,
        ratio=1.5,
        ratio_low=1.2,
        ratio_high=1.9,
        observed=150.0,
        expected=100.0,
        z=z,
        p=1e-6,
        by="scan",
        against="rest",
    )


def test_slices_and_metrics_of_one_event_are_told_once() -> None:
    found = grouped(
        [
            change("acted_rate", 8.0, policy="C1", language="en"),
            change("reject_rate", 6.0, day=1, policy="C1", language="en"),
            change("acted_rate", 5.0, day=2, policy="C1"),
            change("acted_rate", 5.0, market="US"),
        ]
    )
    assert len(found) == 1
    assert dict(found[0].head.slice.terms) == {"policy": "C1", "language": "en"}
    assert len(found[0].members) == 4


def test_what_one_slice_gains_the_others_it_is_held_against_lose() -> None:
    risen, fallen = (
        change("reject_rate", 8.0, language="en"),
        change("reject_rate", -7.0, language="zh"),
    )
    assert len(grouped([risen, fallen])) == 1
    assert len(grouped([risen, replace(fallen, against="before")])) == 2
    assert len(grouped([risen, replace(fallen, metric="leakage")])) == 2
    policies = [
        change("acted_rate", z, policy=p, market="US") for z, p in ((8.0, "A1"), (-7.0, "B2"))
    ]
    assert len(grouped(policies)) == 2


def test_the_widest_slice_that_tells_it_as_clearly_is_named_first() -> None:
    found = grouped(
        [
            change("acted_rate", 8.0, market="US", language="en"),
            change("acted_rate", 7.5, market="US"),
        ]
    )
    assert dict(found[0].head.slice.terms) == {"market": "US"}


def test_the_part_that_moved_is_named_where_the_rest_did_not() -> None:
    whole = replace(change("acted_rate", 8.0, policy="C1"), observed=400.0, expected=300.0)
    zh, en = (
        replace(
            change("acted_rate", z, policy="C1", language=language),
            observed=seen, expected=usual, ratio=seen / usual,
        )
        for language, z, seen, usual in (("zh", 7.9, 200.0, 100.0), ("en", 5.0, 160.0, 120.0))
    )  # fmt: skip
    assert grouped([whole, zh])[0].head is zh  # the rest: 200 of 200
    assert grouped([whole, en])[0].head is whole  # the rest: 240 of 180


def test_what_a_detector_hits_is_named_last() -> None:
    rule = change("hit_rate", 8.0, detector="C1-zh")
    slice_ = change("acted_rate", 7.5, policy="C1", language="zh")
    assert grouped([rule, slice_])[0].head is slice_


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (change("acted_rate", 8, market="US"), change("acted_rate", 8, market="GB"), False),
        (change("acted_rate", 8, market="US"), change("acted_rate", 8, day=9, market="US"), False),
        (change("traffic_share", 9, market="PH"), change("traffic_share", -5, market="US"), True),
        (change("traffic_share", 9, market="PH"), change("traffic_share", 5, market="US"), False),
        (change("ads_decided", 9, market="PH"), change("queue_inflow", 5, market="PH"), True),
        (
            change("first_review_contradicted_rate", 5, reviewer_group="summit"),
            change("acted_rate", 5, market="US"),
            False,
        ),
    ],
)
def test_what_belongs_together(one: Candidate, other: Candidate, *, same: bool) -> None:
    assert same_event(one, other) is same
    assert same_event(other, one) is same


def test_a_change_that_comes_and_goes_with_a_holiday_is_none() -> None:
    feast = Holiday(
        id="feast", name_en="Feast", name_zh="节", first=DAY, last=DAY + timedelta(days=4),
        markets=frozenset({"CN"}),
    )  # fmt: skip
    passing = replace(change("ads_decided", 9, market="CN"), last=DAY + timedelta(days=3))
    late = DAY + timedelta(days=30)
    assert is_over_a_holiday(passing, [feast], until=late)
    assert not is_over_a_holiday(replace(passing, last=None), [feast], until=late)
    elsewhere = replace(passing, slice=Slice((("market", "US"),)))
    assert not is_over_a_holiday(elsewhere, [feast], until=late)


def event(*members: Candidate) -> Event:
    return Event(head=members[0], members=members)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite")


def found_by(catalog: Catalog, *events: Event) -> list[tuple[str, bool, str]]:
    told = keep(catalog, [incident_of(each, []) for each in events])
    return [(each.incident.id, each.new, each.incident.state) for each in told]


def test_a_second_look_knows_an_incident_though_its_onset_moved(catalog: Catalog) -> None:
    us = change("acted_rate", 8, market="US")
    ((name, new, _),) = found_by(catalog, event(us))
    assert new
    catalog.incidents.move(name, state="closed", who="ann", why="ours")
    later = change("acted_rate", 9, day=2, market="US")
    assert found_by(catalog, event(later)) == [(name, False, "closed")]
    assert len(catalog.incidents.incidents()) == 1


def test_another_event_is_another_incident(catalog: Catalog) -> None:
    found_by(catalog, event(change("acted_rate", 8, market="US")))
    ((_, new, _),) = found_by(catalog, event(change("acted_rate", 8, day=30, market="US")))
    assert new
    ((_, new, _),) = found_by(catalog, event(change("acted_rate", -8, market="US")))
    assert new


def test_an_incident_that_is_over_is_resolved(catalog: Catalog) -> None:
    us = change("acted_rate", 8, market="US")
    ((name, _, _),) = found_by(catalog, event(us))
    over = replace(us, last=DAY + timedelta(days=9))
    assert found_by(catalog, event(over)) == [(name, False, "resolved")]
    assert [step.state for step in catalog.incidents.steps(name)] == ["open", "resolved"]


def test_incidents_are_findings_too(catalog: Catalog) -> None:
    ((name, _, _),) = found_by(catalog, event(change("acted_rate", 8, market="US")))
    (kept,) = catalog.findings.findings("change")
    assert (kept.id, kept.subject) == (name, "acted_rate @ market=US")


def test_the_log_names_what_happened_near_the_onset() -> None:
    logged = [
        LoggedChange(id="a", day=DAY - timedelta(days=2), kind="model", what="v2"),
        LoggedChange(id="b", day=DAY - timedelta(days=20), kind="rule", what="old"),
    ]
    told = incident_of(event(change("acted_rate", 8)), logged)
    assert [each["id"] for each in told.detail["suspects"]] == ["a"]


class Hook(BaseHTTPRequestHandler):
    answers: ClassVar[list[int]] = []
    bodies: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        Hook.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(Hook.answers.pop(0) if Hook.answers else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[WatchSettings]:
    Hook.answers, Hook.bodies = [], []
    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield WatchSettings(
        webhook=f"http://127.0.0.1:{server.server_port}/in?x=1", hosts=("127.0.0.1",)
    )
    server.shutdown()
    thread.join()
    server.server_close()


def sent(settings: WatchSettings, waits: list[float]) -> str:
    one: Incident = incident_of(event(change("acted_rate", 8, market="US")), [])
    return post(settings, [one], metrics=WATCHED, workspace="demo", pause=waits.append)


def test_new_incidents_are_posted_as_json(hook: WatchSettings) -> None:
    assert sent(hook, []) == "127.0.0.1"
    (body,) = Hook.bodies
    told = json.loads(body)
    assert told["workspace"] == "demo"
    assert told["incidents"][0]["sentence"]["en"].startswith("Acted-on rate rose where market=US")


def test_a_host_in_trouble_is_tried_again_and_then_given_up(hook: WatchSettings) -> None:
    waits: list[float] = []
    Hook.answers = [503, 200]
    sent(hook, waits)
    assert waits == [1.0]
    Hook.answers = [500, 500, 500]
    with pytest.raises(EngineError, match="answer 500"):
        sent(hook, [])


def test_a_refusal_is_not_tried_again(hook: WatchSettings) -> None:
    Hook.answers = [403]
    with pytest.raises(EngineError, match="answer 403"):
        sent(hook, [])
    assert len(Hook.bodies) == 1


def test_nothing_is_sent_where_no_host_is_named() -> None:
    with pytest.raises(ConfigError, match="no webhook is set"):
        sent(WatchSettings(), [])
    unnamed = WatchSettings.model_construct(
        webhook="https://example.org/x", hosts=(), attempts=1, timeout_seconds=1
    )
    with pytest.raises(ConfigError, match="not among the hosts"):
        sent(unnamed, [])


def test_a_host_that_does_not_answer_is_told() -> None:
    closed = WatchSettings(webhook="http://127.0.0.1:9/x", hosts=("127.0.0.1",), attempts=1)
    with pytest.raises(EngineError, match="did not take it"):
        sent(closed, [])


@pytest.mark.parametrize("language", list(Language))
def test_an_e_mail_is_written_to_a_file(tmp_path: Path, language: Language) -> None:
    logged = [LoggedChange(id="a", day=DAY, kind="model", what="v2")]
    one = incident_of(event(change("acted_rate", 8, market="US")), logged)
    settings = WatchSettings(email_to=("a@example.org",), email_from="b@example.org")
    file = write_mail(
        tmp_path / "out" / "new.eml",
        [one],
        settings=settings,
        metrics=WATCHED,
        workspace="demo",
        language=language,
    )
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert mail["To"] == "a@example.org"
    assert "1" in mail["Subject"]
    body = mail.get_content()  # type: ignore[attr-defined]
    assert one.id in body
    assert "1.50" in body
    assert "v2" in body
