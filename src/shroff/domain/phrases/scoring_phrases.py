"""What is said when models are trained and run, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "training.done": (
        "{name} was trained on {labels:count} labels, {violating:count} of them violating, and"
        " registered in shadow: {file}.",
        "{name} 已用 {labels:count} 条标注训练（其中违规 {violating:count} 条），以影子状态登记：{file}。",
    ),
    "training.next": (
        "These are figures on ads it had not seen. To score ads: shroff models score {name}. The ads it"
        " learnt from are scored there by classifiers fitted without them, so that curves, cards and"
        " comparisons do not flatter it.",
        "以上数据来自训练时未见过的广告。为广告打分：shroff models score {name}。训练用过的广告由未见过它们的"
        "分类器打分，因此曲线、模型卡和比较不会偏高。",
    ),
    "training.column.figure": ("Figure", "指标"),
    "training.column.value": ("Value, with its interval", "数值与区间"),
    "training.column.labels": ("Labels", "标注数"),
    "training.figure.average_precision": ("average precision", "平均准确率（AP）"),
    "training.figure.auc": ("AUC", "AUC（排序能力）"),
    "training.figure.gap": ("share violating less mean score", "违规占比减平均分"),
    "training.figure.ece": ("calibration error", "校准误差"),
    "scoring.done": (
        "{name} scored {scored:count} of {wanted:count} ads, {speed:count} a second.",
        "{name} 已为 {wanted:count} 条广告中的 {scored:count} 条打分，每秒 {speed:count} 条。",
    ),
    "scoring.stopped": (
        "{name} scored {scored:count} of {wanted:count} ads and was stopped; the same command goes"
        " on from there ({speed:count} a second).",
        "{name} 已为 {wanted:count} 条广告中的 {scored:count} 条打分，随后中止；再次运行同一命令会从此处"
        "继续（每秒 {speed:count} 条）。",
    ),
    "scoring.nothing": (
        "{name} has scored all these ads already, or none has a text.",
        "这些广告 {name} 都已打过分，或都没有文本。",
    ),
    "scoring.learnt": (
        "It learnt from {n:count} of these ads: those are scored by classifiers fitted without them"
        " (five folds), so that they do not flatter it.",
        "其中 {n:count} 条广告参与过训练：它们由未见过它们的分类器打分（五折交叉），分数不会偏高。",
    ),
    "scoring.shadow": (
        "{n:count} scores are marked as in shadow: the version is no champion.",
        "{n:count} 个分数标为影子：该版本不是主用版本。",
    ),
    "scoring.refused": (
        "{n:count} scores were no number from 0 to 1; shroff quarantine --table scores lists them.",
        "{n:count} 个分数不是 0 到 1 之间的数；见 shroff quarantine --table scores。",
    ),
}
