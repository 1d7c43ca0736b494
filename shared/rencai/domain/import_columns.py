"""Which column of a file from another system is which field (F1).

A header is compared without case, width, white space and punctuation, and without the unit behind it: 工时(小时) is
工时. What matches a name exactly is taken; what only comes close is guessed, and a person confirms it. The unit counts
when the cells are read: 加班(分钟) is minutes, 销售额(万元) is tens of thousands of CNY.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum
from fractions import Fraction
from functools import cache, partial
from itertools import product
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Limited

from .competency import Slug
from .errors import CHINESE, DomainError, Refusal
from .performance import METRIC
from .signals import IDENTIFIER, LeaveKind

ERRORS_HEADER: Final = "错误 / Errors"
"""The last column of an error file; it is no field of anything when the file comes back."""


class ImportKind(StrEnum):
    """What a file tells of; a file tells of one."""

    PEOPLE = "people"
    RECRUITING = "recruiting"
    TRAINING = "training"
    PERFORMANCE = "performance"
    ATTENDANCE = "attendance"
    LEAVE = "leave"
    SURVEYS = "surveys"


class CellType(StrEnum):
    """How a cell is read. ``score`` is a whole number from 1 to 5, ``flag`` yes or no (empty: no)."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    CURRENCY = "currency"
    SCORE = "score"
    DATE = "date"
    MONTH = "month"
    EMAIL = "email"
    WEEK = "week"
    OPTION = "option"
    ROLE = "role"
    FLAG = "flag"


class Unit(StrEnum):
    """What a number counts, where its header may say it another way."""

    HOURS = "hours"
    DAYS = "days"
    PERCENT = "percent"
    POINTS = "points"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind: what it is called in both languages and in other systems, and how its cells are read.

    ``options`` are the names of each value there is. ``required``: no row goes without it.
    """

    id: str
    type: CellType
    required: bool
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    example: str = ""
    unit: Unit | None = None

    def name(self, language: str) -> str:
        """What it is called in ``language``."""
        return self.zh if language == CHINESE else self.en


LEAVE_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    LeaveKind.ANNUAL: ("年假", "年休假", "带薪年假", "annual leave", "vacation", "paid leave"),
    LeaveKind.SICK: ("病假", "医疗期", "sick leave", "medical leave"),
    LeaveKind.PERSONAL: ("事假", "personal leave", "unpaid leave"),
    LeaveKind.COMP: ("调休", "调休假", "补休", "comp leave", "comp time", "time off in lieu", "toil"),
    LeaveKind.MARRIAGE: ("婚假", "marriage leave", "wedding leave"),
    LeaveKind.MATERNITY: ("产假", "maternity leave"),
    LeaveKind.PATERNITY: ("陪产假", "护理假", "陪护假", "paternity leave"),
    LeaveKind.BEREAVEMENT: ("丧假", "bereavement leave", "funeral leave"),
    LeaveKind.OTHER: ("其他", "其它", "其他假", "其它假", "产检假", "哺乳假", "other leave"),
}
_LOCALES: Final = {
    "zh-CN": ("zh", "zh_cn", "zh-hans", "中文", "简体中文", "汉语", "chinese"),
    "en": ("en-us", "en-gb", "en_us", "英文", "英语", "english"),
}
_FLAGS: Final = {
    "true": (
        "是", "yes", "y", "1", "true", "√", "对", "已取消", "取消", "已撤销", "撤销", "已撤回", "作废", "已拒绝",
        "已驳回", "rejected", "cancelled", "canceled",
    ),
    "false": (
        "否", "no", "n", "0", "false", "×", "x", "未取消", "正常", "有效", "已批准", "已通过", "已休", "approved",
        "active", "taken",
    ),
}  # fmt: skip

_EMPLOYEE_NO: Final = Field(
    "employee_no", CellType.IDENTIFIER, False, "工号", "Employee no.",
    (
        "员工编号", "人员编号", "员工号", "职工号", "职工编号", "员工工号", "员工代码", "人员编码",
        "员工编码", "人员工号",
        "employee number", "employee code", "employee num", "emp no", "emp number", "emp code", "staff no",
        "staff number", "staff id",
        "staff code", "personnel number", "personnel no", "personnel id", "worker id", "badge number",
        "job number", "payroll number",
    ),
    example="10086",
)  # fmt: skip
_EMPLOYEE_ID: Final = Field(
    "employee_id", CellType.IDENTIFIER, False, "Rencai 员工 ID", "Rencai employee id",
    ("系统员工ID", "Rencai ID", "Rencai员工编号"),
    example="emp_01ABC",
)  # fmt: skip
_WHO: Final = (_EMPLOYEE_NO, _EMPLOYEE_ID)


def _text(id_: str, zh: str, en: str, *aliases: str, example: str, required: bool = False) -> Field:
    return Field(id_, CellType.TEXT, required, zh, en, aliases, example=example)


def _number(
    id_: str,
    zh: str,
    en: str,
    *aliases: str,
    unit: Unit | None = None,
    example: str,
    required: bool = False,
    type_: CellType = CellType.NUMBER,
) -> Field:
    return Field(id_, type_, required, zh, en, aliases, example=example, unit=unit)


def _percent(id_: str, zh: str, en: str, *aliases: str, example: str, required: bool = False) -> Field:
    return Field(id_, CellType.PERCENT, required, zh, en, aliases, example=example, unit=Unit.PERCENT)


def _date(id_: str, zh: str, en: str, *aliases: str, required: bool = False) -> Field:
    return Field(id_, CellType.DATE, required, zh, en, aliases, example="2026-11-22")


def _month(*aliases: str) -> Field:
    return Field("month", CellType.MONTH, True, "月份", "Month", aliases, example="2026-11")


def _question(id_: str, zh: str, en: str, *aliases: str) -> Field:
    return Field(f"score:{id_}", CellType.SCORE, False, zh, en, aliases, example="4", unit=Unit.POINTS)


def _words(id_: str, zh: str, en: str, *aliases: str) -> Field:
    return Field(f"text:{id_}", CellType.TEXT, False, zh, en, aliases, example="工作量有点大")


FIELDS: Final[Mapping[ImportKind, tuple[Field, ...]]] = MappingProxyType({
    ImportKind.PEOPLE: (
        *_WHO,
        _text(
            "name", "姓名", "Name", "员工姓名", "人员姓名", "名字", "中文名", "中文姓名", "full name",
            "employee name", "staff name", "display name", example="张三",
        ),
        Field(
            "role", CellType.ROLE, False, "岗位", "Role",
            (
                "职位", "职务", "岗位名称", "职位名称", "岗位角色", "任职岗位", "job title", "title",
                "position", "job", "job role", "job name",
            ),
            example="sales",
        ),
        _text(
            "location", "工作地点", "Location", "地点", "工作城市", "办公地点", "所在城市", "城市",
            "工作地", "办公地", "city", "office", "work location", "site", example="深圳",
        ),
        _text(
            "department", "部门", "Department", "所属部门", "部门名称", "所在部门", "dept",
            "department name", "team", "org unit", "organization unit", example="亚马逊运营部",
        ),
        _text(
            "level", "级别", "Level", "职级", "等级", "岗位级别", "职等", "员工级别", "job level", "grade",
            "job grade", "rank", "band", example="junior",
        ),
        Field(
            "email", CellType.EMAIL, False, "邮箱", "E-mail",
            (
                "电子邮箱", "电子邮件", "邮件", "邮箱地址", "公司邮箱", "工作邮箱", "企业邮箱", "mail",
                "email address", "work email", "company email",
            ),
            example="name@example.com",
        ),
        Field(
            "locale", CellType.OPTION, False, "语言", "Language",
            ("首选语言", "沟通语言", "locale", "preferred language"), _LOCALES, "zh-CN",
        ),
        _date(
            "starts_on", "入职日期", "Start date", "入职时间", "入职日", "到岗日期", "加入日期", "报到日期",
            "hire date", "hired on", "date of hire", "hiring date", "join date", "joining date",
            "date joined", "date of joining", "onboarding date", "first day", "entry date",
        ),
        _date(
            "left_on", "离职日期", "Last day", "离职时间", "离职日", "最后工作日", "最后工作日期",
            "离岗日期", "leaving date", "date left", "termination date", "end date", "exit date",
            "last working day", "resignation date", "leave date",
        ),
    ),
    ImportKind.RECRUITING: (
        *_WHO,
        _date(
            "interviewed_on", "面试日期", "Interview date", "面试时间", "面试日", "测评日期",
            "interviewed at", "date of interview", "interview time", required=True,
        ),
        _text(
            "competency", "能力项", "Competency", "能力", "胜任力", "能力维度", "胜任力维度", "评估维度",
            "面试维度", "维度", "评估项", "考察项", "素质项", "skill", "dimension", "criterion",
            "competence", example="沟通能力", required=True,
        ),
        _number(
            "score", "得分", "Score", "分数", "评分", "面试得分", "面试评分", "面试分数", "打分", "points",
            "rating", "interview score", unit=Unit.POINTS, example="8", required=True,
        ),
        _number(
            "out_of", "满分", "Out of", "总分", "满分值", "分制", "max score", "maximum score",
            "full score", "scale", unit=Unit.POINTS, example="10",
        ),
    ),
    ImportKind.TRAINING: (
        *_WHO,
        _text(
            "course", "课程", "Course", "课程名称", "课程名", "培训课程", "培训名称", "培训项目",
            "course name", "course title", "training", "training name", example="亚马逊选品技巧",
            required=True,
        ),
        _percent(
            "completion_percent", "完成率", "Completion", "完成度", "完成进度", "学习进度", "课程进度",
            "进度", "完成百分比", "completion rate", "progress", "percent complete", "completed percent",
            example="90%", required=True,
        ),
        _number(
            "exam_score", "考试成绩", "Exam score", "考试得分", "考试分数", "成绩", "测验成绩", "结业成绩",
            "exam", "exam result", "test score", "quiz score", unit=Unit.POINTS, example="85",
        ),
        _date(
            "completed_on", "完成日期", "Completed on", "完成时间", "结业日期", "结业时间",
            "completion date", "date completed", "finished on", "finish date", "completed at",
        ),
    ),
    ImportKind.PERFORMANCE: (
        *_WHO,
        _month(
            "考核月份", "绩效月份", "月度", "年月", "考核周期", "绩效周期", "考核期", "period",
            "year month", "review month", "performance month",
        ),
        _number(
            "score", "绩效得分", "Score", "得分", "绩效分", "绩效分数", "考核得分", "考核分数", "绩效评分",
            "绩效成绩", "评分", "分数", "kpi", "kpi得分", "kpi score", "performance score", "performance",
            "rating", unit=Unit.POINTS, example="85",
        ),
        _number(
            "out_of", "满分", "Out of", "总分", "满分值", "分制", "max score", "maximum score",
            "full score", "scale", unit=Unit.POINTS, example="100",
        ),
        _number(
            "sales", "销售额", "Sales", "销售业绩", "业绩", "销售金额", "营业额", "月销售额", "实际销售额",
            "gmv", "revenue", "sales amount", "actual sales", "monthly sales", unit=Unit.MONEY,
            example="12000", type_=CellType.MONEY,
        ),
        _number(
            "sales_target", "销售目标", "Sales target", "目标销售额", "销售额目标", "业绩目标", "销售指标",
            "月度目标", "target", "target sales", "sales goal", "quota", unit=Unit.MONEY, example="12000",
            type_=CellType.MONEY,
        ),
        Field(
            "currency", CellType.CURRENCY, False, "币种", "Currency",
            ("货币", "币别", "结算币种", "currency code"), example="CNY",
        ),
        _percent(
            "gross_margin", "毛利率", "Gross margin", "销售毛利率", "毛利润率", "gross margin rate", "gm",
            "margin", example="30%",
        ),
        _percent(
            "satisfaction", "客户满意度", "Customer satisfaction", "满意度", "客户满意率", "好评率", "csat",
            "customer satisfaction rate", example="90%",
        ),
        _percent(
            "repurchase", "复购率", "Repurchase rate", "重复购买率", "回购率", "repeat purchase rate",
            "repeat rate", "repurchase rate", example="20%",
        ),
        _percent(
            "acos", "ACoS", "ACoS", "广告成本销售比", "广告销售成本比", "广告花费占比", "广告费占比",
            "advertising cost of sales", example="25%",
        ),
        _number(
            "inventory_turnover", "库存周转率", "Inventory turnover", "库存周转", "库存周转次数",
            "存货周转率", "周转率", "stock turnover", "inventory turns", example="6",
        ),
        _percent(
            "training_completion", "培训完成率", "Training completion", "学习完成率", "培训完成度",
            "training completion rate", example="100%",
        ),
        _percent(
            "skill_gain", "技能提升", "Skill gain", "技能提升率", "能力提升", "技能增长",
            "skill improvement", "skill growth", example="10%",
        ),
    ),
    ImportKind.ATTENDANCE: (
        *_WHO,
        Field(
            "week", CellType.WEEK, True, "周", "Week",
            (
                "周次", "周数", "考勤周", "考勤周次", "第几周", "周开始日期", "周起始日期", "iso week",
                "calendar week", "week no", "week number", "week of", "week starting", "week start",
                "week ending",
            ),
            example="2026-W10",
        ),
        _number(
            "hours", "工时", "Hours", "工作时长", "工作时间", "总工时", "出勤时长", "出勤工时", "实际工时",
            "周工时", "出勤小时数", "工作小时数", "hours worked", "working hours", "work hours",
            "total hours", "worked hours", "weekly hours", unit=Unit.HOURS, example="40", required=True,
        ),
        _number(
            "overtime_hours", "加班", "Overtime", "加班时长", "加班时间", "加班工时", "加班小时数",
            "周加班", "overtime hours", "ot", "ot hours", "extra hours", unit=Unit.HOURS, example="5.5",
        ),
    ),
    ImportKind.LEAVE: (
        *_WHO,
        Field(
            "leave_id", CellType.IDENTIFIER, False, "请假单号", "Leave id",
            (
                "请假编号", "假单号", "假单编号", "单据编号", "审批编号", "申请单号", "申请编号", "单号",
                "leave no", "leave number", "request id", "request no", "application no", "ticket",
            ),
            example="QJ-20261122-1",
        ),
        Field(
            "kind", CellType.OPTION, True, "假期类型", "Leave type",
            (
                "请假类型", "假别", "休假类型", "假期种类", "假种", "请假类别", "类型", "leave kind",
                "type of leave", "type", "absence type", "leave category",
            ),
            LEAVE_KINDS, "病假",
        ),
        _date(
            "starts_on", "开始日期", "Start date", "开始时间", "起始日期", "请假开始日期", "请假开始时间",
            "休假开始日期", "起始时间", "从", "from", "from date", "start", "starts on", "first day",
            "leave from", required=True,
        ),
        _date(
            "ends_on", "结束日期", "End date", "结束时间", "截止日期", "终止日期", "请假结束日期",
            "请假结束时间", "休假结束日期", "到", "to", "to date", "until", "end", "ends on", "last day",
            "leave to", required=True,
        ),
        _number(
            "days", "天数", "Days", "请假天数", "休假天数", "假期天数", "leave days",
            "number of days", "working days", "days taken", unit=Unit.DAYS, example="1.5", required=True,
        ),
        Field(
            "cancelled", CellType.FLAG, False, "已取消", "Cancelled",
            (
                "是否取消", "是否已取消", "取消", "是否撤销", "已撤销", "状态", "审批状态", "单据状态",
                "canceled", "status", "withdrawn",
            ),
            _FLAGS, "否",
        ),
    ),
    ImportKind.SURVEYS: (
        *_WHO,
        _month("调查月份", "问卷月份", "年月", "填写月份", "period", "survey month", "year month"),
        _question(
            "satisfaction", "工作满意度", "Satisfaction", "满意度", "总体满意度", "整体满意度",
            "job satisfaction", "overall satisfaction", "satisfied",
        ),
        _question("workload", "工作量", "Workload", "工作负荷", "工作强度", "work load"),
        _question("stress", "工作压力", "Stress", "压力", "压力感受", "压力程度", "stress level", "pressure"),
        _question(
            "support", "团队支持", "Support", "上级支持", "支持", "获得支持", "主管支持", "manager support",
            "team support",
        ),
        _question(
            "stay", "留任意愿", "Intention to stay", "留职意愿", "是否愿意留任", "留任", "stay",
            "intent to stay", "likelihood to stay",
        ),
        _words(
            "comment", "意见", "Comment", "建议", "意见建议", "意见和建议", "意见与建议", "其他意见",
            "备注", "留言", "想说的话", "comments", "feedback", "remarks", "suggestions", "free text",
        ),
    ),
})  # fmt: skip
"""The fields of each kind. A survey's questions are ``score:<question id>``, its words ``text:<question id>``."""

_AROUND_FIGURES: Final = frozenset(
    {"employee_no", "employee_id", "month", "out_of", "sales_target", "currency"}
)

CURRENCY: Final = r"^[A-Z]{3}$"
"""An ISO 4217 code."""
CURRENCIES: Final[Mapping[str, str]] = {
    "元": "CNY", "人民币": "CNY", "人民币元": "CNY", "rmb": "CNY", "cny": "CNY", "¥": "CNY",
    "美元": "USD", "美金": "USD", "usd": "USD", "us$": "USD", "$": "USD",
    "欧元": "EUR", "eur": "EUR", "€": "EUR", "英镑": "GBP", "gbp": "GBP", "£": "GBP",
    "日元": "JPY", "日币": "JPY", "jpy": "JPY", "港元": "HKD", "港币": "HKD", "hkd": "HKD", "hk$": "HKD",
    "新台币": "TWD", "台币": "TWD", "twd": "TWD", "nt$": "TWD", "新加坡元": "SGD", "新币": "SGD",
    "sgd": "SGD", "s$": "SGD",
    "澳元": "AUD", "aud": "AUD", "加元": "CAD", "cad": "CAD", "加拿大元": "CAD",
}  # fmt: skip
"""What currencies are called, in lower case. ``$`` is that of the United States and ``¥`` that of China."""
TIMES: Final = {"千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
"""What money is counted in."""
UNITS: Final[Mapping[Unit, Mapping[str, Fraction | int]]] = {
    Unit.HOURS: {
        **dict.fromkeys(("小时", "小时数", "h", "hr", "hrs", "hour", "hours"), 1),
        **dict.fromkeys(("分钟", "分钟数", "min", "mins", "minute", "minutes"), Fraction(1, 60)),
    },
    Unit.DAYS: dict.fromkeys(("天", "日", "工作日", "d", "day", "days"), 1),
    Unit.PERCENT: dict.fromkeys(("%", "百分比", "百分数", "百分率", "percent", "percentage", "pct"), 1),
    Unit.POINTS: dict.fromkeys(
        ("分", "分数", "points", "pts", "15", "1到5", "1至5", "15分", "1到5分", "1至5分"), 1
    ),
}
_REMARKS: Final = (
    "必填项", "必填", "选填", "可选", "required", "optional", "yyyymmdd", "格式yyyymmdd", "yyyymm", "年月日",
)  # fmt: skip
"""What a header says of filling it in."""
_CLOSE: Final = 0.8
"""How close a name comes for its column to be guessed."""

_Headers = Annotated[
    tuple[Annotated[str, Limited(min_length=1, max_length=200)], ...], Limited(max_length=100)
]
_Question = Annotated[str, Limited(pattern=IDENTIFIER)]
_Metric = Annotated[str, Limited(pattern=METRIC)]


class ImportMapping(BaseModel):
    """How a source names things, beyond the names that are known anyway.

    ``columns`` are further headers of fields. ``questions`` and ``texts`` are further questions of surveys (or further
    headers of those there are), ``metrics`` and ``percent_metrics`` further figures of a month, the latter in percent.
    ``roles`` are the names of each role in the source; where there are none, the source writes role ids. ``currency``
    is that of money whose column, header and cell name none. ``dates`` says what 03/04/2026 is; without it such a date
    is refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    columns: dict[ImportKind, dict[str, _Headers]] = {}
    questions: dict[_Question, _Headers] = {}
    texts: dict[_Question, _Headers] = {}
    metrics: dict[_Metric, _Headers] = {}
    percent_metrics: dict[_Metric, _Headers] = {}
    roles: dict[Slug, _Headers] = {}
    currency: Annotated[str, Limited(pattern=CURRENCY)] = "CNY"
    dates: Literal["day-first", "month-first"] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for kind, further in self.columns.items():
            for field_id in further:
                if field_of(kind, field_id, self) is None:
                    raise ValueError(f"{kind} has no field '{field_id}'")
        for kind in ImportKind:
            _once(
                (compact(header), one.id)
                for one in fields_of(kind, self)
                for header in _further(kind, one.id, self)
            )
        _once((compact(name), role) for role, names in self.roles.items() for name in (role, *names))
        if other := (self.metrics.keys() | self.percent_metrics.keys()) & _AROUND_FIGURES:
            raise ValueError(f"'{min(other)}' is no figure")
        if both := self.metrics.keys() & self.percent_metrics.keys():
            raise ValueError(f"'{min(both)}' is in both metrics and percent_metrics")
        return self


def _once(names: Iterable[tuple[str, str]]) -> None:
    of: dict[str, str] = {}
    for name, meant in names:
        if of.setdefault(name, meant) != meant:
            raise ValueError(f"'{name}' stands for both '{of[name]}' and '{meant}'")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: the field it is, None: it is not read; and how that is known.

    ``exact``: by its name; ``guessed``: its name comes close, or another column has as good a one; ``confirmed``: a
    person said so.
    """

    header: str
    index: int
    field: str | None
    how: Literal["exact", "guessed", "ignored", "confirmed"]


@dataclass(frozen=True, slots=True)
class Scale:
    """What a header says of the numbers under it: they are ``factor`` of the field's unit each; ``currency`` and
    ``stated`` (the unit is named at all), as far as it says.
    """

    factor: Fraction = Fraction(1)
    currency: str | None = None
    stated: bool = False


def compact(text: str) -> str:
    """A header, or another name, as it is compared: no case, width, white space or punctuation.

    >>> compact("工时 （小时）"), compact("Employee-No.")
    ('工时小时', 'employeeno')
    """
    # Twice: folding may leave what NFKC would change again.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(
        one for one in folded if one == "%" or unicodedata.category(one)[0] in "LNM" or _is_money(one)
    )


def _is_money(character: str) -> bool:
    return unicodedata.category(character) == "Sc"


def fields_of(kind: ImportKind, mapping: ImportMapping) -> tuple[Field, ...]:
    """The fields of a kind: those built in, and those that the mapping makes or has headers of."""
    known = {one.id: one for one in FIELDS[kind]}
    for one in (*_made(kind, mapping), *map(partial(_unnamed, kind), mapping.columns.get(kind, {}))):
        if one is not None:
            known.setdefault(one.id, one)
    return tuple(known.values())


def field_of(kind: ImportKind, id_: str, mapping: ImportMapping) -> Field | None:
    """A field by its id; a survey's question needs no mapping, and neither does a figure. None: there is none."""
    known = next((one for one in fields_of(kind, mapping) if one.id == id_), None)
    return known or _unnamed(kind, id_)


def _unnamed(kind: ImportKind, id_: str) -> Field | None:
    """The question or figure of this id, of which nothing else is known."""
    match id_.partition(":"):
        case ("score", ":", question) if kind is ImportKind.SURVEYS and re.fullmatch(IDENTIFIER, question):
            return _question(question, question, question)
        case ("text", ":", question) if kind is ImportKind.SURVEYS and re.fullmatch(IDENTIFIER, question):
            return _words(question, question, question)
        case ("metric", ":", metric) if kind is ImportKind.PERFORMANCE and re.fullmatch(METRIC, metric):
            # What is built in has its own name, and nothing is told under two.
            built_in = any(one.id == metric for one in FIELDS[kind])
            return None if built_in else _number(id_, metric, metric, example="12.5")
    return None


def _made(kind: ImportKind, mapping: ImportMapping) -> Iterator[Field]:
    if kind is ImportKind.SURVEYS:
        for question, headers in mapping.questions.items():
            yield _question(question, (*headers, question)[0], question)
        for question, headers in mapping.texts.items():
            yield _words(question, (*headers, question)[0], question)
    elif kind is ImportKind.PERFORMANCE:
        built_in = {one.id for one in FIELDS[kind]}
        for metric, headers in mapping.metrics.items():
            if metric not in built_in:
                yield _number(f"metric:{metric}", (*headers, metric)[0], metric, example="12.5")
        for metric, headers in mapping.percent_metrics.items():
            if metric not in built_in:
                yield _percent(f"metric:{metric}", (*headers, metric)[0], metric, example="30%")


def _further(kind: ImportKind, id_: str, mapping: ImportMapping) -> tuple[str, ...]:
    """The headers that the mapping has for a field."""
    made: tuple[str, ...] = ()
    prefix, _, name = id_.partition(":")
    if kind is ImportKind.SURVEYS and name:
        made = (mapping.questions if prefix == "score" else mapping.texts).get(name, ())
    elif kind is ImportKind.PERFORMANCE:
        metric = name or prefix
        made = (*mapping.metrics.get(metric, ()), *mapping.percent_metrics.get(metric, ()))
    return (*made, *mapping.columns.get(kind, {}).get(id_, ()))


def scale_of(field: Field, header: str) -> Scale:
    """What ``header`` says of the numbers under it.

    >>> scale_of(field_of(ImportKind.ATTENDANCE, "overtime_hours", ImportMapping()), "加班(分钟)").factor
    Fraction(1, 60)
    """
    return _parted(field, compact(header))[1]


def _parted(field: Field, name: str) -> tuple[str, Scale]:
    """A header without what it says of its numbers and of filling it in, and what it says of its numbers."""
    bare = _without_remark(name)
    for ending, scale in _endings(field.unit):
        if bare.endswith(ending) and bare != ending:
            return bare.removesuffix(ending), scale
    return bare, Scale()


def _without_remark(name: str) -> str:
    return next((name[: -len(one)] for one in _REMARKS if name.endswith(one) and name != one), name)


@cache
def _endings(unit: Unit | None) -> tuple[tuple[str, Scale], ...]:
    """What a header may end in where its field has this unit, the longest first."""
    scales: dict[str, Scale] = {}
    if unit is Unit.MONEY:
        for name, currency in CURRENCIES.items():
            scales[name] = Scale(currency=currency, stated=True)
            for times, factor in TIMES.items():
                scales[times + name] = Scale(Fraction(factor), currency, stated=True)
        for times, factor in TIMES.items():
            scales[times] = Scale(Fraction(factor), stated=True)
            scales[f"人民币{times}元"] = Scale(Fraction(factor), "CNY", stated=True)
    elif unit is not None:
        scales = {name: Scale(Fraction(factor), stated=True) for name, factor in UNITS[unit].items()}
    return tuple(sorted(scales.items(), key=lambda one: -len(one[0])))


def guess(kind: ImportKind, headers: Sequence[str], mapping: ImportMapping) -> tuple[Column, ...]:
    """Which field each column is, as far as the headers say; a field has at most one column.

    The mapping's names come before those built in, a whole name before one with a unit behind it. Where two columns
    have an equally good name, the first is guessed, so that a person looks. A name that comes close (a ratio of 0.8 by
    ``difflib``, or one within the other) is guessed as well.
    """
    names = [compact(header) for header in headers]
    own = compact(ERRORS_HEADER)
    free = [index for index, name in enumerate(names) if name and name != own]
    open_ = list(fields_of(kind, mapping))
    found: dict[int, tuple[str, Literal["exact", "guessed"]]] = {}

    def take(index: int, field: Field, how: Literal["exact", "guessed"]) -> None:
        found[index] = field.id, how
        free.remove(index)
        open_.remove(field)

    further = {one.id: {compact(header) for header in _further(kind, one.id, mapping)} for one in open_}
    built_in = {one.id: {compact(name) for name in (one.id, one.zh, one.en, *one.aliases)} for one in open_}
    ways: tuple[Callable[[Field, str], bool], ...] = (
        lambda one, name: name in further[one.id],
        lambda one, name: name in built_in[one.id],
        lambda one, name: _parted(one, name)[0] in built_in[one.id] | further[one.id],
    )
    for fits in ways:
        for one in tuple(open_):
            fitting = [index for index in free if fits(one, names[index])]
            if fitting:
                take(fitting[0], one, "exact" if len(fitting) == 1 else "guessed")
    close = [
        (likeness, index, place)
        for index in free
        for place, one in enumerate(open_)
        if (
            likeness := _likeness(
                {names[index], _parted(one, names[index])[0]}, built_in[one.id] | further[one.id]
            )
        )
        >= _CLOSE
    ]
    remaining = tuple(open_)
    for _, index, place in sorted(close, key=lambda one: (-one[0], *one[1:])):
        if index in free and remaining[place] in open_:
            take(index, remaining[place], "guessed")
    return tuple(
        Column(header, index, *found.get(index, (None, "ignored"))) for index, header in enumerate(headers)
    )


def _likeness(headers: Iterable[str], names: Iterable[str]) -> float:
    """How close one of ``headers`` comes to one of ``names``, 0 to 1."""
    best = 0.0
    for header, name in product(headers, names):
        if name in header and _speaks(name):
            best = max(best, _CLOSE + (1 - _CLOSE) * len(name) / len(header))
        elif header in name and len(header) > len(name) / 2 and _speaks(header):
            best = max(best, _CLOSE + (1 - _CLOSE) * len(header) / len(name))
        else:
            matcher = SequenceMatcher(None, header, name, autojunk=False)
            if matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE:
                best = max(best, matcher.ratio())
    return best


def _speaks(name: str) -> bool:
    """Whether a name says enough for it to count where it is part of another."""
    return len(name) >= (4 if name.isascii() else 2)


def confirmed(
    kind: ImportKind, columns: Sequence[Column], choice: Mapping[str, str | None], mapping: ImportMapping
) -> tuple[Column, ...]:
    """The columns as a person chose them: the field of each header, None: it is not read. What is not spoken of stays
    as it was, except that a guess gives way.

    Raises ``DomainError`` (COLUMN_UNKNOWN for a header or a field, COLUMN_TWICE, COLUMN_MISSING).
    """
    headers = {column.header for column in columns}
    known = [one.id for one in fields_of(kind, mapping)]
    for header, id_ in choice.items():
        path = f"columns.{header}"
        if header not in headers:
            raise DomainError(Refusal.COLUMN_UNKNOWN, path, column=header, known=", ".join(sorted(headers)))
        if id_ is not None and field_of(kind, id_, mapping) is None:
            raise DomainError(Refusal.COLUMN_UNKNOWN, path, column=id_, known=", ".join(known))
    chosen = {id_ for id_ in choice.values() if id_}
    made = tuple(_chosen(column, choice, chosen) for column in columns)
    count = Counter(column.field for column in made if column.field)
    for column in made:
        if column.field and count[column.field] > 1:
            raise DomainError(Refusal.COLUMN_TWICE, f"columns.{column.header}", field=column.field)
    for id_ in missing(kind, made):
        raise DomainError(Refusal.COLUMN_MISSING, "columns", column=id_)
    return made


def _chosen(column: Column, choice: Mapping[str, str | None], chosen: Collection[str]) -> Column:
    if column.header in choice:
        id_ = choice[column.header]
        return replace(column, field=id_, how="confirmed" if id_ else "ignored")
    if column.how != "guessed":
        return column
    if column.field in chosen:
        return replace(column, field=None, how="ignored")
    return replace(column, how="confirmed")


def missing(kind: ImportKind, columns: Sequence[Column]) -> tuple[str, ...]:
    """The ids of the fields that a file of this kind cannot go without and has no column of. Who it is about is said by
    ``employee_no`` or ``employee_id``; a month of performance has a score or a figure, a survey a question or words.
    Of those that stand for one another, the first is named.
    """
    there = {column.field for column in columns if column.field}
    absent = [one.id for one in FIELDS[kind] if one.required and one.id not in there]
    if not there & {one.id for one in _WHO}:
        absent.insert(0, _EMPLOYEE_NO.id)
    told = [one.id for one in FIELDS[kind] if is_figure(one.id, kind)]
    if told and not any(is_figure(id_, kind) for id_ in there):
        absent.append(told[0])
    return tuple(absent)


def is_figure(id_: str, kind: ImportKind) -> bool:
    """Whether a field is one of those of which a row needs one: a score or a figure, a question or words."""
    if kind is ImportKind.SURVEYS:
        return id_.startswith(("score:", "text:"))
    return kind is ImportKind.PERFORMANCE and id_ not in _AROUND_FIGURES


def needs_confirmation(kind: ImportKind, columns: Sequence[Column]) -> bool:
    """Whether a person has to look: a required field is not there, or a column is only guessed."""
    return bool(missing(kind, columns)) or any(column.how == "guessed" for column in columns)
