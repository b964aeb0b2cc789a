"""Reports are ordered, scheduled once whoever runs them, sent in the forms that chats take."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from shroff.domain.messages import Language
from shroff.errors import ConfigError, EngineError
from shroff.report.audiences import Audience
from shroff.report.due_reports import due_at, next_at, require_cron
from shroff.report.ordering import FileKind, Order, require
from shroff.report.render_pdf import print_pdf, printing_browser
from shroff.store.catalog import Catalog
from shroff.store.catalog_reports import Schedule
from shroff.store.settings_reports import ReportSettings
from shroff.watch.webhook import Letter, body_of, post_letter

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
LETTER = Letter(
    title="Report <!here>", lines=("Leakage is 12.0% (8.3–16.6%). <at id=all></at>",),
    record={"period": "x"}, link="https://s.example/reports", link_text="Open",
)  # fmt: skip


def _schedule(cron: str, *, until: datetime, zone: str = "UTC") -> Schedule:
    return Schedule(id="a", cron=cron, zone=zone, until=until.isoformat())


def test_an_order_comes_back_from_its_record() -> None:
    order = Order(
        audience=Audience.SALES,
        kinds=(FileKind.PDF,),
        where={"market": ("BR", "ID")},
        publish=True,
    )
    assert Order.of(json.loads(json.dumps(order.record()))) == order


def test_what_was_missed_is_due_once_and_at_its_last_time() -> None:
    weekly = _schedule("0 8 * * 1", until=NOW - timedelta(days=30))
    assert due_at(weekly, now=NOW) == "2026-06-08T08:00:00+00:00"
    assert due_at(replace(weekly, until="2026-06-08T08:00:00+00:00"), now=NOW) == ""


def test_times_are_those_of_the_zone() -> None:
    daily = _schedule("0 8 * * *", until=NOW - timedelta(hours=20), zone="Asia/Shanghai")
    assert due_at(daily, now=NOW) == "2026-06-10T00:00:00+00:00"
    assert next_at(daily, now=NOW) == "2026-06-11T08:00+08:00"


@pytest.mark.parametrize("cron", ["", "x", "0 8 * *", "61 8 * * 1", "0 0 31 2 *"])
def test_times_that_never_come_are_refused(cron: str) -> None:
    with pytest.raises(ConfigError):
        require_cron(cron, "UTC")
    with pytest.raises(ConfigError, match="time zone"):
        require_cron("0 8 * * 1", "Nowhere/Land")


def test_only_one_process_takes_a_turn(tmp_path: Path) -> None:
    book = Catalog(tmp_path / "catalog.sqlite").writings
    book.add_schedule(_schedule("0 8 * * 1", until=NOW))
    (schedule,) = book.schedules()
    taken = book.claim(schedule, due=(NOW + timedelta(days=1)).isoformat())
    assert taken is not None
    assert Catalog(tmp_path / "catalog.sqlite").writings.claim(schedule, due="later") is None
    assert [turn.state for turn in book.turns()] == ["working"]
    book.end(taken, state="done", detail={"headline": "fine"})
    assert book.turns()[0].detail == {"headline": "fine"}
    book.remove_schedule("a")
    with pytest.raises(ConfigError, match="no schedule"):
        book.remove_schedule("a")


def test_slack_and_lark_take_what_is_said_for_plain_text() -> None:
    slack = json.loads(body_of(_settings("slack"), LETTER, now=1))
    assert "<!here>" not in slack["text"]
    assert {block["text"]["type"] for block in slack["blocks"] if "text" in block} == {
        "plain_text"
    }
    lark = json.loads(body_of(_settings("lark"), LETTER, now=1))
    assert lark["msg_type"] == "interactive"
    assert {each["text"]["tag"] for each in lark["card"]["elements"] if "text" in each} == {
        "plain_text"
    }
    assert json.loads(body_of(_settings("json"), LETTER, now=1)) == {"period": "x"}


def test_lark_checks_a_signature_made_of_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _settings("lark", secret_env="SHROFF_TEST_SECRET")  # noqa: S106 - a name
    with pytest.raises(ConfigError, match="is not set"):
        body_of(settings, LETTER, now=1700000000)
    monkeypatch.setenv("SHROFF_TEST_SECRET", "s3cret")
    told = json.loads(body_of(settings, LETTER, now=1700000000))
    wanted = hmac.new(b"1700000000\ns3cret", b"", hashlib.sha256).digest()
    assert told["timestamp"] == "1700000000"
    assert base64.b64decode(told["sign"]) == wanted


def _settings(form: str, **more: Any) -> ReportSettings:
    given = {"webhook": "https://hook.example/x", "hosts": ["hook.example"], "form": form}
    return ReportSettings.model_validate({**given, **more})


@pytest.fixture
def hook() -> Iterator[tuple[str, list[Any], list[tuple[int, bytes]]]]:
    got: list[Any] = []
    answers: list[tuple[int, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, body = answers.pop(0) if answers else (200, b'{"code": 0}')
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got, answers
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_refusal_of_lark_is_told_though_it_answers_200(hook: Any) -> None:
    address, got, answers = hook
    settings = ReportSettings(webhook=address, hosts=("127.0.0.1",), form="lark")
    assert post_letter(settings, LETTER, where="[reports]") == "127.0.0.1"
    answers.append((200, b'{"code": 19021, "msg": "sign match fail"}'))
    with pytest.raises(EngineError, match="sign match fail"):
        post_letter(settings, LETTER, where="[reports]")
    assert len(got) == 2


def test_it_is_tried_again_when_the_other_side_stumbles_and_no_redirect_is_followed(
    hook: Any,
) -> None:
    address, got, answers = hook
    settings = ReportSettings(webhook=address, hosts=("127.0.0.1",), form="slack")
    answers.extend([(503, b""), (429, b"")])
    waits: list[float] = []
    assert post_letter(settings, LETTER, where="[reports]", pause=waits.append) == "127.0.0.1"
    assert (len(got), waits) == (3, [1.0, 2.0])
    answers.extend([(302, b"")] * 3)
    with pytest.raises(EngineError, match="answer 302"):
        post_letter(settings, LETTER, where="[reports]", pause=waits.append)


def test_nothing_goes_to_a_host_that_is_not_named() -> None:
    with pytest.raises(ValueError, match="not among the hosts"):
        ReportSettings.model_validate(
            {"webhook": "https://other.example/", "hosts": ["a.example"]}
        )
    with pytest.raises(ValueError, match="https"):
        ReportSettings.model_validate({"webhook": "http://a.example/", "hosts": ["a.example"]})
    with pytest.raises(ConfigError, match="no webhook"):
        post_letter(ReportSettings(), LETTER, where="[reports]")


def test_a_kind_that_cannot_be_written_is_refused_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shroff.report.ordering.printing_browser", lambda: "")
    with pytest.raises(ConfigError, match="pdf cannot be written here"):
        require(Order(kinds=(FileKind.PDF,)))
    require(Order(kinds=(FileKind.HTML,)))
    with pytest.raises(ConfigError, match="a kind of file"):
        require(Order(languages=()))


def test_pdf_is_printed_by_a_browser_or_the_reason_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="did not print"):
        print_pdf("<p>x</p>", browser=str(tmp_path / "nothing"))
    if not printing_browser():
        pytest.skip("no browser on this machine")
    assert print_pdf("<!doctype html><p>漏放率 12.0%</p>").startswith(b"%PDF")


def test_languages_of_an_order_are_those_of_the_phrases() -> None:
    assert set(Order().languages) == set(Language)
