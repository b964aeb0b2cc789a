"""What is said of kept cubes, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "cubes.updated": (
        "Cubes: {days} of {all_days} days counted anew, for {ads} ads whose rows changed.",
        "汇总：{all_days} 天中有 {days} 天重新计数，涉及 {ads} 条有变动的广告。",
    ),
    "cubes.first": (
        "Cubes: {days} days counted, and kept for the next time.",
        "汇总：已计数 {days} 天，并保存供下次使用。",
    ),
    "cubes.definition": (
        "Cubes: {days} days counted in full, because settings, columns or Shroff changed.",
        "汇总：设置、字段或 Shroff 版本有变，{days} 天全部重新计数。",
    ),
    "cubes.removed": (
        "Cubes: {days} days counted in full, because rows were removed from the logs.",
        "汇总：日志中有数据被删除，{days} 天全部重新计数。",
    ),
    "cubes.asked": (
        "Cubes: {days} days counted in full, as asked.",
        "汇总：按要求对 {days} 天全部重新计数。",
    ),
    "cubes.unkept": (
        "Cubes are not kept this time, every row is counted: {cause}.",
        "本次未保存汇总，改为逐行计数：{cause}。",
    ),
    "cubes.none": (
        "No cubes are kept yet.",
        "尚未保存汇总。",
    ),
    "cubes.more": (
        "… and {more} more: --json has them all.",
        "……另有 {more} 行，--json 列出全部。",
    ),
    "cubes.fresh": (
        "Cubes are up to date.",
        "汇总已是最新。",
    ),
    "cubes.stale": (
        "The logs or settings changed since: the next measurement brings the cubes up to date.",
        "此后日志或设置有变：下次计算指标时会更新汇总。",
    ),
}
