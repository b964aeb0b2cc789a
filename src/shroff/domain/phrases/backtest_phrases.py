"""What is said of rules tried on history and of their life, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "backtest.summary": (
        "{rules:count} rules would have hit {hits:count} of {ads:count} ads decided in {days}"
        " days; nothing live caught {new:count} of them.",
        "{rules:count} 条规则在 {days} 天内机审的 {ads:count} 条广告中会命中 {hits:count} 条，"
        "其中 {new:count} 条没有任何线上检测器拦下。",
    ),
    "backtest.title": ("What would these rules have done?", "这些规则会带来什么？"),
    "backtest.flip": (
        "{ads:count} ads: {was:action} would have become {now:action}",
        "{ads:count} 条广告：由{was:action}变为{now:action}",
    ),
    "backtest.no_flip": (
        "No ad would have been treated otherwise.",
        "没有广告的处理结果会改变。",
    ),
    "backtest.precision": (
        "Precision of all together: {value}; of what is new: {new}.",
        "整体准确率：{value}；新增命中的准确率：{new}。",
    ),
    "backtest.load": (
        "Work: {reviews} reviews and {hours} hours more a day; half of the reviews now wait"
        " {wait} hours or less.",
        "工作量：每天多 {reviews} 次审核、{hours} 小时；目前半数审核等待不超过 {wait} 小时。",
    ),
    "backtest.reviewed": (
        "No random label is among its hits: this is what reviews said that came about in other"
        " ways.",
        "其命中中没有随机抽样标注：此处为以其他方式产生的审核所言。",
    ),
    "backtest.no_work": (
        "the log of reviews does not tell how long work took",
        "审核日志没有记录处理用时",
    ),
    "backtest.deck_used": (
        "{labels:count} labels of the deck {design} ({drawn:count} drawn) stand for the ads that"
        " would be treated otherwise.",
        "抽样批次 {design} 的 {labels:count} 条标注（共抽取 {drawn:count} 条）代表处理结果会改变的广告。",
    ),
    "backtest.idle": (
        "{count:count} rules hit nothing, such as {rules}",
        "{count:count} 条规则没有命中，例如 {rules}",
    ),
    "backtest.crowded": (
        "{share:percent} of the hits of {rule} are ads of one advertiser",
        "{rule} 的命中有 {share:percent} 来自同一个广告主",
    ),
    "backtest.own": (
        "Some of these rules are live. What a model would have made of the ads that they decided"
        " was not logged; such an ad counts as new unless another live detector hit it.",
        "其中有规则已上线。由它们裁定的广告，模型原本会如何处理没有日志；"
        "除非另有线上检测器命中，否则计为新增。",
    ),
    "backtest.column.rule": ("rule", "规则"),
    "backtest.column.action": ("action", "动作"),
    "backtest.column.hits": ("hits", "命中"),
    "backtest.column.new": ("new", "新增"),
    "backtest.column.labels": ("labels", "标注"),
    "backtest.column.precision": ("precision", "准确率"),
    "backtest.column.new_precision": ("of new", "新增准确率"),
    "backtest.column.recall": ("recall", "查全率"),
    "backtest.column.advertiser": ("top advertiser", "最大广告主"),
    "backtest.column.reviews": ("reviews/day", "审核/天"),
    "backtest.column.impressions": ("impressions", "展示"),
    "backtest.column.wrong": ("wrong", "误伤"),
    "backtest.action.tag": ("tag", "打标"),
    "backtest.action.review": ("review", "召回进审"),
    "backtest.action.reject": ("reject", "拒绝"),
    "backtest.all": ("all together", "合计"),
    "backtest.proxy": ("proxy", "替代指标"),
    "backtest.overlap": ("Most overlap", "重叠最多"),
    "backtest.pair": (
        "{first} and {second}: {ads:count} ads",
        "{first} 与 {second}：{ads:count} 条",
    ),
    "backtest.slices": ("Most wrong hits", "误伤最多的切片"),
    "backtest.frozen": (
        "The forecast {id} is kept; shroff rules status holds it against what comes.",
        "预测 {id} 已存档；shroff rules status 会用上线后的结果核对。",
    ),
    "diff.summary": (
        "{added:count} rules added, {removed:count} removed, {changed:count} changed,"
        " {same:count} as they were.",
        "新增 {added:count} 条规则，删除 {removed:count} 条，修改 {changed:count} 条，"
        "未变 {same:count} 条。",
    ),
    "diff.gained": (
        "What the new rules hit (new: the old ones do not):",
        "新规则的命中（新增：旧规则未命中）：",
    ),
    "diff.lost": (
        "What the old rules hit (new: the new ones do not):",
        "旧规则的命中（新增：新规则未命中）：",
    ),
    "diff.column.what": ("what", "内容"),
    "diff.column.old": ("old", "旧"),
    "diff.column.new": ("new", "新"),
    "life.no_forecast": (
        "no forecast of this version of {rule} was kept: shroff rules backtest PACK --freeze",
        "{rule} 的此版本没有存档的预测：shroff rules backtest PACK --freeze",
    ),
    "life.queue_first": (
        "{rule} rejects, and never sent ads to people first: let it run with action review",
        "{rule} 会直接拒绝，但此前从未先召回进审：请先以 review 动作运行",
    ),
    "life.below_bar": (
        "{rule} rejects, and the lower bound of its precision ({low:percent}) does not clear"
        " {bar:percent}",
        "{rule} 会直接拒绝，而其准确率下限（{low:percent}）未达到 {bar:percent}",
    ),
    "life.expired": ("{rule} is past its last day", "{rule} 已过有效期"),
    "life.still_acts": (
        "{rule} was taken out, and still acted on {ads:count} ads since {day}, as the log of hits"
        " has it",
        "{rule} 已停用或到期，但命中日志显示其自 {day} 起仍处置了 {ads:count} 条广告",
    ),
    "life.other_version": (
        "the forecast on record of {rule} is that of version {old}, and it is version {now} now:"
        " shroff rules backtest PACK --freeze",
        "{rule} 存档的预测属于版本 {old}，而现为版本 {now}：shroff rules backtest PACK --freeze",
    ),
    "life.surge_day": (
        "{rule} hit {ads:count} ads on {day}; its forecast is {mean:number} a day",
        "{rule} 在 {day} 命中 {ads:count} 条，预测为每天 {mean:number} 条",
    ),
    "life.surge": (
        "{rule} hits {seen:number} ads a day since {day}; its forecast is {mean:number}",
        "{rule} 自 {day} 起每天命中 {seen:number} 条，预测为 {mean:number} 条",
    ),
    "life.few": (
        "{rule} hits only {seen:number} ads a day since {day}; its forecast is {mean:number}",
        "{rule} 自 {day} 起每天仅命中 {seen:number} 条，预测为 {mean:number} 条",
    ),
    "life.imprecise": (
        "the precision of {rule} is at most {high:percent} by {labels:count} labels, below the"
        " {low:percent} that its forecast has at least",
        "{rule} 的准确率按 {labels:count} 条标注至多 {high:percent}，低于预测的下限 {low:percent}",
    ),
    "life.held": (
        "{tripped:count} of {rules:count} rules trip at once, so none was taken out: look at the"
        " logs first (shroff check), then raise --most",
        "{rules:count} 条规则中有 {tripped:count} 条同时触发熔断，因此均未停用：请先检查日志"
        "（shroff check），再调高 --most",
    ),
    "life.stopped": (
        "{rule} was taken out: {why}; {count:count} ads that it decided are to be looked at again:"
        " {file}",
        "{rule} 已停用：{why}；由它裁定、需要复查的广告 {count:count} 条：{file}",
    ),
    "life.would": (
        "{rule} would be taken out: {why}; {count:count} ads that it decided would be looked at"
        " again",
        "将停用 {rule}：{why}；由它裁定、需要复查的广告 {count:count} 条",
    ),
    "life.quiet": (
        "{rules:count} rules that act are as forecast, as far as the logs until {until} tell.",
        "截至 {until} 的日志，{rules:count} 条生效规则均与预测相符。",
    ),
    "life.unwatched": (
        "{count:count} rules that act have no forecast of their version, or no day after it yet,"
        " and are not watched, such as {rules}",
        "{count:count} 条生效规则没有其版本的预测，或预测之后尚无日志，未被监测，例如 {rules}",
    ),
    "life.nothing_acts": (
        "No rule was noted to act: shroff rules promote RULE canary or live.",
        "没有登记为生效的规则：shroff rules promote RULE canary 或 live。",
    ),
    "life.moved": ("{rule} is now {state}", "{rule} 现为 {state}"),
    "life.again": (
        "{count:count} ads that it decided are to be looked at again: {file}",
        "由它裁定、需要复查的广告 {count:count} 条：{file}",
    ),
    "life.despite": ("taken all the same: {why}", "仍然执行：{why}"),
    "life.column.state": ("state", "状态"),
    "life.column.since": ("since", "自"),
    "life.column.per_day": ("hits/day", "命中/天"),
    "life.column.forecast": ("forecast", "预测"),
    "life.column.alarm": ("alarm", "告警"),
}
