"""What each setting means on the dashboard, (English, 中文) by ``table.key`` or table."""

from __future__ import annotations

__all__ = ["PHRASES"]

_ABOUT: dict[str, tuple[str, str]] = {
    "workspace.name": (
        "Name shown on reports; the folder's name when empty.",
        "报告上显示的名称；留空则用文件夹名。",
    ),
    "workspace.language": (
        'Language of figures, findings and reports, "en" or "zh"; errors and help are English.',
        "指标、发现与报告的语言，“en”或“zh”；报错与帮助为英文。",
    ),
    "engine.name": (
        "Query engine; `--engine` asks another for one command.",
        "查询引擎；单条命令可用 `--engine` 换用另一个。",
    ),
    "engine.memory_gb": (
        "Memory a query may use, in gigabytes; of duckdb.",
        "查询可用的内存（GB）；用于 duckdb。",
    ),
    "engine.threads": (
        "Threads; all cores when left out; of duckdb.",
        "线程数；不写则用全部核心；用于 duckdb。",
    ),
    "engine.master": (
        'Spark\'s master, e.g. "spark://HOST:7077", "yarn" or "local[4]".',
        "Spark 的 master，例如 spark://HOST:7077、yarn 或 local[4]。",
    ),
    "engine.app_name": ("Name shown in Spark's own pages.", "在 Spark 自己的页面上显示的名称。"),
    "engine.conf": (
        'Further settings of Spark, e.g. "spark.executor.memory" = "8g".',
        "Spark 的其他设置，例如 spark.executor.memory = 8g。",
    ),
    "engine.python": (
        "Python of Spark's workers, of the same minor version as this one; this one's path when"
        " left out.",
        "Spark 工作节点的 Python，次版本须与本机相同；不写则用本机的路径。",
    ),
    "engine.scratch": (
        "Folder that Spark and its workers share, for what one command counts; without it that is"
        " kept in the workers' memory and on their disks.",
        "Spark 与工作节点共享的文件夹，存放单条命令的中间结果；不设则留在工作节点的内存和磁盘中。",
    ),
    "engine.wait_seconds": (
        "Longest wait for the first of Spark's workers.",
        "等待第一个 Spark 工作节点的最长秒数。",
    ),
    "engine.tables": (
        "Canonical tables that are read from tables of Spark, or from Parquet or Delta folders, by"
        " name or path; `[mapping.<table>]` says how.",
        "从 Spark 表、Parquet 或 Delta 文件夹读取的标准表（按名称或路径）；对应关系见 `[mapping.<table>]`。",
    ),
    "cubes.keep": (
        "Keep cubes by day, and count only ads whose rows changed.",
        "按日保存汇总，只重新统计有变动的广告。",
    ),
    "slices.columns": (
        "Columns of ads or decisions to slice by, your own extra columns included.",
        "用于切分的广告或决策字段，可含自有字段。",
    ),
    "slices.derived": (
        "Further slices: name = SQL expression over columns of ads and decisions.",
        "其他切分：名称 = 由广告与决策字段组成的 SQL 表达式。",
    ),
    "mapping": ("How files become each table.", "文件如何对应到各张表。"),
    "designs": ("How labels were drawn.", "标注样本是如何抽取的。"),
    "goals": ("Goals, by metric.", "各指标的目标。"),
    "metrics": ("Metrics of your own.", "自定义指标。"),
    "costs.currency": ("Currency of the figures below.", "以下金额的币种。"),
    "costs.missed_violation": ("Cost of one missed ad.", "漏放一条违规广告的成本。"),
    "costs.wrong_reject": ("Cost of one wrong reject.", "误拒一条广告的成本。"),
    "costs.appeal": (
        "Cost of handling one appeal; its logged work when not set.",
        "处理一件申诉的成本；不设则按日志中的工时计。",
    ),
    "costs.reviewer_hour": ("Cost of one reviewer hour.", "审核员每小时的成本。"),
    "publish.max_width": (
        "Widest interval that is published, as a share.",
        "对外公布时区间的最大宽度（占比）。",
    ),
    "publish.relative": (
        "For figures under max_width: withhold when wider than the figure itself.",
        "对小于 max_width 的数值：区间宽于数值本身时不予公布。",
    ),
    "appeals.window_days": ("Days after a decision in which to appeal.", "决定后可以申诉的天数。"),
    "periods.week_starts": ("First day of a week.", "一周的第一天。"),
    "check.late_days": (
        "Days after which a row counts as ingested late.",
        "超过多少天入库算作迟到。",
    ),
    "check.ignore": ("Codes of findings that are not shown.", "不再显示的检查项代码。"),
    "watch.hosts": (
        "Hosts that anything may be sent to; nothing leaves otherwise.",
        "允许发送到的主机；除此之外不外发任何内容。",
    ),
    "watch.webhook": ("Address that is posted to; https.", "推送地址；须为 https。"),
    "watch.form": (
        "What is posted: our JSON, or a message of Slack or Lark/Feishu.",
        "推送格式：Shroff 的 JSON，或 Slack、Lark/飞书消息。",
    ),
    "watch.secret_env": (
        "Environment variable with the secret that Lark/Feishu checks.",
        "存放 Lark/飞书校验密钥的环境变量名。",
    ),
    "watch.timeout_seconds": (
        "How long to wait for an answer of the webhook.",
        "等待推送地址回应的秒数。",
    ),
    "watch.attempts": (
        "How often to try the webhook before giving up.",
        "推送失败时最多尝试的次数。",
    ),
    "watch.calendar": (
        "Whether the calendar of holidays that comes with Shroff is used.",
        "是否使用 Shroff 自带的节假日历。",
    ),
    "watch.holidays": ("Holidays of your own, by name.", "自定义节假日（按名称）。"),
    "watch.email_from": ("Sender of the e-mail file.", "邮件文件的发件人。"),
    "watch.email_to": ("Recipients of the e-mail file.", "邮件文件的收件人。"),
    "reports.link": (
        "Address at which readers reach the dashboard; a message then leads there.",
        "读者访问看板的地址；填写后消息会附上链接。",
    ),
    "reports.browser": (
        "Browser that prints PDF; one that is found when left out.",
        "用于生成 PDF 的浏览器；不写则自动查找。",
    ),
    "models.trip": ("When a run switches its own model off.", "运行中何时自动停用模型。"),
    "models.endpoints": ("Servers of models, by name.", "模型服务（按名称）。"),
    "decide.fallback": (
        "Action on ads whose score is missing, as where a model is switched off.",
        "缺少分数（例如模型已停用）时对广告的动作。",
    ),
    "web.names": (
        "Names and addresses under which browsers reach it beyond this machine.",
        "本机之外的浏览器访问时使用的名称与地址。",
    ),
    "web.proxies": (
        "Addresses of proxies whose word on a request's origin is believed.",
        "可信代理的地址：采信其转发的请求来源。",
    ),
    "web.session_hours": ("Hours after which one signs in again.", "多少小时后须重新登录。"),
    "web.idle_minutes": (
        "Minutes of doing nothing after which one does.",
        "闲置多少分钟后须重新登录。",
    ),
    "web.hide": (
        "Columns, or table.column, that hold personal data, and the lowest role that sees them.",
        "含个人信息的字段（或 表.字段），以及可以看到它们的最低角色。",
    ),
    "web.oidc": ("Signing in elsewhere, by OpenID Connect.", "通过 OpenID Connect 在别处登录。"),
}

_SENT = ("hosts", "webhook", "form", "secret_env", "timeout_seconds", "attempts")
_ALIKE = {f"reports.{key}": _ABOUT[f"watch.{key}"] for key in _SENT}

PHRASES: dict[str, tuple[str, str]] = {
    f"web.settings.tool.about.{key}": both for key, both in {**_ABOUT, **_ALIKE}.items()
}
"""Phrases by key."""
