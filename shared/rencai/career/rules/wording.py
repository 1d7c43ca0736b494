"""The career ladder in words (F3): what is missing, and what to do about it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from rencai.kernel.errors import CHINESE
from rencai.training.rules.rules import CourseCatalogue

from .ladder import CareerLadder, ProjectRole
from .standing import Need, NeedKind, NeedState, Standing

_ENROL: Final = ("建议报名《{course}》", "enrol in '{course}'")
_GO_ON: Final = ("请继续学习《{course}》", "go on with '{course}'")
_SKILL: Final = ("还缺“{name}”;{do}", "Lacks '{name}'; {do}")
_UNTAUGHT: Final = ("还缺“{name}”;掌握后由 HR 记录", "Lacks '{name}'; HR records it once it is there")
_COURSE: Final = (
    "《{course}》需完成 {required}%,目前{value};{do}",
    "'{course}' is to be {required}% complete, and is {value}; {do}",
)
_UNTOLD: Final = ("没有进度", "not begun")
_PROJECTS: Final[Mapping[ProjectRole, tuple[str, str]]] = {
    ProjectRole.MEMBER: (
        "需参与“{name}”项目 {required} 个,目前 {value} 个",
        "To take part in projects: {name}, {required} in all; so far {value}",
    ),
    ProjectRole.LEAD: (
        "需负责“{name}”项目 {required} 个,目前 {value} 个",
        "To lead projects: {name}, {required} in all; so far {value}",
    ),
}
_SALES: Final = (
    "月销售额需达到 {required} {currency},{month} 为 {value}",
    "Sales are to reach {required} {currency} a month; in {month} they were {value}",
)
_SALES_NAME: Final = ("月销售额", "Sales a month")
_SALES_NOT_MEASURED: Final = (
    "月销售额需达到 {required} {currency};还没有可以比较的数据",
    "Sales are to reach {required} {currency} a month; there is no figure to compare yet",
)
_READY: Final = (
    "“{name}”的要求已全部达到,可以申请晋升",
    "All that '{name}' asks is met: time to talk about the promotion",
)
_AT_THE_TOP: Final = (
    "已在最高级别“{name}”,要求全部达到",
    "At the highest level, '{name}', and all it asks is met",
)


def course_name(catalogue: CourseCatalogue, course_id: str, language: str) -> str:
    """A course's name; of one that is not in the catalogue any more, its id."""
    course = catalogue.courses.get(course_id)
    return course.name.text(language) if course else course_id


def need_name(ladder: CareerLadder, catalogue: CourseCatalogue, need: Need, language: str) -> str:
    """What something that a level of ``ladder`` asks is called."""
    match need.kind:
        case NeedKind.SKILL:
            return ladder.skills[need.id].name.text(language)
        case NeedKind.COURSE:
            return course_name(catalogue, need.id, language)
        case NeedKind.PROJECT:
            return ladder.project_kinds[need.id].text(language)
        case NeedKind.SALES:
            return _SALES_NAME[0 if language == CHINESE else 1]


def step_text(need: Need, name: str, course: str | None, language: str) -> str:
    """What is missing and what to do about it, as a sentence: "还缺“选品分析”;建议报名《亚马逊选品技巧》".

    ``name`` is the skill's or the project kind's, ``course`` the course's.
    """
    spoken = 0 if language == CHINESE else 1
    do = (_GO_ON if need.enrolled else _ENROL)[spoken].format(course=course)
    required = _figure(need.required)
    match need.kind:
        case NeedKind.SKILL:
            return (_SKILL if course else _UNTAUGHT)[spoken].format(name=name, do=do)
        case NeedKind.COURSE:
            value = _UNTOLD[spoken] if need.value is None else f"{' ' * (1 - spoken)}{_figure(need.value)}%"
            return _COURSE[spoken].format(course=course, required=required, value=value, do=do)
        case NeedKind.PROJECT:
            texts = _PROJECTS[need.role or ProjectRole.MEMBER]
            return texts[spoken].format(name=name, required=required, value=_figure(need.value))
        case NeedKind.SALES:
            texts = _SALES if need.state is NeedState.MISSING else _SALES_NOT_MEASURED
            return texts[spoken].format(
                required=required, currency=need.currency, month=need.month, value=_figure(need.value)
            )


def nothing_missing_text(standing: Standing, language: str) -> str:
    """What is said where there is no next step."""
    texts, level = (_READY, standing.following) if standing.following else (_AT_THE_TOP, standing.level)
    return texts[0 if language == CHINESE else 1].format(name=level.name.text(language))


def _figure(value: Decimal | None) -> str:
    """A figure as people write it: ``15,000``, ``12.5``."""
    return "-" if value is None else f"{value.normalize():,f}"
