"""Words of the dashboard where people label, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

_TOOL: dict[str, tuple[str, str]] = {
    "mine": ("Yours to label", "待你标注"),
    "mine_lead": (
        "Batches of label plans, golden sets and rule decks. What you say is kept at once; nobody"
        " sees it before both of two are done, and you see nothing of what the machine decided.",
        "来自标注计划、金标集和规则样本的批次。每次判断立即保存；双人标注在两人都完成前互不可见，"
        "你也看不到机器的判定。",
    ),
    "none": (
        "No batch was drawn yet. The page of labels draws one.",
        "还没有抽取任何批次。可在“标注与审核员”页面抽取。",
    ),
    "name": ("You label as", "标注者"),
    "name_note": (
        "Nobody signs in here: two who label the same ads must use two names.",
        "此处无人登录：双人标注须使用两个名字。",
    ),
    "batch": ("Batch", "批次"),
    "kind": ("For", "角色"),
    "progress": ("Labelled", "已标注"),
    "by_you": ("By you", "你标注的"),
    "left": ("Left for you", "剩余"),
    "golden": ("golden set {name}", "金标集 {name}"),
    "drawn": ("drawn {day}", "抽取于 {day}"),
    "part_single": ("one person", "单人"),
    "part_first": ("first of two", "双人之一"),
    "part_second": ("second of two", "双人之二"),
    "part_third": ("third, settles disputes", "第三人裁定"),
    "label": ("Label", "开始标注"),
    "go_on": ("Go on", "继续"),
    "nothing": ("Nothing left for you", "没有留给你的"),
    "hand_in": ("Hand in", "交回"),
    "handed_in": (
        "{labelled} of {asked} labels are in the logs now.",
        "现在日志中有 {asked} 条中的 {labelled} 条标注。",
    ),
    "in_logs": ("in the logs", "已入日志"),
    "double": ("Have it labelled twice", "改为双人标注"),
    "agreement": ("Agreement", "一致性"),
    "adjudicate": ("Send disputes to a third", "争议交第三人"),
    "third_made": (
        "{asked} disputed ads wait for a third person.",
        "{asked} 条争议广告待第三人裁定。",
    ),
    "second_made": ("{asked} ads wait for a second person.", "{asked} 条广告待第二人标注。"),
    "not_both": (
        "{both} of {asked} ads are labelled by both. Agreement is shown when all are.",
        "{asked} 条中有 {both} 条两人都已标注；全部完成后显示一致性。",
    ),
    "agree_title": ("How far the two agree", "两人的一致程度"),
    "agree_n": (
        "{n} ads, both labelled; {disputed} disputed",
        "两人都标注了 {n} 条；争议 {disputed} 条",
    ),
    "figure_agreement": ("plain agreement", "直接一致率"),
    "figure_gwet-ac1": ("beyond chance (Gwet AC1)", "扣除偶然（Gwet AC1）"),
    "figure_krippendorff-alpha": ("Krippendorff alpha", "Krippendorff α 系数"),
    "first_second": ("first ↓ second →", "第一人 ↓ 第二人 →"),
    "violating": ("violating", "违规"),
    "compliant": ("compliant", "合规"),
    "unclear": ("unclear", "不确定"),
    "back": ("Back to the batches", "返回批次"),
    "left_of": ("{left} left of {asked}", "剩 {left} / 共 {asked}"),
    "verdict": ("What is this ad?", "这条广告是？"),
    "policies": ("Policies it violates", "违反的政策"),
    "policy_hint": ("id, then Enter; Enter again keeps it", "输入编号后回车；再次回车保存"),
    "severity": ("Severity", "严重程度"),
    "note": ("Note", "备注"),
    "evidence": ("Evidence", "证据"),
    "evidence_hint": ("words of the ad, then Enter", "输入广告中的词后回车"),
    "evidence_none": ("These words are not in the ad.", "广告中没有这些词。"),
    "mark": ("Mark what is selected", "标记选中文字"),
    "keep": ("Keep it", "保存"),
    "skip": ("Skip", "跳过"),
    "undo": ("Undo", "撤销"),
    "keys": (
        "Keys: 1 violating, 2 compliant, 3 unclear, U undo, S skip, E mark the selection, N note,"
        " V show this ad's texts, B blur texts or not.",
        "按键：1 违规，2 合规，3 不确定，U 撤销，S 跳过，E 标记选中，N 备注，V 显示本条文字，B 切换模糊。",
    ),
    "guide": ("The policies", "政策条文"),
    "no_text": ("No text of it in the folder policies.", "policies 文件夹中没有其条文。"),
    "unknown_policy": ("There is no policy {policy}.", "没有政策 {policy}。"),
    "remove": ("Take {what} out", "去掉 {what}"),
    "done": ("All that was yours is labelled.", "属于你的都已标注完。"),
    "done_told": (
        "You labelled {mine} ads of this batch, {seconds} s each.",
        "你在此批次标注了 {mine} 条，平均 {seconds} 秒。",
    ),
    "field_title": ("Title", "标题"),
    "field_body": ("Text", "正文"),
    "field_ocr_text": ("Text in pictures", "图中文字"),
    "field_asr_text": ("Speech", "语音"),
    "field_landing_url": ("Landing page", "落地页"),
    "field_landing_final_url": ("Landing page after redirects", "跳转后落地页"),
    "field_media_ref": ("Video or picture", "视频或图片"),
    "field_thumbnail_ref": ("Thumbnail", "缩略图"),
    "field_market": ("Market", "市场"),
    "field_language": ("Language", "语言"),
    "field_format": ("Format", "形式"),
}

PHRASES: dict[str, tuple[str, str]] = {
    "web.label.name": ("Label", "标注"),
    "web.label.question": ("What is this ad?", "这条广告违规吗？"),
    **{f"web.label.tool.{key}": both for key, both in _TOOL.items()},
}
