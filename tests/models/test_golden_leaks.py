"""Golden ads among the examples of a policy."""

from __future__ import annotations

from importlib.resources import files

from shroff.models.golden_leaks import golden_leaks, nearness
from shroff.models.policy_file import read_policy

STARTER = files("shroff.models").joinpath("starter_policy.md").read_text(encoding="utf-8")


def test_an_example_that_is_a_golden_ad_is_found_however_it_is_written() -> None:
    policy = read_policy(STARTER)
    told = {
        "ad7": {"title": "LOSE 10kg in two weeks — guaranteed!!"},
        "ad8": {"title": "Fresh bread", "body": "every morning at eight"},
    }
    (found,) = golden_leaks(policy, told)
    assert (found.code, str(found.level)) == ("P113", "error")
    assert found.params["ad"] == "ad7"
    assert "Lose 10 kg" in found.message.text()
    assert not golden_leaks(policy, {"ad8": told["ad8"]})


def test_nearly_the_same_is_the_same_and_another_ad_is_not() -> None:
    long = "Lose ten kilos in two weeks with our tea, no sport, no hunger, guaranteed"
    assert nearness(long, long.replace("tea,", "tea!!")) == 1.0
    assert nearness(long, long.replace("guaranteed", "guaranteed today")) > 0.8
    assert nearness(long, "Lose weight slowly, with sport and patience") < 0.3
    assert nearness("三天瘦十斤", "三天瘦十斤！") == 1.0
