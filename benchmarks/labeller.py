"""Do figures corrected for a labeller's errors hold, whatever the labeller is worth?

    python -m benchmarks.labeller [--rounds 200] [--write]

People label a sample, a simulated labeller all. Each round draws the people's sample anew and asks
whether the intervals hold the truth, which is known of every item: of made-up platforms with common
and with rare violations, and, where SHROFF_DATA names the folder, of propositions that people judged
true or false of completions (openai_rbr_gold), and of dialogues that most raters found unsafe
(dices_safety_ratings). Beside them: the labeller at its word, and the textbook's prediction-powered
interval (Angelopoulos et al. 2023, normal), which knows neither strata nor few positives.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.models.labeller import LEAST_HELP
from shroff.stats.crossfit import FOLDS, ScoredLabels, ScoreTotals, Shape
from shroff.stats.label_cells import Strata, kind_codes
from shroff.stats.predicted import Sides, predicted_ratios
from shroff.stats.said_corrected import corrected_shares, said_accuracy

BINS = 4
SAID = np.array([False, False, False, True, False])
"""Bins: cleared, no answer, unused, called violating; one more for what was not judged."""
JUDGES = ("good", "by policy", "perfect", "random", "inverted", "constant")
RESULTS = Path(__file__).parent / "results" / "labeller.md"


@dataclass(frozen=True)
class Population:
    """Items whose truth is known: what the machine did with each, and its policy."""

    name: str
    violating: np.ndarray
    policy: np.ndarray
    rejected: np.ndarray
    labels: int


def made_up(name: str, share: float, rng: np.random.Generator, *, labels: int = 900) -> Population:
    """Make a platform: a machine that rejects most violations, and few others."""
    policy = rng.integers(0, 4, 20_000)
    violating = rng.random(len(policy)) < share * np.array([0.4, 0.8, 1.2, 1.6])[policy]
    rejected = rng.random(len(policy)) < np.where(violating, 0.6, 0.03)
    return Population(name, violating, policy, rejected, labels)


def real(rng: np.random.Generator) -> Iterator[Population]:
    """Read public labels by people; a made-up machine acts on some of them."""
    folder = Path(os.environ.get("SHROFF_DATA", "/nowhere"))
    if not folder.is_dir():
        return
    import pyarrow.parquet as pq

    truth: list[bool] = []
    names: list[str] = []
    table = pq.read_table(folder / "openai_rbr_gold" / "completions.parquet")
    for text in table.column("propositions").to_pylist():
        for name, value in json.loads(text or "{}").items():
            if isinstance(value, bool):
                truth.append(value)
                names.append(name)
    policies = np.unique(np.array(names), return_inverse=True)[1]
    yield _with_machine("openai_rbr_gold", np.array(truth), policies, labels=400, rng=rng)
    table = pq.read_table(folder / "dices_safety_ratings" / "dices_990.parquet")
    label = table.column("majority_label").to_pylist()
    unsafe = np.array([each == "Yes" for each in label])
    counts = np.array(table.column("n_raters").to_pylist())
    yield _with_machine("dices_990", unsafe, counts % 3, labels=200, rng=rng)


def _with_machine(
    name: str, truth: np.ndarray, policy: np.ndarray, *, labels: int, rng: np.random.Generator
) -> Population:
    rejected = rng.random(len(truth)) < np.where(truth, 0.5, 0.1)
    return Population(name, truth, policy, rejected, labels)


def judged(items: Population, judge: str, rng: np.random.Generator) -> np.ndarray:
    """Let a labeller of some quality judge all items; some it refuses, some it never sees."""
    bad, n = items.violating, len(items.violating)
    place = items.policy % 4
    if judge == "perfect":
        return np.where(bad, 3, 0)
    if judge == "constant":
        return np.zeros(n, dtype=np.intp)
    found, alarmed = {
        "good": (0.85, 0.05),
        "random": (0.3, 0.3),
        "inverted": (0.15, 0.85),
        "by policy": (
            np.array([0.2, 0.5, 0.9, 0.99])[place],
            np.array([0.01, 0.02, 0.1, 0.3])[place],
        ),
    }[judge]
    said = rng.random(n) < np.where(bad, found, alarmed)
    refused = rng.random(n) < np.where(bad, 0.1, 0.02)
    unseen = rng.random(n) < 0.05
    return np.where(unseen, BINS, np.where(refused, 1, np.where(said, 3, 0)))


@dataclass
class Tally:
    """How often intervals held, and how wide they were."""

    held: float = 0.0
    width: float = 0.0
    given: int = 0

    def note(self, low: float, high: float, truth: float, *, given: bool = True) -> None:
        self.held += low - 1e-9 <= truth <= high + 1e-9
        self.width += high - low
        self.given += given


def rounds_of(
    items: Population, said: np.ndarray, *, rounds: int, rng: np.random.Generator
) -> dict[str, Tally]:
    """Draw people's labels again and again, and ask each way of estimating."""
    tallies = {
        name: Tally() for name in ("people", "helped", "corrected", "textbook", "sens", "spec")
    }
    tallies["saved"] = Tally()
    act, n = items.rejected.astype(np.intp), len(said)
    chance = np.where(
        act == 1,
        min(1.0, 0.4 * items.labels / act.sum()),
        min(1.0, 0.6 * items.labels / (act == 0).sum()),
    )
    fold = rng.integers(0, FOLDS, n)
    shape = Shape(classes=2, bins=BINS, folds=FOLDS, silent=np.zeros(2, dtype=bool))
    zero = np.zeros(n, dtype=np.intp)
    totals = ScoreTotals(group=zero, known=act, fold=fold, bin=said, total=np.ones(n))
    both = np.ones(2, dtype=bool)
    sides = [Sides(above=np.array([[0, 1]] * 2, bool), rest=np.array([[1, 0]] * 2, bool))]
    truth = float(items.violating.mean())
    flagged = SAID[said]
    sens = float(flagged[items.violating].mean())
    spec = float(1 - flagged[~items.violating].mean())
    for _ in range(rounds):
        drawn = np.flatnonzero(rng.random(n) < chance)
        labels = ScoredLabels(
            group=zero[drawn], stratum=act[drawn], known=act[drawn], bin=said[drawn],
            fold=fold[drawn], violating=items.violating[drawn], w=1 / chance[drawn],
        )  # fmt: skip
        strata = Strata(
            kind=kind_codes([DesignKind.POISSON] * 2),
            population=np.full(2, np.nan),
            labels=np.bincount(act[drawn], minlength=2).astype(float),
        )
        (found,) = predicted_ratios(labels, totals, strata, shape=shape, metrics=sides, groups=1)
        accuracy = said_accuracy(labels, strata, said=SAID, among=both, groups=1)
        _, fixed = corrected_shares(totals, accuracy, said=SAID, among=both, groups=1)
        tallies["people"].note(found.plain.low[0], found.plain.high[0], truth)
        without = _worth_without(labels, totals, strata, shape=shape, metrics=sides)
        helps = found.worth[0] >= LEAST_HELP * without
        helped = found.figures if helps else found.plain
        tallies["helped"].note(helped.low[0], helped.high[0], truth)
        tallies["corrected"].note(
            fixed.low[0], fixed.high[0], truth, given=bool(np.isfinite(fixed.value[0]))
        )
        tallies["textbook"].note(*textbook(flagged, labels), truth)
        tallies["sens"].note(accuracy.sensitivity.low[0], accuracy.sensitivity.high[0], sens)
        tallies["spec"].note(accuracy.specificity.low[0], accuracy.specificity.high[0], spec)
        tallies["saved"].width += found.worth[0] / without if helps else 1.0
    return tallies


def _worth_without(
    labels: ScoredLabels,
    totals: ScoreTotals,
    strata: Strata,
    *,
    shape: Shape,
    metrics: list[Sides],
) -> float:
    """Give the labels that a labeller who says nothing is worth: the machine's action foresees some."""
    labels = replace(labels, bin=np.full_like(labels.bin, BINS))
    totals = replace(totals, bin=np.full_like(totals.bin, BINS))
    (found,) = predicted_ratios(labels, totals, strata, shape=shape, metrics=metrics, groups=1)
    return max(float(found.worth[0]), float(len(labels.w)))


def textbook(flagged: np.ndarray, labels: ScoredLabels) -> tuple[float, float]:
    """Give the normal prediction-powered interval of a simple sample, as papers write it."""
    error = labels.violating - SAID[labels.bin].astype(float)
    middle = flagged.mean() + error.mean()
    reach = 1.96 * np.sqrt(flagged.var() / len(flagged) + error.var(ddof=1) / len(error))
    return float(middle - reach), float(middle + reach)


def main() -> int:
    """Run, print, and write down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rng = np.random.default_rng(20261123)
    lines = [
        "# Figures helped by, and corrected for, a labeller",
        "",
        f"`python -m benchmarks.labeller`, {asked.rounds} rounds each; intervals of 95%. Said: the",
        "share that the labeller calls violating, at its word. Held: intervals that hold the truth.",
        "Width: mean. Worth: labels by people alone that tell as much, over those of people helped by the",
        "machine's action alone. A labeller who is worth less than 1.05 of them is not used.",
        "Given: rounds in which Rogan-Gladen dared a value; else it gives bounds. In `rare`, six",
        "violating ads are expected among the labels of approved ads, which weigh 13 times as much as",
        "others. In the last line there are two: then people's own interval, and what is helped by a",
        "labeller with it, hold more often than they say, and are wide.",
        "",
        "| items | violating | labeller | said | people held, width | helped held, width | worth"
        " | corrected held, width | given | textbook held | sensitivity held | specificity held |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    populations = [
        made_up("common", 0.10, rng),
        made_up("rare", 0.01, rng, labels=2_400),
        *real(rng),
        made_up("rare, two found", 0.01, rng),
    ]
    for items in populations:
        for judge in JUDGES if items.name != "rare, two found" else JUDGES[:1]:
            said = judged(items, judge, rng)
            found = rounds_of(items, said, rounds=asked.rounds, rng=rng)
            lines.append(_line(items, judge, SAID[said].mean(), found, rounds=asked.rounds))
            sys.stdout.write(lines[-1] + "\n")
            sys.stdout.flush()
    if asked.write:
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _line(
    items: Population, judge: str, said: float, found: dict[str, Tally], *, rounds: int
) -> str:
    def told(name: str) -> str:
        return f"{found[name].held / rounds:.1%}, {found[name].width / rounds:.3f}"

    cells = (
        items.name, f"{items.violating.mean():.1%}", judge, f"{said:.1%}", told("people"),
        told("helped"), f"{found['saved'].width / rounds:.2f}", told("corrected"),
        f"{found['corrected'].given / rounds:.0%}", f"{found['textbook'].held / rounds:.1%}",
        f"{found['sens'].held / rounds:.1%}", f"{found['spec'].held / rounds:.1%}",
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
