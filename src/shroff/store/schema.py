"""Tables and column contracts: the canonical logs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shroff.domain.decisions import Action, FlowMode, Source
from shroff.domain.judgements import Certainty, JudgementOutcome, ScoreKind
from shroff.domain.labels import Outcome, QueueReason, Role, Verdict
from shroff.errors import ConfigError

__all__ = ["BOOKKEEPING", "TABLES", "Column", "Kind", "Table", "table"]


class Kind(StrEnum):
    """Types of a column, named as in SQL; every time is UTC with zone."""

    TEXT = "VARCHAR"
    INTEGER = "BIGINT"
    NUMBER = "DOUBLE"
    FLAG = "BOOLEAN"
    TIME = "TIMESTAMPTZ"
    DAY = "DATE"
    TEXTS = "VARCHAR[]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    Parameters
    ----------
    name : str
        Lower-case name.
    kind : Kind
        Type.
    meaning : str
        What it holds, for the docs.
    required : bool
        A row without it goes to quarantine.
    values : tuple of str
        Allowed values, empty when any; a row with another goes to quarantine unless translated.
    low, high : float or None
        Allowed range of a number, ends included.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical log table.

    Parameters
    ----------
    name : str
        Lower-case name.
    key : tuple of str
        Columns that identify a row; two rows with one key are versions of the same row.
    columns : tuple of Column
        Known columns; unknown ones are kept beside them as extra slice columns.
    time : str
        Column that dates a row ("" when none): cohorts, lateness and retention go by it.
    meaning : str
        What a row is, for the docs.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    time: str
    meaning: str

    def column(self, name: str) -> Column | None:
        """Find a known column by name."""
        return next((column for column in self.columns if column.name == name), None)


BOOKKEEPING = ("_version", "_hash", "_ingest", "_ingested_at")
"""Columns the lake adds: version of the row (1, 2, ...), hash of its content (BIGINT), id and
time of the ingest that wrote it."""


def _text(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, meaning, required=required)


def _enum(name: str, meaning: str, values: type[StrEnum], *, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, meaning, required=required, values=tuple(values))


def _time(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Kind.TIME, meaning, required=required)


def _count(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Kind.INTEGER, meaning, required=required, low=0)


def _number(
    name: str, meaning: str, *, low: float | None = 0, high: float | None = None
) -> Column:
    return Column(name, Kind.NUMBER, meaning, low=low, high=high)


def _flag(name: str, meaning: str) -> Column:
    return Column(name, Kind.FLAG, meaning)


_AD = (
    _text("ad_id", "the ad", required=True),
    Column("ad_version", Kind.INTEGER, "1, 2, ...: an edited ad is a new version (default 1)"),
)

_TABLES = (
    Table(
        "ads",
        ("ad_id", "ad_version"),
        (
            *_AD,
            _text("advertiser_id", "who runs it"),
            _time("created_at", "when this version was submitted", required=True),
            _text("market", "market it is submitted for, e.g. US"),
            _text("language", "language of its text, e.g. en"),
            _text("industry", "the advertiser's industry"),
            _text("format", "video, image, carousel, ..."),
            _text("title", "title"),
            _text("body", "caption or body text"),
            _text("ocr_text", "text read from its pictures"),
            _text("asr_text", "text heard in its sound"),
            _text("landing_url", "landing page as declared"),
            _text("landing_final_url", "landing page after redirects"),
            _text("media_ref", "where the video or picture is"),
            _text("thumbnail_ref", "where its thumbnail is"),
            _text("creative_hash", "hash of the creative, equal for copies"),
        ),
        "created_at",
        "one version of an ad; an edit is a new row, what was judged stays",
    ),
    Table(
        "decisions",
        ("decision_id",),
        (
            _text("decision_id", "the decision", required=True),
            *_AD,
            _text("market", "market it holds for"),
            _time("decided_at", "when", required=True),
            _enum("action", "what was done", Action, required=True),
            _text("policy_id", "policy cited, empty for an approval"),
            _enum("source", "who decided", Source, required=True),
            _text("detector", "rule, model or prompt that decided"),
            _text("version", "version of the detector"),
            _enum("flow_mode", "whether people see the ad before it is served", FlowMode),
            _flag("shadow", "recorded but not enforced (default false)"),
        ),
        "decided_at",
        "one decision on one ad version in one market",
    ),
    Table(
        "scores",
        ("ad_id", "ad_version", "model", "version", "policy_id"),
        (
            *_AD,
            _text("model", "the model", required=True),
            _text("version", "its version", required=True),
            _text("policy_id", "policy scored, empty for one score over all"),
            Column("score", Kind.NUMBER, "score as the model gave it", required=True),
            _time("scored_at", "when"),
            _flag("shadow", "scored but not used (default false)"),
        ),
        "scored_at",
        "one score of one model version for one ad version and policy",
    ),
    Table(
        "judgements",
        ("judgement_id",),
        (
            _text("judgement_id", "the judgement", required=True),
            *_AD,
            _text("market", "market it holds for"),
            _text("model", "the judge: model and prompt, as registered", required=True),
            _text("version", "its version: hash of policy, template, model, parameters"),
            _text("returned_model", "model that the server says answered"),
            _text("policy_id", "policy asked about"),
            _time("judged_at", "when", required=True),
            _enum("outcome", "how the call ended", JudgementOutcome, required=True),
            _enum("verdict", "what it said; empty unless the outcome is a verdict", Verdict),
            Column("severity", Kind.INTEGER, "severity 1-5", low=1, high=5),
            _text("exemption", "exemption it says applies"),
            _enum("confidence", "how sure it says it is: no chance", Certainty),
            _number("score", "score for violating, in [0, 1]", low=0, high=1),
            _enum("score_kind", "what the score is made of", ScoreKind),
            _count("samples", "answers taken for it"),
            _count("latency_ms", "milliseconds from asking to the answer"),
            _count("input_tokens", "tokens read, cached ones too"),
            _count("cached_tokens", "tokens read from the server's cache"),
            _count("output_tokens", "tokens written, reasoning too"),
            _count("reasoning_tokens", "tokens written to reason"),
            _number("cost", "what it cost; 0 for a copy"),
            _text("currency", "currency of the cost"),
            _count("attempts", "requests sent for it, those that failed too"),
            _flag("repaired", "the first answer was bad and was asked for again"),
            _flag("shadow", "judged but not used (default false)"),
            _text("endpoint", "endpoint asked, as named in the settings"),
            _text("run_id", "run that asked"),
            _text("copy_of", "judgement it repeats: same wording, asked once"),
            _text("evidence", "quotes found in the ad, as JSON"),
            _text("reason", "the judge's reason, or why there is no verdict"),
        ),
        "judged_at",
        "one judgement of an ad version by an LLM, refusals and failures too; never human truth",
    ),
    Table(
        "hits",
        ("ad_id", "ad_version", "detector", "version", "hit_at"),
        (
            *_AD,
            _text("detector", "rule or model that fired", required=True),
            _text("version", "its version", required=True),
            _time("hit_at", "when", required=True),
            _text("policy_id", "policy it stands for"),
            _text("field", "title, body, ocr_text, ..."),
            _count("span_start", "first character of the match"),
            _count("span_end", "character after the match"),
            _flag("shadow", "fired but not enforced (default false)"),
            _flag("deciding", "this hit made the decision"),
        ),
        "hit_at",
        "one firing of one detector, deciding or not",
    ),
    Table(
        "reviews",
        ("review_id",),
        (
            _text("review_id", "the review task", required=True),
            *_AD,
            _text("reviewer_id", "who, pseudonymised at ingest"),
            _text("reviewer_group", "site or team"),
            _text("queue", "queue"),
            _enum("queue_reason", "why the ad came before people", QueueReason),
            _enum("role", "who labelled", Role),
            _flag("blind", "the reviewer saw no other reviewer's answer"),
            _flag("seen_machine", "the reviewer saw the machine's action"),
            _enum("verdict", "what the reviewer said; empty while open", Verdict),
            Column("policies", Kind.TEXTS, "policies found violated"),
            Column("severity", Kind.INTEGER, "severity 1-5", low=1, high=5),
            _text("policy_version", "version of the policies judged against"),
            _text("guideline_version", "version of the guideline followed"),
            _text("design_id", "sampling design that drew the ad"),
            _text("stratum", "stratum of the design"),
            _number("sampling_prob", "chance of being drawn, in (0, 1]", low=0, high=1),
            _time("enqueued_at", "when it entered the queue"),
            _time("started_at", "when a person opened it"),
            _time("decided_at", "when it was decided; empty while open"),
            _count("active_ms", "milliseconds of active work"),
        ),
        "enqueued_at",
        "one review task, open or decided",
    ),
    Table(
        "appeals",
        ("appeal_id",),
        (
            _text("appeal_id", "the appeal", required=True),
            *_AD,
            _text("decision_id", "decision appealed against"),
            _time("filed_at", "when", required=True),
            _time("decided_at", "when it was decided; empty while open"),
            _enum("outcome", "how it ended; empty while open", Outcome),
            _flag("edited_resubmit", "the ad was edited first: not an overturn"),
        ),
        "filed_at",
        "one appeal of an advertiser",
    ),
    Table(
        "impressions",
        ("ad_id", "day"),
        (
            _AD[0],
            Column("day", Kind.DAY, "day, UTC", required=True),
            _count("impressions", "times shown"),
            _count("clicks", "times clicked"),
            _number("spend", "spend in the account's currency"),
        ),
        "day",
        "what one ad served on one day",
    ),
    Table(
        "reports",
        ("report_id",),
        (
            _text("report_id", "the report", required=True),
            _AD[0],
            Column(
                "source",
                Kind.TEXT,
                "who reported",
                values=("user", "notice", "trusted_flagger"),
            ),
            _time("filed_at", "when", required=True),
            _text("outcome", "what came of it"),
        ),
        "filed_at",
        "one report of a viewer, a notice or a trusted flagger",
    ),
    Table(
        "staffing",
        ("queue", "language", "hour"),
        (
            _text("queue", "queue", required=True),
            _text("language", "language", required=True),
            _time("hour", "start of the hour", required=True),
            _number("reviewer_hours", "reviewer hours on duty"),
        ),
        "hour",
        "reviewer hours on duty in one queue, language and hour",
    ),
    Table(
        "policies",
        ("policy_id", "version"),
        (
            _text("policy_id", "the policy", required=True),
            _text("version", "its version", required=True),
            _text("parent", "policy it belongs to"),
            _text("name_en", "name in English"),
            _text("name_zh", "name in Chinese"),
            Column("severity", Kind.INTEGER, "severity 1-5", low=1, high=5),
            _number("cost_missed", "cost of one missed violation"),
            _number("cost_wrong_reject", "cost of one wrong reject"),
            Column("markets", Kind.TEXTS, "markets it holds in; empty for all"),
            _time("effective_from", "when this version took effect"),
        ),
        "effective_from",
        "one version of one policy of the user's own tree",
    ),
    Table(
        "changes",
        ("change_id",),
        (
            _text("change_id", "the change", required=True),
            _time("at", "when", required=True),
            Column(
                "kind",
                Kind.TEXT,
                "what kind of thing changed",
                values=("policy", "model", "rule", "threshold", "staffing", "guideline", "other"),
            ),
            _text("what", "the thing that changed"),
            _text("scope", "where: market, policy, queue"),
            _text("note", "in words"),
        ),
        "at",
        "one change that may move a figure; drawn on every time series",
    ),
)

TABLES: dict[str, Table] = {entry.name: entry for entry in _TABLES}
"""Canonical tables by name."""


def table(name: str) -> Table:
    """Find a canonical table.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Table
        The table.

    Raises
    ------
    ConfigError
        If there is no such table.
    """
    if name not in TABLES:
        raise ConfigError(f"there is no table {name!r}", hint="tables: " + ", ".join(TABLES))
    return TABLES[name]
