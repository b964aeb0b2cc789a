"""What is said of changes and incidents, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "changes.title": ("What changed?", "发生了什么变化？"),
    "changes.lead": (
        "{found:count} incidents in {series:count} series, {period}; {new:count} of them new.",
        "{period}：在 {series:count} 条序列中发现 {found:count} 起事件，其中 {new:count} 起为新增。",
    ),
    "changes.none": (
        "Nothing changed beyond chance in {series:count} series, {period}.",
        "{period}：{series:count} 条序列中没有超出偶然的变化。",
    ),
    "changes.rose_now": (
        "{metric:named} rose where {where:named}: {ratio} times what was expected ({ratio_low} to"
        " {ratio_high}), since {onset} ({low} to {high}).",
        "{metric:named}在 {where:named} 上升：为预期的 {ratio} 倍（{ratio_low} 至 {ratio_high}），"
        "自 {onset} 起（{low} 至 {high}）。",
    ),
    "changes.fell_now": (
        "{metric:named} fell where {where:named}: {ratio} times what was expected ({ratio_low} to"
        " {ratio_high}), since {onset} ({low} to {high}).",
        "{metric:named}在 {where:named} 下降：为预期的 {ratio} 倍（{ratio_low} 至 {ratio_high}），"
        "自 {onset} 起（{low} 至 {high}）。",
    ),
    "changes.rose_over": (
        "{metric:named} rose where {where:named} from {onset} ({low} to {high}) until {last}:"
        " {ratio} times what was expected ({ratio_low} to {ratio_high}).",
        "{metric:named}在 {where:named} 自 {onset}（{low} 至 {high}）至 {last} 上升："
        "为预期的 {ratio} 倍（{ratio_low} 至 {ratio_high}）。",
    ),
    "changes.fell_over": (
        "{metric:named} fell where {where:named} from {onset} ({low} to {high}) until {last}:"
        " {ratio} times what was expected ({ratio_low} to {ratio_high}).",
        "{metric:named}在 {where:named} 自 {onset}（{low} 至 {high}）至 {last} 下降："
        "为预期的 {ratio} 倍（{ratio_low} 至 {ratio_high}）。",
    ),
    "changes.suspect": (
        "The log names a change near its onset: {day}, {what}.",
        "变更日志中，起始日附近有：{day}，{what}。",
    ),
    "changes.also": (
        "{count:count} series show it, {listed} among them.",
        "共 {count:count} 条序列显示此变化，包括 {listed}。",
    ),
    "changes.rule": (
        "Rates of slices are held against the rest on the same days; volumes, shares of traffic"
        " and totals against their own days before. Incomplete days and days that all markets rest"
        " are not judged. The limit is set for one false incident in five looks at all series, if events"
        " come each on its own; what one account or a few do is told apart, where ads name their account.",
        "切片的比率与同日其余部分比较；数量、流量占比与总体指标与自身之前的日子比较。"
        "数据不完整的日子与各市场共同的假日不作判断。阈值按“事件各自独立时，"
        "对全部序列看五次误报一起”设定；在广告记录了账户之处，单个或少数账户所致的变化单独列出。",
    ),
    "changes.led": (
        "Changes that one account or a few make, and which are no incidents; led by {count:count} accounts.",
        "由单个或少数账户所致、因而不列为事件的变化，为首的有 {count:count} 个账户。",
    ),
    "changes.account_now": (
        "{account} makes {share}% of this: {metric:named} where {where:named}, {ratio} times what was"
        " expected since {onset}.",
        "{account} 占其中 {share}%：{metric:named}在 {where:named} 自 {onset} 起为预期的 {ratio} 倍。",
    ),
    "changes.account_over": (
        "{account} makes {share}% of this: {metric:named} where {where:named}, {ratio} times what was"
        " expected from {onset} until {last}.",
        "{account} 占其中 {share}%：{metric:named}在 {where:named} 自 {onset} 至 {last} 为预期的"
        " {ratio} 倍。",
    ),
    "changes.on_holiday": (
        "Changes that came and went with a holiday, and are left out: {left:count}.",
        "随节假日出现并消失、因而未列入的变化：{left:count}。",
    ),
    "changes.column.incident": ("incident", "事件"),
    "changes.column.state": ("state", "状态"),
    "changes.column.onset": ("onset", "起始日"),
    "changes.column.last": ("until", "至"),
    "changes.column.metric": ("metric", "指标"),
    "changes.column.where": ("slice", "切片"),
    "changes.column.ratio": ("times expected", "预期的倍数"),
    "changes.column.count": ("series", "序列数"),
    "changes.state.open": ("open", "待处理"),
    "changes.state.acknowledged": ("acknowledged", "已知悉"),
    "changes.state.closed": ("closed", "已关闭"),
    "changes.state.resolved": ("resolved", "已恢复"),
    "changes.new": ("new", "新增"),
    "changes.ongoing": ("goes on", "持续中"),
    "changes.sent": (
        "Sent {count:count} incidents to {host}.",
        "已将 {count:count} 起事件发送至 {host}。",
    ),
    "changes.written": ("Wrote {file}.", "已写入 {file}。"),
    "changes.moved": ("Incident {id} is {state} now.", "事件 {id} 的状态现为：{state}。"),
    "changes.no_incidents": (
        "No incident is known: shroff watch changes looks for some.",
        "尚无事件：可用 shroff watch changes 查找。",
    ),
    "changes.step": ("{at} {state} {who} {why}", "{at} {state} {who} {why}"),
    "changes.mail_subject": (
        "{count:count} new incidents in {workspace}",
        "{workspace} 有 {count:count} 起新事件",
    ),
}
