"""Decides on ads as they come, by what is live at that moment."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from shroff.advise.live_ads import LiveAd
from shroff.advise.live_decision import Decided, decide_one
from shroff.advise.live_lines import Judge, Line, Lined, lined
from shroff.advise.live_rules import Fired
from shroff.advise.live_strategy import LiveStrategy, pack_files, read_strategy
from shroff.domain.messages import Message
from shroff.domain.registered import ModelKind
from shroff.errors import ShroffError
from shroff.models.scorer import Scorer, columns_of, open_scorer
from shroff.rules.lifecycle import RuleState
from shroff.rules.text_batches import records
from shroff.stats.proportions import Floats
from shroff.store.catalog import Catalog
from shroff.store.catalog_watch import CatalogWatch
from shroff.store.settings import SETTINGS_FILE, Settings, read_settings

__all__ = ["Decider", "Decisions"]

_RUN_HERE = frozenset(
    {ModelKind.BUILTIN, ModelKind.CALLABLE, ModelKind.ONNX, ModelKind.SKLEARN, ModelKind.HTTP}
)
_Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """Ads that were decided, and by what.

    Parameters
    ----------
    strategy : LiveStrategy
        What decided all of them.
    decided : tuple of Decided
        One for each ad, in their order.
    warnings : tuple of Message
        What to know of them.
    """

    strategy: LiveStrategy
    decided: tuple[Decided, ...]
    warnings: tuple[Message, ...]


class Decider:
    """Decides on ads. Threads may share one.

    Before every batch it is asked whether packs, settings or the catalog changed (some
    microseconds); what changed is read again, and batches under way end with what they began with.
    Where something new cannot be read, what was live stays so, and every answer says it.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    catalog : Catalog
        What was done in it.
    """

    def __init__(self, root: Path, *, catalog: Catalog) -> None:
        self.root, self.catalog = root, catalog
        self._lock = threading.Lock()
        self._watch = CatalogWatch(catalog.path) if catalog.path.exists() else None
        self._stamp: _Stamp | None = None
        self._strategy: LiveStrategy | None = None
        self._stale: tuple[Message, ...] = ()
        self._scorers: dict[tuple[str, str, str], Scorer | None] = {}

    def close(self) -> None:
        """Let go of files and models."""
        if self._watch is not None:
            self._watch.close()
        for scorer in self._scorers.values():
            if scorer is not None:
                scorer.close()

    def strategy(self) -> LiveStrategy:
        """Give what is live now.

        Returns
        -------
        LiveStrategy
            Rules, lines and models.
        """
        with self._lock:
            stamp = self._stamped()
            moved = self._watch is None or self._watch.moved()
            if self._strategy is None or moved or stamp != self._stamp:
                self._strategy = self._read(self._strategy)
                self._stamp = stamp
            return self._strategy

    def _stamped(self) -> _Stamp:
        """Tell the state of files and the day from any other."""
        files = [*pack_files(self.root), self.root / SETTINGS_FILE]
        stamps: list[object] = [datetime.now(UTC).date()]
        for path in files:
            with suppress(OSError):
                found = path.stat()
                stamps.append((path, found.st_mtime_ns, found.st_size))
        return tuple(stamps)

    def _read(self, before: LiveStrategy | None) -> LiveStrategy:
        try:
            made = read_strategy(
                self.root,
                catalog=self.catalog,
                settings=self._settings(),
                today=datetime.now(UTC).date(),
                before=before,
            )
        except ShroffError as fault:
            if before is None:
                raise
            what = f"{fault.where}: {fault.cause}" if fault.where else fault.cause
            self._stale = (Message("decide.stale", {"what": what.splitlines()[0]}),)
            return before
        self._stale = ()
        return made

    def _settings(self) -> Settings:
        return read_settings(self.root / SETTINGS_FILE)

    def warnings(self) -> tuple[Message, ...]:
        """Say what to know of what is live: it cannot be read, nothing is live, a model is off."""
        return (*self._stale, *self.strategy().warnings)

    def decide(self, ads: Sequence[LiveAd]) -> Decisions:
        """Decide on ads.

        Parameters
        ----------
        ads : sequence of LiveAd
            The ads.

        Returns
        -------
        Decisions
            What is done with each, and why. A model that fails decides nothing: its ads get the
            fallback, and a warning says so.
        """
        strategy = self.strategy()
        fired = strategy.rules.on(ads)
        ran = _Ran(self, strategy, ads)
        name = strategy.id
        told = [
            decide_one(
                ad,
                fired[row],
                [
                    ran.lined(judge, line, row=row)
                    for judge, line in strategy.lines.of(ad)
                ],
                shadows=[ran.lined(judge, None, row=row) for judge in strategy.shadows],
                fallback=strategy.fallback,
                queue=strategy.lines.queue(ad),
                strategy=name,
            )
            for row, ad in enumerate(ads)
        ]  # fmt: skip
        return Decisions(strategy, tuple(told), (*self._stale, *strategy.warnings, *ran.failures))

    def scan(
        self, ads: Sequence[LiveAd], *, states: Iterable[RuleState]
    ) -> tuple[LiveStrategy, list[list[Fired]]]:
        """Find the rules that fire on ads, and where.

        Parameters
        ----------
        ads : sequence of LiveAd
            The ads.
        states : iterable of RuleState
            Where rules stand that are told.

        Returns
        -------
        LiveStrategy, list of list of Fired
            What is live, and for each ad its rules.
        """
        strategy, wanted = self.strategy(), set(states)
        fired = strategy.rules.on(ads)
        return strategy, [[each for each in own if each.standing.state in wanted] for own in fired]

    def scores(self, judge: Judge, ads: Sequence[LiveAd]) -> Floats | None:
        """Score ads with a model that runs here; None where it cannot be run here."""
        scorer = self._scorer(judge)
        if scorer is None or judge.model is None:
            return None
        names = columns_of(judge.model)
        rows = [
            {"ad_id": ad.id, "ad_version": ad.version, **{name: ad.value(name) for name in names}}
            for ad in ads
        ]
        batch = records(rows)
        arrays = [
            batch.column(name) if batch.column(name).type != pa.null()
            else batch.column(name).cast(pa.string())
            for name in batch.schema.names
        ]  # fmt: skip
        return scorer.score(pa.RecordBatch.from_arrays(arrays, names=batch.schema.names))

    def _scorer(self, judge: Judge) -> Scorer | None:
        model = judge.model
        if model is None or model.kind not in _RUN_HERE:
            return None
        key = (model.name, model.version, str(model.source))
        with self._lock:
            if key not in self._scorers:
                self._scorers[key] = open_scorer(model, root=self.root, settings=self._settings())
            return self._scorers[key]


class _Ran:
    """Scores of one batch: each model is run at most once, on the ads that need it."""

    def __init__(self, decider: Decider, strategy: LiveStrategy, ads: Sequence[LiveAd]) -> None:
        self._decider, self._ads, self._off = decider, ads, strategy.lines.off
        self._found: dict[tuple[str, str], Floats] = {}
        self._failed: dict[tuple[str, str], str] = {}

    @property
    def failures(self) -> tuple[Message, ...]:
        """Say which models could not score."""
        return tuple(
            Message("decide.failed", {"name": " ".join(key), "what": what})
            for key, what in self._failed.items()
        )

    def lined(self, judge: Judge, line: Line | None, *, row: int) -> Lined:
        """Tell what a line does with one of the ads."""
        ad = self._ads[row]
        ran: float | None = None
        key = (judge.name, judge.version)
        if not judge.off and judge.brought(ad) is None:
            found = float(self._scores(judge)[row])
            ran = found if 0 <= found <= 1 else None
        failed = key in self._failed and ran is None
        return lined(judge, line, ad, ran=ran, failed=failed, off=self._off)

    def _scores(self, judge: Judge) -> Floats:
        key = (judge.name, judge.version)
        if key not in self._found:
            found: Floats | None = None
            try:
                found = self._decider.scores(judge, self._ads)
            except Exception as fault:  # noqa: BLE001 - models are of users: whatever they raise
                cause = fault.cause if isinstance(fault, ShroffError) else repr(fault)
                self._failed[key] = cause.splitlines()[0][:200] if cause else type(fault).__name__
            self._found[key] = np.full(len(self._ads), np.nan) if found is None else found
        return self._found[key]
