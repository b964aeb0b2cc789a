"""What is said about the registry of models, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "registry.title": ("What scores and judges here?", "这里由什么打分和判定？"),
    "registry.lead": (
        "Versions registered: {models:count}; champions among them: {champions:count}; without an owner:"
        " {orphans:count}.",
        "已登记 {models:count} 个版本，其中 {champions:count} 个为主用；{orphans:count} 个没有负责人。",
    ),
    "registry.registered": (
        "{name} {version} is registered; state: {state}.",
        "{name} {version} 已登记；状态：{state}。",
    ),
    "registry.moved": (
        "{name} {version} is now: {state}.",
        "{name} {version} 现在的状态：{state}。",
    ),
    "registry.demoted": (
        "{old} is no longer the champion: {new} took its place, and {old} is a challenger now.",
        "{old} 不再是主用版本：{new} 取而代之，{old} 现为挑战版本。",
    ),
    "registry.without": (
        "Policies without a champion now: {policies}.",
        "现在没有主用版本的政策：{policies}。",
    ),
    "registry.empty": (
        "Nothing scores or judges here yet: no model is registered, and the logs name none.",
        "这里还没有打分或判定的模型：没有登记，日志中也没有。",
    ),
    "registry.unregistered": (
        "{count:count} of them are in the logs and registered by nobody: shroff models register"
        " gives them an owner.",
        "其中 {count:count} 个只在日志中出现，无人登记：用 shroff models register 指定负责人。",
    ),
    "registry.more": (
        "{count:count} more are listed by: shroff models list.",
        "另有 {count:count} 个，见：shroff models list。",
    ),
    "registry.all": ("all", "全部"),
    "registry.run": (
        "{at}  {what}: {ads:count} ads in {seconds} s",
        "{at}  {what}：{ads:count} 条广告，{seconds} 秒",
    ),
    "registry.state.shadow": ("shadow", "影子"),
    "registry.state.challenger": ("challenger", "挑战"),
    "registry.state.champion": ("champion", "主用"),
    "registry.state.retired": ("retired", "已退役"),
    "registry.state.none": ("not registered", "未登记"),
    "registry.kind.log": ("log", "日志"),
    "registry.kind.builtin": ("built-in", "内置"),
    "registry.kind.callable": ("Python", "Python 函数"),
    "registry.kind.onnx": ("ONNX", "ONNX 模型"),
    "registry.kind.sklearn": ("scikit-learn", "scikit-learn 模型"),
    "registry.kind.http": ("HTTP", "HTTP 服务"),
    "registry.kind.llm": ("LLM", "大语言模型"),
    "registry.column.name": ("Model", "模型"),
    "registry.column.version": ("Version", "版本"),
    "registry.column.kind": ("Kind", "类型"),
    "registry.column.state": ("State", "状态"),
    "registry.column.owner": ("Owner", "负责人"),
    "registry.column.policies": ("Policies", "政策"),
    "registry.column.thresholds": ("Acts from", "处置阈值"),
    "registry.column.calibration": ("Calibration", "校准"),
    "registry.column.first": ("First seen", "首次出现"),
    "registry.column.last": ("Last seen", "最近出现"),
    "registry.column.rows": ("Rows", "行数"),
    "registry.column.speed": ("Ads/s", "条/秒"),
    "registry.column.source": ("Source", "来源"),
    "registry.column.latency": ("Mean ms", "平均毫秒"),
    "registry.column.cost": ("Cost of 1,000", "每千次费用"),
    "registry.column.note": ("Note", "备注"),
}
