"""The labelled ads of a period, on which every recommendation is tried: one deck for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shroff.advise.proposal import Proposal, ThresholdChange
from shroff.advise.scored_policy import SCORED_POLICY, SCORED_POLICY_SQL
from shroff.errors import DataError
from shroff.measure.frame import ACTIONS, Frame
from shroff.rules.rule import FIELDS
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident

__all__ = ["APPROVE", "REJECT", "REVIEW", "Deck", "read_deck"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

APPROVE, REVIEW, REJECT = (ACTIONS.index(name) for name in ("approve", "review", "reject"))
_DRAWS, _MANY = 400, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """Labelled ads.

    Parameters
    ----------
    table : Table
        Their columns and texts.
    action : array of int, shape (n,)
        What the machine did, by the places of `ACTIONS`.
    outcome : array of int, shape (n,)
        What was done and what was true, as the label frame codes it.
    violating : array of bool, shape (n,)
        Whether each violates.
    weight : array, shape (n,)
        How many ads each stands for.
    shown : array, shape (n,)
        Impressions of the period.
    cluster : array of int, shape (n,)
        Whose ad it is.
    days : int
        Days of the period.
    """

    table: pa.Table
    action: Ints
    outcome: Ints
    violating: Flags
    weight: Floats
    shown: Floats
    cluster: Ints
    days: int

    def __len__(self) -> int:
        """Count the ads."""
        return len(self.action)

    def texts(self, name: str) -> npt.NDArray[np.object_]:
        """Give a column as texts; None where there is none."""
        if name not in self.table.column_names:
            return np.full(len(self), None, dtype=object)
        column = self.table.column(name).cast(pa.string())
        found: npt.NDArray[np.object_] = np.array(column.to_pylist(), dtype=object)
        return found

    def score(self) -> Floats:
        """Give the score over all policies; not a number where there is none."""
        if "score" not in self.table.column_names:
            return np.full(len(self), np.nan)
        found: Floats = self.table.column("score").cast(pa.float64()).fill_null(np.nan).to_numpy()
        return found

    def chances(self, seed: int = 0) -> Floats:
        """Draw how much each advertiser's ads weigh, shape (draws, advertisers).

        Parameters
        ----------
        seed : int
            Which draws.

        Returns
        -------
        array
            A Bayesian bootstrap: exponential weights, the same for every recommendation, so that
            differences between them are drawn too.
        """
        many = int(self.cluster.max(initial=-1)) + 1
        draws = _DRAWS if many <= _MANY else _DRAWS // 4
        found: Floats = np.random.default_rng(seed).exponential(size=(draws, many))
        sizes = np.bincount(self.cluster, weights=self.weight, minlength=many)
        found *= sizes.sum() / np.maximum(found @ sizes, 1e-12)[:, None]
        return found

    def under(self, proposal: Proposal) -> Ints | None:
        """Say what lines would do with each ad; None where they read scores the deck lacks.

        Parameters
        ----------
        proposal : Proposal
            Lines by slice.

        Returns
        -------
        array of int or None
            Actions. Ads that rules decided stay with them; the first line that fits decides.
        """
        if any(each.policy is not None for each in proposal.thresholds):
            return None
        found = self.action.copy()
        score = self.score()
        free = (self.texts("source") == "model") & np.isfinite(score)
        for change in proposal.thresholds:
            mine = free & self._fits(change)
            found[mine] = _lined(score[mine], change)
            free &= ~mine
        return found

    def _fits(self, change: ThresholdChange) -> Flags:
        fits = np.ones(len(self), dtype=bool)
        for name, value in change.where:
            fits &= self.texts(name) == value
        return fits


def _lined(score: Floats, change: ThresholdChange) -> Ints:
    found: Ints = np.where(
        score >= change.reject_from,
        REJECT,
        np.where(score >= change.review_from, REVIEW, APPROVE),
    ).astype(np.int64)
    return found


def read_deck(engine: Engine, frame: Frame, *, days: int) -> Deck:
    """Read the labelled ads of a period with their texts and scores.

    Parameters
    ----------
    engine : Engine
        Where the frame stands.
    frame : Frame
        The label frame by ads.
    days : int
        Days of the period.

    Returns
    -------
    Deck
        The ads.

    Raises
    ------
    DataError
        If none has a label that can speak for others.
    """
    if not frame.any_probability():
        raise DataError(
            "no label of these days was drawn with a known chance",
            hint="shroff labels plan says which ads to draw",
        )
    batches = list(rows(engine, _query(engine, frame.table)))
    if not batches:
        raise DataError("no ad of these days has a label", hint="choose other days with --period")
    table = pa.Table.from_batches(batches)
    outcome = table.column("outcome").to_numpy().astype(np.int64)
    owners = table.column("_owner").combine_chunks().dictionary_encode()
    return Deck(
        table=table,
        action=outcome // 16,
        outcome=outcome,
        violating=(outcome & 8) > 0,
        weight=table.column("w").to_numpy().astype(np.float64),
        shown=table.column("impressions").fill_null(0.0).to_numpy().astype(np.float64),
        cluster=owners.indices.to_numpy().astype(np.int64),
        days=days,
    )


def _query(engine: Engine, frame: str) -> str:
    """Write the query: the frame's columns, texts of ads, the policy each would be held against."""
    own: Mapping[str, str] = engine.columns("ads")
    texts = [name for name in FIELDS if name in own]
    columns = [name for name, kind in engine.columns(frame).items() if _plain(name, kind)]
    owner = "CAST(f.advertiser_id AS VARCHAR)" if "advertiser_id" in columns else "NULL"
    shown = [f"f.{ident(name)}" for name in columns]
    shown += [f"a.{ident(name)}" for name in texts if name not in columns]
    join = ""
    if "scores" in engine.snapshot:
        shown.append(f"s.{SCORED_POLICY}")
        join = (
            f" LEFT JOIN ({SCORED_POLICY_SQL}) AS s"
            " ON f.ad_id = s.ad_id AND f.ad_version = s.ad_version"
        )
    return (
        f"SELECT {', '.join(shown)}, COALESCE({owner}, 'ad ' || CAST(f.ad_id AS VARCHAR)) AS _owner"
        f" FROM {frame} AS f LEFT JOIN ads AS a"
        f" ON f.ad_id = a.ad_id AND f.ad_version = COALESCE(a.ad_version, 1){join}"
        " WHERE f.in_period ORDER BY f.ad_id, f.ad_version, f.decision_id"
    )


def _plain(name: str, kind: str) -> bool:
    return not kind.endswith("[]") and not name.startswith("_") and kind != "BLOB"
