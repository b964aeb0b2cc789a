"""A recommendation to put an LLM between a cheap score and people, where its answers are logged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from shroff.advise.advice_bench import Bench
from shroff.advise.advice_deck import APPROVE, REJECT, REVIEW
from shroff.advise.cascade import CascadeAsked, cascade_of
from shroff.advise.cascade_answers import ANSWERS, answer_place
from shroff.advise.cascade_chances import answer_rates, groups_of
from shroff.advise.cascade_plan import CascadeFound, CascadeOutcome
from shroff.advise.cascade_reading import read_llm
from shroff.advise.decision_cells import DecisionCells, read_cells
from shroff.advise.decision_queries import BINS
from shroff.advise.outcome_question import Forecast
from shroff.advise.proposal import CascadeChange
from shroff.advise.recommendation import Foreseen, Recommendation, Worth
from shroff.errors import DataError, DesignError

__all__ = ["cascades"]

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_Ad = tuple[str, int]

_HOURS = 16.0
_WEEK = 7
_SEED = 20261128
_TARGET = "lines"


def cascades(bench: Bench) -> Iterator[Recommendation]:
    """Recommend the best cascade within today's review hours and reject precision.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        At most one; none where no LLM judged enough labelled ads.

    Notes
    -----
    Labelled ads that the LLM was asked about are treated by its answer. Of the others, what it would
    say is drawn, given whether they violate, from what it said of labelled ads of alike score. Gains
    are brought down to what stands in the cascade's own worlds, and what its calls cost is taken off
    where prices are in the unit that recommendations are weighed in.
    """
    asked = CascadeAsked(others=())
    cells = read_cells(bench.engine, bench.brief)
    try:
        reading = read_llm(bench.engine, bench.brief, cells)
        said = _logged(bench, cells)
        hour = bench.settings.costs.reviewer_hour
        found = cascade_of(cells, reading, asked, brief=bench.brief, hour=hour)
    except (DataError, DesignError):
        return  # no LLM judged these ads, or too few of those with labels
    plan = found.plan
    if plan is None or not plan.value("asked_ads") or found.chosen.policy not in {"", "-"}:
        return
    group = groups_of(cells, asked.edges_by)
    answer = _answers(bench, cells, answer_rates(reading, group, cells=len(cells)), group, said)
    actions = _actions(bench, found, answer)
    if not np.any(actions != bench.deck.action):
        return
    worth = bench.worth(actions, scale=_held_up(bench, actions, found))
    money = _WEEK * plan.value("money") / found.days
    if bench.prices.unit == found.currency:
        worth = Worth(worth.draws - money)
    yield Recommendation(
        kind="cascade",
        subject=f"cascade/{found.llm}/{found.version}",
        params=_params(found, plan, money=money),
        worth=worth,
        hours=_HOURS,
        risk="medium",
        target=_TARGET,
        evidence=f"shroff advise cascade --llm {found.llm}/{found.version}",
        actions=actions,
        foreseen=_leakage(found, plan),
        proposal=found.proposal().record(),
    )


def _params(
    found: CascadeFound, plan: CascadeOutcome, *, money: float
) -> dict[str, str | float | None]:
    return {
        "llm": f"{found.llm} {found.version}".strip(),
        "asked": plan.value("asked_ads") / max(found.ads, 1),
        "less": plan.less.value,
        "money": money,
        "currency": found.currency or "–",
    }


def _held_up(bench: Bench, actions: Ints, found: CascadeFound) -> float:
    """Give the part of what the deck says is caught that stands in worlds the labels allow."""
    # lines and answers were chosen by these very labels, which flatters them
    deck, plan = bench.deck, found.plan
    bad = deck.violating & (actions != deck.action)
    caught = float(deck.weight[bad & (deck.action == APPROVE)].sum())
    caught -= float(deck.weight[bad & (actions == APPROVE)].sum())
    if plan is None or caught <= 0:
        return 1.0
    less = found.today.value("missed_ads") - plan.value("missed_ads")
    return float(np.clip(less / caught, 0.0, 1.0))


def _leakage(found: CascadeFound, plan: CascadeOutcome) -> Foreseen | None:
    """Forecast leakage as the cascade's own worlds have it."""
    now, then = found.today.value("leakage"), plan.figures["leakage"]
    if not now or then.value is None or then.low is None or then.high is None:
        return None
    ends = {"low": then.low / now - 1, "high": then.high / now - 1}
    change = Forecast(value=then.value / now - 1, **ends)
    return Foreseen(metric="leakage", change=change, now=now, then=then.value)


def _actions(bench: Bench, found: CascadeFound, answer: Ints) -> Ints:
    """Say what the cascade would do with each labelled ad."""
    deck, actions = bench.deck, bench.deck.action.copy()
    score = deck.score()
    free = (deck.texts("source") == "model") & np.isfinite(score)
    free &= np.isin(deck.action, (APPROVE, REVIEW, REJECT))
    for change in found.proposal().cascades:
        mine = free.copy()
        for name, value in change.where:
            mine &= deck.texts(name) == value
        actions[mine] = _decided(score[mine], answer[mine], change)
        free &= ~mine
    return actions


def _decided(score: Floats, answer: Ints, change: CascadeChange) -> Ints:
    """Let score, LLM and people decide."""
    people, reject = (answer_place(at) for at in (change.people_from, change.llm_reject_from))
    told = np.where(answer >= reject, REJECT, np.where(answer >= people, REVIEW, APPROVE))
    middle = np.where((answer == ANSWERS) | (not change.llm), REVIEW, told)
    low, high = score < change.ask_from, score >= change.reject_from
    found: Ints = np.where(high, REJECT, np.where(low, APPROVE, middle)).astype(np.int64)
    return found


def _answers(
    bench: Bench, cells: DecisionCells, rates: Floats, group: Ints, said: dict[_Ad, int]
) -> Ints:
    """Give the answer to each labelled ad: as logged, or as it would be of one alike."""
    deck = bench.deck
    keys = {key: place for place, key in enumerate(cells.keys)}
    columns = [["" if v is None else str(v) for v in deck.texts(name)] for name in cells.by]
    named = list(zip(*columns, strict=True)) if columns else [()] * len(deck)
    cell = np.array([keys.get(key, -1) for key in named], dtype=np.int64)
    place = np.clip(np.floor(np.nan_to_num(deck.score()) * BINS), 0, BINS - 1).astype(np.int64)
    band = place * rates.shape[2] // BINS
    shares = rates[deck.violating.astype(np.int64), np.where(cell < 0, 0, group[cell]), band]
    dice = np.random.default_rng(_SEED).random(len(deck))
    drawn = (dice[:, None] > np.cumsum(shares, axis=1)).sum(axis=1)
    ads = zip(deck.texts("ad_id"), deck.texts("ad_version"), strict=True)
    told = [said.get((str(ad), int(version))) for ad, version in ads]
    found: Ints = np.array(
        [min(int(d), ANSWERS) if t is None else t for d, t in zip(drawn, told, strict=True)],
        dtype=np.int64,
    )
    return found


def _logged(bench: Bench, cells: DecisionCells) -> dict[_Ad, int]:
    rows = bench.engine.query(
        "SELECT DISTINCT f.ad_id, f.ad_version, r.place"
        f" FROM {cells.frame.table} AS f"
        " JOIN llm_answers AS r ON f.ad_id = r.ad_id AND f.ad_version = r.ad_version"
        " WHERE f.in_period ORDER BY f.ad_id, f.ad_version, r.place"
    ).to_pylist()
    return {(str(row["ad_id"]), int(row["ad_version"])): int(row["place"]) for row in rows}
