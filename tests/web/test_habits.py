"""Filters, comparisons, files, saved views, notes and taking back, as every page offers them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.web.conftest import Served
from tests.web.loopback import Loopback, loopback

from shroff.measure.briefing import brief_of
from shroff.measure.changes import changes
from shroff.measure.scorecard import scorecard
from shroff.store.narrowing import narrow
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def own(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """A dashboard over a copy of the demo, in which things may be kept."""
    root = tmp_path_factory.mktemp("own") / "demo"
    shutil.copytree(served.root, root, ignore=shutil.ignore_patterns("logs", "tmp"))
    with loopback(Workspace.open(root)) as found:
        yield found


def _rows(told: dict[str, list[dict[str, object]]], section: str) -> list[list[object]]:
    found = next(each for each in told["sections"] if each["id"] == section)
    blocks = [block for block in found["blocks"] if block["kind"] == "table"]  # type: ignore[index,attr-defined]
    return list(blocks[0]["rows"])


def test_choices_name_what_the_logs_hold(served: Served) -> None:
    columns = {each["name"]: each for each in served.ask("/api/v1/choices").json()}
    assert list(columns)[:4] == ["policy", "market", "language", "action"]
    here = Workspace.open(served.root)
    ads = here.sql("SELECT market, COUNT(*) AS n FROM ads GROUP BY market").to_pylist()
    told = {each["value"]: each["ads"] for each in columns["market"]["values"]}
    assert told == {row["market"] or "": row["n"] for row in ads}
    assert columns["creative_hash"]["values"] == []
    one = served.ask("/api/v1/choices/creative_hash").json()
    assert one["values"]
    assert served.ask("/api/v1/choices/action?lang=zh").json()["label"] == "机审动作"


def test_a_column_that_logs_lack_is_told(served: Served) -> None:
    reply = served.ask("/api/v1/choices/nothing")
    assert reply.status == 422
    assert "'nothing'" in reply.json()["error"]["cause"]


def test_a_figure_is_compared_with_other_ads(served: Served) -> None:
    told = served.ask("/api/v1/pages/overview?period=all&by.market=US&vs.market=CN").json()
    here = Workspace.open(served.root)
    cards = []
    for market in ("CN", "US"):
        with here.engine() as engine:
            brief = brief_of(here.settings, engine, by=[], period="all")
            narrow(engine, {"market": [market]})
            cards.append(scorecard(engine, brief))
    wanted = {each.metric: each.difference for each in changes(*cards)}
    rows = {row[0]: row for row in _rows(told, "change")}
    leak = rows["Approve leakage"][3]
    assert leak["value"] == pytest.approx(wanted["leakage"].value)  # type: ignore[index]
    assert leak["low"] == pytest.approx(wanted["leakage"].low)  # type: ignore[index]
    assert "market=CN" in json.dumps(told["sections"])


def test_ads_that_are_in_both_cannot_be_compared(served: Served) -> None:
    reply = served.ask("/api/v1/pages/overview?by.market=US&vs.language=en")
    assert reply.status == 422
    assert "are in both" in reply.json()["error"]["cause"]


def test_a_policy_in_scope_gives_the_figures_of_its_slice(served: Served) -> None:
    here = Workspace.open(served.root)
    card = here.measure(by=["policy"], period="all")
    block = card.block("leakage", "policy")
    assert block is not None
    figure = max(block, key=lambda each: each.estimate.numerator or 0)
    policy = figure.slice.terms[0][1]
    told = served.ask(f"/api/v1/pages/quality?period=all&by.policy={policy}").json()
    rows = {row[0]: row for row in _rows(told, "scorecard")}
    assert rows["Approve leakage"][1]["value"] == pytest.approx(figure.estimate.value)  # type: ignore[index]
    worse = [each for each in told["sections"] if each["id"] == "worse-slices"]
    assert all("does not follow the filter" in json.dumps(each) for each in worse)


def test_what_is_typed_becomes_an_address(served: Served) -> None:
    reply = served.ask(
        "/metrics?period=calendar&from=2026-06-01&to=2026-06-07&add=market%3DUS&vs_add=market%3DCN&q=x"
    )
    assert reply.status == 303
    place = urlsplit(reply.headers["location"])
    assert place.path == "/metrics"
    assert set(parse_qsl(place.query)) == {
        ("period", "2026-06-01..2026-06-07"), ("by.market", "US"), ("vs.market", "CN"),
        ("q", "x"), ("lang", "en"),
    }  # fmt: skip


def test_every_table_comes_as_csv_with_numbers(served: Served) -> None:
    told = served.ask("/api/v1/pages/quality").json()
    reply = served.ask("/api/v1/pages/quality/tables/scorecard-1.csv")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in reply.headers["content-disposition"]
    assert reply.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(reply.text.removeprefix("\ufeff"))))
    leak = next(row for row in rows if row[0] == "Approve leakage")
    shown = next(row for row in _rows(told, "scorecard") if row[0] == "Approve leakage")[1]
    assert float(leak[1]) == pytest.approx(shown["value"])  # type: ignore[index]
    assert float(leak[2]) == pytest.approx(shown["low"])  # type: ignore[index]
    assert served.ask("/api/v1/pages/quality/tables/nothing-9.csv").status == 404
    while (inside := served.ask("/part/quality")).status == 202:
        pass
    assert "/tables/scorecard-1.csv?" in inside.text
    assert "/tables/weeks-leakage.csv?" in inside.text
    assert served.ask("/api/v1/pages/quality/tables/weeks-leakage.csv").status == 200


def test_figures_tell_what_they_rest_on(served: Served) -> None:
    while (inside := served.ask("/part/quality")).status == 202:
        pass
    tips = inside.text.split('data-tip="')[1:]
    assert tips
    assert any("n = " in tip and "95% interval" in tip and "how:" in tip for tip in tips)


def test_views_are_kept_replaced_and_dropped(own: Loopback) -> None:
    asked = {"name": "美国", "page": "quality", "query": "by.market=US&lang=zh&q=a%20b&vs=year"}
    kept = own.post("/api/v1/views", asked)
    assert kept.status == 201, kept.data
    view = kept.json()
    assert set(parse_qsl(view["query"])) == {("by.market", "US"), ("q", "a b"), ("vs", "year")}
    assert own.get("/api/v1/views").json() == [view]
    again = own.post("/api/v1/views", {**asked, "page": "leakage"}).json()
    assert own.get("/api/v1/views").json() == [again]
    drop = own.pool.request("DELETE", f"{own.address}/api/v1/views/{again['id']}")
    assert drop.status == 204
    assert own.get("/api/v1/views").json() == []
    gone = own.pool.request("DELETE", f"{own.address}/api/v1/views/{again['id']}")
    assert gone.status == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"name": " ", "page": "quality"},
        {"name": "x" * 81, "page": "quality"},
        {"name": "x", "page": "quality", "query": "by.market=" + "x" * 300},
        {"name": "x"},
    ],
)
def test_views_that_cannot_be_kept_are_told(own: Loopback, asked: dict[str, str]) -> None:
    assert own.post("/api/v1/views", asked).status == 422


def test_notes_are_drawn_on_charts_of_time(own: Loopback) -> None:
    before = own.get("/api/v1/pages/quality/charts/weeks-leakage").data
    day = "2026-06-10"
    note = own.post("/api/v1/notes", {"day": day, "text": "<b>大促</b> began"})
    assert note.status == 201, note.data
    assert note.json()["mine"]
    drawn = own.get("/api/v1/pages/quality/charts/weeks-leakage").data
    assert drawn != before
    assert day in drawn.decode()
    while (inside := own.get("/part/quality")).status == 202:
        pass
    assert "&lt;b&gt;大促&lt;/b&gt; began" in inside.data.decode()
    assert len(own.get("/api/v1/notes").json()) == 1
    gone = own.pool.request("DELETE", f"{own.address}/api/v1/notes/{note.json()['id']}")
    assert gone.status == 204
    assert own.get("/api/v1/pages/quality/charts/weeks-leakage").data == before


def test_a_question_is_taken_back(own: Loopback) -> None:
    address = "quality?by.market=US&by.language=en"
    first = own.get(f"/part/{address}&reader=one")
    assert first.status in {200, 202}
    if first.status == 202:
        told = own.pool.request("DELETE", f"{own.address}/api/v1/pages/{address}&reader=one")
        assert told.status == 200
    assert own.get(f"/api/v1/pages/{address}").status == 200


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nothing", 404, "没有这个页面"),
        ("/quality?period=" + "x" * 300, 422, "address is too long"),
    ],
)
def test_readers_of_pages_get_pages(served: Served, path: str, status: int, said: str) -> None:
    reply = served.ask(path, Accept="text/html", Cookie="shroff_lang=zh")
    assert reply.status == status
    assert reply.headers["content-type"].startswith("text/html")
    assert said in reply.text
    assert '<html lang="zh-CN">' in reply.text


def test_nothing_of_a_strangers_is_run_in_a_fault(served: Served) -> None:
    path = "/<script>alert(1)</script>"
    reply = served.ask(path.replace("<", "%3C").replace(">", "%3E"), Accept="text/html")
    assert reply.status == 404
    assert "<script>alert" not in reply.text


def test_programs_get_faults_as_data(served: Served) -> None:
    for path in ("/api/v1/pages/nothing", "/part/nothing"):
        reply = served.ask(path, Accept="text/html,*/*")
        assert reply.status == 404
        assert reply.json()["error"]["cause"]


def test_the_folder_is_left_as_it_was(served: Served) -> None:
    assert not (Path(served.root) / "views.sqlite").exists()
