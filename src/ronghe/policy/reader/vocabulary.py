"""General words of Chinese administration that the grammar leans on: labels, kinds of units, verbs of duty.

Only words that hold for any place stand here; names of places and units come out of each document.
"""

from __future__ import annotations

import re

#: Labels of bodies are put together from these words: 牵头单位, 牵头责任单位, 协同责任部门, 分管领导 …
_ROLE = r"(?:牵头|主责|主办|主要|责任|负责|落实|实施|承办|承担|配合|协同|协办|协助|协作|参与|参加|联合|支持|组织|完成|推进|会办|督导|指导|监督|监管|督办|督促|分管|包保|联系)"
_WHO = r"(?:单位|部门|主体|处室|科室|股室|机构|领导|同志|人员|人)"
_WHO_LABEL = rf"(?:第一|总)?{_ROLE}{{1,3}}(?:(?:省|市|县|区|州|镇)(?:级|委|政府)?)?{_WHO}|(?:省|市|县|区)级领导"
_OTHER_WHO = re.compile(r"(?:领导|同志|人员|人)$|督导|指导|监督|监管|督办|督促")
_COOPERATING = ("配合", "协同", "协办", "协助", "协作", "参与", "参加", "联合", "支持", "会办")
_LEADING = ("牵头", "主责", "主办", "主要", "第一")

#: Other labels → field. «004» uses 完成时限 and 试点区域; the rest is common in other plans.
LABELS: dict[str, str] = {
    **dict.fromkeys(("牵头", "主责", "主办"), "lead"),
    **dict.fromkeys(("配合", "协办", "参与"), "cooperating"),
    **dict.fromkeys(("任务分工", "工作分工", "职责分工", "责任分工", "部门分工", "分工", "落实", "承办", "任单位", "任部门", "责任"), "responsible"),
    **dict.fromkeys(
        ("完成时限", "完成时间", "时限要求", "时间节点", "进度安排", "办理时限", "时限", "完成期限", "工作时限", "时间要求",
         "推进时限", "实施时间", "实施期限", "计划完成时间", "完成时间节点", "时间安排", "完成时点", "推进时间", "工作进度",
         "完成日期", "时间进度", "实施年限", "建设年限", "工作期限", "完成年限", "年限要求", "计划时限", "落实时限", "整改时限", "实施时限", "任务时限", "时间"),
        "deadline",
    ),
    **dict.fromkeys(
        ("试点区域", "实施区域", "实施范围", "试点范围", "试点地区", "实施地区", "试验区域", "区域", "试点县区", "试点区县",
         "试点地点", "实施地点", "试点镇街", "先行区域", "试点乡镇", "实施地", "适用区域", "试点县市", "范围"),
        "areas",
    ),
    **dict.fromkeys(("成果形式", "预期成果", "工作成果", "备注", "资金来源", "预期目标", "成果", "联系电话", "任务来源"), "other"),
}  # fmt: skip


def label_field(label: str) -> str:
    """The field a label means: 主责单位 → lead, 协同责任单位 → cooperating, 责任人 → other."""
    if label in LABELS:
        return LABELS[label]
    if _OTHER_WHO.search(label):
        return "other"
    if any(w in label for w in _COOPERATING):
        return "cooperating"
    return "lead" if any(w in label for w in _LEADING) else "responsible"


def is_who_label(label: str) -> bool:
    """Whether a column head or label names bodies."""
    return re.fullmatch(_WHO_LABEL, label) is not None


#: 责任地区, 包干领导, 计划工期: what reads like a label of the ledger.
_LABEL_LIKE = (
    r"(?:责任[\u4e00-\u9fff]{1,3}|[\u4e00-\u9fff]{1,6}(?:单位|部门|领导|责任人|地区|区域|时限|期限|工期|来源|成果))"
)


def is_label_like(head: str) -> bool:
    """Whether a column's head reads like a label of the ledger (责任领导, 资金来源), known or not."""
    return is_who_label(head) or re.fullmatch(_LABEL_LIKE, head) is not None


_WORDS = _WHO_LABEL + "|" + "|".join(sorted(LABELS, key=len, reverse=True))
_LEVEL_BEFORE = "(?:其他|其它|相关|有关|各)?(?:(?:省|市|县|区|州|镇)(?:级|直|本级)?)?"
#: A label and its colon. The bare verbs 牵头 and 配合 are labels only with a colon.
LABEL = re.compile(
    rf"{_LEVEL_BEFORE}({_WORDS})(?:(?:及|和|、)(?:其)?(?:{_WORDS}|{_WHO}))?(?:（[^（）：]{{1,12}}）)?(?:为|是)?："
)
#: A label whose colon was left out; it counts only where a field begins.
LABEL_BARE = re.compile(
    rf"{_LEVEL_BEFORE}({_ROLE}{{1,2}}(?:单位|部门)|完成时限|完成时间|试点区域|实施区域)(?![：为和及、])"
)
LABEL_IN_BRACKETS = re.compile(
    rf"[【〔（]({_WHO_LABEL}|完成时限|完成时间|时间节点|时限要求|试点区域|实施区域|实施范围)[】〕）]：?"
)
LABEL_AT_START = re.compile(rf"[（〔【]?{_LEVEL_BEFORE}(?:{_WORDS})[：】]")

#: 责任地区：石门镇: a label of the ledger that we do not know, with its value.
UNKNOWN_LABEL = re.compile(
    rf"(?:^|(?<=[\n（〔【；。]))((?!{_LEVEL_BEFORE}(?:{_WORDS})：|主送|抄送|发文|来文)(?:{_LABEL_LIKE})：[^\n（）〔〕【】；。]{{1,80}})"
)

#: What a name of a body ends in.
UNIT_END = re.compile(
    r"(?:局|委|委员会|办|办公室|督查室|研究室|厅|部|署|院|政府|管委会|中心|公司|集团|支行|分行|总行|营业管理部|银行|联社|供销社|合作社|社"
    r"|人大|政协|社科联|记协|作协|共青团中央|团中央|馆|台|室|园|厂|矿|林场|农场|农商行|高校|国企"
    r"|联盟|(?<!社)会|妇联|残联|文联|科协|侨联|工商联|工会|团委|团市委|团县委|团区委|团省委|支队|大队|总队|队|站|所|处"
    r"|大学|学院|学校|医院|党校|法院|检察院|机关|工委|党委|纪委|监委|党组|街道|镇|乡|街办|镇办|镇街|乡镇|办事处|园区|管理区"
    r"|指挥部|专班|领导小组|工作组|开发区|高新区|新区|示范区|试验区|度假区|经开区|风景区|旅游区|保税区|功能区|区|县|市|旗|州|盟"
    r"|部门|单位|机构|企业|主体|地区|地方|村|社区|组织|平台|研究院|电视台|报社|总台|邮政|电网|移动|联通|电信|铁塔|城投|书记|县长|市长|区长)"
    r"(?:[（〔][^（）〔〕]{1,20}[）〕])?$"
)
#: The same without places: what a name without any verb of duty must end in.
BODY_END = re.compile(
    r"(?:局|委|委员会|办|办公室|督查室|研究室|厅|部|署|院|政府|管委会|中心|公司|集团|支行|分行|银行|供销社|联社|联合会|监会|妇联|残联|工商联|工会|法院|检察院|工委|党委"
    r"|人大|人大常委会|政协|社科联|文联|侨联|科协|共青团中央|团中央|档案馆)"
    r"(?:[（〔][^（）〔〕]{1,20}[）〕])?$"
)
#: Names that stand for many bodies; they stay one name in a list.
GROUP = re.compile(
    r"^(?:各|有关|相关|全市|全县|全区|全省|全体|所有|其他|其它|沿线|属地|本级|(?:国务院|中央|省|市|县|区|州)(?:级|直|政府)*(?:各|有关|相关)"
    r"|[一二三四五六七八九十两]{1,3}[区县市镇乡街办])"
)
#: Bodies whose own name makes a shared prefix impossible: 人民银行…支行 never becomes 县人民银行….
OWN_NAME = re.compile(
    r"^(?:国家|国务院|中国|中央|中共|全国|人民银行|中华|国网|国开行|农发行|省|市(?!场|容)|县(?!域)|区(?!域|块)|州|自治[区州县]|各|有关|相关|团)"
    r"|(?:银行|支行|分行|银行[^、]{0,12}部|营业管理部|集团(?:有限公司)?|有限公司|股份公司|有限责任公司|大学|学院|管委会|开发区|高新区|新区|园区|街道|街办|镇|乡|办事处|监管分局|银保监局|证监局)$"
)
#: What bodies of a government of any level deal with: how a name without its prefix begins.
COMPETENCE = re.compile(
    r"^(?:发展|发改|教育|教体|科技|科学|科协|工信|工业|经信|经济|民族|民宗|公安|民政|司法|财政|人社|人力|自然|资规|资源|规划|生态|环境|环保|住建|住房"
    r"|城建|城管|城市|综合|交通|交运|水利|水务|农业|农村|农委|农水|商务|文旅|文化|文体|卫健|卫生|退役|应急|审计|市场|市监|统计|医保|医疗|林业|园林"
    r"|林草|绿化|金融|地方金融|信访|扶贫|乡村|体育|广电|新闻|行政|政务|大数据|数据|国资|外事|侨务|供销|供电|电力|供水|自来水|燃气|税务|气象|邮政"
    r"|烟草|机关|档案|史志|残联|妇联|工商|总工会|招商|投资|投促|海洋|渔业|畜牧|粮食|口岸|知识产权|药监|人防|地震|公积金|公共|不动产|土地|房管"
    r"|市政|市容|区域|消防|移民|旅游|开发|法院|检察|司法|宗教|台办|编办|网信|政法|组织|宣传|统战|团委|工会|红十字|营商|服务|盐务|住管|建设|国土|物价"
    r"|工商联|文联|侨联|农机|农科|农技|融媒|城投|交投|水投|博物|图书|铁路|民航|机场|港口|公路|航道|矿|煤|能源|电信|移动|联通|通信|人武|武装)"
)
PARTY = re.compile(
    r"^(?:组织部|宣传部|统战部|政法委|编办|网信办|农办|改革办|财经办|社会工作部|党校|巡察办|党史|老干部局|台办|军民融合办)"
)

#: Verbs of duty that close a group of names.
DUTY = re.compile(
    r"(?:结合(?:各自|本地)?实际|积极|认真|抓好|做好|依法)?"
    r"(?:(?:根据|依据|按照?|依照?)(?:各自)?(?:的)?(?:职责|职能|任务)(?:分工)?(?:分别|共同|协同|抓好|做好|组织)?(?:负责|落实|推进|实施|配合|参与|牵头)?(?:落实|实施|推进)?"
    r"|(?:共同|联合|分别|具体|总)?牵头(?:负责|落实|推进|组织实施|实施|抓总|推动)?|负责(?:指导|统筹|协调|监督|督导|推进)|负责牵头|为(?:总?牵头|主责|责任|配合|协办|参与)(?:单位|部门)|主责|主办"
    r"|(?:积极|协同|共同|分别|具体)?(?:配合|参与|参加|协同|协助|协办|支持)(?:落实|实施|推进)?"
    r"|(?:分工|分别|共同|具体|联合|分级|协同|分头)?(?:负责|落实)(?:落实|实施|推进|组织实施)?|(?:组织|具体|共同)实施|承担)$"
)
TRAILING = re.compile(
    r"(?:等(?:国务院|中央|省级|区直|有关|相关|市直|市级|县直|省直|各)*(?:部门|单位|地区|地方|方面|机构|部门和单位|部门、单位|单位和部门|部门及单位|责任单位)?|等(?:\d{1,2}|[一二三四五六七八九十]{1,3})个(?:部门|单位|部门和单位)|等)$"
)
#: 排名第一的…为牵头部门: the first listed is the lead («001» 二(一)1 writes it once, 下同).
FIRST_IS_LEAD = re.compile(
    r"(?:(?:排名|排序|排列|位列|名列|列|排|处)?(?:在|于)?(?:首位|第一位?|首个|最前)|第一个|首个|首位)(?:的)?[^，。；、（）〔〕]{0,8}?(?:部门|单位|者)?(?:为|是|系)(?:本项任务|该项任务|该项工作|各项任务)?的?(?:总?牵头|主责|主办)(?:单位|部门|责任单位)?"
)


#: 责任部门为牵头部门, 无牵头单位的，责任单位即为牵头单位: who is responsible leads where nobody else does.
RESPONSIBLE_IS_LEAD = re.compile(r"责任(?:单位|部门)(?:即|均|同时)?为(?:总?牵头|主责)(?:单位|部门)")


def duty_field(verb: str) -> str:
    """Which list a closing verb fills."""
    if "牵头" in verb or verb in {"主责", "主办"}:
        return "lead"
    if any(w in verb for w in ("配合", "参与", "参加", "协助", "协办", "支持")) or verb.endswith("协同"):
        return "cooperating"
    return "responsible"
