"""The judgements log of the demo platform: one row for each ad version and prompt asked about it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from shroff.synthetic.copywriting import Copy
from shroff.synthetic.dice import Flags, Floats, Ints, joined
from shroff.synthetic.judging_llm import (
    MODEL,
    OUTCOMES,
    VERSIONS,
    Answers,
    answered,
    asked,
    judging_days,
)
from shroff.synthetic.log_tables import ids, moments, named
from shroff.synthetic.markets import MARKETS
from shroff.synthetic.moderation import Rulings
from shroff.synthetic.seasons import DAY
from shroff.synthetic.submissions import Ads
from shroff.synthetic.taxonomy import policies
from shroff.synthetic.world import World

__all__ = ["JudgeLog"]

_PROMPT = (1450, 1920)
_MEDIAN_MS, _SPREAD_MS = (820.0, 1240.0), 0.42
_TIMEOUT_MS = 30_000
_CACHED = 0.8
_PRICES = (2.5e-6, 1.25e-6, 1.0e-5)  # a token read, read from the cache, written
_ANSWERED = np.array([OUTCOMES.index(name) != OUTCOMES.index("failed") for name in OUTCOMES])
_REASONS = (None, "refused", "content_filter", "length", "not the schema", "timeout")


@dataclass(frozen=True, slots=True)
class JudgeLog:
    """Writes judgements batch by batch; of equal creatives, one is asked about and the rest repeat it.

    Parameters
    ----------
    known : dict
        First judgement of each creative and version that ended in a verdict.
    """

    known: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])

    def table(self, world: World, ads: Ads, texts: Copy, *, rulings: Rulings) -> pa.Table:
        """Write the judgements of a batch of ads.

        Parameters
        ----------
        world : World
            The platform.
        ads : Ads
            The ads.
        texts : Copy
            Their texts.
        rulings : Rulings
            The machine's decisions, after which the LLM is asked.

        Returns
        -------
        pa.Table
            None, one or two rows for each ad.
        """
        length = _lengths(ads, texts)
        parts = []
        for version in range(len(VERSIONS)):
            row = asked(world, ads, rulings, version=version)
            at = rulings.at[row] + 1 + world.dice.whole("llm wait", ads.unit[row], below=9)
            answers = answered(world, ads, row, version=version, at=at)
            parts.append(
                self._rows(world, ads, answers, at=at, length=length[row], rulings=rulings)
            )
        return pa.concat_tables(parts)

    def _copies(self, ads: Ads, answers: Answers, names: list[str]) -> list[str | None]:
        """Tell for each answer which judgement it repeats."""
        found: list[str | None] = [None] * len(names)
        content, ended = ads.content[answers.row].tolist(), answers.outcome.tolist()
        for place in np.lexsort((ads.at[answers.row], ads.at[answers.row] // DAY)).tolist():
            if ended[place] != 0:
                continue
            first = self.known.setdefault((content[place], answers.version), names[place])
            found[place] = first if first != names[place] else None
        return found

    def _rows(
        self,
        world: World,
        ads: Ads,
        answers: Answers,
        *,
        at: Ints,
        length: Floats,
        rulings: Rulings,
    ) -> pa.Table:
        row, version = answers.row, answers.version
        keys = joined(ads.unit[row], np.full(len(row), version))
        names = [f"jdg_{key:016x}" for key in world.dice.bits("llm id", keys).tolist()]
        copies = self._copies(ads, answers, names)
        copied = np.array([each is not None for each in copies], dtype=np.bool_)
        spoke = _ANSWERED[answers.outcome] & ~copied
        work = _Work.of(world, answers, keys=keys, length=length, spoke=spoke)
        days, day = judging_days(world), (ads.at[row] - world.seasons.opens) // DAY
        return pa.table(
            {
                "judgement_id": pa.array(names, pa.string()),
                **_whose(world, ads, answers),
                "returned_model": named(np.where(spoke, 0, -1), ["judge-9b-2026-02"]),
                "policy_id": named(
                    rulings.scores.policy[row], [policy.id for policy in policies()]
                ),
                "judged_at": moments(at),
                **_said(ads, answers, rulings),
                "samples": np.where(copied, 0, 1),
                **work.columns(),
                "attempts": np.where(copied, 0, answers.attempts),
                "repaired": answers.repaired & ~copied,
                "shadow": (day < days.switch) if version else np.zeros(len(row), dtype=np.bool_),
                "endpoint": pa.array(["judge"] * len(row), pa.string()),
                "run_id": _runs(version, day),
                "copy_of": pa.array(copies, pa.string()),
                "reason": named(answers.outcome, _REASONS),
            }
        )


def _whose(world: World, ads: Ads, answers: Answers) -> dict[str, object]:
    """Give which ad each answer is about, and who gives it."""
    row, version = answers.row, VERSIONS[answers.version]
    return {
        "ad_id": ids(world, ads.number[row]),
        "ad_version": ads.version[row],
        "market": named(ads.market[row], [market.code for market in MARKETS]),
        "model": pa.array([MODEL] * len(row), pa.string()),
        "version": pa.array([version] * len(row), pa.string()),
    }


def _runs(version: int, day: Ints) -> pa.Array:
    """Name the run of each day."""
    return pa.array([f"run_{VERSIONS[version][:2]}_{each:03d}" for each in day], pa.string())


def _said(ads: Ads, answers: Answers, rulings: Rulings) -> dict[str, object]:
    """Give what each answer says: outcome, verdict, severity, confidence, score."""
    known, row = answers.outcome == 0, answers.row
    verdict = np.where(answers.unclear, 2, np.where(answers.score >= 0.5, 1, 0))
    sure = np.abs(answers.score - 0.5)
    bold = (sure > 0.2).astype(np.int64) + (sure > 0.4)
    about = np.where(ads.policy[row] >= 0, ads.policy[row], rulings.scores.policy[row])
    harm = np.array([policy.severity for policy in policies()])[about]
    return {
        "outcome": named(answers.outcome, OUTCOMES),
        "verdict": named(np.where(known, verdict, -1), ["compliant", "violating", "unclear"]),
        "severity": pa.array(harm, mask=~(known & (verdict == 1))),
        "confidence": named(np.where(known, bold, -1), ["low", "medium", "high"]),
        "score": pa.array(answers.score, mask=~known),
        "score_kind": named(np.where(known, 0, 1), ["label_logprob", "none"]),
    }


@dataclass(frozen=True, slots=True)
class _Work:
    """What calls took."""

    latency: Ints
    read: Ints
    cached: Ints
    written: Ints
    spoke: Flags

    @classmethod
    def of(
        cls, world: World, answers: Answers, *, keys: np.ndarray, length: Floats, spoke: Flags
    ) -> _Work:
        dice, version = world.dice, answers.version
        usual = _MEDIAN_MS[version] * np.exp(_SPREAD_MS * dice.normal("llm latency", keys))
        usual = usual * (1 + 0.8 * answers.repaired)
        late = _TIMEOUT_MS * (~_ANSWERED)[answers.outcome]
        prompt = _PROMPT[version]
        hit = dice.flips("llm cache", keys, chance=_CACHED)
        return cls(
            latency=np.where(late, late, np.where(spoke, usual, 0)).astype(np.int64),
            read=np.where(spoke, prompt + np.rint(length), 0).astype(np.int64),
            cached=np.where(spoke & hit, prompt // 128 * 128, 0).astype(np.int64),
            written=np.where(spoke, 60 + dice.whole("llm words", keys, below=70), 0),
            spoke=spoke,
        )

    def columns(self) -> dict[str, object]:
        """Give latency, tokens and cost; a copy costs nothing, a timeout is not charged."""
        read, again, written = _PRICES
        cost = (self.read - self.cached) * read + self.cached * again + self.written * written
        return {
            "latency_ms": self.latency,
            "input_tokens": self.read,
            "cached_tokens": self.cached,
            "output_tokens": self.written,
            "reasoning_tokens": np.zeros(len(self.read), dtype=np.int64),
            "cost": np.round(cost, 8),
            "currency": pa.array(["USD"] * len(self.read), pa.string()),
        }


def _lengths(ads: Ads, texts: Copy) -> Floats:
    """Count the tokens of each ad, about: a Chinese character takes one, four Latin ones do."""
    letters = np.zeros(len(ads))
    for part in (texts.title, texts.body, texts.ocr, texts.asr):
        letters += [len(text or "") for text in part.tolist()]
    return np.where(ads.language == 1, 1.05 * letters, 0.27 * letters)
