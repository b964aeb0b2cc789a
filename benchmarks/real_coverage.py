"""Do intervals hold on real scores and real human labels? Review sampling imitated, many times.

::

    SHROFF_DATA=FOLDER python -m benchmarks.real_coverage                     # writes the table
    SHROFF_DATA=FOLDER python -m benchmarks.real_coverage --repetitions 100   # a look

The folder holds ``cat_large_perspective/gc.parquet``: a toxicity score and a human label for each
comment, one in seventy of them toxic. All labels are known, so the figure of the full data is the
truth; each repetition forgets them, draws a score-stratified sample and estimates it again.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from shroff.domain.labels import DesignKind
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import Ints
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many

RESULTS = Path(__file__).parent / "results" / "real_coverage.md"
FILE = Path("cat_large_perspective") / "gc.parquet"
THRESHOLD = 0.5
BATCHES = (400, 700, 1000, 1500)
FEW = 10.0
LEAST, MOST = 0.93, 0.97

LONG = 20_000

# outcomes: approved and compliant, approved and violating, then the same two of the rejected
KNOWN = np.array([0, 0, 1, 1])
VIOLATING = np.array([False, True, False, True])
METRICS = {
    "precision": Ratio(
        numerator=np.array([False, False, False, True]),
        denominator=np.array([False, False, True, True]),
    ),
    "recall": Ratio(
        numerator=np.array([False, False, False, True]),
        denominator=VIOLATING,
    ),
    "prevalence": Ratio(
        numerator=VIOLATING,
        denominator=np.ones(4, dtype=bool),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to spread labels over score bands: ``shares`` of the batch, band by band."""

    name: str
    edges: tuple[float, ...]
    shares: tuple[float, ...]


PLANS = (
    Plan(name="two bands, a tenth to rejects", edges=(0.5,), shares=(0.9, 0.1)),
    Plan(
        name="four bands, the upper ones favoured",
        edges=(0.1, 0.3, 0.5),
        shares=(0.4, 0.3, 0.2, 0.1),
    ),
    Plan(
        name="six bands, labels alike",
        edges=(0.1, 0.2, 0.3, 0.5, 0.7),
        shares=(0.225, 0.225, 0.225, 0.225, 0.05, 0.05),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Items with a score and a label."""

    score: Floats
    violating: Ints

    @property
    def outcome(self) -> Ints:
        """Code what the threshold does and what a person said."""
        return 2 * (self.score >= THRESHOLD).astype(np.intp) + self.violating

    def bands(self, plan: Plan) -> Ints:
        """Place each item in its score band."""
        return np.digitize(self.score, plan.edges).astype(np.intp)

    def truth(self, metric: str) -> float:
        """Give the figure of the full data."""
        counts = np.bincount(self.outcome, minlength=4)
        ratio = METRICS[metric]
        return float(counts[ratio.numerator].sum() / counts[ratio.denominator].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: a metric under one plan and batch size.

    ``positives`` are the violating labels to expect in the metric's denominator, ``thinnest`` those
    of the score band that will have fewest: the interval is as good as that band allows.
    """

    plan: str
    labels: int
    metric: str
    truth: float
    mean: float
    positives: float
    thinnest: float
    covered: float
    below: float
    above: float
    width: float

    @property
    def few(self) -> bool:
        """Whether some band is expected to show fewer than ten violating items."""
        return self.thinnest < FEW

    @property
    def passes(self) -> bool:
        """Whether it covers what it should; more is allowed where positives are few."""
        return self.covered >= LEAST and (self.few or self.covered <= MOST)


Pairs = Sequence[tuple[Line, Line]]


def judged(folder: Path) -> Judged:
    """Read the scores and labels."""
    table = pq.read_table(folder / FILE, columns=["perspective_score", "label_toxic"])
    return Judged(
        score=table.column("perspective_score").to_numpy(),
        violating=table.column("label_toxic").to_numpy().astype(np.intp),
    )


def allotted(items: Judged, plan: Plan, batch: int) -> Ints:
    """Count the labels of each band; what a small band cannot take stays unspent."""
    held = np.bincount(items.bands(plan), minlength=len(plan.shares))
    wanted = np.round(np.array(plan.shares) * batch).astype(np.intp)
    return np.minimum(wanted, held)


def estimates(
    items: Judged, plan: Plan, batch: int, *, repetitions: int, rng: np.random.Generator
) -> Mapping[str, Estimates]:
    """Draw and estimate ``repetitions`` times; each repetition is a slice of one cube."""
    band, outcome = items.bands(plan), items.outcome
    taken = allotted(items, plan, batch)
    bands = len(taken)
    count = np.zeros((repetitions, bands, 4))
    for number, take in enumerate(taken):
        pool = np.bincount(outcome[band == number], minlength=4)
        # counts of a sample without replacement, drawn as such
        count[:, number] = rng.multivariate_hypergeometric(pool, take, size=repetitions)
    group, stratum, cell = np.nonzero(count)
    n = count[group, stratum, cell]
    held = np.bincount(band, minlength=bands).astype(float)
    weight = (held / taken)[stratum]
    cells = Cells(
        group=group, stratum=stratum, cell=cell, n=n, w=n * weight, w2=n * weight**2, known=KNOWN
    )
    strata = Strata(
        kind=kind_codes([DesignKind.STRATIFIED] * bands),
        population=np.full(bands, np.nan),  # as in a measurement: the weights tell
        labels=taken.astype(float),
    )
    figures = ratios_many(cells, strata, metrics=list(METRICS.values()), groups=repetitions)
    return dict(zip(METRICS, figures, strict=True))


def expected(items: Judged, plan: Plan, batch: int) -> Floats:
    """Count the labels to expect of each band and outcome."""
    taken, band = allotted(items, plan, batch), items.bands(plan)
    held = np.array(
        [np.bincount(items.outcome[band == i], minlength=4) for i in range(len(taken))]
    )
    counts: Floats = held * (taken / held.sum(axis=1))[:, None]
    return counts


def lines(
    items: Judged,
    *,
    plans: Sequence[Plan] = PLANS,
    batches: Sequence[int] = BATCHES,
    repetitions: int,
    seed: int = 20,
) -> Iterator[Line]:
    """Try every plan with every batch size."""
    rng = np.random.default_rng(seed)
    for plan in plans:
        for batch in batches:
            figures = estimates(items, plan, batch, repetitions=repetitions, rng=rng)
            for metric, figure in figures.items():
                yield _line(items, plan, batch, metric=metric, figure=figure)


def _line(items: Judged, plan: Plan, batch: int, *, metric: str, figure: Estimates) -> Line:
    truth = items.truth(metric)
    violating = METRICS[metric].denominator & VIOLATING
    positives = expected(items, plan, batch)[:, violating].sum(axis=1)
    known = ~np.isnan(figure.value)
    return Line(
        plan=plan.name,
        labels=int(allotted(items, plan, batch).sum()),
        metric=metric,
        truth=truth,
        mean=float(figure.value[known].mean()),
        positives=float(positives.sum()),
        thinnest=float(positives[positives > 0].min()),
        # a batch without any label in the denominator gives no interval, and is no miss
        covered=float(np.mean((figure.low <= truth) & (truth <= figure.high) | ~known)),
        below=float(np.mean(figure.high[known] < truth)),
        above=float(np.mean(figure.low[known] > truth)),
        width=float((figure.high - figure.low)[known].mean()),
    )


def table(items: Judged, *, repetitions: int, seconds: float, pairs: Pairs) -> str:
    """Write the result as Markdown; numbers only, no word of the data."""
    asked, long = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    above = [line for line in long if not line.passes and line.covered > MOST]
    head = [
        "# Coverage of 95% intervals on real scores and labels",
        "",
        f"`SHROFF_DATA=FOLDER python -m benchmarks.real_coverage --repetitions {repetitions}`, "
        f"{datetime.now(UTC):%Y-%m-%d}, {seconds:.0f} CPU s.",
        "",
        f"`{FILE}`: {len(items.score):,} items with a model score and a human label, "
        f"{items.violating.sum()} violating; rejected at a score of {THRESHOLD} or more: "
        f"{np.count_nonzero(items.score >= THRESHOLD)}. Each batch is a sample without replacement "
        "from score bands; truth is the figure of all labels.",
        "",
        f"* {repetitions} batches a line cover {_span(asked)}; lowest {_lowest(asked)}. The "
        f"standard error of one line is about {100 * (0.05 * 0.95 / repetitions) ** 0.5:.1f} "
        "points.",
        f"* {LONG:,} batches a line (`long run`) cover {_span(long)}; lowest {_lowest(long)}.",
        f"* In the long run below {LEAST:.0%}: {sum(line.covered < LEAST for line in long)} of "
        f"{len(long)} lines.",
        f"* In the long run above {MOST:.0%} although every band expects {FEW:.0f} violating "
        f"labels or more: {_listed(above)}",
        "",
        "`positives` are the violating labels to expect in the denominator, `thinnest` those of the "
        "band with fewest. With under ten there the interval is wide on purpose: a band that shows "
        "none by chance must not be taken to hold none. Spreading labels alike over bands is the "
        "plainest case: the lowest band holds most ads, expects a violating label or less, and each "
        "stands for dozens of ads. Precision has few rejects to draw from, so that counts take few "
        "values and coverage jumps between neighbouring batch sizes: no interval on a lattice can "
        "cover exactly 95%.",
        "",
        "`below` and `above` are the shares of intervals wholly below or above the truth.",
        "",
    ]
    return "\n".join(head + _rows(pairs)) + "\n"


def _span(found: Sequence[Line]) -> str:
    covered = [line.covered for line in found]
    return f"{min(covered):.1%} to {max(covered):.1%}, mean {np.mean(covered):.1%}"


def _lowest(found: Sequence[Line]) -> str:
    line = min(found, key=lambda each: each.covered)
    return f"{line.metric}, {line.plan}, {line.labels} labels"


def _listed(found: Sequence[Line]) -> str:
    named = [f"{line.metric}, {line.plan}, {line.labels}: {line.covered:.1%}" for line in found]
    return "; ".join(named) + "." if named else "none."


def _rows(pairs: Pairs) -> list[str]:
    rows: list[str] = []
    for plan in PLANS:
        limits = ", ".join(f"{edge:g}" for edge in plan.edges)
        shares = ", ".join(f"{share:g}" for share in plan.shares)
        rows += [f"## {plan.name.capitalize()}", "", f"Limits {limits}; shares {shares}.", ""]
        rows += [
            "| labels | metric | truth | mean | coverage | long run | below | above | width"
            " | positives | thinnest |",
            "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        rows += [
            f"| {line.labels} | {line.metric} | {line.truth:.4f} | {line.mean:.4f} "
            f"| {line.covered:.3f} | {more.covered:.3f} | {line.below:.3f} | {line.above:.3f} "
            f"| {line.width:.3f} | {line.positives:.1f} | {line.thinnest:.1f} |"
            for line, more in pairs
            if line.plan == plan.name
        ]
        rows.append("")
    return rows


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repetitions", type=int, default=500)
    chosen = parser.parse_args()
    folder = os.environ.get("SHROFF_DATA", "")
    if not (Path(folder) / FILE).is_file():
        parser.error(f"SHROFF_DATA must name the folder that holds {FILE}")
    items, start = judged(Path(folder)), time.process_time()
    asked = lines(items, repetitions=chosen.repetitions)
    pairs = list(zip(asked, lines(items, repetitions=LONG, seed=21), strict=True))
    seconds = time.process_time() - start
    text = table(items, repetitions=chosen.repetitions, seconds=seconds, pairs=pairs)
    print(text.split("## ", maxsplit=1)[0])
    if chosen.repetitions >= 500:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text, encoding="utf-8")
        print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
