"""The query that replays a proposal: for every decision of record, what was done and what would be.

Ads that a model decided follow the lines of the proposal, but never below what a rule that hit them
asks for. Ads that a rule decided stay with it, unless its pack is replaced; a pack can only be
stricter than the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from shroff.advise.cascade_answers import ANSWERS, answer_place, answers_sql
from shroff.advise.proposal import CascadeChange, Proposal, Terms, ThresholdChange
from shroff.advise.scored_policy import SCORED_POLICY, SCORED_POLICY_SQL
from shroff.measure.score_queries import place_sql
from shroff.store.sql import ident, literal

__all__ = ["LiveLines", "ScoreKey", "lines_sql", "live_score_sql", "strategy_sql"]

_RANK = "CASE {} WHEN 'reject' THEN 3 WHEN 'restrict' THEN 2 WHEN 'review' THEN 1 ELSE 0 END"
_DETECTORS_SQL = """
SELECT ad_id, ad_version, MAX(asked) AS asked
FROM (
  SELECT DISTINCT h.ad_id, COALESCE(h.ad_version, 1) AS ad_version, u.asked
  FROM hits AS h
  JOIN (SELECT detector, {rank} AS asked
        FROM (SELECT detector, action,
                     ROW_NUMBER() OVER (PARTITION BY detector
                                        ORDER BY COUNT(*) DESC, action) AS _nth
              FROM population WHERE source = 'rule' GROUP BY detector, action) AS usual
        WHERE _nth = 1) AS u ON h.detector = u.detector
  WHERE NOT COALESCE(h.shadow, FALSE) AND {kept}
) AS asking
GROUP BY ad_id, ad_version
"""
_TASKS_SQL = """
SELECT ad_id, ad_version, MIN(queue) AS queue FROM (
  SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, queue,
         ROW_NUMBER() OVER (PARTITION BY ad_id, COALESCE(ad_version, 1)
                            ORDER BY enqueued_at, review_id) AS _nth
  FROM reviews
  WHERE COALESCE(queue_reason, 'model') IN ('model', 'rule') AND COALESCE(role, 'L1') <> 'LLM'
) AS tasks_of WHERE _nth = 1 GROUP BY ad_id, ad_version
"""
_BODY = """
WITH first_tasks AS ({tasks}),
usual_queues AS (
  SELECT market, language, queue FROM (
    SELECT COALESCE(p.market, '') AS market, COALESCE({language}, '') AS language, t.queue,
           ROW_NUMBER() OVER (PARTITION BY COALESCE(p.market, ''), COALESCE({language}, '')
                              ORDER BY COUNT(*) DESC, t.queue) AS _nth
    FROM population AS p JOIN first_tasks AS t
      ON p.ad_id = t.ad_id AND p.ad_version = t.ad_version
    WHERE p.action = 'review' AND t.queue IS NOT NULL
    GROUP BY COALESCE(p.market, ''), COALESCE({language}, ''), t.queue
  ) AS ranked_queues WHERE _nth = 1
),
asking AS ({detectors}),
scored AS (
  SELECT p.*, {language} AS _language, t.queue AS _queue, r.asked{policy_column}{score_columns}
  FROM population AS p
  LEFT JOIN first_tasks AS t ON p.ad_id = t.ad_id AND p.ad_version = t.ad_version
  LEFT JOIN asking AS r ON p.ad_id = r.ad_id AND p.ad_version = r.ad_version{score_joins}
),
lined AS (
  SELECT s.*, {fits} AS line, {ruled} AS ruled,
         CASE WHEN COALESCE(s.asked, 0) <= {rank} THEN COALESCE(s.asked, 0) ELSE {rank} END
           AS at_least
  FROM scored AS s
),
decided_again AS (
  SELECT l.*, {place} AS place, {by_model} AS by_model FROM lined AS l
),
floored AS (
  SELECT d.*,
         CASE WHEN d.by_model IS NULL THEN d.action
              WHEN d.at_least > {model_rank}
              THEN CASE d.at_least WHEN 3 THEN 'reject' WHEN 2 THEN 'restrict' ELSE 'review' END
              ELSE d.by_model END AS without_packs
  FROM decided_again AS d
)
SELECT f.decision_id, f.ad_id, f.ad_version, f.in_period, f.action, f.ads, f.impressions,
       f.advertiser_id, f.decided_at, f.market, f._language AS language, f.line, f.place,
       CASE WHEN f.ruled = 1 {by_packs} THEN 1 ELSE 0 END AS ruled,
       {becomes} AS becomes,
       COALESCE(f._queue, u.queue) AS queue_was,
       {routed} AS queue_new,
       CASE WHEN f.flow_mode = 'review_then_serve' THEN 1 ELSE 0 END AS waits,
       CASE f.queue_verdict WHEN 'violating' THEN 1 WHEN 'compliant' THEN 2 ELSE 0 END AS verdict
FROM floored AS f
LEFT JOIN usual_queues AS u
  ON COALESCE(f.market, '') = u.market AND COALESCE(f._language, '') = u.language{pack_join}
"""

ScoreKey = tuple[str, str | None, str]
"""Model, policy (None for one score over all), and version; empty for the one that was live."""


@dataclass(frozen=True, slots=True)
class LiveLines:
    """Lines that the log shows.

    Parameters
    ----------
    model : str
        Model whose score decides.
    review_from, reject_from : float
        Scores from which ads were reviewed and rejected.
    explained : float
        Share of the decisions of models that these lines give.
    """

    model: str
    review_from: float
    reject_from: float
    explained: float


def live_score_sql(key: ScoreKey) -> str:
    """Write the query for one score of each ad version: the live one, or that of a version."""
    model, policy, version = key
    about = f"policy_id = {literal(policy)}" if policy else "policy_id IS NULL"
    live = f"version = {literal(version)}" if version else "NOT COALESCE(shadow, FALSE)"
    return (
        "SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, MAX(score) AS score FROM scores"
        f" WHERE model = {literal(model)} AND {about} AND {live}"
        " GROUP BY ad_id, COALESCE(ad_version, 1)"
    )


def lines_sql(model: str) -> str:
    """Write the query for what models did by thousandth of a score over all policies."""
    return f"""
SELECT p.action, {place_sql("s.score")} AS place, COUNT(*) AS n
FROM population AS p
JOIN ({live_score_sql((model, None, ""))}) AS s
  ON p.ad_id = s.ad_id AND p.ad_version = s.ad_version
WHERE p.in_period AND p.source = 'model'
GROUP BY p.action, {place_sql("s.score")}
ORDER BY 1, 2
"""


def strategy_sql(
    proposal: Proposal,
    *,
    live: LiveLines | None,
    replaced: Sequence[str] = (),
    columns: Mapping[str, str],
    packs: bool = False,
) -> str:
    """Write the query.

    Parameters
    ----------
    proposal : Proposal
        What is proposed.
    live : LiveLines or None
        Today's lines, for models that get another version and ads that a replaced rule decided.
    replaced : sequence of str
        Rules that no longer run.
    columns : mapping
        Columns of the population, with their types.
    packs : bool
        Whether ``rule_ads`` holds what the proposed packs hit.

    Returns
    -------
    str
        A SELECT with one row a decision of record of ``population``.
    """
    return _Writer(proposal, live, tuple(replaced), columns, packs).sql()


@dataclass(frozen=True, slots=True)
class _Writer:
    proposal: Proposal
    live: LiveLines | None
    replaced: tuple[str, ...]
    columns: Mapping[str, str]
    packs: bool

    def sql(self) -> str:
        keys, llms = self.keys(), self.llms()
        gone = ", ".join(literal(name) for name in self.replaced)
        rank = _RANK.format("s.action")
        has_language = "language" in self.columns
        policy = any(name == SCORED_POLICY for terms in self.slices() for name, _ in terms)
        joined = {f"k{place}": live_score_sql(key) for place, key in enumerate(keys)}
        joined |= {f"g{place}": answers_sql(*llm) for place, llm in enumerate(llms)}
        if policy:
            joined["held"] = SCORED_POLICY_SQL
        joins = "".join(
            f"\n  LEFT JOIN ({sql}) AS {name}"
            f" ON p.ad_id = {name}.ad_id AND p.ad_version = {name}.ad_version"
            for name, sql in joined.items()
        )
        return _BODY.format(
            tasks=_TASKS_SQL,
            language="p.language" if has_language else "CAST(NULL AS VARCHAR)",
            detectors=_DETECTORS_SQL.format(
                rank=_RANK.format("action"),
                kept=f"h.detector NOT IN ({gone})" if gone else "TRUE",
            ),
            policy_column=f", held.{SCORED_POLICY} AS {SCORED_POLICY}" if policy else "",
            score_columns="".join(f", k{n}.score AS _score{n}" for n in range(len(keys)))
            + "".join(f", g{n}.place AS _answer{n}" for n in range(len(llms))),
            score_joins=joins,
            fits=self.fits(),
            ruled=self.ruled(gone),
            rank=rank,
            place=self.place(keys),
            by_model=self.by_model(keys),
            model_rank=_RANK.format("d.by_model"),
            becomes=self.becomes(),
            by_packs="OR h.rank IS NOT NULL AND f.without_packs <> 'reject'" * self.packs,
            routed=self.routed(),
            pack_join=self.pack_join(),
        )

    def slices(self) -> list[Terms]:
        return [
            *(each.where for each in self.proposal.lines),
            *(each.where for each in self.proposal.routing),
        ]

    def keys(self) -> list[ScoreKey]:
        """List the scores that decide."""
        found: list[ScoreKey] = []
        if self.live is not None:
            found.append(self.live_key(self.live.model))
        found.extend(self.key(each) for each in self.proposal.lines)
        return list(dict.fromkeys(found))

    def llms(self) -> list[tuple[str, str]]:
        """List the LLMs that are asked."""
        told = self.proposal.cascades
        return list(dict.fromkeys((each.llm, each.llm_version) for each in told if each.llm))

    def key(self, line: ThresholdChange | CascadeChange) -> ScoreKey:
        return line.model, line.policy, line.version or self.live_key(line.model)[2]

    def live_key(self, model: str) -> ScoreKey:
        return model, None, dict(self.proposal.versions).get(model, "")

    def fits(self) -> str:
        """Tell the number of the line that an ad falls under; -1 for none."""
        whens = " ".join(
            f"WHEN {_where(each.where, 's')} THEN {place}"
            for place, each in enumerate(self.proposal.lines)
        )
        return f"CASE {whens} ELSE -1 END" if whens else "-1"

    def ruled(self, gone: str) -> str:
        lost = f" AND NOT COALESCE(s.detector IN ({gone}), FALSE)" if gone else ""
        return f"CASE WHEN s.source <> 'model'{lost} THEN 1 ELSE 0 END"

    def by_model(self, keys: list[ScoreKey]) -> str:
        """Write what models would do; NULL where nothing changes it."""
        whens = ["WHEN l.ruled = 1 THEN NULL"]
        for place, each in enumerate(self.proposal.lines):
            score = f"l._score{keys.index(self.key(each))}"
            again = (
                _by_cascade(each, score, self.answer(each))
                if isinstance(each, CascadeChange)
                else _by_lines(each, score)
            )
            whens.append(f"WHEN l.line = {place} THEN {again}")
        if self.live is not None:
            model = self.live.model
            score = f"l._score{keys.index(self.live_key(model))}"
            lines = ThresholdChange(
                model=model,
                review_from=self.live.review_from,
                reject_from=self.live.reject_from,
            )
            again = _by_lines(lines, score)
            if not dict(self.proposal.versions):
                again = f"CASE WHEN l.source = 'model' THEN NULL ELSE {again} END"
            whens.append(f"WHEN l.line = -1 THEN {again}")
        return f"CASE {' '.join(whens)} ELSE NULL END"

    def answer(self, each: CascadeChange) -> str:
        """Name the column of an LLM's answer; empty where none is asked."""
        return f"l._answer{self.llms().index((each.llm, each.llm_version))}" if each.llm else ""

    def place(self, keys: list[ScoreKey]) -> str:
        """Place the score by which ads are held alike; -2 where there is none."""
        if not keys:
            return "CAST(-2 AS BIGINT)"
        whens = " ".join(
            f"WHEN l.line = {place} THEN {place_sql(f'l._score{keys.index(self.key(each))}')}"
            for place, each in enumerate(self.proposal.lines)
        )
        usual = place_sql("l._score0")
        return f"CASE {whens} ELSE {usual} END" if whens else usual

    def becomes(self) -> str:
        if not self.packs:
            return "f.without_packs"
        return (
            "CASE WHEN h.rank = 2 THEN 'reject' WHEN h.rank = 1 AND f.without_packs = 'approve'"
            " THEN 'review' ELSE f.without_packs END"
        )

    def pack_join(self) -> str:
        if not self.packs:
            return ""
        return (
            "\nLEFT JOIN (SELECT decision_id, MAX(rank) AS rank FROM rule_ads"
            " GROUP BY decision_id) AS h ON f.decision_id = h.decision_id"
        )

    def routed(self) -> str:
        whens = " ".join(
            f"WHEN {_where(each.where, 'f')} THEN {literal(each.queue)}"
            for each in self.proposal.routing
        )
        usual = "COALESCE(f._queue, u.queue)"
        return f"CASE {whens} ELSE {usual} END" if whens else usual


def _where(terms: Terms, alias: str) -> str:
    tests = [
        f"COALESCE(CAST({alias}.{ident(name)} AS VARCHAR), '') = {literal(value)}"
        for name, value in terms
    ]
    return " AND ".join(tests or ["TRUE"])


def _by_lines(lines: ThresholdChange, score: str) -> str:
    """Write what two lines do; an ad that was restricted between them stays so."""
    parts = [f"WHEN {score} IS NULL THEN NULL"]
    if isfinite(lines.reject_from):
        parts.append(f"WHEN {score} >= {literal(lines.reject_from)} THEN 'reject'")
    if isfinite(lines.review_from):
        parts.append(
            f"WHEN {score} >= {literal(lines.review_from)}"
            " THEN CASE WHEN l.action = 'restrict' THEN 'restrict' ELSE 'review' END"
        )
    return f"CASE {' '.join(parts)} ELSE 'approve' END"


def _by_cascade(lines: CascadeChange, score: str, answer: str) -> str:
    """Write what a score, an LLM and people do; an ad that was restricted in review stays so."""
    review = "CASE WHEN l.action = 'restrict' THEN 'restrict' ELSE 'review' END"
    middle = review
    if answer:
        reject, people = answer_place(lines.llm_reject_from), answer_place(lines.people_from)
        missing = review if lines.fallback == "review" else "'approve'"
        middle = (
            f"CASE WHEN {answer} IS NULL THEN {missing} WHEN {answer} = {ANSWERS} THEN {review}"
            f" WHEN {answer} >= {reject} THEN 'reject' WHEN {answer} >= {people} THEN {review}"
            " ELSE 'approve' END"
        )
    parts = [f"WHEN {score} IS NULL THEN NULL"]
    if isfinite(lines.reject_from):
        parts.append(f"WHEN {score} >= {literal(lines.reject_from)} THEN 'reject'")
    if isfinite(lines.ask_from):
        parts.append(f"WHEN {score} >= {literal(lines.ask_from)} THEN {middle}")
    return f"CASE {' '.join(parts)} ELSE 'approve' END"
