"""Words of the dashboard's tool for models, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

_TOOL: dict[str, tuple[str, str]] = {
    "registry_title": ("What scores and judges", "有哪些模型"),
    "no_model": ("The logs know no model.", "日志中没有模型。"),
    "model": ("Model", "模型"),
    "state": ("State", "状态"),
    "scored": ("Ads scored", "打分广告数"),
    "judged": ("Ads judged", "判定广告数"),
    "last": ("Last day", "末日"),
    "more": ("Show {more} more", "再显示 {more} 个"),
    "off": ("switched off", "已关停"),
    "state_shadow": ("shadow", "影子"),
    "state_challenger": ("challenger", "挑战者"),
    "state_champion": ("champion", "在线"),
    "state_retired": ("retired", "已退役"),
    "seen_live": ("decides, by the logs", "按日志在线"),
    "seen_shadow": ("in shadow, by the logs", "按日志为影子"),
    "kill": ("Switch off", "关停"),
    "revive": ("Switch on", "恢复"),
    "move": ("Change state", "变更状态"),
    "reason": ("Reason", "理由"),
    "do_it": ("Do it", "确认"),
    "leave": ("Leave it", "取消"),
    "compare_title": ("Which of two versions is better?", "两个版本哪个更好？"),
    "compare_lead": (
        "Held against each other on the same labelled ads, with curves, calibration and slices; the"
        " filters above choose the ads.",
        "在同样的已标注广告上比较，含曲线、校准与切片；上方筛选决定范围。",
    ),
    "no_scores": ("No scores are logged.", "没有分数日志。"),
    "champion": ("Champion", "在线版本"),
    "challenger": ("Challenger", "挑战版本"),
    "policy": ("Policy", "政策"),
    "all_policies": ("one score over all", "总分"),
    "basis": ("Hold equal", "保持相等"),
    "basis_precision": ("precision", "准确率"),
    "basis_volume": ("ads acted on", "处置量"),
    "basis_threshold": ("thresholds, as given", "给定阈值"),
    "at": ("Champion acts from", "在线版阈值"),
    "challenger_at": ("Challenger acts from", "挑战版阈值"),
    "from_logs": ("from the logs", "取自日志"),
    "same": ("the same", "相同"),
    "chosen": ("the usual one", "自动选择"),
    "by": ("Slice by", "切片"),
    "compare": ("Compare", "比较"),
    "shadow": ("Shadow run of judges", "判定模型的影子运行"),
}

PHRASES: dict[str, tuple[str, str]] = {
    **{f"web.models.tool.{key}": both for key, both in _TOOL.items()},
    "models.pair.curves": ("What each threshold catches", "各阈值的效果"),
    "models.pair.curves_lead": (
        "Precision at each recall, both versions over each other; bands hold at all thresholds.",
        "两个版本在各查全率下的准确率；置信带对所有阈值同时成立。",
    ),
    "models.pair.pr": ("Precision by recall", "准确率与查全率"),
    "models.pair.version": ("Version", "版本"),
    "models.pair.labels": ("Labels", "标注数"),
    "models.pair.violating": ("Violating", "违规数"),
    "models.pair.auc": ("Area under ROC", "ROC 面积"),
    "models.pair.average_precision": ("Average precision", "平均准确率"),
    "models.pair.ece": ("Calibration error", "校准误差"),
    "models.pair.calibration_lead": (
        "Where the line leaves the diagonal, scores are not the chances that they look like.",
        "曲线偏离对角线处，分数并非其看上去的概率。",
    ),
    "models.pair.shadow": ("Shadow run", "影子运行"),
}
