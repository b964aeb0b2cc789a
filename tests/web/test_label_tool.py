"""The page where people label, and the addresses behind it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.models.gold_scene import truth_of
from tests.web.browser import PATIENCE, Reader, needs_chromium
from tests.web.worktable import Worktable, scene, table

from shroff.models.golden_draw import DrawAsked
from shroff.store.catalog_verdicts import given

__all__ = ["scene", "table"]

pytestmark = pytest.mark.xdist_group("web")


def drawn(table: Worktable, *, ads: int = 16) -> list[str]:
    made = table.workspace.modeller.golden.draw(DrawAsked(name="may", ads=ads), period="all")
    return [batch.id for _, batch in made.batches]


def ad_of(table: Worktable, batch: str, place: int) -> str:
    rows = table.workspace.catalog.labels.batch(batch).rows
    return next(str(row.ad_id) for row in rows if row.place == place)


def label_all(table: Worktable, batch: str, name: str) -> int:
    ad: Any = table.get(f"label/{batch}/open", {"name": name})["ad"]
    many = 0
    while ad is not None:
        verdict = truth_of(ad_of(table, batch, ad["place"]))
        said = {"place": ad["place"], "verdict": verdict, "name": name, "seconds": 2}
        ad = table.get(f"label/{batch}/say", said)["ad"]
        many += 1
    return many


def test_two_people_label_a_golden_set_and_their_agreement_is_told_at_the_end(
    table: Worktable,
) -> None:
    first, second = drawn(table)
    many = label_all(table, first, "ana")
    early = table.get(f"label/{first}/agreement")
    assert (early["done"], early["figures"], early["disputed"]) == (False, {}, None)
    assert table.get(f"label/{second}/open", {"name": "ana"})["ad"] is None
    assert label_all(table, second, "ben") == many
    told = table.get(f"label/{first}/agreement")
    assert (told["done"], told["both"], told["disputed"]) == (True, many, 0)
    assert told["figures"]["agreement"]["value"] == 1
    assert told["figures"]["agreement"]["low"] < 1
    for batch in (first, second):
        assert table.done(f"label/{batch}/hand-in", {})["result"]["labelled"] == many
    assert len(table.workspace.catalog.golden.find("may").settled) == many
    tasks = {each["batch"]: each for each in table.get("label/tasks?name=cleo")}
    assert [tasks[batch]["left"] for batch in (first, second)] == [0, 0]
    assert not tasks[first]["unsent"]
    status, told = table.ask(f"label/{first}/adjudicate", {})
    assert status == 422
    assert "agree" in told["error"]["cause"]


def test_what_cannot_be_said_is_refused_with_the_cause(table: Worktable) -> None:
    first, _ = drawn(table)
    said = {"place": 1, "verdict": "compliant", "policies": ["A"]}
    status, told = table.ask(f"label/{first}/say", said)
    assert status == 422
    assert "no policy" in told["error"]["cause"]
    for wrong in ({"place": 1, "verdict": "maybe"}, {"place": 0, "verdict": "unclear"}, {}):
        assert table.ask(f"label/{first}/say", wrong)[0] == 422
    assert table.ask("label/batch-none/open", {})[0] == 422
    assert table.ask(f"label/{first}/undo", {})[0] == 409
    assert not given(table.workspace.catalog.verdicts.steps(first))


@needs_chromium
def test_an_ad_is_labelled_by_keyboard_alone_and_a_reload_loses_nothing(
    table: Worktable, browser: Browser
) -> None:
    first, _ = drawn(table)
    policy = table.get("label/policies")[0]["id"]
    context = browser.new_context()
    reader = Reader(context.new_page(), table.address)
    page = reader.page
    page.goto(f"{table.address}/label?batch={first}")
    expect(page.locator(".ad-text").first).to_be_visible(timeout=PATIENCE)
    title = page.locator(".ad-text").first.text_content()
    page.keyboard.press("n")
    page.keyboard.type("a note")
    page.reload()
    expect(page.locator(".ad-text").first).to_have_text(str(title), timeout=PATIENCE)
    expect(page.locator("textarea")).to_have_value("a note")
    page.keyboard.press("1")
    page.keyboard.type(policy)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".ad-text").first).not_to_have_text(str(title), timeout=PATIENCE)
    page.keyboard.press("2")
    count = page.locator(".tool-head .days")
    expect(count).not_to_be_empty()
    page.wait_for_function("() => document.querySelector('.tool-head .days').textContent[0] > '0'")
    page.keyboard.press("u")
    for _ in range(150):
        steps = table.workspace.catalog.verdicts.steps(first)
        if any(step.what == "undone" for step in steps):
            break
        page.wait_for_timeout(200)
    stand = list(given(steps).values())
    assert [(each.verdict, each.detail) for each in stand] == [
        ("violating", {"policies": [policy], "note": "a note"})
    ]
    assert [step.what for step in steps if step.what in {"given", "undone"}] == [
        "given",
        "given",
        "undone",
    ]
    assert stand[0].seconds > 0
    assert not reader.faults
    context.close()
