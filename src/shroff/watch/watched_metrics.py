"""What is watched beside the catalogue: volumes and shares that are no measure of quality."""

from __future__ import annotations

from shroff.domain.messages import count, percent
from shroff.domain.metrics import Direction, Metric, Needs

__all__ = [
    "ACTED",
    "ADS",
    "APPEALS_FILED",
    "APPEALS_WON",
    "FIRST_REVIEWED",
    "HITS",
    "INFLOW",
    "OVERTURNED",
    "TRAFFIC",
    "WATCHED",
    "shown",
]

ADS, TRAFFIC, ACTED, HITS = "ads_decided", "traffic_share", "acted_rate", "hit_rate"
INFLOW, FIRST_REVIEWED = "queue_inflow", "first_review_violating_share"
OVERTURNED = "first_review_contradicted_rate"
APPEALS_FILED, APPEALS_WON = "appeals_filed", "appeals_won_share"

_FLAT, _UP, _DOWN = Direction.NEUTRAL, Direction.UP_GOOD, Direction.DOWN_GOOD

_RECORDS = (
    Metric(
        id=ADS,
        name_en="Ads decided a day",
        name_zh="日机审广告数",
        definition_en="Ads decided by the machine, by the day of the decision.",
        definition_zh="按决策日统计的机审广告数。",
        numerator="ads",
        denominator="days",
        needs=Needs.POPULATION,
        direction=_FLAT,
        unit="per_day",
    ),
    Metric(
        id=TRAFFIC,
        name_en="Share of traffic",
        name_zh="流量占比",
        definition_en="Ads of the slice / all ads decided that day.",
        definition_zh="该切片的广告 / 当日全部机审广告。",
        numerator="ads of the slice",
        denominator="ads",
        needs=Needs.POPULATION,
        direction=_FLAT,
    ),
    Metric(
        id=ACTED,
        name_en="Acted-on rate",
        name_zh="机审处置率",
        definition_en="Ads rejected, restricted or queued by the machine / ads decided by it.",
        definition_zh="被机审拒绝、限制或召回的广告 / 机审决策的广告。",
        numerator="cited and action <> 'approve'",
        denominator="true",
        needs=Needs.POPULATION,
        direction=_FLAT,
        pitfalls_en="Of one policy: only what the machine recognised.",
        pitfalls_zh="按策略看时，只含机器识别出的部分。",
    ),
    Metric(
        id=HITS,
        name_en="Hit rate",
        name_zh="命中率",
        definition_en="Ads a rule or model hit, not in shadow / ads decided that day.",
        definition_zh="规则或模型（非影子）命中的广告 / 当日机审广告。",
        numerator="ads hit",
        denominator="ads",
        needs=Needs.POPULATION,
        also=("hits",),
        direction=_FLAT,
    ),
    Metric(
        id=INFLOW,
        name_en="Queue inflow a day",
        name_zh="日进审任务数",
        definition_en="Review tasks that entered a queue, by day.",
        definition_zh="按入队日统计的审核任务数。",
        numerator="tasks",
        denominator="days",
        needs=Needs.TASKS,
        direction=_FLAT,
        unit="per_day",
    ),
    Metric(
        id=FIRST_REVIEWED,
        name_en="Violating share of first reviews",
        name_zh="一审违规率",
        definition_en="First reviews of queued ads that say violating / those that decide.",
        definition_zh="召回广告中一审判违规的 / 一审已有结论的。",
        numerator="verdict = 'violating'",
        denominator="verdict in ('violating', 'compliant')",
        needs=Needs.TASKS,
        direction=_FLAT,
        pitfalls_en="What reviewers say, not what is true.",
        pitfalls_zh="是审核员的结论，不等于真相。",
    ),
    Metric(
        id=OVERTURNED,
        name_en="First reviews contradicted",
        name_zh="一审被推翻率",
        definition_en=(
            "First reviews that a later re-review, quality check or audit contradicts / first"
            " reviews looked at again."
        ),
        definition_zh="被复审、质检或抽检推翻的一审 / 被再次审看的一审。",
        numerator="verdict <> later verdict",
        denominator="looked at again",
        needs=Needs.RECHECK,
        direction=_DOWN,
        pitfalls_en="By the day of the first review; the second look comes days later.",
        pitfalls_zh="按一审日归组；再次审看要晚几天。",
    ),
    Metric(
        id=APPEALS_FILED,
        name_en="Appeals filed a day",
        name_zh="日申诉数",
        definition_en="Appeals, by the day they were filed.",
        definition_zh="按提交日统计的申诉数。",
        numerator="appeals",
        denominator="days",
        needs=Needs.APPEALS,
        direction=_FLAT,
        unit="per_day",
    ),
    Metric(
        id=APPEALS_WON,
        name_en="Appeals won",
        name_zh="申诉成功率",
        definition_en="Appeals decided for the advertiser / appeals decided, by the day decided.",
        definition_zh="支持广告主的申诉 / 已有结论的申诉，按结论日统计。",
        numerator="outcome in ('reversed', 'partly_reversed')",
        denominator="decided",
        needs=Needs.APPEALS,
        direction=_DOWN,
    ),
)

WATCHED: dict[str, Metric] = {metric.id: metric for metric in _RECORDS}
"""Watched metrics by id; none of them is on a scorecard."""


def shown(metric: Metric, value: float | None) -> str:
    """Write a figure of a metric: a share in per cent, a count a day as a number."""
    if value is None:
        return "–"
    if metric.unit != "per_day":
        return percent(value)
    if value >= 100:
        return count(value)
    return f"{value:.1f}" if value >= 1 or value == 0 else f"{value:.2f}"
