"""Pages show the figures of the logs they are asked for; what cannot be shown is told."""

from __future__ import annotations

import re

import pytest
from tests.web.conftest import Served

from shroff.domain.messages import Language, say
from shroff.web.pages import PAGES
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")


def _part(served: Served, path: str) -> str:
    while (reply := served.ask(path)).status == 202:
        assert reply.json()["seconds"] >= 0
    assert reply.status == 200, reply.text
    return reply.text


ANSWERED = [page for page in PAGES if page.build is not None]


@pytest.mark.parametrize("page", ANSWERED, ids=lambda page: page.id)
@pytest.mark.parametrize("language", list(Language))
def test_every_page_answers_its_question(served: Served, page: object, language: Language) -> None:
    name = page.id  # type: ignore[attr-defined]
    frame = served.ask(f"/{'' if name == 'overview' else name}?lang={language}")
    assert frame.status == 200
    assert say(f"web.{name}.question", language) in frame.text
    inside = _part(served, f"/part/{name}?lang={language}")
    assert "<section" in inside
    assert "web." not in inside


def test_the_same_figures_as_the_scorecard(served: Served) -> None:
    told = served.ask("/api/v1/pages/quality?period=all").json()
    tables = [block for section in told["sections"] for block in section["blocks"]]
    cells = [
        row[1] for block in tables if block["kind"] == "table" for row in block["rows"]
        if len(row) > 1 and row[0] == "Approve leakage" and isinstance(row[1], dict)
    ]  # fmt: skip
    figure = Workspace.open(served.root).measure(by=[], period="all").figure("leakage")
    assert figure is not None
    assert cells
    for cell in cells:
        assert cell["value"] == pytest.approx(figure.estimate.value)
        assert (cell["low"], cell["high"]) == (figure.estimate.low, figure.estimate.high)
        assert cell["n"] == figure.estimate.n > 0


def test_a_filter_narrows_what_is_counted(served: Served) -> None:
    everything = served.ask("/api/v1/pages/health").json()
    some = served.ask("/api/v1/pages/health?by.market=US").json()

    def rows(told: dict[str, list[dict[str, list[dict[str, list[list[str]]]]]]]) -> int:
        tables = told["sections"][-1]["blocks"][0]["rows"]
        return int(next(row[1] for row in tables if row[0] == "ads").replace(",", ""))

    ads = Workspace.open(served.root).sql("SELECT COUNT(*) AS n FROM ads WHERE market = 'US'")
    assert rows(some) == ads.column("n")[0].as_py() < rows(everything)
    assert "market" in some["columns"]
    said = say("web.habits.whole_logs", Language.EN)
    assert said in str(some)
    assert said not in str(everything)


def test_charts_bring_their_numbers_and_load_nothing(served: Served) -> None:
    inside = _part(served, "/part/leakage")
    name = re.findall(r'data-chart="([^"]+)"', inside)[0]
    program = served.ask(f"/api/v1/pages/leakage/charts/{name}?width=500").json()
    assert program["width"]
    assert not any("url" in data for data in program["data"])
    assert served.ask("/api/v1/pages/leakage/charts/nothing").status == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/api/v1/pages/nothing", 404),
        ("/api/v1/pages/quality?period=never", 422),
        ("/api/v1/pages/quality?by.nothing=x", 422),
        ("/api/v1/pages/quality?by.market=nowhere", 422),
        ("/part/quality?period=never", 422),
        ("/quality?period=" + "x" * 300, 422),
    ],
)
def test_what_cannot_be_shown_is_told(served: Served, path: str, status: int) -> None:
    reply = served.ask(path)
    assert reply.status == status
    assert "Traceback" not in reply.text
    if status == 422:
        assert reply.json()["error"]["cause"]


def test_the_language_is_remembered(served: Served) -> None:
    cookie = served.ask("/metrics?lang=zh").headers["set-cookie"]
    assert "shroff_lang=zh" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    again = served.ask("/metrics", Cookie="shroff_lang=zh")
    assert '<html lang="zh-CN">' in again.text
