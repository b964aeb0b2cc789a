"""Values that cannot be right: encodings, spellings, columns that never change."""

from __future__ import annotations

from collections.abc import Iterator

from shroff.store.health_findings import (
    Condition,
    Examined,
    Finding,
    Severity,
    conditions_met,
    finding,
)
from shroff.store.sql import ident, literal

__all__ = ["MOJIBAKE", "spellings", "values"]

MOJIBAKE = (
    "\ufffd|ï¿½|锟斤拷|烫烫烫|屯屯屯"  # replaced for good, also when replaced twice
    "|Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]"  # accents of UTF-8 read as Latin-1
    "|â€[œ™˜\u009d¦“”]|â[\u0080-\u0082][\u0080-\u00bf]"  # quotation marks
    "|[åäæçèé][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]{2}"  # Chinese
)
"""Regular expression of text that was read in the wrong encoding."""

_TEXTS = "CONCAT_WS(' ', title, body, ocr_text, asr_text, advertiser_id, industry)"

_JUDGEMENTS = (
    Condition(
        code="verdict_without_answer",
        fault="COALESCE(verdict, '') = ''",
        among="outcome = 'verdict'",
        column="verdict",
    ),
    Condition(
        code="answer_without_verdict",
        fault="COALESCE(verdict, '') <> ''",
        among="outcome <> 'verdict'",
        column="verdict",
    ),
    Condition(
        code="cost_without_currency",
        fault="COALESCE(currency, '') = ''",
        among="cost > 0",
        column="currency",
    ),
)

_CONDITIONS: dict[str, tuple[str, tuple[Condition, ...]]] = {
    "ads": (
        "ad_id",
        (
            Condition(
                code="encoding_broken",
                fault=f"REGEXP_MATCHES({_TEXTS}, {literal(MOJIBAKE)})",
                broken_from=0.2,
            ),
        ),
    ),
    "decisions": (
        "decision_id",
        (
            Condition(
                code="reject_without_policy",
                fault="COALESCE(policy_id, '') = ''",
                among="action = 'reject'",
                column="policy_id",
            ),
        ),
    ),
    "reviews": (
        "review_id",
        (
            Condition(
                code="violating_without_policies",
                fault="COALESCE(LEN(policies), 0) = 0",
                among="verdict = 'violating'",
                column="policies",
            ),
        ),
    ),
    "impressions": (
        "ad_id",
        (
            Condition(
                code="clicks_above_impressions",
                fault="clicks > impressions",
                among="clicks IS NOT NULL AND impressions IS NOT NULL",
                column="clicks",
            ),
            Condition(
                code="spend_without_impressions",
                fault="COALESCE(impressions, 0) = 0",
                among="spend > 0",
                column="spend",
            ),
        ),
    ),
    "scores": (
        "ad_id",
        (
            Condition(
                code="scores_not_in_0_1",
                fault="score < 0 OR score > 1",
                column="score",
                severity=Severity.INFO,
            ),
        ),
    ),
    "judgements": ("judgement_id", _JUDGEMENTS),
}

_SHOULD_VARY = {
    "ads": ("created_at",),
    "decisions": ("action", "decided_at"),
    "scores": ("score",),
    "reviews": ("verdict", "decided_at", "active_ms"),
    "impressions": ("impressions", "day"),
}
_SHOULD_BE_THERE = {
    "ads": ("advertiser_id", "market", "language"),
    "decisions": ("policy_id", "detector", "version"),
    "reviews": ("queue", "role", "policies", "active_ms", "enqueued_at"),
    "impressions": ("impressions", "spend"),
    "appeals": ("decision_id", "outcome"),
}
_ENOUGH_ROWS = 100


def values(examined: Examined) -> Iterator[Finding]:
    """Find broken encodings, missing policies, absurd counts, constant and empty columns.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        What was found.
    """
    for table, (key, conditions) in _CONDITIONS.items():
        if examined.has(table):
            yield from conditions_met(examined, table, conditions, table=table, key=key)
    for table in {**_SHOULD_VARY, **_SHOULD_BE_THERE}:
        if examined.rows.get(table, 0) >= _ENOUGH_ROWS:
            yield from _flat_columns(examined, table)


def _flat_columns(examined: Examined, table: str) -> Iterator[Finding]:
    vary, there = _SHOULD_VARY.get(table, ()), _SHOULD_BE_THERE.get(table, ())
    names = list(dict.fromkeys((*vary, *there)))
    parts = ", ".join(
        f"COUNT({ident(name)}) AS n_{index}"
        + f", CAST(MIN({ident(name)}) AS VARCHAR) AS lo_{index},"
        f" CAST(MAX({ident(name)}) AS VARCHAR) AS hi_{index}" * (name in vary)
        for index, name in enumerate(names)
    )
    record = examined.one(f"SELECT {parts} FROM {ident(table)}")
    rows = examined.rows[table]
    for index, name in enumerate(names):
        filled = int(str(record[f"n_{index}"]))
        value = record.get(f"lo_{index}")
        if filled == 0 and name in there:
            yield finding(
                "empty_column",
                Severity.INFO,
                table=table,
                column=name,
                count=rows,
                out_of=rows,
                effect=f"health.empty_column.{table}.{name}.effect",
            )
        elif filled >= _ENOUGH_ROWS and name in vary and value == record.get(f"hi_{index}"):
            yield finding(
                "constant_column",
                Severity.WARN,
                table=table,
                column=name,
                count=filled,
                out_of=rows,
                params={"value": str(value)},
            )


_SPELT = {
    ("ads", "market"): Severity.WARN,
    ("ads", "language"): Severity.WARN,
    ("ads", "industry"): Severity.WARN,
    ("decisions", "market"): Severity.WARN,
    ("decisions", "policy_id"): Severity.WARN,
    ("decisions", "detector"): Severity.WARN,
    ("reviews", "queue"): Severity.WARN,
    ("ads", "ad_id"): Severity.INFO,
    ("ads", "advertiser_id"): Severity.INFO,
}


def spellings(examined: Examined) -> Iterator[Finding]:
    """Find values that differ only by case or by spaces around them.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        One for each column.
    """
    for (table, column), severity in _SPELT.items():
        if not examined.has(table):
            continue
        name = ident(column)
        record = examined.one(
            f"""SELECT SUM(n) AS bad, MIN(least) AS first, MIN(most) AS last
FROM (SELECT SUM(n) AS n, MIN(value) AS least, MAX(value) AS most
      FROM (SELECT {name} AS value, COUNT(*) AS n FROM {ident(table)}
            WHERE {name} IS NOT NULL GROUP BY {name}) AS spelt
      GROUP BY LOWER(TRIM(value)) HAVING COUNT(*) > 1) AS twins"""
        )
        count = int(str(record["bad"] or 0))
        if count:
            yield finding(
                "spellings",
                severity,
                table=table,
                column=column,
                count=count,
                out_of=examined.rows[table],
                examples=(f"{record['first']!r}", f"{record['last']!r}"),
            )
