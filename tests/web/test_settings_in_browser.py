"""People sign in, manage and approve in a real browser, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.web.team_scene import PASSWORD, Scene, team, team_at

from shroff.store.accounts import Accounts
from shroff.store.catalog_approvals import ApprovalRequest
from shroff.store.people_file import PeopleFile
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")
_PATIENCE = 60_000


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    workspace = Workspace.create(tmp_path_factory.mktemp("browsed") / "w")
    team_at(workspace.root)
    with team(workspace.root) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    found = context.new_page()
    found.set_default_timeout(_PATIENCE)
    expect.set_options(timeout=_PATIENCE)
    faults: list[str] = []
    found.on("pageerror", lambda fault: faults.append(str(fault)))
    yield found
    context.close()
    assert faults == []


def _sign_in(page: Page, scene: Scene, name: str, language: str) -> None:
    page.goto(f"{scene.at.address}/settings?lang={language}")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#tool-settings h2#tokens")


def test_an_admin_changes_a_role_and_settings(page: Page, scene: Scene) -> None:
    _sign_in(page, scene, "ann", "en")
    page.get_by_label("Role: eve").select_option("analyst")
    expect(page.get_by_text("The role is changed")).to_be_visible()
    assert str(Accounts(PeopleFile(scene.root)).account("eve").role) == "analyst"
    page.locator("summary", has_text="Edit shroff.toml").click()
    text = page.get_by_label("shroff.toml")
    said = text.input_value()
    text.fill(said + "\n[web]\nsession_hours = 1\n")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("changed in the file itself")
    assert "# window_days = 30\n" in said
    text.fill(said.replace("# window_days = 30\n", "window_days = 7\n"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved; it holds")).to_be_visible()
    assert Workspace.open(scene.root).settings.appeals.window_days == 7


def test_a_viewer_sees_themselves_only(page: Page, scene: Scene) -> None:
    _sign_in(page, scene, "dan", "zh")
    expect(page.locator("#you")).to_have_text("本人")
    for name in ("people", "file", "audit"):
        expect(page.locator(f"#{name}")).to_have_count(0)
    page.get_by_role("button", name="在所有位置退出登录").click()
    page.wait_for_url("**/sign-in")
    scene.members["dan"].sign_in("dan")


def test_who_asked_cannot_approve_and_another_refuses(page: Page, scene: Scene) -> None:
    catalog = Workspace.open(scene.root).catalog
    asked = catalog.approvals.ask(
        ApprovalRequest(kind="lines", subject="lines-1", who="bob", why="x")
    )
    _sign_in(page, scene, "bob", "en")
    expect(page.get_by_text("lines-1")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    reply = scene.members["bob"].write(f"/api/v1/approvals/{asked.id}", {"approve": True})
    assert reply.status == 422
    page.get_by_label("What you say of it").fill("not yet")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Refused.")).to_be_visible()
    assert catalog.approvals.find(asked.id).note == "not yet"
