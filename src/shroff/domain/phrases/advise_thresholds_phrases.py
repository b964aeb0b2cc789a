"""What is said of thresholds, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "lines.title": ("Which thresholds would do better?", "怎样的阈值会更好？"),
    "lines.summary.violating_impressions": (
        "New lines in {cells:count} of {of:count} cells would prevent {less:percent} of violating"
        " impressions ({low:percent} to {high:percent}), within {hours:number} review hours a day and a"
        " reject precision of {precision:percent}.",
        "调整 {of:count} 个单元中 {cells:count} 个的阈值，可减少 {less:percent} 的违规曝光"
        "（{low:percent} 至 {high:percent}），每天审核 {hours:number} 小时以内，拒绝准确率 {precision:percent}。",
    ),
    "lines.summary.cost": (
        "New lines in {cells:count} of {of:count} cells would lower the cost by {less:percent}"
        " ({low:percent} to {high:percent}), within {hours:number} review hours a day and a reject"
        " precision of {precision:percent}.",
        "调整 {of:count} 个单元中 {cells:count} 个的阈值，可使成本降低 {less:percent}"
        "（{low:percent} 至 {high:percent}），每天审核 {hours:number} 小时以内，拒绝准确率 {precision:percent}。",
    ),
    "lines.summary.none": (
        "Within these limits no other lines do better than today's.",
        "在这些限制内，没有比当前更好的阈值。",
    ),
    "lines.summary.impossible": (
        "No lines keep all of these limits. Each of the following would make them possible:",
        "没有阈值能同时满足这些限制。以下任一调整即可使之可行：",
    ),
    "lines.summary.all_impossible": (
        "No lines keep all of these limits, and no single one of them is in the way. Moving all of"
        " them, each by the same part of its way, would make them possible:",
        "没有阈值能同时满足这些限制，且并非其中单独一项所致。同时按相同比例放宽以下各项即可使之可行：",
    ),
    "lines.summary.never": (
        "No lines keep all of these limits, however far they are moved.",
        "无论如何放宽，都没有阈值能同时满足这些限制。",
    ),
    "lines.strategy.today": ("today", "当前"),
    "lines.strategy.plan": ("best", "最优"),
    "lines.strategy.careful": ("careful", "稳妥"),
    "lines.column.strategy": ("Lines", "方案"),
    "lines.column.violating_impressions": ("Violating impressions a day", "每天违规曝光"),
    "lines.column.cost": ("Cost a day", "每天成本"),
    "lines.column.less": ("Less than today", "较当前减少"),
    "lines.column.reject_precision": ("Reject precision", "拒绝准确率"),
    "lines.column.leakage": ("Leakage", "漏放率"),
    "lines.column.review_hours": ("Review hours a day", "每天审核小时"),
    "lines.column.reject_ads": ("Rejects a day", "每天拒绝"),
    "lines.column.kept": ("P(precision kept)", "P(准确率达标)"),
    "lines.column.cell": ("Cell", "单元"),
    "lines.column.ads": ("Ads", "广告"),
    "lines.column.labels": ("Labels", "标注"),
    "lines.column.review": ("Review from", "送审线"),
    "lines.column.reject": ("Reject from", "拒绝线"),
    "lines.column.moved": ("Ads that move", "变动广告"),
    "lines.never": ("never", "从不"),
    "lines.more_cells": (
        "{more:count} more cells change; --csv lists all.",
        "另有 {more:count} 个单元有变动；--csv 列出全部。",
    ),
    "lines.written": ("Written to {file}: {id}.", "已写入 {file}：{id}。"),
    "lines.careful": (
        "The best lines keep precision with probability {plan:percent}, the careful ones with"
        " {careful:percent}.",
        "最优阈值使准确率达标的概率为 {plan:percent}，稳妥阈值为 {careful:percent}。",
    ),
    "lines.careless": (
        "The best lines keep precision with probability {plan:percent}; no lines keep it with"
        " {sure:percent}. More labels of rejected ads would tell.",
        "最优阈值使准确率达标的概率为 {plan:percent}；没有阈值能达到 {sure:percent}。"
        "需要更多被拒广告的标注。",
    ),
    "lines.price.hours.violating_impressions": (
        "One more review hour a day prevents {gain:count} violating impressions a day.",
        "每天多一小时审核，每天可减少 {gain:count} 次违规曝光。",
    ),
    "lines.price.queue.violating_impressions": (
        "One more hour a day in queue {queue} prevents {gain:count} violating impressions a day.",
        "队列 {queue} 每天多一小时，每天可减少 {gain:count} 次违规曝光。",
    ),
    "lines.price.precision.violating_impressions": (
        "A reject precision of {to:percent} instead of {bar:percent} would prevent {gain:count}"
        " violating impressions a day.",
        "拒绝准确率由 {bar:percent} 放宽到 {to:percent}，每天可减少 {gain:count} 次违规曝光。",
    ),
    "lines.price.leakage.violating_impressions": (
        "A leakage of {to:percent} instead of {bar:percent} would prevent {gain:count} violating"
        " impressions a day.",
        "漏放率由 {bar:percent} 放宽到 {to:percent}，每天可减少 {gain:count} 次违规曝光。",
    ),
    "lines.price.rejects.violating_impressions": (
        "{to:count} rejects a day at least, instead of {bar:count}, would prevent {gain:count}"
        " violating impressions a day.",
        "每天最少拒绝数由 {bar:count} 降到 {to:count}，每天可减少 {gain:count} 次违规曝光。",
    ),
    "lines.price.reviews.violating_impressions": (
        "{to:count} reviews a day at least, instead of {bar:count}, would prevent {gain:count}"
        " violating impressions a day.",
        "每天最少送审数由 {bar:count} 降到 {to:count}，每天可减少 {gain:count} 次违规曝光。",
    ),
    "lines.price.changes.violating_impressions": (
        "{to:count} changed lines instead of {bar:count} would prevent {gain:count} violating"
        " impressions a day.",
        "可改动的阈值由 {bar:count} 条增到 {to:count} 条，每天可减少 {gain:count} 次违规曝光。",
    ),
    "lines.price.hours.cost": (
        "One more review hour a day saves {gain:number} a day beyond what it costs.",
        "每天多一小时审核，扣除其成本后每天节省 {gain:number}。",
    ),
    "lines.price.queue.cost": (
        "One more hour a day in queue {queue} saves {gain:number} a day beyond what it costs.",
        "队列 {queue} 每天多一小时，扣除其成本后每天节省 {gain:number}。",
    ),
    "lines.price.precision.cost": (
        "A reject precision of {to:percent} instead of {bar:percent} would save {gain:number} a day.",
        "拒绝准确率由 {bar:percent} 放宽到 {to:percent}，每天节省 {gain:number}。",
    ),
    "lines.price.leakage.cost": (
        "A leakage of {to:percent} instead of {bar:percent} would save {gain:number} a day.",
        "漏放率由 {bar:percent} 放宽到 {to:percent}，每天节省 {gain:number}。",
    ),
    "lines.price.rejects.cost": (
        "{to:count} rejects a day at least, instead of {bar:count}, would save {gain:number} a day.",
        "每天最少拒绝数由 {bar:count} 降到 {to:count}，每天节省 {gain:number}。",
    ),
    "lines.price.reviews.cost": (
        "{to:count} reviews a day at least, instead of {bar:count}, would save {gain:number} a day.",
        "每天最少送审数由 {bar:count} 降到 {to:count}，每天节省 {gain:number}。",
    ),
    "lines.price.changes.cost": (
        "{to:count} changed lines instead of {bar:count} would save {gain:number} a day.",
        "可改动的阈值由 {bar:count} 条增到 {to:count} 条，每天节省 {gain:number}。",
    ),
    "lines.relax.hours": (
        "{possible:number} review hours a day instead of {asked:number}.",
        "每天审核 {possible:number} 小时，而非 {asked:number} 小时。",
    ),
    "lines.relax.queue": (
        "{possible:number} hours a day in queue {queue} instead of {asked:number}.",
        "队列 {queue} 每天 {possible:number} 小时，而非 {asked:number} 小时。",
    ),
    "lines.relax.precision": (
        "A reject precision of {possible:percent} instead of {asked:percent}.",
        "拒绝准确率 {possible:percent}，而非 {asked:percent}。",
    ),
    "lines.relax.leakage": (
        "A leakage of {possible:percent} instead of {asked:percent}.",
        "漏放率 {possible:percent}，而非 {asked:percent}。",
    ),
    "lines.relax.rejects": (
        "{possible:count} rejects a day at least instead of {asked:count}.",
        "每天至少拒绝 {possible:count} 条，而非 {asked:count} 条。",
    ),
    "lines.relax.reviews": (
        "{possible:count} reviews a day at least instead of {asked:count}.",
        "每天至少送审 {possible:count} 条，而非 {asked:count} 条。",
    ),
    "lines.relax.changes": (
        "{possible:count} changed lines instead of {asked:count}.",
        "改动 {possible:count} 条阈值，而非 {asked:count} 条。",
    ),
    "lines.imputed": (
        "{share:percent} of the ads were not approved, so nobody knows what they would have been"
        " shown: it is taken from approved ads like them. Violating approved ads are shown"
        " {ratio:number} times as often as others like them.",
        "{share:percent} 的广告未被放行，其曝光无从得知，取自相近的放行广告。"
        "违规的放行广告曝光为相近广告的 {ratio:number} 倍。",
    ),
    "lines.checked": (
        "Reviewers find {caught:percent} of violating ads, as {n:count} reviewed ads that were looked"
        " at again tell.",
        "据 {n:count} 条复核过的送审广告，审核员能发现 {caught:percent} 的违规广告。",
    ),
    "lines.unchecked": (
        "No reviewed ad was looked at again, so reviewers are taken to be always right.",
        "没有送审广告被复核过，因此假定审核员总是正确。",
    ),
    "lines.trust.twice": (
        "One who labels alone finds {caught:percent} of violating ads and passes {passed:percent} of"
        " compliant ones, as {n:count} ads judged by two tell. Chances are corrected for it and for"
        " what queues miss, and intervals hold the doubt of both.",
        "据 {n:count} 条双人独立标注的广告，单人标注能发现 {caught:percent} 的违规广告、放过 {passed:percent} 的合规广告。"
        "违规概率已据此并按队列的漏判作了校正，区间包含两者的不确定性。",
    ),
    "lines.trust.known": (
        "One who labels alone finds {caught:percent} of violating ads and passes {passed:percent} of"
        " compliant ones, as {n:count} answers on ads of known truth tell. Chances are corrected for"
        " it and for what queues miss, and intervals hold the doubt of both.",
        "据 {n:count} 次对已知结论广告的作答，单人标注能发现 {caught:percent} 的违规广告、放过 {passed:percent} 的合规广告。"
        "违规概率已据此并按队列的漏判作了校正，区间包含两者的不确定性。",
    ),
    "lines.trust.nothing": (
        "Nothing tells how often labels are right: no ad was judged by two without seeing each"
        " other's answer. Labels are taken as true, so intervals are too narrow, and where labels"
        " miss violations, true precision and leakage are higher than told.",
        "没有广告由两人互不知晓地标注过，无从得知标注的准确程度。标注被当作真实结论，因此区间偏窄；"
        "若标注漏判违规，真实的拒绝准确率和漏放率都高于所示。",
    ),
    "lines.appeals": (
        "An appeal costs {cost:number} {currency}: {wrong:percent} of wrong rejects are won on appeal,"
        " and {right:percent} of right ones are appealed in vain.",
        "每次申诉的成本为 {cost:number} {currency}：{wrong:percent} 的误拒申诉成功，{right:percent} 的正确拒绝申诉未果。",
    ),
    "lines.few_labels": (
        "{few:count} of {cells:count} cells have fewer than {least} labels: what is known of them"
        " comes from cells like them.",
        "{cells:count} 个单元中有 {few:count} 个的标注少于 {least} 个：对它们的了解来自相近单元。",
    ),
    "lines.outside": (
        "Left as they are: {ruled:count} ads that rules decided, {other:count} that were"
        " restricted, {unscored:count} without this score.",
        "保持不变：规则判定的 {ruled:count} 条、限制投放的 {other:count} 条、"
        "没有该分数的 {unscored:count} 条广告。",
    ),
    "lines.no_rejects": (
        "Nothing is rejected by score today, so a reject precision of {floor:percent} is asked for.",
        "目前没有按分数拒绝的广告，因此要求拒绝准确率为 {floor:percent}。",
    ),
    "lines.guessed": (
        "Not set and taken from what today's limits are worth: {costs}.",
        "未设置、按当前限制的隐含价值推得：{costs}。",
    ),
    "lines.gap": (
        "Proven to be within {gap:percent} of the best possible lines.",
        "已证明与可能的最优阈值相差不超过 {gap:percent}。",
    ),
    "lines.advertisers": (
        "Advertisers may react to new lines, and what comes in next may differ: this replays the"
        " ads of the period.",
        "广告主可能对新阈值作出反应，今后的广告也可能不同：这里重放的是本期的广告。",
    ),
}
