"""The kill switch: models that are off ask and decide nothing more, from the next request on.

Who switched what off, when and why stands in the catalog, so every process that opens the workspace
sees it. A run watches its own calls too, and switches its model off when they pass a set limit.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from shroff.domain.judgements import JudgementOutcome
from shroff.errors import ConfigError
from shroff.store.catalog import Catalog
from shroff.store.catalog_runs import Audit
from shroff.store.catalog_watch import CatalogWatch

__all__ = [
    "KillSwitch",
    "Switched",
    "SwitchedOff",
    "TripLimits",
    "revive",
    "switch_off",
    "switched_off",
    "switches",
]

_OFF, _ON = "model off", "model on"
_ERRORS = {JudgementOutcome.FAILED, JudgementOutcome.INVALID, JudgementOutcome.CUT}
_REFUSALS = {JudgementOutcome.REFUSED, JudgementOutcome.FILTERED}
_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """One turn of the switch.

    Parameters
    ----------
    at : str
        When, ISO time.
    name, version : str
        The model; all versions when empty.
    off : bool
        Whether it was switched off, or on again.
    who, why : str
        Who did it, and the reason.
    cause : str
        ``person``, or the limit that was passed: ``errors``, ``refusals``, ``cost``, ``latency``.
    """

    at: str
    name: str
    version: str
    off: bool
    who: str
    why: str
    cause: str = "person"

    def meets(self, name: str, version: str) -> bool:
        """Say whether it is about a version."""
        return self.name == name and (not self.version or not version or self.version == version)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "at": self.at,
            "name": self.name,
            "version": self.version or None,
            "off": self.off,
            "who": self.who,
            "why": self.why,
            "cause": self.cause,
        }


def _read(audits: Iterable[Audit]) -> list[Switched]:
    found = []
    for each in audits:
        if each.kind not in {_OFF, _ON}:
            continue
        told: dict[str, str] = json.loads(each.detail)
        found.append(Switched(at=each.at, name=each.subject, off=each.kind == _OFF, **told))
    return found


def switches(catalog: Catalog) -> tuple[Switched, ...]:
    """List every turn of the switch, oldest first."""
    return tuple(_read(catalog.audits()))


def switched_off(catalog: Catalog) -> tuple[Switched, ...]:
    """List what is off now: the turns that nobody turned back."""
    off: dict[tuple[str, str], Switched] = {}
    for each in switches(catalog):
        if each.off:
            off[each.name, each.version] = each
            continue
        # reviving a model revives all of its versions; reviving a version only that
        for key in [key for key in off if key[0] == each.name and each.version in {"", key[1]}]:
            del off[key]
    return tuple(off.values())


def switch_off(
    catalog: Catalog, name: str, *, version: str = "", who: str, why: str, cause: str = "person"
) -> Switched:
    """Switch a model off, at once.

    Parameters
    ----------
    catalog : Catalog
        Where it is recorded.
    name, version : str
        The model; all versions when empty.
    who, why : str
        Who does it, and the reason.
    cause : str
        ``person``, or the limit that was passed.

    Returns
    -------
    Switched
        As it is recorded.

    Raises
    ------
    ConfigError
        If no reason is given.
    """
    return _turn(catalog, name, version, who=who, why=why, cause=cause, kind=_OFF)


def revive(catalog: Catalog, name: str, *, version: str = "", who: str, why: str) -> Switched:
    """Switch a model on again.

    Parameters
    ----------
    catalog : Catalog
        Where it is recorded.
    name, version : str
        The model; all versions when empty.
    who, why : str
        Who does it, and the reason.

    Returns
    -------
    Switched
        As it is recorded.

    Raises
    ------
    ConfigError
        If it is not off, or no reason is given.
    """
    off = switched_off(catalog)
    if not any(each.name == name and version in {"", each.version} for each in off):
        raise ConfigError(
            f"{name} {version} is not off".replace("  ", " "),
            where="NAME",
            hint="shroff models kill lists what is off",
        )
    return _turn(catalog, name, version, who=who, why=why, cause="person", kind=_ON)


def _turn(
    catalog: Catalog, name: str, version: str, *, who: str, why: str, cause: str, kind: str
) -> Switched:
    if not why.strip():
        raise ConfigError("a switch is turned for a reason", where="--reason", hint="say why")
    detail = {"version": version, "who": who, "why": why, "cause": cause}
    catalog.add_audit(kind, subject=name, detail=detail)
    return switches(catalog)[-1]


class SwitchedOff(Exception):  # noqa: N818 - it is no error: somebody wished so
    """The model was switched off while it ran."""


class TripLimits(Protocol):
    """When a run switches its model off by itself; None for never."""

    @property
    def error_rate(self) -> float | None:
        """Share of the last calls that failed, were cut or gave nothing readable."""
        ...

    @property
    def refusal_rate(self) -> float | None:
        """Share of the last calls that were refused or filtered."""
        ...

    @property
    def cost_per_hour(self) -> float | None:
        """Money within an hour."""
        ...

    @property
    def latency_seconds(self) -> float | None:
        """Median of the last calls."""
        ...

    @property
    def window(self) -> int:
        """Calls that shares and the median are taken over."""
        ...


@dataclass(slots=True, kw_only=True)
class KillSwitch:
    """The switch of one version, as a run sees it.

    Parameters
    ----------
    catalog : Catalog
        Where turns are recorded.
    name, version : str
        The version that runs.
    limits : TripLimits or None
        When the run switches it off by itself.
    clock : callable
        Seconds; what an hour's cost is held against.
    watch : CatalogWatch or None
        Tells whether the catalog changed, so that it is read again only then; read each time
        when None.
    """

    catalog: Catalog
    name: str
    version: str
    limits: TripLimits | None = None
    clock: Callable[[], float] = time.monotonic
    watch: CatalogWatch | None = None
    _calls: deque[tuple[JudgementOutcome, float]] = field(
        default_factory=deque[tuple[JudgementOutcome, float]]
    )
    _ended: Counter[JudgementOutcome] = field(default_factory=Counter[JudgementOutcome])
    _spent: deque[tuple[float, float]] = field(default_factory=deque[tuple[float, float]])
    _money: float = 0.0
    _off: Switched | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def off(self) -> Switched | None:
        """Ask whether the version is off; asked before every request."""
        with self._lock:
            if self.watch is None or self.watch.moved():
                self._off = self._read()
            return self._off

    def _read(self) -> Switched | None:
        turns = switched_off(self.catalog)
        return next((each for each in turns if each.meets(self.name, self.version)), None)

    def require_on(self) -> None:
        """Raise `SwitchedOff` where the version is off; asked before every batch."""
        if self.off() is not None:
            raise SwitchedOff

    def saw(
        self, outcome: JudgementOutcome, *, cost: float = 0.0, latency_ms: float = 0.0
    ) -> Switched | None:
        """Take note of a call; switch off where a limit is passed.

        Parameters
        ----------
        outcome : JudgementOutcome
            How it ended.
        cost : float
            What it cost.
        latency_ms : float
            How long it took.

        Returns
        -------
        Switched or None
            The turn, where this call made it.
        """
        if self.limits is None:
            return None
        with self._lock:
            self._note(outcome, cost, latency_ms / 1000)
            passed = self._passed(self.limits)
        if passed is None or self.off() is not None:
            return None
        cause, why = passed
        return switch_off(
            self.catalog, self.name, version=self.version, who="shroff", why=why, cause=cause
        )

    def _note(self, outcome: JudgementOutcome, cost: float, seconds: float) -> None:
        """Add a call to the last ones, and let go of what is too old."""
        assert self.limits is not None  # noqa: S101 - asked before
        self._calls.append((outcome, seconds))
        self._ended[outcome] += 1
        while len(self._calls) > self.limits.window:
            self._ended[self._calls.popleft()[0]] -= 1
        if self.limits.cost_per_hour is None:
            return
        now = self.clock()
        self._spent.append((now, cost))
        self._money += cost
        while self._spent[0][0] < now - _HOUR:
            self._money -= self._spent.popleft()[1]

    def _passed(self, limits: TripLimits) -> tuple[str, str] | None:
        """Tell which limit is passed."""
        if limits.cost_per_hour is not None and self._money > limits.cost_per_hour:
            return "cost", f"{self._money:.4g} within an hour, at most {limits.cost_per_hour:g}"
        size = len(self._calls)
        if size < limits.window:
            return None
        for cause, most, kinds in (
            ("errors", limits.error_rate, _ERRORS),
            ("refusals", limits.refusal_rate, _REFUSALS),
        ):
            share = sum(self._ended[each] for each in kinds) / size
            if most is not None and share > most:
                return cause, f"{share:.0%} of the last {size} calls, at most {most:.0%}"
        if (slowest := limits.latency_seconds) is None:
            return None
        middle = sorted(seconds for _, seconds in self._calls)[size // 2]
        if middle <= slowest:
            return None
        return "latency", f"median of the last {size} calls {middle:.1f} s, at most {slowest:g} s"
