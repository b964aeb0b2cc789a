"""How teams name the columns of their logs, in English and Chinese."""

from __future__ import annotations

import re

from shroff.store.propose_call_words import CALL_WORDS

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
    **CALL_WORDS,
    "ad_id": _words(
        "adid ad creativeid creative itemid item contentid objectid materialid postid"
        " commentid tweetid caseid docid 广告id 广告编号 创意id 素材id 物料id 内容id 广告"
        " advertisementid materialno 广告计划id 广告单元id 稿件id 审核对象id 送审素材id 广告号"
        " 物料编号 素材编号 创意编号 内容编号 素材 创意 物料"
    ),
    "ad_version": _words(
        "adversion creativeversion revision rev 广告版本 创意版本 素材版本 versionno"
        " versionnumber editversion 版本号 内容版本 物料版本 修改版本"
    ),
    "advertiser_id": _words(
        "advertiser advid accountid account customerid merchantid sellerid 广告主id 广告主"
        " 账户id 账户 客户id 商家id advertisername brandid clientid 广告主编号 广告主账号"
        " 广告主名称 账号id 账号 客户 客户编号 商户id 商户 商家 投放账户 广告账户 品牌"
    ),
    "created_at": _words(
        "created createtime createdtime creationtime submittime submittedat submitted"
        " uploadtime 创建时间 提交时间 上传时间 creationdate createdate createddate uploaded"
        " submissiontime publishtime 创建日期 创建于 提审时间 送审时间 提交日期 上传日期"
        " 发布时间 新建时间 生成时间 广告创建时间"
    ),
    "market": _words(
        "country region countrycode geo site 市场 国家 地区 区域 投放地区 投放国家 marketcode"
        " targetcountry targetmarket 投放市场 目标市场 目标国家 国家地区 投放区域 国家代码"
        " 站点"
    ),
    "language": _words(
        "lang languagecode locale 语言 语种 adlanguage contentlanguage languagename 广告语言"
        " 内容语言 素材语言 语言代码"
    ),
    "industry": _words(
        "vertical sector category 行业 类目 一级行业 industryname categoryname"
        " businesscategory 行业名称 行业类目 所属行业 广告行业 二级行业 广告主行业 品类"
    ),
    "format": _words(
        "adformat adtype mediatype creativetype 形式 素材类型 广告形式 创意类型"
        " creativeformat materialtype contenttype 广告类型 物料类型 创意形式 素材形式 样式"
        " 广告样式 版式"
    ),
    "title": _words(
        "headline adtitle 标题 广告标题 subject creativetitle 广告语 创意标题 主标题 素材标题"
    ),
    "body": _words(
        "text content caption description copy adtext message comment 正文 文案 描述 bodytext"
        " maintext 广告文案 内容 广告内容 广告正文 文本 创意文案 素材文案"
    ),
    "ocr_text": _words(
        "ocr imagetext ocr文本 图片文字 ocrresult ocr识别 ocr结果 ocr内容 画面文字 图片文本"
        " 图像文字"
    ),
    "asr_text": _words(
        "asr speech transcript asr文本 语音文本 asrresult asr识别 asr结果 asr内容 语音转写"
        " 语音文字 音频文本"
    ),
    "landing_url": _words(
        "url landingpage landing link clickurl destinationurl 落地页 链接 targeturl"
        " destination lpurl 落地页链接 落地页地址 落地页url 跳转链接 着陆页 链接地址 网址"
    ),
    "landing_final_url": _words(
        "finalurl redirecturl 最终落地页 finallandingurl resolvedurl 最终链接 跳转后链接"
        " 最终跳转链接 落地页最终地址"
    ),
    "media_ref": _words(
        "mediaurl videourl imageurl asset 素材链接 视频链接 mediapath videopath fileurl"
        " 素材地址 素材url 视频地址 图片链接 图片地址 文件地址"
    ),
    "thumbnail_ref": _words(
        "thumbnail cover 封面 coverurl thumbnailurl 封面图 缩略图 封面链接 封面地址"
    ),
    "creative_hash": _words(
        "hash md5 fingerprint sha256 指纹 素材md5 contenthash mediahash 哈希 素材指纹"
        " 内容指纹 素材哈希 内容哈希 md5值"
    ),
    "decision_id": _words(
        "eventid logid traceid requestid auditid 决策id 审核id 流水号 日志id 请求id id"
        " decisionno recordid machineauditid machinereviewid 决策编号 审核编号 审核记录id"
        " 记录id 日志编号 机审id 机审编号 机审记录id 流水id 审核流水号 请求编号 事件id 编号"
    ),
    "decided_at": _words(
        "decisiontime decidetime decided eventtime finishedat completedat finishtime"
        " reviewtime audittime judgedat endtime 决策时间 审核时间 处置时间 判定时间 完成时间"
        " 审核完成时间 裁决时间 time ts timestamp dt 时间 decisionat moderatedat reviewedat"
        " resolvedat closedat reviewedtime completetime completiontime verdicttime resulttime"
        " 复审时间 审结时间 机审时间 人审时间 初审时间 终审时间 质检时间 审核日期 处理时间"
        " 处理完成时间 结束时间 审核结束时间 人审完成时间 机审完成时间 标注时间 判罚时间"
        " 决策日期 操作时间 复核时间 裁定时间 申诉处理时间"
    ),
    "action": _words(
        "decision machineresult auditresult disposition enforcement machineaction actiontaken"
        " 处置 审核结果 机审结果 动作 处置结果 处理结果 机审动作 审核状态 result status"
        " verdict 结果 状态 machinedecision automateddecision autoresult machineverdict"
        " moderationresult moderationdecision 机审结论 机审判定 机审处置 机器结果 机器审核结果"
        " 审核动作 审核结论 处置动作 处罚结果 系统结果 最终结果 决策结果 决策 模型结果"
    ),
    "policy_id": _words(
        "policy reasoncode violationtype rejectreason policycode risktype 政策 违规类型"
        " 拒绝理由 违规原因 风险类型 政策id reason label 原因 policyname violatedpolicy"
        " violationpolicy violationreason rejectionreason reasonname 命中政策 违规政策"
        " 政策编号 政策名称 违规政策id 命中标签 违规标签 风险标签 违规类目 违规条款 拒审理由"
        " 拒审原因 拒绝原因 驳回原因 驳回理由 拒绝理由id 处置原因 一级标签 违规类别"
    ),
    "source": _words(
        "decidedby decisionsource channel origin actor reviewtype 来源 决策来源 审核方式"
        " 审核类型 判定来源 reportertype reportsource 举报来源 decisiontype resultsource"
        " auditsource machinetype 结果来源 判定方式 处置来源 决策方式 审核来源 审核渠道"
        " 审核主体 机审类型 数据来源"
    ),
    "detector": _words(
        "ruleid rulename strategy strategyname packid modelname rule 规则 策略 命中规则"
        " 策略名 detectorname detectorid hitrule matchedrule hitstrategy prompt wordlist"
        " 命中策略 策略id 策略名称 规则id 规则名 规则名称 词包 命中词包 命中模型 检测器"
    ),
    "version": _words(
        "modelversion ruleversion detectorversion policyversion 模型版本 规则版本 版本"
        " modelver rulever strategyversion 模型版本号 策略版本 词包版本 规则版本号 检测器版本"
    ),
    "flow_mode": _words(
        "flow flowtype mode 审核模式 流程 reviewmode auditmode servingmode 流程模式 审核流程"
        " 投放模式 审核方式模式 审投模式"
    ),
    "shadow": _words(
        "isshadow dryrun logonly 影子 空跑 是否空跑 是否影子 shadowmode isdryrun observeonly"
        " 影子模式 旁路 是否旁路 仅记录 是否观察 灰度"
    ),
    "model": _words(
        "modelname modelid classifier 模型 模型名 模型名称 modelcode modelkey 模型id 模型编号"
        " 打分模型 算法模型"
    ),
    "score": _words(
        "probability prob confidence riskscore modelscore perspectivescore 分数 得分 模型分"
        " 风险分 置信度 modelprob modelprobability predictionscore predscore violationscore"
        " 模型分数 模型得分 模型评分 预测分 预测概率 违规概率 违规分 风险评分 评分 打分 概率"
    ),
    "scored_at": _words(
        "scoretime inferencetime 打分时间 time ts timestamp 时间 scoredtime predicttime"
        " predictedat 评分时间 预测时间 推理时间 模型打分时间"
    ),
    "hit_at": _words(
        "hittime matchedat 命中时间 time ts timestamp 时间 hitdatetime triggeredat matchtime"
        " firedat 触发时间 匹配时间 规则命中时间"
    ),
    "field": _words(
        "matchedfield hitfield 命中字段 fieldname hitcolumn 命中位置 命中域 字段 匹配字段 字段名"
    ),
    "span_start": _words(
        "start matchstart startoffset offsetstart startpos beginoffset 起始位置 开始位置"
        " 命中起点 命中起始"
    ),
    "span_end": _words(
        "end matchend endoffset offsetend endpos 结束位置 终止位置 命中终点 命中结束"
    ),
    "deciding": _words(
        "isdeciding final 是否生效 iseffective effectivehit 是否决定性 是否决策命中 生效命中"
        " 是否最终命中"
    ),
    "review_id": _words(
        "reviewid taskid judgmentid judgementid annotationid ticketid 审核任务id 任务id"
        " 审核单id 工单id id auditid audittaskid jobid labelid reviewno 任务号 任务编号"
        " 审核任务编号 审核单号 审核单编号 工单号 工单编号 审核单 任务 标注id 标注任务id"
        " 复审id 人审id 人审任务id 审核id 编号"
    ),
    "reviewer_id": _words(
        "reviewer moderator moderatorid operator operatorid annotator annotatorid worker"
        " workerid labeler labelerid rater raterid agentid 审核员 审核员id 审核人 标注员"
        " 操作人 审核人员 reviewername auditor auditorid labeller labellerid inspector"
        " employeeid 人审人员 审核员工号 审核员编号 审核员姓名 审核人id 审核人员id 标注员id"
        " 标注人 操作员 操作人id 处理人 复审员 复审人 质检员 工号"
    ),
    "reviewer_group": _words(
        "team vendor reviewsite reviewteam group 团队 职场 供应商 小组 groupname site bpo"
        " reviewergroup 审核组 审核团队 审核小组 组别 基地 审核基地 外包商 所属团队 所属小组"
    ),
    "queue": _words(
        "queuename queueid reviewqueue 队列 审核队列 队列名称 queuecode taskqueue auditqueue"
        " queuetype 队列名 队列id 队列编号 任务队列 人审队列 复审队列 审核池 任务池 队列类型"
    ),
    "queue_reason": _words(
        "reviewreason enterreason trigger triggertype 进审原因 送审原因 入队原因 queuecause"
        " enqueuereason entryreason recallreason reviewsource tasksource 进审来源 送审来源"
        " 召回原因 召回来源 入审原因 进队原因 任务来源 任务类型 进审类型 送审类型 触发原因"
        " 触发来源"
    ),
    "role": _words(
        "reviewlevel stage tier reviewstage 审级 角色 环节 审核阶段 level reviewround"
        " auditlevel auditstage reviewerlevel round 审核级别 审核层级 审核环节 审核角色"
        " 审核轮次 级别 轮次 人员角色"
    ),
    "blind": _words(
        "isblind doubleblind 盲审 是否盲审 背靠背 blindreview isdoubleblind 双盲 是否双盲"
        " 是否背靠背"
    ),
    "seen_machine": _words(
        "sawmachine machinevisible 是否可见机审 seesmachine showmachine machineshown 可见机审"
        " 是否展示机审 是否看到机审结果 机审结果可见"
    ),
    "verdict": _words(
        "judgment judgement humanlabel humanresult answer isviolating isviolation violation"
        " violating labeltoxic toxic ishate isspam spam anyviolation 结论 审核结论 判定"
        " 是否违规 人审结果 标注结果 人工结论 审核结果 label result decision outcome 标签 结果"
        " humanverdict humandecision humanconclusion reviewresult reviewdecision reviewverdict"
        " finalverdict finallabel groundtruth 人审结论 人审判定 复审结论 复审结果 终审结论"
        " 终审结果 审核判定 审核意见 人工审核结果 人工结果 人工判定 标注结论 标注 违规与否"
        " 判定结果 判定结论 质检结论 质检结果 违规判定 是否违规判定 违规"
    ),
    "policies": _words(
        "violations policylist violatedpolicies labels tags 违规政策 违规标签 violatedpolicy"
        " violationpolicies violationtypes policyids reasons violationlabels 命中政策 违规类型"
        " 违规原因 违规条款 政策 政策id 政策列表 违规政策id 人审政策 人审违规政策 命中标签"
        " 标签列表 审核标签 人审标签 风险类型 违规类目 违规类别"
    ),
    "severity": _words(
        "severitylevel 严重度 严重程度 level risklevel violationlevel 违规等级 严重等级"
        " 风险等级 违规程度 危害等级 违规级别"
    ),
    "policy_version": _words("policyver 政策版本 policyrevision 政策版本号 审核政策版本"),
    "guideline_version": _words(
        "guideline guidelinever 准则版本 标准版本 guidelinerevision standardversion 细则版本"
        " 审核标准版本 审核准则版本 规范版本 准则版本号"
    ),
    "design_id": _words(
        "design sampledesign samplingdesign 抽样方案 抽样设计 sampleplan samplingplan"
        " sampleid batchid 抽样方案id 抽样批次 抽样计划 抽检方案 抽检批次 抽样方案编号"
        " 抽样设计id"
    ),
    "stratum": _words(
        "strata samplestratum 分层 抽样层 samplinglayer samplelayer 抽样分层 层 分层名称"
        " 所属层 抽检分层"
    ),
    "sampling_prob": _words(
        "samplingprobability sampleprob sampleprobability inclusionprob inclusionprobability"
        " samplerate samplingrate 抽样概率 抽样率 抽检率 抽样比例 抽检概率 drawprobability"
        " selectionprob selectionprobability samplingfraction samplefraction inclusionrate"
        " 入样概率 抽中概率 被抽概率 抽样比 采样率 采样概率 采样比例 抽检比例 抽取概率"
        " 包含概率 随机抽样率"
    ),
    "enqueued_at": _words(
        "enqueuetime enqueued queuedat queuetime intime entertime assignedat 入队时间"
        " 进审时间 送审时间 进队时间 enqueuedtime enqueuedate queueentrytime recalltime"
        " entryat 入审时间 进入队列时间 进审日期 召回时间 任务创建时间 工单创建时间"
        " 任务生成时间 派单时间 分配时间 到达时间 提审时间"
    ),
    "started_at": _words(
        "starttime started openedat claimedat begintime 开始时间 领取时间 审核开始时间"
        " openedtime opentime claimtime reviewstart reviewstarttime 打开时间 开审时间 领单时间"
        " 认领时间 接单时间 审核开始 人审开始时间 任务开始时间"
    ),
    "active_ms": _words(
        "durationms handletimems activems costms 有效时长毫秒 审核耗时毫秒 activemillis"
        " elapsedms handlingms reviewms durationmillis 有效时长 审核时长毫秒 耗时毫秒"
        " 处理时长毫秒 耗时ms 审核耗时ms 审核时长ms 有效时长ms"
    ),
    "appeal_id": _words(
        "appealid complaintid 申诉id 申诉单号 id appealno appealticketid 申诉编号 申诉单id"
        " 申诉单 申诉号 申诉工单号 工单号"
    ),
    "filed_at": _words(
        "appealtime filed filedtime reporttime reportedat 申诉时间 举报时间 提交时间"
        " createdat createtime time ts 时间 appealedat appealdate filingtime complainttime"
        " 申诉日期 申诉提交时间 申诉发起时间 发起时间 投诉时间 举报日期 举报提交时间"
    ),
    "outcome": _words(
        "appealresult ruling appealstatus reportresult 申诉结果 复核结果 改判结果 举报结果"
        " result 结果 appealoutcome appealdecision appealverdict 申诉结论 申诉处理结果"
        " 申诉状态 复核结论 仲裁结果 裁定结果 举报处理结果 处理结果"
    ),
    "edited_resubmit": _words(
        "edited resubmitted isedited 是否修改 修改后重提 resubmit editedbeforeappeal"
        " 是否修改后重提 修改后申诉 是否修改后申诉 是否改稿"
    ),
    "day": _words(
        "date pdate statdate reportdate ds dt 日期 统计日期 servedate reportingday statday 天"
        " 投放日期 曝光日期 数据日期 日"
    ),
    "impressions": _words(
        "imps views shows pv impr impression 曝光 曝光量 展示 展现量 展示量 showcnt"
        " impressioncount viewcount exposures exposure 曝光数 曝光次数 展现 展现数 展现次数"
        " 展示数 展示次数 浏览量"
    ),
    "clicks": _words("click 点击 点击量 clickcount clickcnt 点击数 点击次数"),
    "spend": _words(
        "cost amount revenue 消耗 花费 费用 消耗金额 spending adspend charge 消费 消费金额"
        " 广告消耗 广告花费 投放金额 总消耗 花费金额"
    ),
    "report_id": _words(
        "reportid flagid 举报id 举报单号 id complaintid reportno 举报编号 举报单id 投诉id"
        " 投诉单号 投诉编号"
    ),
    "hour": _words(
        "hourstart timeslot 小时 时段 hourtime starthour hourofday 小时开始 班次开始 时间段 整点"
    ),
    "reviewer_hours": _words(
        "hours staffhours headcount 人时 工时 人力 workhours hoursworked dutyhours"
        " staffedhours 审核人时 工时数 在岗工时 在岗时长 在岗小时 审核工时 人力工时"
    ),
    "parent": _words(
        "parentid parentpolicy 上级 父政策 上级政策 parentname parentcategory 上级政策id 父级"
        " 父级政策 父类 一级政策 所属政策"
    ),
    "name_en": _words(
        "englishname name 英文名 英文名称 nameenglish policynameen enname 政策英文名 英文"
    ),
    "name_zh": _words(
        "chinesename 中文名 中文名称 名称 namechinese policynamezh cnname zhname 政策中文名"
        " 政策名 政策名称 中文"
    ),
    "cost_missed": _words(
        "missedcost 漏放成本 misscost costofmiss leakagecost 漏过成本 漏审成本 单条漏放成本"
    ),
    "cost_wrong_reject": _words(
        "wrongrejectcost 误伤成本 falserejectcost overkillcost 误拒成本 误杀成本 单条误伤成本"
    ),
    "markets": _words(
        "countries regions 适用市场 适用地区 marketlist applicablemarkets 市场列表 适用国家"
        " 适用市场列表 生效市场"
    ),
    "effective_from": _words(
        "effectivedate effective validfrom 生效时间 生效日期 effectivetime startdate"
        " validsince 生效日 启用时间 启用日期 开始生效时间 上线时间"
    ),
    "change_id": _words("changeid 变更id id changeno changelogid 变更编号 变更单号 变更单id"),
    "at": _words(
        "changedat changetime 变更时间 time ts 时间 changedate changeat releasetime"
        " releasedat 变更日期 上线时间 发布时间 生效时间 发生时间"
    ),
    "kind": _words("changetype 变更类型 type 类型 changekind changecategory 变更类别 变更种类"),
    "what": _words(
        "changed subject object 变更对象 changetarget changeobject target 对象 变更项"
        " 变更目标 变更名称"
    ),
    "scope": _words(
        "where 范围 影响范围 affectedscope impactscope 影响面 变更范围 适用范围 生效范围"
    ),
    "note": _words(
        "description comment remark 备注 说明 notes remarks changenote memo 变更说明 变更内容"
        " 变更备注 描述 注释"
    ),
}
"""Names a canonical column goes by, folded, the surest first."""

FILE_WORDS: dict[str, tuple[str, ...]] = {
    "ads": _words("ads ad creatives 广告 素材 创意"),
    "decisions": _words("decisions decision moderation machine audit_log 决策 机审 处置 机器审核"),
    "scores": _words("scores score predictions 打分 模型分"),
    "judgements": _words(
        "judgements llm llmcalls llmlog llmjudgements prompts completions 大模型 模型判断 大模型判定"
    ),
    "hits": _words("hits hit matches 命中"),
    "reviews": _words(
        "reviews review labels judgments annotations 人审 审核任务 标注 审核记录 复审 抽检 人工审核 质检"
    ),
    "appeals": _words("appeals appeal complaints 申诉"),
    "impressions": _words("impressions impression serving delivery spend 曝光 消耗 投放"),
    "reports": _words("reports report flags 举报"),
    "staffing": _words("staffing staff shifts 排班 人力"),
    "policies": _words("policies policy taxonomy 政策"),
    "changes": _words("changes change changelog 变更"),
}
"""What the name of a file says about its table."""
