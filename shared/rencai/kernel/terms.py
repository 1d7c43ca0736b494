"""What people call what programs name: the words of both languages that stand in a sentence in place of a code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Said:
    """The same in both languages, to be put into a sentence of either."""

    chinese: str
    english: str

    def text(self, language: str) -> str:
        """In ``language`` (BCP 47): Chinese for any ``zh``, else English."""
        return self.chinese if _is_chinese(language) else self.english


def to_kept(said: Said | None) -> str | None:
    """As the table keeps it, in both languages: whoever reads it has one of them."""
    return json.dumps([said.chinese, said.english], ensure_ascii=False) if said else None


def from_kept(kept: str | None) -> Said | None:
    """The inverse. What was kept before there were two languages reads the same in both."""
    if not kept:
        return None
    if kept.startswith('["'):
        return Said(*json.loads(kept))
    return Said(kept, kept)


def _is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


THINGS: Final[Mapping[str, Said]] = {
    "alert": Said("预警", "alert"),
    "answer": Said("回答", "answer"),
    "application": Said("应聘申请", "application"),
    "candidate": Said("候选人", "candidate"),
    "career_ladder": Said("职业阶梯", "career ladder"),
    "classifier": Said("文字分类器", "classifier"),
    "competency_model": Said("胜任力模型", "competency model"),
    "course": Said("课程", "course"),
    "course_catalogue": Said("课程目录", "course catalogue"),
    "delivery": Said("供应商消息", "delivery"),
    "employee": Said("员工", "employee"),
    "enrolment": Said("课程报名", "enrolment"),
    "hiring_policy": Said("招聘规则", "hiring policy"),
    "import": Said("导入", "import"),
    "import_mapping": Said("导入映射", "import mapping"),
    "intervention": Said("干预", "intervention"),
    "intervention_catalogue": Said("干预措施目录", "intervention catalogue"),
    "interview": Said("面试", "interview"),
    "interview_vendors": Said("面试供应商登记", "register of interview vendors"),
    "link": Said("供应商编号的对应关系", "link"),
    "mentor": Said("导师", "mentor"),
    "merge": Said("合并记录", "merge"),
    "notice": Said("通知", "notice"),
    "lexicon": Said("词汇表", "lexicon"),
    "notice_template": Said("信件模板", "letter template"),
    "object": Said("文件", "object"),
    "offer": Said("录用通知", "offer"),
    "onboarding_kit": Said("入职资料", "onboarding kit"),
    "path": Said("地址", "path"),
    "probation": Said("试用期", "probation"),
    "probation_policy": Said("试用期规则", "probation policy"),
    "question": Said("联系信息问题", "question"),
    "reading_model": Said("阅读模型", "reading model"),
    "review": Said("导师评语", "review"),
    "risk_policy": Said("风险规则", "risk policy"),
    "salary_policy": Said("薪酬规则", "salary policy"),
    "scan": Said("扫描", "scan"),
    "scope_words": Said("语境词", "scope words"),
    "rating": Said("待评分的导师评价", "review to be rated"),
    "scorecard": Said("计分卡", "scorecard"),
    "survey": Said("问卷", "survey"),
    "training plan": Said("培训计划", "training plan"),
    "training_rules": Said("培训规则", "training rules"),
    "upload": Said("上传", "upload"),
    "vendor": Said("供应商", "vendor"),
    "vendor_connection": Said("供应商连接", "vendor connection"),
    "warning": Said("培训预警", "warning"),
    "work_calendar": Said("工作日历", "work calendar"),
}
"""What is looked for (``NotFound``), and the kinds of configuration documents."""

STAGES: Final[Mapping[str, str]] = {
    "interviewed": "已面试",
    "qualified": "合格",
    "offer_drafted": "录用通知已拟定",
    "offer_sent": "录用通知已寄出",
    "signed": "已签署",
    "checking": "背景调查中",
    "cleared": "背景调查通过",
    "onboarded": "已入职",
    "talent_pool": "人才库",
    "in_review": "待人工复核",
    "offer_declined": "已拒签",
    "offer_expired": "录用通知已过期",
    "rejected": "未录用",
    "withdrawn": "已撤回",
}
"""Where a candidate's journey stands."""

STATUSES: Final[Mapping[str, str]] = {
    "accepted": "已接受",
    "declined": "已谢绝",
    "cleared": "已解除",
    "confirming": "等待确认列的对应关系",
    "reading": "读取文件中",
    "undo_refused": "撤销被拒绝",
    "different": "不是同一人",
    "failed": "失败",
    "finished": "已完成",
    "merged": "已合并",
    "open": "未处理",
    "question": "待确认",
    "refused": "已拒绝",
    "running": "进行中",
    "undoing": "撤销中",
    "undone": "已撤销",
    "waiting": "等待上传文件",
}
"""Where other things stand."""

FACTS: Final[Mapping[str, str]] = {
    "profiled": "完成面试评分",
    "offer_drafted": "拟定录用通知",
    "offer_sent": "寄出录用通知",
    "offer_signed": "签署录用通知",
    "offer_declined": "拒签录用通知",
    "offer_expired": "录用通知过期",
    "offer_voided": "作废录用通知",
    "offer_resent": "重新寄出录用通知",
    "check_requested": "发起背景调查",
    "check_cleared": "背景调查通过",
    "check_flagged": "背景调查有待复核的结果",
    "review_approved": "复核通过",
    "review_rejected": "复核不通过",
    "interview_approved": "面试复核通过",
    "interview_rejected": "面试复核不通过",
    "onboarded": "入职",
    "merged": "合并",
    "unmerged": "撤销合并",
    "rescheduled": "更改入职日期",
    "reconsidered": "从人才库重新考虑",
    "withdrawn": "撤回",
}
"""What may happen to a journey."""

FIELDS: Final[Mapping[str, str]] = {
    "name": "姓名",
    "email": "邮箱",
    "phone": "手机号",
    "national_id": "身份证号",
}
"""Contact data."""

_CODED: Final[Mapping[str, Mapping[str, str | Said]]] = {
    "kind": THINGS,
    "stage": STAGES,
    "status": STATUSES,
    "fact": FACTS,
    "field": FIELDS,
    "decision": {"same": "判定为同一人", "different": "判定为不同的人", "undo": "撤销"},
}
"""The parts of a sentence that are codes, by name: a program is told the code, a person its word."""


def shown(name: str, value: Any, language: str) -> Any:
    """A part of a sentence as it is read: ``name`` is what the sentence calls it, ``value`` what it is filled with.

    A code becomes its word (in English a status is its own), a list is joined, and what is said in both languages is
    said in this one.

    >>> shown("kind", "training plan", "zh-CN"), shown("known", ("sales", "general"), "en")
    ('培训计划', 'sales, general')
    """
    if isinstance(value, tuple | list):
        if _is_chinese(language):
            return "、".join(f"“{one}”" for one in value) or "(无)"
        return ", ".join(map(str, value)) or "none"
    if hasattr(value, "text"):
        return value.text(language)
    word = _CODED.get(name, {}).get(str(value))
    if isinstance(word, Said):
        return word.text(language)
    return word if word is not None and _is_chinese(language) else value
