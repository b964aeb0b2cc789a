"""Parts of the client, each alone: pace, pauses, prices, budget, key, masks, scores, votes."""

from __future__ import annotations

import json
import math
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models.asking_scene import PRICES, endpoint_of

from shroff.domain.judgements import JudgementOutcome, ScoreKind
from shroff.errors import ConfigError
from shroff.models.budget import Budget, read_budget
from shroff.models.chat_reply import Token, read_reply
from shroff.models.combining import combine
from shroff.models.contact_masks import SIGN, mask_ad, mask_contacts
from shroff.models.endpoint import find_endpoint
from shroff.models.label_chances import label_chances, violating_score
from shroff.models.pace import Backoff, Bucket, Cancelled, Pace
from shroff.models.prices import Cost, Usage, read_prices
from shroff.models.sample import Sample
from shroff.models.secret import Secret, read_secret
from shroff.models.trouble import Trouble, pause_told
from shroff.store.settings import parse_settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_requests_a_minute_are_kept_after_a_short_burst() -> None:
    clock = Clock()
    pace = Pace(requests=Bucket(60, clock), clock=clock, sleep=clock.sleep)
    at = []
    for _ in range(65):
        pace.take(10)
        at.append(clock.now)
    assert at[4] == 0.0  # five seconds' worth at once
    assert at[64] == pytest.approx(60.0, abs=0.5)


def test_tokens_a_minute_are_kept_and_put_right_once_they_are_known() -> None:
    clock = Clock()
    pace = Pace(tokens=Bucket(6000, clock), clock=clock, sleep=clock.sleep)
    for _ in range(30):
        pace.take(100)
        pace.settle(guessed=100, used=200)
    assert clock.now == pytest.approx((30 * 200 - 500) / 100, rel=0.1)
    pace.take(50_000)  # more than ever fits is let through once, and paid back
    begun = clock.now
    pace.take(1)
    assert clock.now - begun > 300


def test_a_pause_that_the_server_asks_for_holds_all_back_and_ends_when_the_user_stops() -> None:
    clock = Clock()
    pace = Pace(clock=clock, sleep=clock.sleep)
    pace.hold(7.0)
    pace.take(1)
    assert clock.now == pytest.approx(7.0)
    pace.hold(100.0)
    pace.stopped.set()
    with pytest.raises(Cancelled):
        pace.take(1)


def test_pauses_double_within_bounds_and_differ_by_question_and_seed() -> None:
    backoff = Backoff(seed=1, first=1.0, longest=30.0)
    for attempt in range(1, 12):
        whole = min(2.0 ** (attempt - 1), 30.0)
        assert whole / 2 <= backoff.pause("a", attempt) <= whole
    assert backoff.pause("a", 3) == Backoff(seed=1, first=1.0, longest=30.0).pause("a", 3)
    assert len({Backoff(seed=s, first=1.0).pause(k, 3) for s in (1, 2) for k in "ab"}) == 4


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=9))}, 9.0),
        ({"retry-after": format_datetime(NOW - DAY)}, 0.0),
        ({"retry-after": "999999"}, 600.0),
        ({"retry-after": "soon"}, 0.0),
        ({"retry-after": "nan"}, 0.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m0.5s"}, 60.5),
        ({"x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "1m"}, 0.0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "120ms"}, 0.12),
        ({}, 0.0),
    ],
)
def test_how_long_to_wait_is_read_from_the_headers(
    headers: dict[str, str], seconds: float
) -> None:
    assert pause_told(headers, now=NOW) == pytest.approx(seconds)


TABLE = """
currency: EUR
source: the provider's page
prices:
  - {model: judge-*, since: 2026-01-01, input: 1.0, cached_input: 0.1, output: 4.0, batch: 0.5}
  - {model: judge-1, since: 2026-06-01, input: 0.5, output: 2.0}
  - {model: old, since: 2025-01-01, until: 2025-12-31, input: 9.0, output: 9.0}
"""


def test_prices_go_by_day_and_model_and_discounts_are_taken_off(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(TABLE, encoding="utf-8")
    prices = read_prices(file)
    usage = Usage(read=1_000_000, cached=400_000, written=500_000)
    early = prices.cost("judge-1", usage, at=datetime(2026, 3, 1, tzinfo=UTC))
    assert early == Cost(0.6 + 0.04 + 2.0, "EUR")
    late = prices.cost("judge-1", usage, at=NOW)
    assert late == Cost(0.5 + 1.0, "EUR")  # no price for cached tokens: as others
    batch = prices.cost("judge-2", usage, at=NOW, batch=True)
    assert batch is not None
    assert batch.amount == pytest.approx(1.32)
    assert prices.cost("old", usage, at=NOW) is None
    assert prices.cost("unknown", usage, at=NOW) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("currency: [", "YAML"),
        ("{}", "currency"),
        ("currency: USD\nprices: []", "prices"),
        (TABLE.replace("4.0", "-4.0"), "prices.0.output"),
        (TABLE.replace("4.0", ".nan"), "prices.0.output"),
        (TABLE.replace("until: 2025-12-31", "until: 2024-12-31"), "before it begins"),
        (TABLE + "extra: 1", "extra"),
        ("- 1", "dictionary"),
    ],
)
def test_a_wrong_price_table_is_told_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as fault:
        read_prices(file)
    assert told in str(fault.value)
    assert "prices.yaml" in fault.value.where
    with pytest.raises(ConfigError, match="price table"):
        read_prices(tmp_path / "none.yaml")


def test_a_budget_is_never_broken_even_with_requests_under_way() -> None:
    budget = read_budget("1USD, 1000 tokens", currency="USD")
    assert budget.hold("a", cost=Cost(0.6, "USD"), tokens=100)
    assert not budget.hold("b", cost=Cost(0.6, "USD"), tokens=100)
    budget.settle("a", cost=Cost(0.2, "USD"), usage=Usage(read=50))
    assert budget.hold("b", cost=Cost(0.6, "USD"), tokens=100)
    assert not budget.hold("c", cost=Cost(0.0, "USD"), tokens=900)
    assert budget.spent == pytest.approx(0.2)


def test_many_threads_keep_to_a_budget_together() -> None:
    budget = Budget(money=Cost(1.0, "USD"))

    def spend(name: int) -> None:
        for each in range(50):
            key = f"{name}/{each}"
            if budget.hold(key, cost=Cost(0.05, "USD"), tokens=1):
                budget.settle(key, cost=Cost(0.03, "USD"), usage=Usage(read=1))

    threads = [threading.Thread(target=spend, args=(n,)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert 0.95 < budget.spent <= 1.0


@pytest.mark.parametrize(
    ("text", "currency", "told"),
    [
        ("five", "USD", "no amount"),
        ("5", "USD", "no amount"),
        ("-5USD", "USD", "no amount"),
        ("5EUR", "USD", "in USD, not in EUR"),
        ("5USD", None, "no price is known"),
    ],
)
def test_a_budget_that_cannot_be_kept_is_refused(
    text: str, currency: str | None, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        read_budget(text, currency=currency)


def test_a_key_shows_itself_in_no_form() -> None:
    secret = Secret('sk-a"b/c+d')
    assert "sk-a" not in f"{secret!r} {secret}"
    for form in ('sk-a"b/c+d', json.dumps('sk-a"b/c+d'), "sk-a%22b%2Fc%2Bd", 'd+c/b"a-ks'):
        assert "[key]" in secret.hide(f"told {form}!")
    assert Secret("").headers() == {}


def test_a_key_that_is_missing_or_no_key_is_told_without_it() -> None:
    with pytest.raises(ConfigError, match="JUDGE_KEY is not set"):
        read_secret("JUDGE_KEY", endpoint="judge", environ={})
    for bad in ("sk one two", "sk\u200bhidden", "ключ"):
        with pytest.raises(ConfigError) as fault:
            read_secret("JUDGE_KEY", endpoint="judge", environ={"JUDGE_KEY": bad})
        assert bad not in str(fault.value)


def _settings(**spec: object) -> str:
    told = {"url": "https://a.example/v1", "model": "m", **spec}
    lines = [f"{name} = {json.dumps(value)}" for name, value in told.items()]
    return "\n".join(["[models.endpoints.judge]", *lines])


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"key_env": "sk-live-000111"}, "names an environment variable"),
        ({"url": "ftp://a"}, "https"),
        ({"url": "https://user:pw@a.example"}, "no user, key or query"),
        ({"url": "http://a.example/v1", "key_env": "K"}, "https only"),
        ({"headers": "x"}, "headers"),
        ({"key": "sk-live-000111"}, "unknown key 'key'"),
        ({"concurrency": 0}, "concurrency"),
    ],
)
def test_settings_that_would_leak_or_fail_are_refused_without_showing_a_key(
    spec: dict[str, object], told: str
) -> None:
    with pytest.raises(ConfigError) as fault:
        parse_settings(_settings(**spec))
    assert told in str(fault.value)
    assert "sk-live" not in str(fault.value)


def test_without_an_endpoint_it_is_told_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as fault:
        find_endpoint(parse_settings(""), "judge", root=tmp_path)
    assert "shroff models probe" in fault.value.hint
    with pytest.raises(ConfigError, match="did you mean 'judge'"):
        find_endpoint(parse_settings(_settings()), "jugde", root=tmp_path)
    with pytest.raises(ConfigError, match="nothing leaves this machine"):
        find_endpoint(parse_settings(_settings()), "judge", root=tmp_path).allowed()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("加微信 slim2026x 吧", "加微信 ••••••••• 吧"),
        ("vx：kkk888", "vx：••••••"),
        ("QQ群 12345678", "QQ群 ••••••••"),
        ("WeChat: abcdefg now", "WeChat: ••••••• now"),
        ("mail a.b@c.com", "mail •••••••••"),
        ("call +1 (555) 010-9999!", "call •••••••••••••••••!"),
        ("join t.me/best_deals", "join •••••••••••••••"),
        ("follow @bestdeals", "follow ••••••••••"),
        ("400-820-8820", "••••••••••••"),
    ],
)
def test_contacts_are_masked_sign_by_sign(text: str, masked: str) -> None:
    assert mask_contacts(text) == masked


@pytest.mark.parametrize(
    "text",
    ["signal processing", "only 199.99 until 2026-01-01", "1,000,000 users", "line up here",
     "Lose 10 kg in a week", "instant noodles", "微信支付立减 5 元", "@ noon"],
)  # fmt: skip
def test_what_is_no_contact_stays(text: str) -> None:
    assert mask_contacts(text) == text


@given(st.text(max_size=80))
def test_masking_keeps_the_length_and_masks_nothing_twice(text: str) -> None:
    once = mask_contacts(text)
    assert len(once) == len(text)
    assert all(a in (b, SIGN) for a, b in zip(once, text, strict=True))
    assert mask_ad({"title": text, "body": None})[0]["body"] is None


def _tokens(*tokens: tuple[str, float, dict[str, float]]) -> list[Token]:
    return [Token(text, logprob, tuple(others.items())) for text, logprob, others in tokens]


LEAD = ('{"verdict": "', 0.0, {})


def test_forbidden_tokens_at_the_top_do_not_count() -> None:
    found = label_chances(
        _tokens(
            LEAD,
            ("viol", -5.67, {"Sure": -0.01, "compl": -6.0, "un": -8.0}),
            ('ating"', -0.1, {}),
        ),
        "violating",
    )
    assert found is not None
    assert sum(found.values()) == pytest.approx(1.0)
    assert found["violating"] == pytest.approx(
        math.exp(-5.67) / (math.exp(-5.67) + math.exp(-6.0) + math.exp(-8.0))
    )


def test_a_label_that_shares_its_token_with_what_is_before_it_is_found() -> None:
    tokens = _tokens(
        ('{"verdict":', 0.0, {}),
        (' "compl', -0.2, {' "viol': -1.8, ' "un': -6.0, "x": -9.0}),
        ('iant"}', 0.0, {}),
    )
    score = violating_score(tokens, "compliant")
    assert score == pytest.approx(
        math.exp(-1.8) / (math.exp(-0.2) + math.exp(-1.8) + math.exp(-6.0))
    )


def test_where_the_chances_cannot_tell_there_is_no_score() -> None:
    alone = _tokens(LEAD, ("violating", -5.0, {"Sure": -0.1, "The": -3.0}), ('"}', 0.0, {}))
    assert violating_score(alone, "violating") is None  # others could be as likely
    other = _tokens(LEAD, ("compliant", -0.1, {"violating": -2.0}), ('"}', 0.0, {}))
    assert violating_score(other, "violating") is None  # tokens of another answer
    assert violating_score([], "violating") is None
    sure = _tokens(LEAD, ("violating", -0.0001, {"compliant": -9.9}), ('"}', 0.0, {}))
    score = violating_score(sure, "violating")
    assert score is not None
    assert score > 0.999


def _said(*verdicts: str, score: float | None = None) -> list[Sample]:
    return [
        Sample(outcome=JudgementOutcome.VERDICT, judgement={"verdict": v}, score=score)
        if v in {"violating", "compliant", "unclear"}
        else Sample(outcome=JudgementOutcome(v), reason="no")
        for v in verdicts
    ]


def test_votes_are_a_score_and_one_vote_is_none() -> None:
    one = combine(_said("violating"))
    assert (one.verdict, one.score, one.score_kind) == ("violating", None, ScoreKind.NONE)
    most = combine(_said("violating", "violating", "compliant", "refused"))
    assert (most.verdict, most.score) == ("violating", pytest.approx(2 / 3))
    assert most.score_kind is ScoreKind.VOTE_SHARE
    tied = combine(_said("violating", "compliant"))
    assert (tied.verdict, tied.score) == ("unclear", 0.5)
    none = combine(_said("refused", "refused", "compliant"))
    assert (none.outcome, none.verdict, none.score) == (JudgementOutcome.REFUSED, None, None)
    chance = combine(_said("violating", "violating", score=0.8))
    assert (chance.score, chance.score_kind) == (pytest.approx(0.8), ScoreKind.LABEL_LOGPROB)


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["choices", "message", "content", "logprobs", "usage", "token",
                         "logprob", "top_logprobs", "finish_reason", "prompt_tokens"]),
        inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_no_answer_of_a_server_breaks_the_reader(told: object) -> None:
    try:
        reply = read_reply(json.dumps(told).encode(), where="judge")
    except Trouble:
        return
    assert reply.choices


def test_another_price_or_parameter_is_another_version() -> None:
    base = endpoint_of("http://127.0.0.1:9/v1").sampling()
    assert base == endpoint_of("http://127.0.0.1:8/v1").sampling()
    assert base != endpoint_of("http://127.0.0.1:9/v1", samples=3).sampling()
    assert base != endpoint_of("http://127.0.0.1:9/v1", params={"seed": 2}).sampling()
    assert PRICES.currency == "USD"
