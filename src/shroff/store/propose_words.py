"""How teams name the columns of their logs, in English and Chinese."""

from __future__ import annotations

import re

__all__ = ["COLUMN_WORDS", "FILE_WORDS", "GENERIC", "folded"]


def folded(name: str) -> str:
    """Write a name so that case, spaces and joints do not matter."""
    return re.sub(r"[\s_\-./()（）]+", "", name.strip().lower())


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GENERIC = frozenset(
    _words(
        "id time ts dt date timestamp result status label text url type version name reason"
        " level category content state value code key 时间 日期 结果 状态 类型 版本 名称 原因 编号 标签"
    )
)
"""Words that many columns of many tables go by: alone they prove little."""

COLUMN_WORDS: dict[str, tuple[str, ...]] = {
    "ad_id": _words(
        "adid ad creativeid creative itemid item contentid objectid materialid postid commentid"
        " tweetid caseid docid 广告id 广告编号 创意id 素材id 物料id 内容id 广告"
    ),
    "ad_version": _words("adversion creativeversion revision rev 广告版本 创意版本 素材版本"),
    "advertiser_id": _words(
        "advertiser advid accountid account customerid merchantid sellerid 广告主id 广告主 账户id"
        " 账户 客户id 商家id"
    ),
    "created_at": _words(
        "created createtime createdtime creationtime submittime submittedat submitted uploadtime"
        " 创建时间 提交时间 上传时间"
    ),
    "market": _words("country region countrycode geo site 市场 国家 地区 区域 投放地区 投放国家"),
    "language": _words("lang languagecode locale 语言 语种"),
    "industry": _words("vertical sector category 行业 类目 一级行业"),
    "format": _words("adformat adtype mediatype creativetype 形式 素材类型 广告形式 创意类型"),
    "title": _words("headline adtitle 标题 广告标题"),
    "body": _words("text content caption description copy adtext message comment 正文 文案 描述"),
    "ocr_text": _words("ocr imagetext ocr文本 图片文字"),
    "asr_text": _words("asr speech transcript asr文本 语音文本"),
    "landing_url": _words("url landingpage landing link clickurl destinationurl 落地页 链接"),
    "landing_final_url": _words("finalurl redirecturl 最终落地页"),
    "media_ref": _words("mediaurl videourl imageurl asset 素材链接 视频链接"),
    "thumbnail_ref": _words("thumbnail cover 封面"),
    "creative_hash": _words("hash md5 fingerprint sha256 指纹 素材md5"),
    "decision_id": _words(
        "eventid logid traceid requestid auditid 决策id 审核id 流水号 日志id 请求id id"
    ),
    "decided_at": _words(
        "decisiontime decidetime decided eventtime finishedat completedat finishtime reviewtime"
        " audittime judgedat endtime 决策时间 审核时间 处置时间 判定时间 完成时间 审核完成时间 裁决时间"
        " time ts timestamp dt 时间"
    ),
    "action": _words(
        "decision machineresult auditresult disposition enforcement machineaction actiontaken 处置"
        " 审核结果 机审结果 动作 处置结果 处理结果 机审动作 审核状态 result status verdict 结果 状态"
    ),
    "policy_id": _words(
        "policy reasoncode violationtype rejectreason policycode risktype 政策 违规类型 拒绝理由"
        " 违规原因 风险类型 政策id reason label 原因"
    ),
    "source": _words(
        "decidedby decisionsource channel origin actor reviewtype 来源 决策来源 审核方式 审核类型"
        " 判定来源 reportertype reportsource 举报来源"
    ),
    "detector": _words(
        "ruleid rulename strategy strategyname packid modelname rule 规则 策略 命中规则 策略名"
    ),
    "version": _words(
        "modelversion ruleversion detectorversion policyversion 模型版本 规则版本 版本"
    ),
    "flow_mode": _words("flow flowtype mode 审核模式 流程"),
    "shadow": _words("isshadow dryrun logonly 影子 空跑 是否空跑 是否影子"),
    "model": _words("modelname modelid classifier 模型 模型名 模型名称"),
    "score": _words(
        "probability prob confidence riskscore modelscore perspectivescore 分数 得分 模型分 风险分 置信度"
    ),
    "scored_at": _words("scoretime inferencetime 打分时间 time ts timestamp 时间"),
    "hit_at": _words("hittime matchedat 命中时间 time ts timestamp 时间"),
    "field": _words("matchedfield hitfield 命中字段"),
    "span_start": _words("start matchstart startoffset"),
    "span_end": _words("end matchend endoffset"),
    "deciding": _words("isdeciding final 是否生效"),
    "review_id": _words(
        "reviewid taskid judgmentid judgementid annotationid ticketid 审核任务id 任务id 审核单id 工单id id"
    ),
    "reviewer_id": _words(
        "reviewer moderator moderatorid operator operatorid annotator annotatorid worker workerid"
        " labeler labelerid rater raterid agentid 审核员 审核员id 审核人 标注员 操作人 审核人员"
    ),
    "reviewer_group": _words("team vendor reviewsite reviewteam group 团队 职场 供应商 小组"),
    "queue": _words("queuename queueid reviewqueue 队列 审核队列 队列名称"),
    "queue_reason": _words(
        "reviewreason enterreason trigger triggertype 进审原因 送审原因 入队原因"
    ),
    "role": _words("reviewlevel stage tier reviewstage 审级 角色 环节 审核阶段 level"),
    "blind": _words("isblind doubleblind 盲审 是否盲审 背靠背"),
    "seen_machine": _words("sawmachine machinevisible 是否可见机审"),
    "verdict": _words(
        "judgment judgement humanlabel humanresult answer isviolating isviolation violation violating"
        " labeltoxic toxic ishate isspam spam anyviolation 结论 审核结论 判定 是否违规 人审结果 标注结果"
        " 人工结论 审核结果 label result decision outcome 标签 结果"
    ),
    "policies": _words("violations policylist violatedpolicies labels tags 违规政策 违规标签"),
    "severity": _words("severitylevel 严重度 严重程度 level"),
    "policy_version": _words("policyver 政策版本"),
    "guideline_version": _words("guideline guidelinever 准则版本 标准版本"),
    "design_id": _words("design sampledesign samplingdesign 抽样方案 抽样设计"),
    "stratum": _words("strata samplestratum 分层 抽样层"),
    "sampling_prob": _words(
        "samplingprobability sampleprob sampleprobability inclusionprob inclusionprobability"
        " samplerate samplingrate 抽样概率 抽样率 抽检率 抽样比例 抽检概率"
    ),
    "enqueued_at": _words(
        "enqueuetime enqueued queuedat queuetime intime entertime assignedat 入队时间 进审时间"
        " 送审时间 进队时间"
    ),
    "started_at": _words(
        "starttime started openedat claimedat begintime 开始时间 领取时间 审核开始时间"
    ),
    "active_ms": _words("durationms handletimems activems costms 有效时长毫秒 审核耗时毫秒"),
    "appeal_id": _words("appealid complaintid 申诉id 申诉单号 id"),
    "filed_at": _words(
        "appealtime filed filedtime reporttime reportedat 申诉时间 举报时间 提交时间 createdat"
        " createtime time ts 时间"
    ),
    "outcome": _words(
        "appealresult ruling appealstatus reportresult 申诉结果 复核结果 改判结果 举报结果 result 结果"
    ),
    "edited_resubmit": _words("edited resubmitted isedited 是否修改 修改后重提"),
    "day": _words("date pdate statdate reportdate ds dt 日期 统计日期"),
    "impressions": _words("imps views shows pv impr impression 曝光 曝光量 展示 展现量 展示量"),
    "clicks": _words("click 点击 点击量"),
    "spend": _words("cost amount revenue 消耗 花费 费用 消耗金额"),
    "report_id": _words("reportid flagid 举报id 举报单号 id"),
    "hour": _words("hourstart timeslot 小时 时段"),
    "reviewer_hours": _words("hours staffhours headcount 人时 工时 人力"),
    "parent": _words("parentid parentpolicy 上级 父政策 上级政策"),
    "name_en": _words("englishname name 英文名 英文名称"),
    "name_zh": _words("chinesename 中文名 中文名称 名称"),
    "cost_missed": _words("missedcost 漏放成本"),
    "cost_wrong_reject": _words("wrongrejectcost 误伤成本"),
    "markets": _words("countries regions 适用市场 适用地区"),
    "effective_from": _words("effectivedate effective validfrom 生效时间 生效日期"),
    "change_id": _words("changeid 变更id id"),
    "at": _words("changedat changetime 变更时间 time ts 时间"),
    "kind": _words("changetype 变更类型 type 类型"),
    "what": _words("changed subject object 变更对象"),
    "scope": _words("where 范围 影响范围"),
    "note": _words("description comment remark 备注 说明"),
}
"""Names a canonical column goes by, folded, the surest first."""

FILE_WORDS: dict[str, tuple[str, ...]] = {
    "ads": _words("ads ad creatives 广告 素材 创意"),
    "decisions": _words("decisions decision moderation machine audit_log 决策 机审 处置"),
    "scores": _words("scores score predictions 打分 模型分"),
    "hits": _words("hits hit matches 命中"),
    "reviews": _words("reviews review labels judgments annotations 人审 审核任务 标注 审核记录"),
    "appeals": _words("appeals appeal complaints 申诉"),
    "impressions": _words("impressions impression serving delivery spend 曝光 消耗 投放"),
    "reports": _words("reports report flags 举报"),
    "staffing": _words("staffing staff shifts 排班 人力"),
    "policies": _words("policies policy taxonomy 政策"),
    "changes": _words("changes change changelog 变更"),
}
"""What the name of a file says about its table."""
