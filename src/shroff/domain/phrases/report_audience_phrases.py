"""Words of reports for an audience, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "report.audience.for": ("Written for", "读者"),
    "report.audience.left_out": ("Left out here", "本版未收录"),
    "report.audience.more_rows": (
        "{rows:count} more rows are in the team's report.",
        "其余 {rows:count} 行见团队版报告。",
    ),
    "report.letter.title": ("Report: {workspace}, {period}", "审核报告：{workspace}，{period}"),
    "report.letter.link": ("Open the report", "查看报告"),
    "report.sheet.summary": ("Summary", "摘要"),
    "report.sheet.low": ("{name}: low", "{name}：下限"),
    "report.sheet.high": ("{name}: high", "{name}：上限"),
    "report.sheet.n": ("{name}: n", "{name}：样本数"),
    "report.sheet.status": ("{name}: status", "{name}：状态"),
    "report.audience.team": (
        "The team that runs the automation: everything that was measured.",
        "运营自动审核的团队：收录全部结果。",
    ),
    "report.audience.executive": (
        "Those who decide about people and money: where we stand, and what to decide.",
        "决定人力与预算的管理者：现状如何，需要决定什么。",
    ),
    "report.audience.policy": (
        "Those who write and enforce policies: what gets past them, and in which form.",
        "制定和执行政策的人：哪些违规绕过了政策，以何种形式。",
    ),
    "report.audience.ml": (
        "Those who train and run models: how good scores are, where they fail, which labels help.",
        "训练和运行模型的人：分数质量如何，在哪里失效，哪些标注有帮助。",
    ),
    "report.audience.operations": (
        "Those who staff and run the review: how long ads wait, what the work is worth.",
        "安排和管理人工审核的人：广告等待多久，审核工作产出如何。",
    ),
    "report.audience.sales": (
        "Those who speak with advertisers; figures that are too uncertain are withheld.",
        "与广告主沟通的人；过于不确定的数字不予显示。",
    ),
    "report.audience.executive.title": ("{report}, for decisions", "{report}（决策版）"),
    "report.audience.policy.title": ("{report}, for policy", "{report}（政策版）"),
    "report.audience.ml.title": ("{report}, for models", "{report}（模型版）"),
    "report.audience.operations.title": (
        "{report}, for review operations",
        "{report}（审核运营版）",
    ),
    "report.audience.sales.title": (
        "{report}, for advertisers' partners",
        "{report}（客户沟通版）",
    ),
    "report.audience.executive.change": ("Are we getting better?", "我们在变好吗？"),
    "report.audience.executive.goals": ("Which goals do we miss?", "哪些目标没有达成？"),
    "report.audience.executive.exposure": (
        "How many people saw what violates?",
        "有多少人看到了违规广告？",
    ),
    "report.audience.executive.advice": ("What should be decided?", "需要做出哪些决定？"),
    "report.audience.executive.outcomes": (
        "Did what was decided pay off?",
        "此前的决定见效了吗？",
    ),
    "report.audience.executive.health": (
        "What keeps us from knowing more?",
        "哪些日志问题限制了我们的判断？",
    ),
    "report.audience.executive.next": (
        "What would it take to know more?",
        "要知道得更多，需要什么？",
    ),
    "report.audience.policy.change": (
        "How well are the policies enforced?",
        "政策执行得怎么样？",
    ),
    "report.audience.policy.exposure": (
        "Which violations reach people?",
        "哪些违规触达了用户？",
    ),
    "report.audience.policy.slices": (
        "Under which policies and where do we fail?",
        "哪些政策、哪些市场做得不好？",
    ),
    "report.audience.policy.new-terms": (
        "Which words do the policies not know yet?",
        "哪些新说法政策尚未覆盖？",
    ),
    "report.audience.policy.appeals": (
        "Where do advertisers win against us?",
        "广告主在哪些政策上申诉成功？",
    ),
    "report.audience.ml.change": (
        "Do the models do better than before?",
        "模型比之前更好了吗？",
    ),
    "report.audience.ml.drift": (
        "Has what the models see moved?",
        "模型看到的数据变了吗？",
    ),
    "report.audience.ml.more-labels": (
        "Which labels would teach and measure most?",
        "哪些标注对训练和度量最有用？",
    ),
    "report.audience.operations.change": (
        "Does the review keep up?",
        "人工审核跟得上吗？",
    ),
    "report.audience.operations.reviewing": (
        "How long do ads wait, by queue?",
        "各队列的广告要等多久？",
    ),
    "report.audience.operations.labels": (
        "How well do reviewers agree?",
        "审核员之间的一致性如何？",
    ),
    "report.audience.sales.change": (
        "Can advertisers rely on our decisions?",
        "广告主能信赖我们的审核决定吗？",
    ),
    "report.audience.sales.appeals": (
        "How often do appeals succeed?",
        "申诉成功的比例是多少？",
    ),
    "report.audience.sales.reviewing": (
        "How long does a decision take?",
        "审核需要多长时间？",
    ),
}
