"""Recommendations about rules: which to add, which to queue instead, which to take out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pyarrow as pa

from shroff.advise.advice_bench import Bench
from shroff.advise.advice_deck import APPROVE, REJECT, REVIEW, Deck, Ints
from shroff.advise.recommendation import Recommendation, Worth
from shroff.domain.findings import Level
from shroff.rules.compile import compiled
from shroff.rules.lint import Source, lint
from shroff.rules.match import Scanner
from shroff.rules.mine import mine
from shroff.rules.mine_proposals import Mined, Proposal, Wanted
from shroff.rules.mine_sources import ads_of_history
from shroff.rules.pack_file import pack_text
from shroff.rules.pack_paths import read_packs
from shroff.rules.rule import FIELDS, Pack, RuleAction

__all__ = ["faulty_packs", "new_rules", "own_packs", "weak_rules"]

_LEAST_HITS = 3
_MOST_RULES = 8
_REVIEW_PART = 0.02  # of model's reviews, the lowest scores may be a rule's doing


def own_packs(bench: Bench) -> tuple[Pack, ...]:
    """Read the packs of the workspace's own folder; none where there is none."""
    files = [each for kind in ("*.yaml", "*.yml") for each in (bench.root / "packs").glob(kind)]
    return tuple(read_packs(sorted(files))) if files else ()


def new_rules(bench: Bench) -> Iterator[Recommendation]:
    """Recommend rules that would catch what is approved today.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        Rules mined from leaks; what each is worth is brought down by how much less precise it is
        on ads it was not found on.
    """
    period = f"{bench.brief.period.start}..{bench.brief.period.end - timedelta(days=1)}"
    labelled = ads_of_history(bench.engine, bench.settings, period=period, action="approve")
    live = [rule for pack in own_packs(bench) for rule in pack.rules]
    found: Mined = mine(labelled.ads, Wanted(most=_MOST_RULES), live=live)
    for place, proposal in enumerate(found.proposals):
        made = _new_rule(bench, proposal, _hit(bench.deck, found.pack, place), period=period)
        if made is not None:
            yield made


def _hit(deck: Deck, pack: Pack, place: int) -> Ints:
    """Find the ads of the deck that one rule of a pack hits."""
    scanner = Scanner(compiled([pack]))
    row, rule = scanner.flags(_fields(deck))
    hit: Ints = row[rule == place]
    return hit


def _fields(deck: Deck) -> pa.Table:
    texts = [name for name in FIELDS if name in deck.table.column_names]
    empty = pa.nulls(len(deck), pa.string())
    columns = {name: deck.table.column(name).cast(pa.string()) for name in texts}
    columns |= {name: empty for name in FIELDS if name not in columns}
    others = [n for n in ("market", "language", "industry") if n in deck.table.column_names]
    columns |= {name: deck.table.column(name) for name in others}
    return pa.table(columns)


def _new_rule(
    bench: Bench, proposal: Proposal, hit: Ints, *, period: str
) -> Recommendation | None:
    actions = bench.deck.action.copy()
    mine = hit[actions[hit] == APPROVE]
    if not len(mine):
        return None
    to = REJECT if proposal.rule.action is RuleAction.REJECT else REVIEW
    actions[mine] = to
    weight, bad = bench.deck.weight[mine], bench.deck.violating[mine]
    here = float(weight[bad].sum() / weight.sum())
    elsewhere = proposal.precision.value
    scale = 1.0 if elsewhere is None or not here else min(elsewhere / here, 1.0)
    return Recommendation(
        kind="rule_new",
        subject=f"rule/{proposal.said}",
        params={
            "says": proposal.said,
            "advertisers": proposal.advertisers,
            "precision": proposal.precision.value,
        },
        worth=bench.worth(actions, scale=scale),
        hours=1.0,
        risk="low" if to == REVIEW else "medium",
        evidence=f"shroff rules mine --leaks --period {period}",
        actions=actions,
        foreseen=bench.foreseen(actions),
    )


def weak_rules(bench: Bench) -> Iterator[Recommendation]:
    """Recommend to take out, or to queue instead of rejecting, rules that are often wrong.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        For each rule both ways that are open; one rules out the other.
    """
    deck = bench.deck
    by_rule = deck.texts("source") == "rule"
    names = deck.texts("detector")
    without = _by_model(deck)
    for name in sorted({str(each) for each in names[by_rule] if each}):
        mine = np.flatnonzero(by_rule & (names == name))
        if len(mine) < _LEAST_HITS or deck.violating[mine].all():
            continue
        retired = deck.action.copy()
        retired[mine] = without[mine]
        yield _weak(bench, name, mine, retired, kind="rule_retire")
        if np.any(deck.action[mine] == REJECT):
            queued = deck.action.copy()
            queued[mine] = np.where(deck.action[mine] == REJECT, REVIEW, deck.action[mine])
            yield _weak(bench, name, mine, queued, kind="rule_queue")


def _weak(bench: Bench, name: str, mine: Ints, actions: Ints, *, kind: str) -> Recommendation:
    weight, bad = bench.deck.weight[mine], bench.deck.violating[mine]
    return Recommendation(
        kind=kind,
        subject=f"rule/{name}",
        params={
            "rule": name,
            "precision": float(weight[bad].sum() / weight.sum()),
            "labels": len(mine),
        },
        worth=bench.worth(actions),
        hours=0.5,
        risk="medium" if kind == "rule_retire" else "low",
        target=f"rule:{name}",
        evidence="shroff rules status",
        actions=actions,
        foreseen=bench.foreseen(actions),
    )


def _by_model(deck: Deck) -> Ints:
    """Say what the model would do with each ad, by the lines that its own decisions show."""
    score, model = deck.score(), deck.texts("source") == "model"

    def line(action: int) -> float:
        theirs = score[model & (deck.action == action) & np.isfinite(score)]
        return float(np.quantile(theirs, _REVIEW_PART)) if len(theirs) else np.inf

    review, reject = line(REVIEW), line(REJECT)
    found: Ints = np.where(
        score >= reject, REJECT, np.where(score >= review, REVIEW, APPROVE)
    ).astype(np.int64)
    return found


def faulty_packs(bench: Bench) -> Iterator[Recommendation]:
    """Recommend to mend packs in which lint finds errors.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        At most one; what it is worth cannot be told.
    """
    files = sorted((bench.root / "packs").glob("*.y*ml"))
    sources = [Source(str(path), pack_text(path)) for path in files]
    if not sources:
        return
    found = lint(sources, today=bench.brief.as_of.date())
    errors = found.count(Level.ERROR)
    if errors:
        yield Recommendation(
            kind="lint",
            subject="packs",
            params={"errors": errors},
            worth=Worth(np.zeros(0)),
            hours=0.2 * errors,
            evidence="shroff rules lint packs",
        )
