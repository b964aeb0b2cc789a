"""Draws of what labels leave open: which ads violate, and what violating ads would have been shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shroff.advise.label_sums import LabelErrors
from shroff.advise.replay import Replay, Shown
from shroff.advise.replay_errors import ErrorDraws, draw_errors
from shroff.stats.proportions import Floats
from shroff.stats.share_draws import draw_shares, members_drawn

__all__ = ["Draws", "draw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Draws of what is not known, one row a draw.

    Parameters
    ----------
    shares : array of shape (draws, cells)
        Share of the ads of each cell that violate.
    bad : array of shape (draws, cells)
        Violating ads.
    viewed : array of shape (draws, cells)
        Violating share of impressions.
    shown_before, shown_after : array of shape (draws, cells)
        Violating impressions.
    """

    shares: Floats
    bad: Floats
    viewed: Floats
    shown_before: Floats
    shown_after: Floats


def draw(replay: Replay, errors: LabelErrors, *, draws: int, rng: np.random.Generator) -> Draws:
    """Draw what labels leave open.

    Parameters
    ----------
    replay : Replay
        What was counted.
    errors : LabelErrors
        How often labels of each kind are right, with doubt.
    draws : int
        How many.
    rng : Generator
        Chance.

    Returns
    -------
    Draws
        Draws of shares, violating ads and violating impressions.
    """
    said = draw_shares(replay.labels.cells, draws=draws, rng=rng)
    mistakes = draw_errors(
        errors, replay.labels.kinds, curve=replay.labels.cells.along.curve, draws=draws, rng=rng
    )
    shares = mistakes.right(said, size=replay.ads)
    bad = _members(replay, shares, mistakes, rng=rng)
    viewed = shares
    if replay.viewed.cells.n.sum() > 0:
        seen = draw_shares(replay.viewed.cells, draws=draws, rng=rng)
        viewed = mistakes.right(seen, size=replay.impressions)
        # once people have spoken, how often an ad was shown says little more of what it is
        viewed[:, replay.reviewed] = shares[:, replay.reviewed]
    # a few ads have most of what a cell was shown: what they are is chance beside the share
    unseen = 1 - np.minimum(replay.labels.counted / np.maximum(replay.ads, 1.0), 1.0)
    noise = np.sqrt(viewed * (1 - viewed) * replay.squares * unseen)
    around = noise * rng.standard_normal(viewed.shape)
    shown = np.clip(viewed * replay.impressions + around, 0.0, replay.impressions)
    after = _shown_after(replay, shown, bad, rng=rng)
    return Draws(shares=shares, bad=bad, viewed=viewed, shown_before=shown, shown_after=after)


def _members(
    replay: Replay, shares: Floats, mistakes: ErrorDraws, *, rng: np.random.Generator
) -> Floats:
    """Draw how many ads of each cell violate: labelled ones are known but for mistakes."""
    labels = replay.labels.cells
    drawn = members_drawn(shares, labels=labels, size=replay.ads, rng=rng)
    known = np.minimum(labels.n, replay.ads)
    right = mistakes.right(np.broadcast_to(labels.share, shares.shape), size=known)
    slips = np.sqrt(known * mistakes.doubt(right)) * rng.standard_normal(shares.shape)
    bad: Floats = np.clip(drawn + known * (right - labels.share) + slips, 0.0, replay.ads)
    return bad


def _shown_after(
    replay: Replay, shown: Floats, bad: Floats, *, rng: np.random.Generator
) -> Floats:
    """Impute the violating impressions of ads that would be treated otherwise."""
    heavier = _heaviness(replay, shown, bad)
    usual = np.divide(
        replay.usual, replay.ads, out=np.zeros(len(replay.ads)), where=replay.ads > 0
    )
    free = bad * usual * heavier[:, None]
    noise = _one_ad_noise(replay) * usual * np.sqrt(np.maximum(bad, 0.0))
    free = np.maximum(free + noise * heavier[:, None] * rng.standard_normal(bad.shape), 0.0)
    until = _until_stopped(replay, shown, bad, heavier)
    after = shown.copy()
    approved = replay.cells(was=("approve", "restrict"))
    for name, share in (("approve", 1.0), ("restrict", _restricted(replay))):
        mine = replay.cells(becomes=(name,)) & replay.flips
        after[:, mine] = (np.where(approved, shown, free) * share)[:, mine]
    queued = replay.cells(becomes=("review",)) & replay.flips
    # people may see at once what is wrong with ads that were rejected, or miss as much as they do
    plain = replay.cells(was=("reject",))[None, :] * rng.uniform(0.0, 1.0, (len(bad), 1))
    until = until * (1 - plain)
    after[:, queued] = (np.where(approved, shown, free) * until)[:, queued]
    after[:, replay.cells(becomes=("reject",)) & replay.flips] = 0.0
    return after


def _heaviness(replay: Replay, shown: Floats, bad: Floats) -> Floats:
    """Tell how many times as often a violating approved ad is shown as an approved one."""
    mine = replay.cells(was=("approve",))
    ads, impressions = replay.ads[mine].sum(), replay.impressions[mine].sum()
    if not (ads > 0 and impressions > 0):
        return np.ones(len(bad))
    each = shown[:, mine].sum(axis=1) / np.maximum(bad[:, mine].sum(axis=1), 1.0)
    heavier: Floats = np.clip(each / (impressions / ads), 0.05, 20.0)
    return heavier


def _moments(replay: Replay, chosen: Callable[[Shown], bool]) -> tuple[float, float, float]:
    """Give ads, mean impressions and their standard deviation of some of the ads."""
    rows = [row for row in replay.shown if chosen(row)]
    n = float(sum(row.n for row in rows))
    total = float(sum(row.total for row in rows))
    squares = float(sum(row.squares for row in rows))
    if not n:
        return 0.0, 0.0, 0.0
    mean = total / n
    return n, mean, float(np.sqrt(max(squares / n - mean**2, 0.0)))


def _one_ad_noise(replay: Replay) -> float:
    """Tell how far single approved ads are from the mean, in means."""
    _, mean, spread = _moments(replay, lambda row: row.action == "approve")
    return float(np.hypot(spread / mean, 1.0)) if mean > 0 else 0.0


def _until_stopped(replay: Replay, shown: Floats, bad: Floats, heavier: Floats) -> Floats:
    """Tell which part of its impressions a violating ad has that people see, those missed too."""
    mine = replay.cells(was=("review",))
    _, usual, _ = _moments(replay, lambda row: row.action == "approve")
    if not mine.any() or not usual:
        return np.linspace(0.0, 1.0, len(bad))[:, None]
    each = shown[:, mine].sum(axis=1) / np.maximum(bad[:, mine].sum(axis=1), 1.0)
    parts: Floats = np.clip(each / (usual * heavier), 0.0, 1.0)
    return parts[:, None]


def _restricted(replay: Replay) -> float:
    _, usual, _ = _moments(replay, lambda row: row.action == "approve")
    n, mean, _ = _moments(replay, lambda row: row.action == "restrict")
    return float(np.clip(mean / usual, 0.0, 1.0)) if n and usual else 1.0
