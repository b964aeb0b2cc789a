"""How LLM judges run, as it is written in tables and sentences, in any language."""

from __future__ import annotations

from collections.abc import Sequence

from shroff.advise.operation_changes import OperationChange
from shroff.domain.messages import Language, Message, count, number, percent, say
from shroff.models.operations_result import Beside, Calls, Drift, Operations
from shroff.stats.estimate import Estimate

__all__ = [
    "BESIDE_COLUMNS",
    "CALL_COLUMNS",
    "DRIFT_COLUMNS",
    "beside_words",
    "call_words",
    "change_words",
    "drift_words",
    "off_words",
]

CALL_COLUMNS = (
    "version",
    "calls",
    "error_rate",
    "refusal_rate",
    "repair_rate",
    "violating_rate",
    "latency",
    "cost",
    "cost_1000",
    "cached",
)
BESIDE_COLUMNS = ("version", "beside", "slice", "apart", "labels")
DRIFT_COLUMNS = ("version", "psi", "shift")
_MOST_CHANGES = 8


def call_words(each: Calls, language: Language) -> tuple[str, ...]:
    """Write a version's calls, in the order of `CALL_COLUMNS`."""
    name = f"{each.model} {each.version}"
    if each.shadow:
        name = say("operations.shadow", language, {"version": name})
    if each.cut:
        name = f"{name} · {each.value or '–'}"
    rates = [_share(each.rate(rate)) for rate in CALL_COLUMNS[2:6]]
    waits = " / ".join("–" if ms is None else count(ms) for ms in each.latency)
    dear = "–" if each.cost_1000 is None else f"{number(each.cost_1000)} {each.currency}".strip()
    cached = "–" if each.cached is None else percent(each.cached)
    return (
        name, count(each.calls), *rates, f"{waits} ms", number(each.counts["cost"]), dear, cached,
    )  # fmt: skip


def beside_words(each: Beside, language: Language) -> tuple[str, ...]:
    """Write who says otherwise, in the order of `BESIDE_COLUMNS`."""
    beside = (
        say(f"operations.beside.{each.beside}", language)
        if each.beside in {"people", "rules"}
        else say("operations.beside.version", language, {"version": each.beside})
    )
    name = f"{each.model} {each.version}"
    cut = (each.value or "–") if each.cut else ""
    return name, beside, cut, _share(each.apart), count(each.apart.n)


def drift_words(each: Drift) -> tuple[str, ...]:
    """Write how scores moved, in the order of `DRIFT_COLUMNS`."""
    shift = each.shift
    low, high = shift.low or 0.0, shift.high or 0.0
    told = f"{shift.value or 0.0:+.2f} ({low:+.2f} – {high:+.2f})"
    return f"{each.model} {each.version}", f"{each.psi:.3f}", told


def change_words(changes: Sequence[OperationChange]) -> tuple[Message, ...]:
    """Say what changed, the clearest first; or that nothing did."""
    if not changes:
        return (Message("operations.unchanged"),)
    return tuple(each.sentence() for each in changes[:_MOST_CHANGES])


def off_words(found: Operations) -> tuple[Message, ...]:
    """Say what is switched off."""
    return tuple(
        Message(
            "operations.off",
            {
                "model": each.name,
                "version": each.version,
                "at": each.at,
                "who": each.who or "–",
                "why": each.why,
            },
        )
        for each in found.off
    )


def _share(figure: Estimate | None) -> str:
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{percent(figure.value)} ({percent(figure.low)} – {percent(figure.high)})"
