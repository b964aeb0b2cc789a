"""What is said of rules that are tested by their examples, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "trial.summary": (
        "{rules:count} rules: {right:count} of {examples:count} examples come out as they say;"
        " {caught:count} of {made:count} disguises that the rules are to see through are caught.",
        "{rules:count} 条规则：{examples:count} 个示例中 {right:count} 个符合预期；"
        "应能识破的 {made:count} 个伪装中识破 {caught:count} 个。",
    ),
    "trial.missed": (
        "must match and does not: {text} ({where})",
        "应命中而未命中：{text}（{where}）",
    ),
    "trial.hit": (
        "must not match and does, at {found}: {text} ({where})",
        "不应命中而在 {found} 命中：{text}（{where}）",
    ),
    "trial.elsewhere": (
        "matches at {found}, not at {wanted}: {text} ({where})",
        "命中于 {found}，而非 {wanted}：{text}（{where}）",
    ),
    "trial.column.kind": ("disguise", "伪装方式"),
    "trial.column.caught": ("caught", "识破"),
    "trial.column.lost": ("not caught, such as", "未识破，例如"),
}
