"""Words of the command line's tables, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "terminal.metric": ("metric", "指标"),
    "terminal.value": ("value", "数值"),
    "terminal.interval": ("{level} interval", "{level} 区间"),
    "terminal.n": ("n", "样本量"),
    "terminal.n_effective": ("n eff.", "有效样本量"),
    "terminal.design_effect": ("deff", "设计效应"),
    "terminal.worth": ("", "性质"),
    "terminal.estimate": ("", "估计"),
    "terminal.proxy": ("proxy", "代理值"),
    "terminal.bounds": ("bounds", "上下界"),
    "terminal.count": ("count", "计数"),
    "terminal.suppressed": ("withheld", "不予公布"),
    "terminal.unknown": ("unknown", "未知"),
    "terminal.modelled": ("by scores alone", "仅由模型分推算"),
    "terminal.total": ("all", "全部"),
    "terminal.grey": (
        "Grey: too uncertain to publish (interval over {width:percent}).",
        "灰色：不确定性过大，不宜公布（区间宽于 {width:percent}）。",
    ),
}
