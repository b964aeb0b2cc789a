"""Which lines does the machine follow today? Read from what it did with each score."""

from __future__ import annotations

import numpy as np

from shroff.advise.proposal import Proposal
from shroff.advise.strategy_sql import LiveLines, lines_sql, live_score_sql
from shroff.domain.messages import Message
from shroff.errors import ConfigError
from shroff.stats.proportions import Floats
from shroff.stats.score_cells import BINS, PLACES
from shroff.store.engine import Engine

__all__ = ["find_lines", "lines_of_counts"]

_MODELS_SQL = """
SELECT s.model, COUNT(*) AS n
FROM scores AS s
WHERE s.policy_id IS NULL AND NOT COALESCE(s.shadow, FALSE)
GROUP BY s.model
ORDER BY n DESC, s.model
"""
_LEAST_EXPLAINED = 0.9


def find_lines(engine: Engine, proposal: Proposal) -> tuple[LiveLines | None, list[Message]]:
    """Find today's lines, and refuse scores that are not in the log.

    Parameters
    ----------
    engine : Engine
        Where ``population`` stands.
    proposal : Proposal
        What is proposed.

    Returns
    -------
    LiveLines or None, list of Message
        The lines, None where no score over all policies is logged; what to know of them.

    Raises
    ------
    ConfigError
        If the proposal rests on scores that are not in the log, or on a model that decides nothing.
    """
    models = [str(row["model"]) for row in engine.query(_MODELS_SQL).to_pylist()]
    live = _live(engine, models[0]) if models else None
    versions = dict(proposal.versions)
    deciding = {each.model for each in proposal.lines} | set(models[:1])
    for model in versions:
        if model not in deciding:
            raise ConfigError(
                f"model {model!r} decides nothing, so another version of it changes nothing",
                hint="models that decide: " + (", ".join(sorted(deciding)) or "none"),
            )
    _require_scores(engine, proposal, models=models)
    moves = bool(versions) or bool(proposal.packs)
    if moves and live is None:
        raise ConfigError(
            "no score over all policies is in the log, so today's lines are not known",
            hint="ingest the scores that the machine decides by, or propose thresholds",
        )
    notes = []
    if moves and live is not None:
        notes.append(
            Message(
                "simulate.lines",
                {
                    "model": live.model,
                    "review": live.review_from,
                    "reject": live.reject_from,
                    "share": live.explained,
                },
            )
        )
        if live.explained < _LEAST_EXPLAINED:
            notes.append(Message("simulate.lines_weak", {"share": live.explained}))
    return live, notes


def _require_scores(engine: Engine, proposal: Proposal, *, models: list[str]) -> None:
    versions = dict(proposal.versions)
    keys = [(each.model, each.policy, versions.get(each.model, "")) for each in proposal.lines]
    keys += [(model, None, version) for model, version in versions.items() if model in models]
    for model, policy, version in dict.fromkeys(keys):
        found = engine.query(
            f"SELECT COUNT(*) AS n FROM ({live_score_sql((model, policy, version))}) AS s"
        )
        if not int(found.column("n")[0].as_py()):
            about = f" for policy {policy}" if policy else " over all policies"
            raise ConfigError(
                f"there is no score of {model}{' ' + version if version else ''}{about} in the log",
                hint='shroff sql "SELECT model, version, policy_id, COUNT(*) FROM scores'
                ' GROUP BY ALL" tells which there are; score the ads with it first',
            )


def _live(engine: Engine, model: str) -> LiveLines | None:
    counts = np.zeros((3, PLACES))
    for row in engine.query(lines_sql(model)).to_pylist():
        if row["place"] is not None and row["place"] >= 0:
            tier = {"approve": 0, "reject": 2}.get(row["action"], 1)
            counts[tier, int(row["place"])] += float(row["n"])
    if not counts.sum():
        return None
    review, reject, explained = lines_of_counts(counts)
    return LiveLines(model, review, reject, explained)


def lines_of_counts(counts: Floats) -> tuple[float, float, float]:
    """Draw the two lines that give most of what was done.

    Parameters
    ----------
    counts : array of shape (3, `PLACES`)
        Ads approved, between, and rejected, by place of their score.

    Returns
    -------
    tuple of float
        Score from which ads are reviewed, from which they are rejected (infinite for never), and
        the share of decisions that this gives.
    """
    before = np.concatenate([np.zeros((3, 1)), np.cumsum(counts, axis=1)], axis=1)
    approved = before[0]
    between = before[1]
    rejected = counts[2].sum() - before[2]
    # right up to each place: the best review line for every reject line, left of it
    best = np.maximum.accumulate(approved - between)
    reject = int(np.argmax(best + between + rejected))
    review = int(np.argmax((approved - between)[: reject + 1]))
    right = float(approved[review] + between[reject] - between[review] + rejected[reject])
    return _score(review), _score(reject), right / float(counts.sum())


def _score(place: int) -> float:
    """Give the score at which a place begins; the first thousandth is place 1."""
    if place > BINS:
        return float("inf")
    return max(place - 1, 0) / BINS
