"""With one policy in scope, every figure is the one that a slicing by policy gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from shroff.errors import ConfigError
from shroff.measure.brief import Brief, Design
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
DESIGNS = (Design(id="audit"),)


@pytest.fixture(scope="module")
def two_policies(tell: Callable[[], Story]) -> DuckDBEngine:
    story = tell()
    for number in range(240):
        name = f"a{number:03d}"
        action = ("approve", "approve", "reject", "review")[number % 4]
        cited = "drugs" if number % 3 else "weapons"
        story.ad(name, market="US" if number % 2 else "JP")
        story.decided(name, action, policy_id=None if action == "approve" else cited)
        if number % 2 == 0 or action == "approve":
            bad = number % 5 == 0
            story.reviewed(
                name,
                "violating" if bad else "compliant",
                policies=["drugs" if number % 10 else "weapons"] if bad else None,
                design_id="audit",
                sampling_prob=0.5,
            )
    return story.opened()


def _told(card: Scorecard, *, policy: str = "") -> dict[tuple[object, ...], object]:
    """List the figures of a policy, without naming it; all where none is named."""
    found: dict[tuple[object, ...], object] = {}
    for figure in card:
        terms = dict(figure.slice.terms)
        if policy and terms.pop("policy", None) != policy:
            continue
        found[figure.metric, tuple(sorted(terms.items()))] = figure.estimate
    return found


def test_figures_are_those_of_the_slice(two_policies: DuckDBEngine, ask_may: Ask) -> None:
    cut = ask_may(by=(("policy",), ("market", "policy")), designs=DESIGNS)
    scoped = ask_may(by=((), ("market",)), designs=DESIGNS, policy="drugs")
    wanted = _told(scorecard(two_policies, cut), policy="drugs")
    found = _told(scorecard(two_policies, scoped))
    assert found == wanted
    assert {name for name, _ in found} > {"leakage", "reject_precision", "recall_any"}
    assert {terms for _, terms in found} == {(), (("market", "JP"),), (("market", "US"),)}


def test_what_is_asked_stays_what_was_asked(two_policies: DuckDBEngine, ask_may: Ask) -> None:
    asked = ask_may(designs=DESIGNS, policy="weapons")
    assert scorecard(two_policies, asked).brief is asked


def test_a_policy_that_no_log_names_is_refused(two_policies: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(ConfigError, match="names a policy 'drgs'") as refused:
        scorecard(two_policies, ask_may(designs=DESIGNS, policy="drgs"))
    assert "did you mean 'drugs'?" in refused.value.hint
