"""Cases whose root causes are known: those of the shared data, and our own, made otherwise.

Ours share no parameter with the data's: they are counts or heavy-tailed, causes go both ways in
one case, values of a dimension differ in size, and some moves are uneven or are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

__all__ = ["FAMILIES", "Case", "made_cases", "shared_cases"]

WIDTHS = (24, 9, 7, 5, 3)
Slice = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Case:
    """One case: cells, and the slices that moved; the reference's outcome where it is known."""

    codes: np.ndarray
    actual: np.ndarray
    expected: np.ndarray
    truth: frozenset[Slice]
    group: str = ""
    reference: tuple[int, int, int, float] | None = None


def shared_cases(folder: Path, name: str) -> Iterator[Case]:
    """Give the cases S, L or B0 in their order."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    squeeze = name == "B0"
    at = folder / ("squeeze_b0_rootcause" if squeeze else "rootcause_synthetic")
    table = pq.read_table(at / ("cells.parquet" if squeeze else f"{name}_cells.parquet"))
    known = pq.read_table(at / "reference.parquet").to_pylist()
    key = "case_id" if squeeze else "case"
    dims = [n for n in table.column_names if n not in {key, "real", "predict"}]
    for reference in known:
        if reference["dataset"] != name:
            continue
        mine = table.filter(pc.equal(table[key].cast(pa.string()), reference["case"]))
        columns = [mine[d].cast(pa.string()).combine_chunks().dictionary_encode() for d in dims]
        words = [{w: i for i, w in enumerate(c.dictionary.to_pylist())} for c in columns]
        codes = np.stack([c.indices.to_numpy() for c in columns], axis=1).astype(np.int32)
        truth = frozenset(_read(s, dims, words) for s in reference["truth"].split(";"))
        layer = "/".join(sorted({str(len(s)) for s in truth}))
        yield Case(
            codes=codes,
            actual=np.maximum(mine["real"].to_numpy().astype(float), 0),  # one is below 0
            expected=mine["predict"].to_numpy().astype(float),
            truth=truth,
            group=reference["case"].split("/")[1] if squeeze else f"layers {layer}",
            reference=tuple(reference[n] for n in ("tp", "fp", "fn", "cpu_s")),  # type: ignore[arg-type]
        )


def _read(text: str, dims: list[str], words: list[dict[str, int]]) -> Slice:
    terms = (term.split("=") for term in text.split("&"))
    return tuple(sorted((dims.index(d), _code(words[dims.index(d)], d, v)) for d, v in terms))


def _code(words: dict[str, int], dim: str, value: str) -> int:
    return words[value] if value in words else words[f"{dim}={value}"]


def made_cases(family: str, count: int, *, seed: int) -> Iterator[Case]:
    """Make cases of one of our families."""
    for number in range(count):
        yield FAMILIES[family](np.random.default_rng([seed, number]))


def _grid(rng: np.random.Generator, total: float) -> tuple[np.ndarray, np.ndarray]:
    """Give all cells, and what each holds on average: values of a dimension are not alike."""
    codes = np.stack([g.ravel() for g in np.indices(WIDTHS)], axis=1).astype(np.int32)
    mean = rng.lognormal(0, 0.8, len(codes))
    for d, width in enumerate(WIDTHS):
        mean *= rng.permutation(1 / np.arange(1, width + 1) ** 0.8)[codes[:, d]]
    return codes, mean * total / mean.sum()


def _inside(codes: np.ndarray, cause: Slice) -> np.ndarray:
    return np.logical_and.reduce([codes[:, d] == code for d, code in cause])


def _causes(
    rng: np.random.Generator, codes: np.ndarray, mean: np.ndarray, *, least: float
) -> list[Slice]:
    """Draw one to four slices that hold enough to be seen, none within another."""
    drawn: list[Slice] = []
    wanted = int(rng.integers(1, 5))
    while len(drawn) < wanted:
        dims = sorted(rng.choice(len(WIDTHS), size=int(rng.integers(1, 4)), replace=False))
        cause = tuple((int(d), int(rng.integers(WIDTHS[d]))) for d in dims)
        apart = all(not _inside(codes, cause)[_inside(codes, c)].any() for c in drawn)
        held = mean[_inside(codes, cause)].sum()
        if apart and least <= held <= 0.3 * mean.sum():
            drawn.append(cause)
    return drawn


def _factor(rng: np.random.Generator) -> float:
    return float(rng.uniform(0.2, 0.7) if rng.random() < 0.5 else rng.uniform(1.5, 3.5))


def _counts(rng: np.random.Generator, *, total: float, drift: float = 0.0, ragged: float = 0.0,
            causes: bool = True) -> Case:  # fmt: skip
    """Counts of two periods; both are chance."""
    codes, mean = _grid(rng, total)
    drawn = _causes(rng, codes, mean, least=200) if causes else []
    now = mean.copy()
    for d, width in enumerate(WIDTHS):
        now *= np.exp(rng.normal(0, drift, width))[codes[:, d]]
    for cause in drawn:
        inside = _inside(codes, cause)
        part = inside & (rng.random(len(codes)) >= ragged)
        now[part] *= np.exp(np.log(_factor(rng)) * rng.uniform(1 - 2 * ragged, 1, part.sum()))
    return Case(
        codes=codes,
        actual=rng.poisson(now).astype(float),
        expected=rng.poisson(mean).astype(float),
        truth=frozenset(drawn),
    )


def _heavy(rng: np.random.Generator) -> Case:
    """Sums of money with noise of few degrees of freedom."""
    codes, mean = _grid(rng, 1e7)
    drawn = _causes(rng, codes, mean, least=0)
    now = mean * np.exp(0.08 * rng.standard_t(4, len(codes)))
    for cause in drawn:
        now[_inside(codes, cause)] *= _factor(rng)
    return Case(codes=codes, actual=now, expected=mean, truth=frozenset(drawn))


def _siblings(rng: np.random.Generator) -> Case:
    """Several values of one dimension move, within one value of another."""
    codes, mean = _grid(rng, 400_000)
    inside, other = rng.choice([0, 1, 2], size=2, replace=False)
    held = int(rng.integers(WIDTHS[inside]))
    some = rng.choice(
        WIDTHS[other], size=int(rng.integers(2, WIDTHS[other] // 2 + 1)), replace=False
    )
    drawn = [tuple(sorted(((int(inside), held), (int(other), int(v))))) for v in some]
    drawn = [cause for cause in drawn if mean[_inside(codes, cause)].sum() >= 200]
    now, factor = mean.copy(), _factor(rng)
    for cause in drawn:
        now[_inside(codes, cause)] *= factor
    made = Case(
        codes=codes,
        actual=rng.poisson(now).astype(float),
        expected=rng.poisson(mean).astype(float),
        truth=frozenset(drawn),
    )
    return made if drawn else _siblings(rng)


def _sparse(rng: np.random.Generator) -> Case:
    """Counts of which most cells hold none or one."""
    made = _counts(rng, total=30_000)
    held = made.actual + made.expected > 0
    return replace(
        made, codes=made.codes[held], actual=made.actual[held], expected=made.expected[held]
    )


FAMILIES: dict[str, Callable[[np.random.Generator], Case]] = {
    "counts": lambda rng: _counts(rng, total=400_000),
    "sparse counts": _sparse,
    "counts that drift 2% by value": lambda rng: _counts(rng, total=400_000, drift=0.02),
    "uneven moves": lambda rng: _counts(rng, total=400_000, ragged=0.15),
    "heavy tails": _heavy,
    "siblings": _siblings,
    "nothing": lambda rng: _counts(rng, total=400_000, causes=False),
    "nothing, drift 2%": lambda rng: _counts(rng, total=400_000, drift=0.02, causes=False),
}
"""Ways to make a case."""
