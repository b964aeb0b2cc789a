"""What is said of advertisers, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "advertisers.title": (
        "Which advertisers drive what goes wrong?",
        "哪些广告主是问题的主要来源？",
    ),
    "advertisers.leads": (
        "Each is a lead for people to look at, not a verdict: large accounts make much of everything,"
        " and a share rests on few labels.",
        "每一条都只是供人工核查的线索，并非结论：大账户什么都多，而比例只依据少量标注。",
    ),
    "advertisers.summary_violations": (
        "Of {accounts:count} accounts in {period}, the {top:count} with most are expected to make"
        " {held:percent} of all violating ads; {usual:percent} of all ads violate.",
        "{period} 共 {accounts:count} 个账户，预计最多的 {top:count} 个账户占全部违规广告的"
        " {held:percent}；全部广告的违规率为 {usual:percent}。",
    ),
    "advertisers.summary_leaks": (
        "Of {accounts:count} accounts in {period}, the {top:count} with most are expected to make"
        " {held:percent} of all leaked ads; {usual:percent} of approved ads violate.",
        "{period} 共 {accounts:count} 个账户，预计最多的 {top:count} 个账户占全部漏放广告的"
        " {held:percent}；通过广告的违规率为 {usual:percent}。",
    ),
    "advertisers.summary_overturns": (
        "Of {accounts:count} accounts in {period}, the {top:count} with most have {held:percent} of"
        " all appeals that the machine lost; it lost {usual:percent} of the settled ones.",
        "{period} 共 {accounts:count} 个账户，最多的 {top:count} 个账户占机审败诉申诉的"
        " {held:percent}；已结申诉的败诉率为 {usual:percent}。",
    ),
    "advertisers.summary_reviews": (
        "Of {accounts:count} accounts in {period}, the {top:count} with most have {held:percent} of"
        " all ads sent to review; {usual:percent} of all ads are.",
        "{period} 共 {accounts:count} 个账户，最多的 {top:count} 个账户占全部进审广告的"
        " {held:percent}；全部广告的进审率为 {usual:percent}。",
    ),
    "advertisers.row": (
        "{account}: {share} of {base:count} ({raw} by {labels:count} labels or cases of its own),"
        " {of_all:percent} of everything.",
        "{account}：{base:count} 条中 {share}（自身 {labels:count} 条标注或案例为 {raw}），"
        "占全部的 {of_all:percent}。",
    ),
    "advertisers.how": (
        "Shares are drawn towards those of all accounts, the more so the fewer labels there are, so"
        " that a small account does not come first by luck; labels count by the chance with which"
        " they were drawn. A share says what to expect of an account's next ads; how many violate counts what is known.",
        "比例向全部账户收缩，标注越少收缩越多，小账户不会因偶然排在前面；标注按其抽样概率加权。"
        "比例是对该账户今后广告的预期；违规条数则计入已知结果。",
    ),
    "advertisers.tenure": (
        "{tenure}: {violating} of ads violate, {leaking} of approved ones ({ads:count} ads of"
        " {accounts:count} accounts).",
        "{tenure}：广告违规率 {violating}，通过广告违规率 {leaking}（{accounts:count} 个账户，{ads:count} 条广告）。",
    ),
    "advertisers.tenure_new": ("New accounts, in their first 30 days", "新账户（前 30 天）"),
    "advertisers.tenure_old": ("Old accounts", "老账户"),
    "advertisers.tenure_unknown": (
        "Accounts that the logs show from their beginning, of unknown age",
        "日志起始时已存在、账龄不明的账户",
    ),
    "advertisers.repeats": (
        "A violation found within 30 days of the first ad, among {accounts:count} new accounts: {first};"
        " the next within 30 days, among {repeaters:count} accounts with one: {again}.",
        "{accounts:count} 个新账户在首条广告后 30 天内被查出违规的比例：{first}；{repeaters:count}"
        " 个有过违规的账户在 30 天内再次违规的比例：{again}。",
    ),
    "advertisers.repeats_note": (
        "A violation is one that was found: a rejected ad, or one labelled as violating. An account"
        " is followed until its last ad.",
        "违规指已被查出者：被拒绝或经标注判为违规的广告。账户观察至其最后一条广告。",
    ),
    "advertisers.missing": (
        "Cannot be told for want of labels or logs: {drives}.",
        "因缺少标注或日志而无法说明：{drives}。",
    ),
    "advertisers.drive.violations": ("violations", "违规"),
    "advertisers.drive.leaks": ("leaks", "漏放"),
    "advertisers.drive.overturns": ("overturned rejects", "申诉改判"),
    "advertisers.drive.reviews": ("review load", "人审负荷"),
    "advertisers.held": (
        "Of {drive}, ten accounts have {held:percent}.",
        "{drive}：十个账户占 {held:percent}。",
    ),
    "advertisers.unknown": ("unknown", "未知"),
    "advertisers.column.account": ("advertiser", "广告主"),
    "advertisers.column.ads": ("ads", "广告"),
    "advertisers.column.share": ("share, shrunken", "比例（收缩后）"),
    "advertisers.column.raw": ("by its own labels", "自身标注"),
    "advertisers.column.labels": ("labels or cases", "标注或案例"),
    "advertisers.column.expected": ("expected, or counted", "预计或计数"),
    "advertisers.column.of_all": ("of all", "占比"),
    "advertisers.column.rejected": ("rejected", "拒绝"),
    "advertisers.column.lost": ("appeals won by it", "申诉成功"),
    "advertisers.column.hours": ("review hours", "审核工时"),
}
