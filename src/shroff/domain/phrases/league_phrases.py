"""What the report says of rules that are watched, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "league.title": ("How do the rules do?", "规则表现如何？"),
    "league.lead": (
        "{rules:count} rules hit {hits:count} of the {ads:count} ads decided in these days;"
        " nothing else live caught {new:count} of them.",
        "{rules:count} 条规则命中了这段时间内机审的 {ads:count} 条广告中的 {hits:count} 条，"
        "其中 {new:count} 条没有被其他线上检测器拦下。",
    ),
    "league.look": (
        "{look:count} rules ask for a look, told below.",
        "有 {look:count} 条规则需要查看，见下文。",
    ),
    "league.fine": (
        "{forecast:count} of them have a forecast on record, and none is beyond it.",
        "其中 {forecast:count} 条有存档的预测，均在预测范围内。",
    ),
    "league.none_forecast": (
        "None has a forecast on record to be held against: shroff rules backtest PACK --freeze"
        " keeps one.",
        "都没有存档的预测可供核对：shroff rules backtest PACK --freeze 会存档一份。",
    ),
    "league.unnoted": (
        "The log of hits shows that rules act on ads ({unnoted:count} of them) of which nothing is recorded here:"
        " shroff rules promote records it.",
        "命中日志显示，有 {unnoted:count} 条规则已在处置广告，但此处没有登记：用 shroff rules promote 登记。",
    ),
    "league.unreadable": (
        "The rule packs of this workspace cannot be read, so their rules were not watched:"
        " {what}; shroff rules lint tells more.",
        "此工作区的规则包无法读取，因此未监测其中的规则：{what}；详见 shroff rules lint。",
    ),
    "league.stop": ("stop it", "应停用"),
    "league.alarm": ("look at it", "需查看"),
    "league.expires": (
        "{rule} applies until {day} only: give it a later day, or let it go",
        "{rule} 仅适用到 {day}：请延长有效期，或让它到期",
    ),
    "league.named": ("{rule} · {name}", "{rule} · {name}"),
    "league.canary": ("canary {share:percent}", "灰度 {share:percent}"),
    "league.state.draft": ("draft", "草稿"),
    "league.state.unnoted": ("acts, not noted", "已生效，未登记"),
    "league.state.shadow": ("shadow", "影子"),
    "league.state.canary": ("canary", "灰度"),
    "league.state.live": ("live", "已上线"),
    "league.state.expired": ("expired", "已到期"),
    "league.state.stopped": ("stopped", "已停用"),
    "league.range": ("{low:number}–{high:number}", "{low:number}–{high:number}"),
    "league.column.rule": ("Rule", "规则"),
    "league.column.state": ("State", "状态"),
    "league.column.per_day": ("Hits a day", "命中/天"),
    "league.column.forecast": ("Forecast", "预测"),
    "league.column.precision": ("Precision", "准确率"),
    "league.column.labels": ("Labels", "标注数"),
    "league.column.expected": ("Forecast", "预测"),
    "league.column.recall": ("Recall of its policy", "所属政策查全率"),
    "league.column.new": ("Alone", "独有命中"),
    "league.column.hours": ("Review hours a day", "审核小时/天"),
    "league.how": (
        "Alone: hits of ads that were approved, or that nothing else live caught. Recall: share of"
        " the ads violating its policy that it hits. Review hours: those of its hits that went to"
        " people, at the mean work of a review. Forecast: what nearly every day (999 in 1,000) was expected to bring, and the"
        " interval of the precision, as kept before.",
        "独有命中：被放行的、或没有其他线上检测器拦下的命中。查全率：违反其政策的广告中被它命中的占比。"
        "审核小时：其命中中进入人工审核的部分，按平均审核用时计。预测：此前存档的预测，即几乎每天（千分之九百九十九）"
        "的命中范围，以及准确率区间。",
    ),
    "league.more": (
        "{count:count} more rules are not shown: shroff rules status lists all.",
        "另有 {count:count} 条规则未列出：shroff rules status 会列出全部。",
    ),
    "league.chart": (
        "Precision of the rules with most labels",
        "标注最多的规则的准确率",
    ),
}
