"""What is said of scores as chances, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "calibration.title": ("Do scores mean what they say?", "分数表示的概率可信吗？"),
    "calibration.lead": (
        "{score} says {mean} on average; {share} of ads violate. Its calibration error is {ece}.",
        "{score} 平均给出 {mean}，实际违规占 {share}。校准误差为 {ece}。",
    ),
    "calibration.says_true": (
        "The labels do not refute that it means what it says.",
        "现有标注不能否定其分数即概率。",
    ),
    "calibration.says_other": (
        "It does not mean what it says: shroff models recalibrate fits chances to it.",
        "其分数不等于概率：可用 shroff models recalibrate 拟合校准。",
    ),
    "calibration.chart": (
        "Violating ads by score of {score}",
        "{score} 各分数段的违规占比",
    ),
    "calibration.share": ("violating", "违规占比"),
    "calibration.true": ("as it says", "与分数一致"),
    "calibration.weeks": (
        "Share of violating ads less mean score of {score}, by week",
        "{score} 各周违规占比减平均分数",
    ),
    "calibration.how": (
        "The calibration error is how far scores and shares are apart, averaged over ads, less what"
        " chance adds; plainly computed it is {plain}. Its interval reaches 0 unless a test refutes"
        " that scores are true chances.",
        "校准误差是分数与实际占比的平均差距，已扣除随机误差带来的部分；直接计算为 {plain}。"
        "除非检验否定分数即真实概率，区间下限为 0。",
    ),
    "calibration.steady": (
        "Weeks differ no more than chance would have it (p {p}).",
        "各周差异未超出随机波动（p {p}）。",
    ),
    "calibration.drifted": (
        "Weeks differ more than chance would have it (p {p}): calibration drifts.",
        "各周差异超出随机波动（p {p}）：校准在漂移。",
    ),
    "calibration.column.score": ("Score", "分数"),
    "calibration.column.labels": ("Labels", "标注数"),
    "calibration.column.from": ("Scores from", "分数从"),
    "calibration.column.to": ("to", "到"),
    "calibration.column.mean": ("Mean score", "平均分数"),
    "calibration.column.share": ("Violating", "违规占比"),
    "calibration.column.weight": ("Part of ads", "广告占比"),
    "calibration.column.gap": ("Violating less score", "违规占比减分数"),
    "calibration.column.ece": ("Calibration error", "校准误差"),
    "calibration.column.brier": ("Brier score", "Brier 分数"),
    "calibration.column.skill": ("Brier skill", "Brier 技巧分"),
    "calibration.column.miscalibration": ("Miscalibration", "失准"),
    "calibration.column.discrimination": ("Discrimination", "区分度"),
    "calibration.column.uncertainty": ("Uncertainty", "不确定性"),
    "calibration.column.steady": ("Drift", "漂移"),
    "calibration.column.week": ("Week from", "周起始"),
    "calibration.drift_yes": ("drifts", "漂移"),
    "calibration.drift_no": ("steady", "稳定"),
    "calibration.outside": (
        "{outside:count} of {labels:count} labelled scores lie outside 0 to 1, so they are no"
        " chances; map them, e.g. 1 / (1 + EXP(-score)) under [mapping.scores] expressions",
        "{labels:count} 个已标注的分数中有 {outside:count} 个不在 0 到 1 之间，不是概率；"
        "可在 [mapping.scores] expressions 中换算，例如 1 / (1 + EXP(-score))",
    ),
    "calibration.kept": (
        "{kind} {id}, version {version}: kept in {file}",
        "{kind} {id} 第 {version} 版：已保存到 {file}",
    ),
    "calibration.same": (
        "the newest version, {version}, does exactly this already: {file}",
        "最新的第 {version} 版已与此完全相同：{file}",
    ),
    "calibration.before": ("score as it is", "原分数"),
    "calibration.after": (
        "calibrated, on labels it did not see",
        "校准后（在未参与拟合的标注上）",
    ),
    "calibration.fitted": (
        "Fitted to {labels:count} labels, {violating:count} of them violating.",
        "用 {labels:count} 条标注拟合，其中违规 {violating:count} 条。",
    ),
}
