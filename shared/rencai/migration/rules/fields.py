"""The fields of files from other systems (F1): what each kind of file may tell, what its columns are called, and how
their cells are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rencai.kernel.errors import CHINESE


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
    "annual": ("年假", "年休假", "带薪年假", "annual leave", "vacation", "paid leave"),
    "sick": ("病假", "医疗期", "sick leave", "medical leave"),
    "personal": ("事假", "personal leave", "unpaid leave"),
    "comp": ("调休", "调休假", "补休", "comp leave", "comp time", "time off in lieu", "toil"),
    "marriage": ("婚假", "marriage leave", "wedding leave"),
    "maternity": ("产假", "maternity leave"),
    "paternity": ("陪产假", "护理假", "陪护假", "paternity leave"),
    "bereavement": ("丧假", "bereavement leave", "funeral leave"),
    "other": ("其他", "其它", "其他假", "其它假", "产检假", "哺乳假", "other leave"),
}
"""What kinds of leave (``employees.rules.signals.LeaveKind``) are called."""
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

EMPLOYEE_NO: Final = Field(
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
WHO: Final = (EMPLOYEE_NO, _EMPLOYEE_ID)
"""Who a row is about: a file has a column of one of them, or of both."""


def _text(id_: str, zh: str, en: str, *aliases: str, example: str, required: bool = False) -> Field:
    return Field(id_, CellType.TEXT, required, zh, en, aliases, example=example)


def number_field(
    id_: str,
    zh: str,
    en: str,
    *aliases: str,
    unit: Unit | None = None,
    example: str,
    required: bool = False,
    type_: CellType = CellType.NUMBER,
) -> Field:
    """A number, in ``unit`` where its header names none."""
    return Field(id_, type_, required, zh, en, aliases, example=example, unit=unit)


def percent_field(id_: str, zh: str, en: str, *aliases: str, example: str, required: bool = False) -> Field:
    """A share, in percent."""
    return Field(id_, CellType.PERCENT, required, zh, en, aliases, example=example, unit=Unit.PERCENT)


def _date(id_: str, zh: str, en: str, *aliases: str, required: bool = False) -> Field:
    return Field(id_, CellType.DATE, required, zh, en, aliases, example="2026-11-22")


def _month(*aliases: str) -> Field:
    return Field("month", CellType.MONTH, True, "月份", "Month", aliases, example="2026-11")


def question_field(id_: str, zh: str, en: str, *aliases: str) -> Field:
    """What a survey has answered in points, 1 to 5."""
    return Field(f"score:{id_}", CellType.SCORE, False, zh, en, aliases, example="4", unit=Unit.POINTS)


def words_field(id_: str, zh: str, en: str, *aliases: str) -> Field:
    """What a survey has answered in words."""
    return Field(f"text:{id_}", CellType.TEXT, False, zh, en, aliases, example="工作量有点大")


FIELDS: Final[Mapping[ImportKind, tuple[Field, ...]]] = MappingProxyType({
    ImportKind.PEOPLE: (
        *WHO,
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
        *WHO,
        _date(
            "interviewed_on", "面试日期", "Interview date", "面试时间", "面试日", "测评日期",
            "interviewed at", "date of interview", "interview time", required=True,
        ),
        _text(
            "competency", "能力项", "Competency", "能力", "胜任力", "能力维度", "胜任力维度", "评估维度",
            "面试维度", "维度", "评估项", "考察项", "素质项", "skill", "dimension", "criterion",
            "competence", example="沟通能力", required=True,
        ),
        number_field(
            "score", "得分", "Score", "分数", "评分", "面试得分", "面试评分", "面试分数", "打分", "points",
            "rating", "interview score", unit=Unit.POINTS, example="8", required=True,
        ),
        number_field(
            "out_of", "满分", "Out of", "总分", "满分值", "分制", "max score", "maximum score",
            "full score", "scale", unit=Unit.POINTS, example="10",
        ),
    ),
    ImportKind.TRAINING: (
        *WHO,
        _text(
            "course", "课程", "Course", "课程名称", "课程名", "培训课程", "培训名称", "培训项目",
            "course name", "course title", "training", "training name", example="亚马逊选品技巧",
            required=True,
        ),
        percent_field(
            "completion_percent", "完成率", "Completion", "完成度", "完成进度", "学习进度", "课程进度",
            "进度", "完成百分比", "completion rate", "progress", "percent complete", "completed percent",
            example="90%", required=True,
        ),
        number_field(
            "exam_score", "考试成绩", "Exam score", "考试得分", "考试分数", "成绩", "测验成绩", "结业成绩",
            "exam", "exam result", "test score", "quiz score", unit=Unit.POINTS, example="85",
        ),
        _date(
            "completed_on", "完成日期", "Completed on", "完成时间", "结业日期", "结业时间",
            "completion date", "date completed", "finished on", "finish date", "completed at",
        ),
    ),
    ImportKind.PERFORMANCE: (
        *WHO,
        _month(
            "考核月份", "绩效月份", "月度", "年月", "考核周期", "绩效周期", "考核期", "period",
            "year month", "review month", "performance month",
        ),
        number_field(
            "score", "绩效得分", "Score", "得分", "绩效分", "绩效分数", "考核得分", "考核分数", "绩效评分",
            "绩效成绩", "评分", "分数", "kpi", "kpi得分", "kpi score", "performance score", "performance",
            "rating", unit=Unit.POINTS, example="85",
        ),
        number_field(
            "out_of", "满分", "Out of", "总分", "满分值", "分制", "max score", "maximum score",
            "full score", "scale", unit=Unit.POINTS, example="100",
        ),
        number_field(
            "sales", "销售额", "Sales", "销售业绩", "业绩", "销售金额", "营业额", "月销售额", "实际销售额",
            "gmv", "revenue", "sales amount", "actual sales", "monthly sales", unit=Unit.MONEY,
            example="12000", type_=CellType.MONEY,
        ),
        number_field(
            "sales_target", "销售目标", "Sales target", "目标销售额", "销售额目标", "业绩目标", "销售指标",
            "月度目标", "target", "target sales", "sales goal", "quota", unit=Unit.MONEY, example="12000",
            type_=CellType.MONEY,
        ),
        Field(
            "currency", CellType.CURRENCY, False, "币种", "Currency",
            ("货币", "币别", "结算币种", "currency code"), example="CNY",
        ),
        percent_field(
            "gross_margin", "毛利率", "Gross margin", "销售毛利率", "毛利润率", "gross margin rate", "gm",
            "margin", example="30%",
        ),
        percent_field(
            "satisfaction", "客户满意度", "Customer satisfaction", "满意度", "客户满意率", "好评率", "csat",
            "customer satisfaction rate", example="90%",
        ),
        percent_field(
            "repurchase", "复购率", "Repurchase rate", "重复购买率", "回购率", "repeat purchase rate",
            "repeat rate", "repurchase rate", example="20%",
        ),
        percent_field(
            "acos", "ACoS", "ACoS", "广告成本销售比", "广告销售成本比", "广告花费占比", "广告费占比",
            "advertising cost of sales", example="25%",
        ),
        number_field(
            "inventory_turnover", "库存周转率", "Inventory turnover", "库存周转", "库存周转次数",
            "存货周转率", "周转率", "stock turnover", "inventory turns", example="6",
        ),
        percent_field(
            "training_completion", "培训完成率", "Training completion", "学习完成率", "培训完成度",
            "training completion rate", example="100%",
        ),
        percent_field(
            "skill_gain", "技能提升", "Skill gain", "技能提升率", "能力提升", "技能增长",
            "skill improvement", "skill growth", example="10%",
        ),
    ),
    ImportKind.ATTENDANCE: (
        *WHO,
        Field(
            "week", CellType.WEEK, True, "周", "Week",
            (
                "周次", "周数", "考勤周", "考勤周次", "第几周", "周开始日期", "周起始日期", "周开始", "周起始",
                "周起始日", "周开始日", "周首日", "周结束日期", "周截止日期", "周结束", "周截止", "周结束日",
                "周末日期", "周起止日期",
                "iso week", "calendar week", "week no", "week number", "week of", "week starting", "week start",
                "week start date", "week starting on", "week commencing", "week beginning", "week begins",
                "week ending", "week end", "week end date", "week ending on", "week ends", "first day of week",
                "last day of week", "w/c", "w/e",
            ),
            example="2026-W10",
        ),
        number_field(
            "hours", "工时", "Hours", "工作时长", "工作时间", "总工时", "出勤时长", "出勤工时", "实际工时",
            "周工时", "出勤小时数", "工作小时数", "hours worked", "working hours", "work hours",
            "total hours", "worked hours", "weekly hours", unit=Unit.HOURS, example="40", required=True,
        ),
        number_field(
            "overtime_hours", "加班", "Overtime", "加班时长", "加班时间", "加班工时", "加班小时数",
            "周加班", "overtime hours", "ot", "ot hours", "extra hours", unit=Unit.HOURS, example="5.5",
        ),
    ),
    ImportKind.LEAVE: (
        *WHO,
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
        number_field(
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
        *WHO,
        _month("调查月份", "问卷月份", "年月", "填写月份", "period", "survey month", "year month"),
        question_field(
            "satisfaction", "工作满意度", "Satisfaction", "满意度", "总体满意度", "整体满意度",
            "job satisfaction", "overall satisfaction", "satisfied",
        ),
        question_field("workload", "工作量", "Workload", "工作负荷", "工作强度", "work load"),
        question_field("stress", "工作压力", "Stress", "压力", "压力感受", "压力程度", "stress level", "pressure"),
        question_field(
            "support", "团队支持", "Support", "上级支持", "支持", "获得支持", "主管支持", "manager support",
            "team support",
        ),
        question_field(
            "stay", "留任意愿", "Intention to stay", "留职意愿", "是否愿意留任", "留任", "stay",
            "intent to stay", "likelihood to stay",
        ),
        words_field(
            "comment", "意见", "Comment", "建议", "意见建议", "意见和建议", "意见与建议", "其他意见",
            "备注", "留言", "想说的话", "comments", "feedback", "remarks", "suggestions", "free text",
        ),
    ),
})  # fmt: skip
"""The fields of each kind. A survey's questions are ``score:<question id>``, its words ``text:<question id>``."""
