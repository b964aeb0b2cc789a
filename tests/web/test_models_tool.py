"""Versions are compared, and models switched off and on, from the page."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.conftest import Served
from tests.web.worktable import Worktable, scene, table, worktable

__all__ = ["scene", "table"]

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def demo(served: Served) -> Any:
    """The shared demo, asked in JSON."""
    with worktable(served.root) as found:
        yield found


def test_two_versions_are_compared_as_the_command_does_with_curves_of_both(demo: Any) -> None:
    listed = {(each["name"], each["version"]) for each in demo.get("models/registry")["models"]}
    assert {("ads_risk", "v1"), ("ads_risk", "v2")} <= listed
    body = {"model": "ads_risk", "champion": "v2", "challenger": "v1", "by": ["market"], "at": 0.5}
    job = demo.done("models/compare", body)
    result = job["result"]
    from shroff.measure.model_work import Asked

    asked = Asked(model="ads_risk", champion="v2", challenger="v1", at=0.5)
    found = demo.workspace.analyses.compare_models(asked, by=["market"]).record()
    assert {key: result[key] for key in found if key != "snapshot"} == {
        key: value for key, value in found.items() if key != "snapshot"
    }
    page = demo.pool.request("GET", f"{demo.address}/part/jobs/{job['id']}").data.decode()
    for section in ('id="pair"', 'id="pair-curves"', 'id="pair-calibration"'):
        assert section in page
    chart = demo.get(f"jobs/{job['id']}/charts/pair-pr?width=620")
    assert chart["marks"]
    assert demo.ask(f"jobs/{job['id']}/charts/none")[0] == 404


def test_a_version_that_there_is_not_is_told(demo: Any) -> None:
    _, job = demo.ask("models/compare", {"model": "ads_risk", "champion": "v9"})
    while job["state"] in {"waiting", "working"}:
        job = demo.get(f"jobs/{job['id']}")
    assert job["state"] == "failed"
    assert "v9" in job["error"]["cause"]


def test_a_model_is_switched_off_with_a_reason_and_on_again(table: Worktable) -> None:
    assert table.ask("models/kill", {"name": "judge", "reason": ""})[0] == 422
    turned = table.get("models/kill", {"name": "judge", "reason": "refuses ads"})
    assert turned["off"]
    off = table.get("models/registry")["off"]
    assert [(each["name"], each["why"]) for each in off] == [("judge", "refuses ads")]
    table.get("models/revive", {"name": "judge", "reason": "fixed"})
    assert table.get("models/registry")["off"] == []
