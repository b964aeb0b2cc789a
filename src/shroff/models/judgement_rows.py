"""Judgements as rows of the logs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shroff.domain.judgements import JudgementOutcome
from shroff.models.combining import Combined

__all__ = ["AdRef", "Judge", "judgement_id", "judgement_row", "score_row"]

Row = Mapping[str, object]
_DIGITS = 24


@dataclass(frozen=True, slots=True)
class AdRef:
    """Which ad a judgement is of.

    Parameters
    ----------
    ad_id : str
        The ad.
    ad_version : int
        Its version.
    market : str or None
        Its market.
    near : bool
        Whether the answer was given on a near-copy of it: quotes may not be in this one.
    """

    ad_id: str
    ad_version: int
    market: str | None = None
    near: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Who judges.

    Parameters
    ----------
    name : str
        Name, as registered.
    version : str
        Hash of policy, template, model and parameters.
    policy : str
        Policy asked about.
    endpoint : str
        Endpoint asked.
    run : str
        Run that asks.
    shadow : bool
        Whether its judgements are not used.
    repeat : int
        Which answer to the same question this is, from 0; only the first one gives a score.
    """

    name: str
    version: str
    policy: str
    endpoint: str
    run: str
    shadow: bool = False
    repeat: int = 0


def judgement_id(ad: AdRef, judge: Judge) -> str:
    """Name a judgement, so that the same one made again is the same row.

    Parameters
    ----------
    ad : AdRef
        The ad.
    judge : Judge
        Who judges.

    Returns
    -------
    str
        Hexadecimal digits.
    """
    told = [ad.ad_id, ad.ad_version, judge.name, judge.version, judge.policy]
    told += [judge.repeat] if judge.repeat else []
    text = json.dumps(told, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def judgement_row(
    ad: AdRef, judge: Judge, *, found: Combined, at: datetime, copy_of: str = ""
) -> dict[str, object]:
    """Write a judgement as a row.

    Parameters
    ----------
    ad : AdRef
        The ad.
    judge : Judge
        Who judged.
    found : Combined
        What came of it.
    at : datetime
        When.
    copy_of : str
        Judgement of the same wording that was paid for; empty when it is this one.

    Returns
    -------
    dict
        By column; a copy costs nothing and took no time.
    """
    told = found.spokesman.judgement or {}
    stands = found.outcome is JudgementOutcome.VERDICT
    row: dict[str, object] = {
        "judgement_id": judgement_id(ad, judge),
        "ad_id": ad.ad_id,
        "ad_version": ad.ad_version,
        "market": ad.market,
        "model": judge.name,
        "version": judge.version,
        "returned_model": found.spokesman.model or None,
        "policy_id": judge.policy,
        "judged_at": at.isoformat(),
        "outcome": str(found.outcome),
        "verdict": found.verdict if stands else None,
        "severity": told.get("severity") if found.verdict == "violating" else None,
        "exemption": told.get("exemption") if stands else None,
        "confidence": told.get("confidence") if stands else None,
        "score": found.score,
        "score_kind": str(found.score_kind),
        "samples": found.answers,
        "shadow": judge.shadow,
        "endpoint": judge.endpoint,
        "run_id": judge.run,
        "evidence": _evidence(told) if stands and not ad.near else None,
        "reason": (told.get("reason") if stands else found.spokesman.reason) or None,
    }
    return row | (_free(found, copy_of) if copy_of else _paid(found))


def _evidence(told: Mapping[str, object]) -> str | None:
    quotes = told.get("evidence")
    return json.dumps(quotes, ensure_ascii=False) if quotes else None


def _paid(found: Combined) -> dict[str, object]:
    usage = found.usage
    return {
        "latency_ms": found.spokesman.latency_ms,
        "input_tokens": usage.read,
        "cached_tokens": usage.cached,
        "output_tokens": usage.written,
        "reasoning_tokens": usage.reasoning,
        "cost": found.cost,
        "currency": found.spokesman.currency or None,
        "attempts": found.attempts,
        "repaired": found.spokesman.repaired,
        "copy_of": None,
    }


def _free(found: Combined, copy_of: str) -> dict[str, object]:
    currency = found.spokesman.currency or None
    return {
        "latency_ms": None,
        "input_tokens": 0,
        "cached_tokens": 0,
        "output_tokens": 0,
        "reasoning_tokens": 0,
        "cost": 0.0 if currency else None,
        "currency": currency,
        "attempts": 0,
        "repaired": found.spokesman.repaired,
        "copy_of": copy_of,
    }


def score_row(row: Row) -> dict[str, object] | None:
    """Give the score of a judgement as a row of scores; None where it has none."""
    if row["score"] is None:
        return None
    names = ("ad_id", "ad_version", "model", "version", "policy_id", "score", "shadow")
    return {**{name: row[name] for name in names}, "scored_at": row["judged_at"]}
