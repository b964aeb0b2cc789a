"""What is said of campaigns, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "campaigns.title": (
        "Which near-copies run over several accounts?",
        "哪些近似文案由多个账户投放？",
    ),
    "campaigns.leads": (
        "Each is a lead for people to look at, not a verdict: accounts may write alike because they"
        " share an owner, an agency, a template or a habit.",
        "每一条都只是供人工核查的线索，并非结论：文案相似可能因为同一主体、同一代理商、同一模板，"
        "或只是惯常写法。",
    ),
    "campaigns.summary": (
        "{found:count} sets of near-copies by several accounts, with {least:count} ads or more each,"
        " among {passages:count} sentences of {ads:count} ads in {period}; {usual:count} of them are"
        " boilerplate. Listed are {listed:count}, of which {waves:count} came in waves.",
        "{period} 的 {ads:count} 条广告共 {passages:count} 个句子，其中由多个账户投放、每组至少"
        " {least:count} 条广告的近似文案有 {found:count} 组，{usual:count} 组属常用套话。列出"
        " {listed:count} 组，其中 {waves:count} 组为集中投放。",
    ),
    "campaigns.none": (
        "No sentence is run by several accounts in {least:count} ads or more, among"
        " {passages:count} sentences of {ads:count} ads in {period}; {found:count} sets of"
        " near-copies were looked at, {usual:count} of them boilerplate.",
        "{period} 的 {ads:count} 条广告共 {passages:count} 个句子，没有由多个账户投放且至少"
        " {least:count} 条广告的句子；共检视近似文案 {found:count} 组，{usual:count} 组属常用套话。",
    ),
    "campaigns.wave": (
        "“{text}”: {times} times as often as usual (at least {low}) from {wave_first} to"
        " {wave_last}, {wave_ads:count} ads then, most of them by {wave_accounts:count} accounts;"
        " in all {ads:count} ads by {accounts:count} accounts from {first} to {last}."
        " {flagged:percent} were rejected or found violating, against {usual:percent} of all ads.",
        "“{text}”：{wave_first} 至 {wave_last} 出现频率为平时的 {times} 倍（至少 {low} 倍），其间"
        " {wave_ads:count} 条广告，主要来自 {wave_accounts:count} 个账户；{first} 至 {last} 共"
        " {ads:count} 条广告、{accounts:count} 个账户。{flagged:percent} 被拒绝或判为违规，全部广告为"
        " {usual:percent}。",
    ),
    "campaigns.wave_in": (
        "“{text}”: {times} times as often as usual (at least {low}) in {market:named} from {wave_first} to"
        " {wave_last}, {wave_ads:count} ads then, most of them by {wave_accounts:count} accounts;"
        " in all {ads:count} ads by {accounts:count} accounts from {first} to {last}."
        " {flagged:percent} were rejected or found violating, against {usual:percent} of all ads.",
        "“{text}”：{wave_first} 至 {wave_last} 在 {market:named} 出现频率为平时的 {times} 倍（至少 {low} 倍），"
        "其间 {wave_ads:count} 条广告，主要来自 {wave_accounts:count} 个账户；{first} 至 {last} 共"
        " {ads:count} 条广告、{accounts:count} 个账户。{flagged:percent} 被拒绝或判为违规，全部广告为"
        " {usual:percent}。",
    ),
    "campaigns.standing": (
        "“{text}”: {ads:count} ads by {accounts:count} accounts from {first} to {last}."
        " {flagged:percent} were rejected or found violating, against {usual:percent} of all ads.",
        "“{text}”：{first} 至 {last} 共 {ads:count} 条广告、{accounts:count} 个账户。"
        "{flagged:percent} 被拒绝或判为违规，全部广告为 {usual:percent}。",
    ),
    "campaigns.outcome": (
        "{approved:count} approved, {rejected:count} rejected; {contradicted:count} of the approved"
        " say word for word what a rejected one says. {same:count} came after a reject of the same"
        " account, {other:count} after one of another; {back_approved:count} of them were approved.",
        "通过 {approved:count} 条，拒绝 {rejected:count} 条；通过的广告中 {contradicted:count} 条与被拒广告"
        "逐字相同。{same:count} 条在本账户被拒后提交，{other:count} 条在其他账户被拒后提交；其中"
        " {back_approved:count} 条获得通过。",
    ),
    "campaigns.how": (
        "Sentences are compared with disguises folded and numbers left open; half of what they say"
        " must agree. A wave is a burst of up to 42 days in one market, or in all, that stands out"
        " among all sets looked at; its “at least” is the low end of an interval for days that were"
        " chosen because they stand out. A line on delivery that everybody writes is boilerplate.",
        "比较前先还原变体，数字视为任意数字；内容须有一半一致。集中投放指某一市场或全部市场中最长 42"
        " 天、在所有近似文案中显著突出的高峰；“至少”是区间下限，而这些日期正因突出才被选中。"
        "人人都写的配送说明之类属常用套话。",
    ),
    "campaigns.disguised": ("Disguises between copies: {kinds}.", "文案之间的变体手法：{kinds}。"),
    "campaigns.review": (
        "{ads:count} approved ads are near-copies of rejected ones:"
        " `shroff watch campaigns --review-list FILE` lists them for people to look at again.",
        "{ads:count} 条已通过广告与被拒广告近似："
        "用 `shroff watch campaigns --review-list FILE` 列出，供人工复审。",
    ),
    "campaigns.column.campaign": ("campaign", "线索"),
    "campaigns.column.text": ("passage", "文案"),
    "campaigns.column.ads": ("ads", "广告"),
    "campaigns.column.accounts": ("accounts", "账户"),
    "campaigns.column.where": ("markets", "市场"),
    "campaigns.column.when": ("wave, or days", "高峰或起止"),
    "campaigns.column.flagged": ("rejected or violating", "被拒或违规"),
    "campaigns.column.approved": ("approved", "通过"),
    "campaigns.column.contradicted": ("approved, rejected elsewhere", "同文异判"),
    "campaigns.column.back": ("after a reject: own / other account's", "被拒后再投：本账户／其他"),
    "campaigns.all_markets": ("all markets", "全部市场"),
}
