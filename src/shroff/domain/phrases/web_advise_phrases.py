"""Words of the dashboard's advice tool, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

_PLAN: dict[str, tuple[str, str]] = {
    "plan_title": ("What to do first", "先做什么"),
    "plan_lead": (
        "Ranked by what each step adds to those before it; an interval that lies above zero is a"
        " step that surely pays.",
        "按每一步在前面步骤之外新增的价值排序；区间整体大于零，说明这一步确实值得做。",
    ),
    "states": ("Recommendations by state", "按状态查看建议"),
    "state_open": ("Open", "待决定"),
    "state_waiting": ("Waits for a second person", "待他人批准"),
    "state_accepted": ("Accepted", "已接受"),
    "state_done": ("Done", "已完成"),
    "state_rejected": ("Rejected", "已拒绝"),
    "renew": ("Make the plan anew", "重新生成计划"),
    "none": ("None.", "无。"),
    "no_plan": (
        "No plan was made yet. Making one takes a minute or so.",
        "尚未生成计划。生成大约需要一分钟。",
    ),
    "more": ("Show {more} more", "再显示 {more} 条"),
    "adds": ("adds", "新增价值"),
    "not_valued": ("cannot be told in this unit", "无法以此单位估值"),
    "sure": ("chance that it pays", "值得做的概率"),
    "hours": ("hours of work", "所需工时"),
    "risk": ("risk", "风险"),
    "risk_low": ("low", "低"),
    "risk_medium": ("medium", "中"),
    "risk_high": ("high", "高"),
    "owner": ("owner", "负责人"),
    "due": ("due", "截止"),
    "since": ("held since", "生效日"),
    "why": ("Why, and what is expected", "依据与预期"),
    "evidence": ("Evidence: {command}", "依据：{command}"),
    "check": ("To be looked at again on {day}", "复查日期：{day}"),
    "forecast": (
        "Forecast of {metric}: from {now} to {then}; relative change {change}",
        "{metric} 预测：由 {now} 变为 {then}；相对变化 {change}",
    ),
    "reversible": ("It can be taken back at once.", "可以随时撤回。"),
    "irreversible": ("It cannot simply be taken back.", "不能简单撤回。"),
    "conflicts": ("Instead of: {others}", "与以下互斥：{others}"),
    "accept": ("Accept", "接受"),
    "reject": ("Reject", "拒绝"),
    "finish": ("Done", "已完成"),
    "reason": ("Reason", "理由"),
    "do_accepted": ("Accept it", "确认接受"),
    "do_rejected": ("Reject it", "确认拒绝"),
    "do_done": ("Record that it is done", "记录为已完成"),
    "leave": ("Leave it", "取消"),
    "accept_note": (
        "It is recorded who accepts it. Where people sign in, what changes decisions waits for a"
        " second person; where nobody does, the record says self-approved.",
        "会记录由谁接受。团队登录时，改变判定的建议需等待另一人批准；无人登录时记为自行批准。",
    ),
}

_LINES: dict[str, tuple[str, str]] = {
    "lines_title": ("What if the lines were moved?", "如果移动阈值会怎样？"),
    "lines_lead": (
        "Move the scores from which ads are reviewed and rejected, for all ads or some, and see what"
        " that would have done to hours, leakage, precision and violating impressions.",
        "对全部或部分广告移动召回进审线与拒绝线，查看对工时、漏放、准确率和违规曝光的影响。",
    ),
    "lines_open": ("Read the logs and start", "读取日志并开始"),
    "lines_head": (
        "{model}, {days} days from {first}, {cells} cells, {labels} labels.",
        "{model}，自 {first} 起 {days} 天，{cells} 个单元，{labels} 条标注。",
    ),
    "lines_scope": (
        "Moving the lines of {cells} cells: {ads} ads, {labels} labels.",
        "正在移动 {cells} 个单元的阈值：{ads} 条广告，{labels} 条标注。",
    ),
    "lines_none": ("No ads are like this.", "没有这样的广告。"),
    "lines_how": (
        "Amounts are a day. Intervals are {level} and hold for the doubt of labels, exposure and"
        " reviewers; the change is that of the same worlds, so it can be sure where both sides are"
        " not. Figures are those of shroff advise thresholds for the same lines.",
        "数量按天计。区间为 {level}，已计入标注、曝光与审核员的不确定性；变化在同样的情形下比较，"
        "因此两边都不确定时变化也可能是确定的。相同阈值下与 shroff advise thresholds 的数字一致。",
    ),
    "column_scored_policy": ("Policy", "政策"),
    "column_market": ("Market", "市场"),
    "column_language": ("Language", "语言"),
    "all": ("all", "全部"),
    "review_from": ("Review from", "召回进审自"),
    "reject_from": ("Reject from", "拒绝自"),
    "never": ("never", "从不"),
    "take_back": ("Put {what} back", "还原 {what}"),
    "lines_figure": ("Figure", "指标"),
    "lines_today": ("Today", "目前"),
    "lines_moved": ("With these lines", "移动后"),
    "lines_change": ("Change", "变化"),
    "lines_moved_ads": ("ads treated otherwise", "处理方式改变的广告"),
    "a_day": ("a day", "每天"),
    "queue_hours": ("Hours a day in {queue}", "{queue} 每天工时"),
    "kept_precision": ("chance that precision does not fall", "准确率不下降的概率"),
    "kept_leakage": ("chance that leakage does not rise", "漏放率不上升的概率"),
    "goal": ("chance to meet {goal}", "达成 {goal} 的概率"),
    "how": ("{n} labels; {status}", "{n} 条标注；{status}"),
    "status_estimate": ("estimated with an interval", "带区间的估计"),
    "status_count": ("counted", "计数所得"),
    "status_unknown": ("cannot be told", "无法得知"),
    "figure_violating_impressions": ("Violating impressions", "违规曝光"),
    "figure_leakage": ("Leakage", "漏放率"),
    "figure_reject_precision": ("Precision of rejects", "拒绝准确率"),
    "figure_review_hours": ("Hours of review", "审核工时"),
    "figure_missed_ads": ("Violating ads approved", "放行的违规广告"),
    "figure_wrong_rejects": ("Good ads rejected", "误拒的合规广告"),
    "figure_approve_ads": ("Ads approved", "通过的广告"),
    "figure_review_ads": ("Ads reviewed", "召回进审的广告"),
    "figure_reject_ads": ("Ads rejected", "拒绝的广告"),
    "replay": ("Replay history ad by ad", "逐条回放历史"),
    "reset": ("Put all back", "全部还原"),
    "proposal_name": ("Name of the proposal", "方案名称"),
    "save_proposal": ("Save as proposal", "存为方案"),
    "saved": ("Saved as {file}; id {id}.", "已保存为 {file}；编号 {id}。"),
    "move_first": ("Move a line first.", "请先移动一条阈值。"),
}

PHRASES: dict[str, tuple[str, str]] = {
    f"web.advise.tool.{key}": both for key, both in (*_PLAN.items(), *_LINES.items())
}
