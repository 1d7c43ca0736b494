"""Whether a letter's template renders, found out when HR stores it and not when a candidate waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jinja2 import TemplateError

from rencai.hiring.rules.offer import Allowance, Benefits, Bonus, Money
from rencai.kernel.errors import LANGUAGES
from rencai.letters.documents import NoticeTemplate
from rencai.letters.rendering import html, plain
from rencai.training.rules.rules import CourseKind


def _cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


def _course(
    name: str,
    kind: CourseKind,
    *,
    lessons: int | None = None,
    days: Decimal | None = None,
    sessions_per_week: int | None = None,
) -> Mapping[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "lessons": lessons,
        "days": days,
        "sessions_per_week": sessions_per_week,
        "why": "谈判会是您每周都要做的事。",
        "starts_on": date(2026, 4, 7),
        "due_on": date(2026, 5, 22),
    }


_EVERY_LETTER: Final[Mapping[str, Any]] = {"name": "周晓", "role": "销售", "location": "上海"}

SAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "mentor_rating": {
        "name": "李敏",
        "learner": "周晓",
        "course": "谈判导师辅导",
        "url": "https://api.example.com/v1/mentor/token",
        "closes_on": date(2026, 12, 31),
    },
    "offer_letter": {
        **_EVERY_LETTER,
        "base_salary": _cny("10000.00"),
        "bonus": Bonus(target_percent=Decimal(20), target=_cny("2000.00")),
        "benefits": Benefits(
            social_insurance_employer_percent=Decimal("25.70"),
            social_insurance_employee_percent=Decimal("10.50"),
            housing_fund_percent=Decimal(7),
            allowances=(Allowance(name="餐饮补贴", amount=_cny("500.00"), period="month"),),
        ),
        "offer_id": "off_00000000000000000000000000",
        "valid_until": date(2026, 3, 16),
    },
    "onboarding": {
        **_EVERY_LETTER,
        "starts_on": date(2026, 3, 30),
        "materials": ["身份证"],
        "strengths": ["执行力"],
        "improve": ["谈判技巧"],
        "plan": [
            _course("快消品谈判技巧实战", CourseKind.ONLINE, lessons=20),
            _course("谈判角色扮演工作坊", CourseKind.WORKSHOP, days=Decimal("0.5")),
            _course("市场数据报告导师辅导", CourseKind.MENTORING, sessions_per_week=1),
            _course("线下辅导", CourseKind.COACHING, days=Decimal(2), sessions_per_week=2),
            _course("补充资料", CourseKind.MATERIAL),
        ],
    },
    "sign_reminder": {
        **_EVERY_LETTER,
        "offer_id": "off_00000000000000000000000000",
        "sign_url": "https://esign.example.com/envelopes/1",
        "valid_until": date(2026, 3, 16),
    },
    "survey_invitation": {
        "name": "周晓",
        "month": date(2026, 11, 1),
        "url": "https://api.example.com/v1/survey/token",
        "closes_on": date(2026, 12, 9),
        "group_size": 5,
    },
    "talent_pool": _EVERY_LETTER,
}
"""By template: what the function that sends it passes (a test holds the names against the functions)."""


LONGEST_SMS: Final = 300
"""Characters: five messages of the network at most, which is what a carrier joins to one."""


# A template is code of its author's: calling what is not a function, say, is a TypeError.
_FAULTS: Final = (TemplateError, ValueError, TypeError, AttributeError, ArithmeticError, LookupError)


def letter_errors(name: str, template: NoticeTemplate) -> list[str]:
    """What is wrong with a letter; empty when it renders in both languages, with full lists and with empty ones."""
    if name not in SAMPLES:
        return [f"there is no letter '{name}'; there are {', '.join(SAMPLES)}"]
    full = SAMPLES[name]
    bare = {key: [] if isinstance(value, list) else value for key, value in full.items()}
    errors: list[str] = []
    for language in LANGUAGES:
        parts: list[tuple[str, str, Callable[..., str]]] = [
            ("subject", template.subject.text(language), plain),
            ("body", template.body.text(language), html),
        ]
        if template.sms is not None:
            parts.append(("sms", template.sms.text(language), plain))
        for part, text, render in parts:
            try:
                for values in (full, bare):
                    made = render(text, **values)
                    if not made.strip():
                        raise ValueError("it comes out empty")
                    if part == "sms" and len(made) > LONGEST_SMS:
                        raise ValueError(f"it comes out {len(made)} characters long; at most {LONGEST_SMS}")
            except _FAULTS as error:
                errors.append(f"{part}.{language}: {error}")
    return errors


def parameter_errors(name: str, parameters: Mapping[str, str]) -> list[str]:
    """What is wrong with the parameters that a carrier's template of a letter is given: each a Jinja template of the
    letter's values. One that comes out empty is no fault: a list may be.
    """
    if name not in SAMPLES:
        return [f"there is no letter '{name}'; there are {', '.join(SAMPLES)}"]
    errors: list[str] = []
    for parameter, said in parameters.items():
        try:
            plain(said, **SAMPLES[name])
        except _FAULTS as error:
            errors.append(f"params.{parameter}: {error}")
    return errors
