"""Guards take back a rule's mistakes, and terms that only err are named."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import ConfigError, DesignError
from shroff.rules.clauses import AnyOf, Term
from shroff.rules.mine_ads import LabelledAds
from shroff.rules.mine_guards import Guards, guards, rule_named
from shroff.rules.mine_proposals import Wanted
from shroff.rules.rule import Rule

RULE = Rule(id="WL-1", match=AnyOf((Term("slimming"), Term("detox"), Term("hovercraft"))))


def gym() -> LabelledAds:
    rng = np.random.default_rng(5)
    words = ["".join(rng.choice(list("abdeghiklmnoprstu"), 6)) for _ in range(400)]

    def text(phrase: str) -> str:
        return f"{' '.join(rng.choice(words, 5))} {phrase} {' '.join(rng.choice(words, 5))}"

    texts = [text("slimming pills") for _ in range(200)]
    texts += [text("slimming class at the gym") for _ in range(120)]
    texts += [text("detox") for _ in range(60)]
    truth = [True] * 200 + [False] * 120 + [False] * 60
    return LabelledAds.simple(texts, np.array(truth), group=np.arange(380) % 127)


@pytest.fixture(scope="module")
def found() -> Guards:
    return guards(gym(), RULE, Wanted(precision=0.9))


def test_a_phrase_that_holds_the_term_is_allowed_and_spares_mistakes(found: Guards) -> None:
    assert any(
        "slimming class" in each.text and each.how == "allow" for each in found.guards
    ) or any("gym" in each.text or "class" in each.text for each in found.guards)
    assert sum(each.spared for each in found.guards) > 0
    assert all(each.lost == 0 for each in found.guards)


def test_precision_rises_on_ads_that_guards_were_not_found_on(found: Guards) -> None:
    assert found.before.value is not None
    assert found.after.value is not None
    assert found.after.value > found.before.value + 0.1
    assert found.kept > 0.95


def test_terms_that_err_or_never_fire_are_to_be_retired(found: Guards) -> None:
    assert {(each.text, each.reason) for each in found.retired} == {
        ("slimming", "imprecise"),
        ("detox", "imprecise"),
        ("hovercraft", "silent"),
    }


def test_a_rule_that_catches_nothing_has_no_guards() -> None:
    with pytest.raises(DesignError, match="catches no labelled ad"):
        guards(gym(), Rule(id="X", match=Term("hovercraft")), Wanted())


def test_a_rule_must_be_there() -> None:
    with pytest.raises(ConfigError, match="no rule 'Y'"):
        rule_named([RULE], "Y")
