"""The shroff.toml that `shroff init` writes: everything that can be set, commented out."""

from __future__ import annotations

import json
from pathlib import Path

from shroff.errors import ConfigError

__all__ = ["MAPPING_MARK", "template", "write_settings"]

MAPPING_MARK = "# --- mapping ---"
"""Line after which mappings are written."""

_HEAD = """\
# Settings of a Shroff workspace. Everything may be left out; lines with a # are examples or
# defaults. `shroff check` tells about the data, `shroff metrics` which metrics there are.

[workspace]
name = {name}
language = "{language}"          # of the command line and of reports: "en" or "zh"

[engine]
# name = "duckdb"                  # or "spark": needs shroff[spark] and Java
# memory_gb = 1.0
# threads = 2
# master = "spark://HOST:7077"     # local[*] when left out
# conf = {{ "spark.executor.memory" = "8g" }}
# app_name = "shroff"
# python = "/usr/bin/python3.11"   # of Spark's workers, the same minor version as here
# scratch = "/mnt/shared/shroff"   # folder that Spark and its workers share
# wait_seconds = 60.0              # for the first worker
# [engine.tables]                  # logs that are in Spark already; see [mapping.TABLE]
# decisions = "prod.moderation.decisions"

[cubes]
# keep = true                      # counts by day, so that only what changed is counted again

[slices]
# columns of ads and decisions to cut every figure by; your own extra columns count too
columns = ["market", "language", "industry", "format"]

[slices.derived]
# is_new = "CASE WHEN account_age_days < 30 THEN 'new' ELSE 'old' END"

"""

_MAPPING = """\
# Which files `shroff ingest --all` reads (relative to this folder); without any, those in
# logs/TABLE/ are read.
[sources]
# decisions = ["export/decisions-*.csv.gz", "/data/decisions/"]

# How your files become each table: see `shroff init --from FILES` for a proposal.
# [mapping.decisions]
# time_zone = "Asia/Shanghai"                # of times that name no zone; UTC by default
# time_formats = ["%Y/%m/%d %H:%M:%S"]       # tried in order; ISO 8601 and epochs are understood
# encoding = "gb18030"                       # utf-8 by default
# delimiter = ";"                            # found when left out
# list_separator = ","                       # inside list columns such as reviews.policies
# leave_out = ["operator_name"]              # columns that are not kept beside the canonical ones
# on_conflict = "last"                       # a key that comes again: the later row wins
# columns = { decision_id = "id", decided_at = "ts" }
# expressions = { policy_id = "NULLIF(reason, '')" }
# constants = { source = "model" }
# [mapping.decisions.values.action]
# "PASS" = "approve"
# "机审拒绝" = "reject"
"""

_TAIL = """
# --- label designs ---
# How labels were drawn. Without one, Shroff uses sampling_prob where the logs have it and calls
# everything else a proxy.
# [designs.audit]
# kind = "poisson"                 # census, stratified, poisson or pps
# basis = "logged"                 # logged, declared (then by = "NAME") or certain
# queues = ["audit"]               # or queue_reasons = ["random"]
# design_id = "audit"              # reviews.design_id; the name above when left out
# stratum = "action"               # over action, policy_id, market, score, ...
# cluster = "advertiser_id"        # when whole advertisers were drawn
# by = "NAME"                      # with basis = "declared"
# sampling_prob = 0.01             # with basis = "declared"

# --- goals ---
# [goals.leakage]
# at_most = 0.01
# [goals.reject_precision]
# at_least = 0.95
# [goals.leakage_in_indonesia]       # a name of your own, where the metric is named
# metric = "leakage"
# where = { market = "ID" }
# at_most = 0.02
# owner = "NAME"
# due = 2026-12-31

# --- your own metrics ---
# [metrics.gambling_wrong_rejects]
# name_en = "Wrong gambling rejects"
# name_zh = "赌博类误拒占比"
# definition_en = "Ads rejected for gambling that violate nothing / ads rejected for gambling."
# definition_zh = "以赌博政策拒绝但实际合规的广告 / 以赌博政策拒绝的广告。"
# numerator = "NOT any_violating AND action = 'reject' AND policy_id = 'gambling'"
# denominator = "action = 'reject' AND policy_id = 'gambling'"
# weight = "ads"                   # ads, impressions or spend
# direction = "down_good"          # up_good, down_good or neutral

# --- costs, in one currency ---
[costs]
# currency = "USD"
# missed_violation = 40.0
# wrong_reject = 12.0
# appeal = 3.0
# reviewer_hour = 25.0

# --- days each table is kept; at least 7, for good when not named ---
[retention]
# impressions = 730
# reviews = 1095
# quarantine = 90

# --- publication: a figure is withheld when its interval is wider ---
[publish]
# max_width = 0.05                 # for figures under this: wider than the figure itself
# relative = true

[appeals]
# window_days = 30

[periods]
# week_starts = "monday"           # or sunday, saturday

[check]
# late_days = 2.0                  # a row ingested later than this is late
# ignore = []                      # codes of findings not to show

# --- what changed: holidays beside those that come with Shroff, and who is told ---
[watch]
# calendar = true                  # know the holidays that come with Shroff
# hosts = ["hooks.example.com"]    # incidents leave this machine for these only
# webhook = "https://hooks.example.com/shroff"
# timeout_seconds = 10.0
# attempts = 3
# email_from = "shroff@example.com"
# email_to = ["ops@example.com"]

# --- deciding live: `shroff decide`, `POST /api/v1/decide` ---
# [decide]
# fallback = "review"              # or "approve": ads that no line can decide on

# --- who is told of a new report: `shroff report --send`, schedules ---
[reports]
# hosts = ["open.feishu.cn"]       # nothing is sent to any other
# webhook = "https://open.feishu.cn/open-apis/bot/v2/hook/ID"
# form = "lark"                    # or "slack", or "json"; the same may stand under [watch]
# secret_env = "LARK_SECRET"       # environment variable with the secret of a bot that signs
# link = "https://shroff.example.com"  # where readers reach the dashboard
# browser = "/usr/bin/chromium"    # prints PDF

# --- models that judge: see `shroff models probe`; nothing is sent without allow = true ---
# [models.endpoints.judge]
# url = "https://api.example.com/v1"   # a server that speaks the OpenAI protocol
# model = "judge-1"
# key_env = "JUDGE_KEY"            # the variable that holds the key, never the key
# allow = true                     # ads may be sent there
# mask = true                      # phones, e-mails and contact ids are masked first
# concurrency = 4
# requests_per_minute = 600
# tokens_per_minute = 200000
# connect_seconds = 10.0
# read_seconds = 120.0
# attempts = 5
# stream = false
# form = "auto"                    # or json_schema, json_object, none
# length = "max_tokens"            # or max_completion_tokens
# max_tokens = 800
# samples = 1                      # answers an ad; the share of votes is a score if several
# prices = "prices.yaml"           # what tokens cost, by date; see the how-to
# language = "en"                  # of prompts; the policy's first when left out
# params = { temperature = 0 }
# headers = { "X-Team" = "ads" }

# [models.trip]                    # a run switches its model off when its calls pass these
# error_rate = 0.2                 # failed, cut or invalid
# refusal_rate = 0.1               # refused or filtered
# cost_per_hour = 50.0
# latency_seconds = 20.0           # the median
# window = 50                      # last calls that shares and the median are taken over

# [web]                            # the dashboard of a team: docs/howto/team.md
# names = ["shroff.example"]       # it answers to, beyond this machine
# proxies = ["10.0.0.5"]           # whose word on a request's origin is believed
# session_hours = 12.0
# idle_minutes = 120.0
# [web.hide]                       # personal data, and the lowest role that sees it
# advertiser_id = "approver"
# [web.oidc]                       # signing in elsewhere
# issuer = "https://id.example"
# client_id = "shroff"
# secret_env = "SHROFF_OIDC_SECRET"
# allow = ["*@corp.example"]
# role = "viewer"
# algorithms = ["RS256", "PS256", "ES256"]

# [watch.holidays.sale]
# first = 2026-11-11
# last = 2026-11-12
# markets = ["ID"]                 # all when left out
"""


def template(*, name: str, language: str = "en", mapping: str = "") -> str:
    """Write a new settings file.

    Parameters
    ----------
    name : str
        Name of the workspace.
    language : str
        Language of the workspace.
    mapping : str
        TOML of the mappings; examples in comments when empty.

    Returns
    -------
    str
        TOML.
    """
    head = _HEAD.format(name=json.dumps(name, ensure_ascii=False), language=language)
    return f"{head}{MAPPING_MARK}\n{mapping or _MAPPING}{_TAIL}"


def write_settings(path: Path, *, name: str, language: str, mapping: str) -> None:
    """Write a new settings file, and never over an old one.

    Parameters
    ----------
    path : Path
        The file; its folder is made when missing.
    name, language, mapping : str
        As for `template`.

    Raises
    ------
    ConfigError
        If there is one already, or it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(template(name=name, language=language, mapping=mapping))
    except FileExistsError:
        hint = "edit it, or choose another folder"
        raise ConfigError("there is a workspace already", where=str(path), hint=hint) from None
    except OSError as error:
        raise ConfigError(f"cannot write here: {error.strerror}", where=str(path.parent)) from None
