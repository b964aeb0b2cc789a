"""The demo's shroff.toml, with comments a first reader needs."""

from __future__ import annotations

__all__ = ["SETTINGS"]

SETTINGS = '''# Settings of the demo workspace. Everything here can be changed; `shroff check` says what is off.

[workspace]
name = "Demo ads platform"
language = "en"  # or "zh"

[engine]
memory_gb = 1.0

# By which columns figures are cut. Any column of ads or decisions will do, your own included.
[slices]
columns = ["market", "language", "industry", "format"]

[slices.derived]
account = "CASE WHEN account_age_days < 30 THEN 'new' ELSE 'established' END"

# The decisions log has this platform's own column names, Chinese values and Shanghai time.
[mapping.decisions]
columns = { decision_id = "event_id", ad_id = "creative_id", ad_version = "creative_version", market = "region", decided_at = "event_time", action = "result", policy_id = "policy", source = "decided_by", version = "detector_version", flow_mode = "flow" }
expressions = { shadow = "log_only = 1" }
time_zone = "Asia/Shanghai"
time_formats = ["%Y-%m-%d %H:%M:%S"]

[mapping.decisions.values.action]
"机审通过" = "approve"
"召回进审" = "review"
"限制投放" = "restrict"
"机审拒绝" = "reject"
"人审通过" = "approve"
"人审拒绝" = "reject"

[mapping.decisions.values.source]
"规则" = "rule"
"模型" = "model"
"人工" = "human"

[mapping.decisions.values.flow_mode]
"先审后发" = "review_then_serve"
"先发后审" = "serve_then_review"

# Appeals came from two tools that wrote dates in two ways.
[mapping.appeals]
time_formats = ["%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]

# A random audit, each ad drawn on its own; the chance is logged with every label.
# The stratum is written out so that ads nobody labelled have one too.
[designs.audit]
kind = "poisson"
basis = "logged"
queues = ["audit"]
stratum = """action || '/' || CASE
  WHEN score < 0.1 THEN '0.0-0.1'
  WHEN score < 0.3 THEN '0.1-0.3'
  WHEN score < 0.5 THEN '0.3-0.5'
  WHEN score < 0.8 THEN '0.5-0.8'
  ELSE '0.8-1.0' END"""

# What people see is dominated by few ads, so a second audit draws ads by their impressions: every
# day, with a chance in proportion to the day's impressions, by the same hash of the ad.
[designs.views]
kind = "poisson"
basis = "logged"
queues = ["views"]

# Everything the machine queues in is reviewed, unclear cases a second time: a census of what
# was queued.
[designs.queue]
kind = "census"
basis = "certain"
queues = ["en_west", "en_sea", "zh_cn", "zh_other", "escalations"]
queue_reasons = ["model", "rule"]

[goals.leakage]
at_most = 0.06

[goals.reject_precision]
at_least = 0.9

# A metric of your own: what slips through at the machine's most confident approvals.
[metrics.confident_leakage]
name_en = "Leakage among the most confident approvals"
name_zh = "高置信放行漏放率"
definition_en = "Violating ads approved at a score under 0.1 / ads approved at a score under 0.1"
definition_zh = "得分低于0.1且被放行的违规广告 / 得分低于0.1且被放行的广告"
numerator = "violating AND action = 'approve' AND score < 0.1"
denominator = "action = 'approve' AND score < 0.1"
direction = "down_good"

[costs]
currency = "USD"
missed_violation = 40.0
wrong_reject = 12.0
reviewer_hour = 14.0

[appeals]
window_days = 30
'''
"""Text of shroff.toml."""
