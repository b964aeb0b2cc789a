"""Do the intervals about labels cover what they say? Simulated reviewers whose errors are known.

``python benchmarks/label_quality.py [ROUNDS]`` prints a table and writes it to
``benchmarks/results/label_quality.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.stats.agreement import Coefficient, Tallies, agreement
from shroff.stats.agreement_change import Pairs, adjusted_difference
from shroff.stats.agreement_intervals import Items
from shroff.stats.agreement_paired import paired_difference
from shroff.stats.dawid_skene import Votes, dawid_skene
from shroff.stats.dawid_skene_doubt import correct_rates, draws, told
from shroff.stats.estimate import Estimates
from shroff.stats.label_error import Accuracy, rogan_gladen
from shroff.stats.label_error_shares import PartRatio, lent, true_shares
from shroff.stats.sampling import Cells, Strata, kind_codes, ratios

__all__ = ["main"]

RESULT = Path(__file__).parent / "results" / "label_quality.md"
SEED = 20261122
YES, EITHER = np.array([False, True]), np.array([True, True])


@dataclass(frozen=True)
class Line:
    """One interval in one situation: how often it held the truth, and how wide it was."""

    what: str
    where: str
    rounds: int
    covered: float
    above: float
    width: float
    empty: int = 0

    def text(self) -> str:
        """Write a row of the table."""
        shown = f"{self.covered:.3f} | {self.above:.3f} | {self.width:.3f} | {self.empty}"
        return f"| {self.what} | {self.where} | {self.rounds} | {shown} |"


def line(what: str, where: str, found: Estimates, true: float) -> Line:
    """Count how often many intervals hold one truth."""
    known = np.isfinite(found.low)
    low, high = found.low[known], found.high[known]
    held = (low <= true) & (true <= high)
    return Line(
        what,
        where,
        len(low),
        float(held.mean()),
        float((low > true).mean()),
        float((high - low).mean()),
        int(np.count_nonzero(~known)),
    )


def judged(
    rng: np.random.Generator,
    items: int,
    *,
    share: float,
    right: tuple[float, float],
    answers: tuple[int, ...],
    hard: float = 0.0,
) -> np.ndarray:
    """Let reviewers of one kind answer items; hard ones mislead all of them more often."""
    truth = rng.random(items) < share
    wrong = 1 - np.where(truth, right[1], right[0])
    if hard:
        wrong = np.minimum(wrong * np.where(rng.random(items) < 0.3, hard, 0.5), 0.9)
    count = rng.choice(answers, items)
    bad = np.zeros(items)
    for place in range(max(answers)):
        said = truth ^ (rng.random(items) < wrong)
        bad += said & (place < count)
    return np.stack([count - bad, bad], axis=1)


AGREED = {
    "100 items, 2 answers": {"items": 100, "share": 0.3, "right": (0.9, 0.9), "answers": (2,)},
    "300 items, 5% violating": {
        "items": 300, "share": 0.05, "right": (0.97, 0.8), "answers": (2,),
    },
    "1,000 items, 2% violating, hard ads": {
        "items": 1000, "share": 0.02, "right": (0.99, 0.8), "answers": (2,), "hard": 2.2,
    },
    "300 items, 2 to 5 answers": {
        "items": 300, "share": 0.3, "right": (0.9, 0.85), "answers": (2, 3, 5), "hard": 2.2,
    },
    "30 items": {"items": 30, "share": 0.5, "right": (0.9, 0.9), "answers": (2,)},
    "235 items, 60 answers": {
        "items": 235, "share": 0.3, "right": (0.8, 0.7), "answers": (60,), "hard": 2.2,
    },
    "guessing": {"items": 200, "share": 0.3, "right": (0.5, 0.5), "answers": (2,)},
    "500 items drawn with very unequal chance": {
        "items": 500, "share": 0.1, "right": (0.95, 0.85), "answers": (2,), "uneven": 1.0,
    },
}  # fmt: skip


def agreed(rounds: int) -> Iterator[Line]:
    """Coefficients of agreement."""
    rng = np.random.default_rng(SEED)
    for where, case in AGREED.items():
        size, uneven = int(case["items"]), float(case.get("uneven", 0.0))  # type: ignore[call-overload, arg-type]
        told_of = {k: v for k, v in case.items() if k not in {"items", "uneven"}}
        world = judged(rng, 300_000, **told_of)  # type: ignore[arg-type]
        chance = np.ones(len(world))
        if uneven:
            chance = np.where(world[:, 1] > 0, 5.0, 1.0) * np.exp(
                rng.normal(0, uneven, len(world))
            )
        chance = np.minimum(size * chance / chance.sum(), 1.0)
        drawn = [np.flatnonzero(rng.random(len(world)) < chance) for _ in range(rounds)]
        row = np.concatenate(drawn)
        weight = 1 / chance[row] if uneven else np.ones(len(row))
        group = np.repeat(np.arange(rounds), [len(one) for one in drawn])
        items = Items(group=group, n=np.ones(len(row)), w=weight, w2=weight**2)
        one = np.ones(len(world))
        whole = Items(group=np.zeros(len(world), dtype=np.intp), n=one, w=one, w2=one)
        for kind in Coefficient:
            true = agreement(Tallies(items=whole, votes=world), kind=kind, groups=1).value[0]
            sample = Tallies(items=items, votes=world[row])
            yield line(str(kind), where, agreement(sample, kind=kind, groups=rounds), float(true))


def share(hits: np.ndarray, n: int) -> Estimates:
    """Estimate shares of simple samples."""
    groups, place = len(hits), np.repeat(np.arange(len(hits)), 2)
    counts = np.stack([n - hits, hits], axis=1).ravel().astype(np.float64)
    some = counts > 0
    cells = Cells(
        group=place[some],
        stratum=place[some],
        cell=np.tile([0, 1], groups)[some],
        n=counts[some],
        w=counts[some],
        w2=counts[some],
    )
    strata = Strata(
        kind=kind_codes([DesignKind.PPS] * groups),
        population=np.full(groups, np.nan),
        labels=np.full(groups, float(n)),
    )
    return ratios(cells, strata, numerator=YES, denominator=EITHER, groups=groups)


def corrected(rounds: int) -> Iterator[Line]:
    """Rogan and Gladen's correction, with rates estimated from few items."""
    rng = np.random.default_rng(SEED + 1)
    for true, se, sp, n, n_se, n_sp in (
        (0.2, 0.85, 0.95, 500, 60, 200),
        (0.05, 0.85, 0.97, 1000, 60, 300),
        (0.01, 0.8, 0.98, 1500, 50, 400),
        (0.9, 0.9, 0.9, 300, 100, 50),
        (0.5, 0.7, 0.7, 300, 80, 80),
        (0.05, 0.6, 0.6, 900, 60, 60),
    ):
        accuracy = Accuracy(
            sensitivity=share(rng.binomial(n_se, se, rounds), n_se),
            specificity=share(rng.binomial(n_sp, sp, rounds), n_sp),
        )
        observed = share(rng.binomial(n, true * se + (1 - true) * (1 - sp), rounds), n)
        where = f"{true:.0%} of {n}, Se {se:.2f} of {n_se}, Sp {sp:.2f} of {n_sp}"
        yield line("corrected share", where, rogan_gladen(observed, accuracy), true)
        yield line("left uncorrected", where, observed, true)


def changed(rounds: int) -> Iterator[Line]:
    """Differences on the same mix, and paired differences."""
    rng = np.random.default_rng(SEED + 2)
    for strata, first, second, usual, gap in (
        (1, 50, 1000, 0.1, 0.0), (10, 5, 50, 0.1, 0.0), (30, 2, 6, 0.15, 0.1),
        (8, 20, 200, 0.03, 0.0), (4, 15, 15, 0.2, 0.2),
    ):  # fmt: skip
        base = np.clip(usual * np.exp(rng.normal(0, 0.6, strata)), 0, 0.6)
        n = [rng.poisson(mean, (rounds, strata)) for mean in (first, second)]
        hits = [rng.binomial(n[0], base), rng.binomial(n[1], base + gap)]
        counts = [each.ravel().astype(np.float64) for each in (hits[0], n[0], hits[1], n[1])]
        pairs = Pairs(
            group=np.repeat(np.arange(rounds), strata),
            first_hits=counts[0],
            first=counts[1],
            second_hits=counts[2],
            second=counts[3],
        )
        where = f"{strata} strata of {first} and {second}, {usual:.0%}"
        yield line("adjusted difference", where, adjusted_difference(pairs, groups=rounds), gap)
    for items, up, down in ((30, 0.2, 0.1), (239, 0.05, 0.06), (100, 0.02, 0.0)):
        ends = []
        for _ in range(rounds):
            gap_of = rng.choice([1.0, -1.0, 0.0], size=items, p=[up, down, 1 - up - down])
            one = paired_difference(np.maximum(-gap_of, 0), np.maximum(gap_of, 0))
            ends.append((one.low, one.high))
        low, high = np.array(ends).T
        held = (low <= up - down) & (up - down <= high)
        over, width = float((low > up - down).mean()), float((high - low).mean())
        where = f"{items} items, {up:.0%} up, {down:.0%} down"
        yield Line("paired difference", where, rounds, float(held.mean()), over, width)


ADS = np.array([150_000, 20_000, 10_000, 8_000, 12_000])
PART = np.array([0, 0, 1, 2, 2])
SIZE = np.bincount(PART, weights=ADS)
FIRST, LAST = SIZE * [1, 0, 0], SIZE * [0, 0, 1]
METRICS = {
    "corrected leakage": PartRatio(above=FIRST, below_violating=FIRST, below_compliant=FIRST),
    "corrected reject precision": PartRatio(
        above=LAST, below_violating=LAST, below_compliant=LAST
    ),
    "corrected violating share": PartRatio(above=SIZE, below_violating=SIZE, below_compliant=SIZE),
    "corrected recall": PartRatio(
        above=SIZE - FIRST, below_violating=SIZE, below_compliant=np.zeros(3)
    ),
}
AUDITS = {
    "2,500 audited": {"few": 1.0},
    "940 audited": {"few": 0.38},
    "no expert": {"few": 1.0, "expert": False},
    "rare": {"few": 1.0, "rare": 0.12},
    "hard ads (assumption broken)": {"few": 1.0, "hard": 2.0},
}


def audited(rng: np.random.Generator, case: dict[str, float]) -> tuple[Votes, np.ndarray]:
    """Judge an audit twice, and let an expert settle where the two differ."""
    chance = np.array([0.004, 0.03, 0.06, 0.04, 0.03]) * case["few"]
    bad = np.array([0.004, 0.05, 0.4, 0.8, 0.95]) * [*[case.get("rare", 1.0)] * 2, 1, 1, 1]
    stratum = np.repeat(np.arange(5), rng.binomial(ADS, chance))
    truth = (rng.random(len(stratum)) < bad[stratum]).astype(np.intp)
    wrong = np.where(truth == 1, 0.13, 0.05)
    if case.get("hard"):
        wrong = wrong * np.where(rng.random(len(stratum)) < 0.3, case["hard"], 0.57)
    said = truth[:, None] ^ (rng.random((len(stratum), 2)) < wrong[:, None])
    count = said.sum(axis=1)
    known = np.where((count == 1) & bool(case.get("expert", True)), truth, -1)
    keys = np.column_stack([count, PART[stratum], known])
    ways, way = np.unique(keys, axis=0, return_inverse=True)
    weight, way = 1 / chance[stratum], way.reshape(-1)
    votes = Votes(
        item=np.repeat(np.arange(len(ways)), 2),
        rater=np.zeros(2 * len(ways), dtype=np.intp),
        label=np.array([[[0, 0], [1, 0], [1, 1]][k] for k in ways[:, 0]]).ravel(),
        items=len(ways),
        raters=1,
        classes=2,
        count=np.bincount(way).astype(np.float64),
        weight=np.bincount(way, weights=weight),
        spread=np.bincount(way, weights=weight**2),
        population=ways[:, 1].astype(np.intp),
        truth=ways[:, 2].astype(np.intp),
    )
    return votes, np.bincount(PART, weights=ADS * bad) / SIZE


def modelled(rounds: int) -> Iterator[Line]:
    """Error rates and corrected figures of the model."""
    rng = np.random.default_rng(SEED + 3)
    for where, case in AUDITS.items():
        rates: list[np.ndarray] = []
        figures: list[np.ndarray] = []
        true = np.zeros(3)
        for _ in range(rounds):
            votes, true = audited(rng, case)  # type: ignore[arg-type]
            fit = dawid_skene(votes)
            if not told(votes, fit):
                continue
            found = correct_rates(votes, fit, draws(votes, fit, rng=rng, times=100))
            larger = lent(votes)
            again = draws(larger, dawid_skene(larger), rng=rng, times=100)
            shares = true_shares(votes, fit, again, metrics=tuple(METRICS.values()))
            rates.append(np.stack([found.low, found.high]))
            figures.append(np.stack([shares.low, shares.high]))
        violating, recall = SIZE * true, SIZE @ true
        aims = [true[0], true[2], recall / SIZE.sum(), violating[1:].sum() / recall]
        yield from _lines(
            ("specificity", "sensitivity"), where, rates, aims=(0.95, 0.87), of=rounds
        )
        yield from _lines(tuple(METRICS), where, figures, aims=tuple(aims), of=rounds)


def _lines(
    names: tuple[str, ...],
    where: str,
    ends: list[np.ndarray],
    *,
    aims: tuple[float, ...],
    of: int,
) -> Iterator[Line]:
    low, high = np.stack(ends).transpose(1, 2, 0)
    for name, below, above, aim in zip(names, low, high, aims, strict=True):
        held, over = (below <= aim) & (aim <= above), float((below > aim).mean())
        width, empty = float((above - below).mean()), of - len(ends)
        yield Line(name, where, len(ends), float(held.mean()), over, width, empty)


def main(arguments: list[str]) -> int:
    """Run the simulations and write the table."""
    rounds = int(arguments[0]) if arguments else 1000
    rows = ["| interval of 95% | situation | rounds | covers | too high | width | empty |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    for part in (agreed, corrected, changed, modelled):
        for each in part(rounds):
            rows.append(each.text())
            print(each.text(), flush=True)
    head = (
        "# Intervals about labels\n\nWhere reviewers' errors are known, because they were made up."
    )
    note = (
        "`left uncorrected` shows what the errors do. Where ads are hard for all reviewers at once"
        " the model's assumption is broken, and its rates are those of easier ads."
    )
    RESULT.write_text(f"{head}\n\n{chr(10).join(rows)}\n\n{note}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
