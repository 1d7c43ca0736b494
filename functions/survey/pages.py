"""The pages an employee sees."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Final

from rencai.kernel.errors import CHINESE
from rencai.platform.pages import Both, day_of, other_language, page, said
from rencai.survey.rules.figures import SCALE
from rencai.survey.rules.survey import (
    MAX_WORDS,
    WHOLE_FORM,
    EntryError,
    Invitation,
    Question,
    SurveyForm,
    TextQuestion,
)

_TITLE: Final[Both] = ("{month}员工满意度调查", "Employee survey, {month}")
_INTRO: Final[Both] = (
    "只需几分钟,每一题都可以跳过。{until} 前可以重新填写,以最后一次提交的整份回答为准。",
    "It takes a few minutes; skip what you like. You can answer again until {until}: what you send last counts.",
)
_WHO: Final[Both] = ("谁能看到您的回答", "Who sees what you answer")
_SEEN: Final[tuple[Both, ...]] = (
    (
        "问卷结束后,人力资源部能看到汇总结果:至少 {size} 人作答的平均分和分布。",
        "Once the survey is closed, Human Resources sees totals: averages and distributions of at least {size} people.",
    ),
    (
        "人数不足的部门、地点或岗位只显示作答人数。汇总结果中没有任何文字。",
        "Of a smaller department, location or role it sees how many answered, no more. No words are in the totals.",
    ),
    (
        "您个人的回答只用于及早发现压力过大。如果回答反映出很大的压力,人力资源部会收到提醒,以便主动提供帮助。",
        "Your own answers are used only to notice in time that you are under too much pressure, and to offer help.",
    ),
    (
        "提醒中有您的最低分,以及由程序判断的、您的文字是否提到压力或疲劳和把握有多大,但没有您写的文字。文字加密保存。",
        "Human Resources is told your lowest score and how surely a program finds strain in your words, not the words.",
    ),
    (
        "这个链接只属于您,请不要转发:拿到链接的人可以代您填写。",
        "This link is yours. Do not pass it on: whoever has it can answer for you.",
    ),
)
_SEND: Final[Both] = ("提交", "Send")
_ERRORS: Final[Mapping[EntryError, Both]] = {
    EntryError.UNANSWERED: ("请至少回答一题", "Please answer at least one question"),
    EntryError.NOT_ON_SCALE: ("请选择 1 到 5", "Please choose from 1 to 5"),
    EntryError.TOO_LONG: (
        f"请缩短到 {MAX_WORDS} 字以内",
        f"Please shorten this to {MAX_WORDS:,} characters",
    ),
}
_SOME_WRONG: Final[Both] = (
    "还没有提交:请修改下面标出的地方。您填写的内容都还在。",
    "Not sent yet: please change what is marked below. Everything you entered is still there.",
)
_THANKS: Final[Both] = ("谢谢!您的回答已保存", "Thank you! Your answers are saved")
_AGAIN: Final[Both] = (
    "如果想修改,{until} 前可以用同一个链接重新填写整份问卷。",
    "If you want to change something, you can answer the whole survey again by the same link until {until}.",
)
_CANNOT: Final[Both] = ("无法打开问卷", "The survey cannot be opened")
_WRONG: Final[Both] = (
    "系统出了点问题,您的回答没有保存。请返回上一页,稍后再提交。",
    "Something went wrong on our side, and your answers were not saved. Please go back and send them again later.",
)


def form_page(
    form: SurveyForm,
    invitation: Invitation,
    language: str,
    fields: Mapping[str, str],
    errors: Mapping[str, EntryError],
    notice: str = "",
) -> str:
    """The form, with what was entered and what is wrong with it; ``notice`` is something else that is to be said."""
    until = day_of(invitation.closes_on, language)
    wrong = notice
    if errors:
        wrong = said(_ERRORS[errors[WHOLE_FORM]] if WHOLE_FORM in errors else _SOME_WRONG, language)
    seen = "".join(f"<li>{escape(said(one, language).format(size=form.group_size))}</li>" for one in _SEEN)
    questions = [_scale(one, language, fields.get(one.id, ""), errors.get(one.id)) for one in form.questions]
    texts = [_text(one, language, fields.get(one.id, ""), errors.get(one.id)) for one in form.texts]
    return page(
        _title(invitation, language),
        language,
        f"""<p>{escape(said(_INTRO, language).format(until=until))}</p>
<section>
<h2>{escape(said(_WHO, language))}</h2>
<ul>{seen}</ul>
</section>
{f'<section class="wrong" role="alert">{escape(wrong)}</section>' if wrong else ""}
<form method="post" accept-charset="utf-8">
{"".join((*questions, *texts))}
<button>{escape(said(_SEND, language))}</button>
</form>""",
        other_language(language),
    )


def thanks(invitation: Invitation, language: str) -> str:
    """What follows an answer."""
    again = said(_AGAIN, language).format(until=day_of(invitation.closes_on, language))
    return page(said(_THANKS, language), language, f'<p role="status">{escape(again)}</p>')


def message(text: str, language: str) -> str:
    """Why there is no form."""
    return page(said(_CANNOT, language), language, f'<p role="alert">{escape(text)}</p>')


def went_wrong(language: str) -> str:
    """Something nobody foresaw."""
    return message(said(_WRONG, language), language)


def _scale(question: Question, language: str, chosen: str, error: EntryError | None) -> str:
    id_ = escape(question.id)
    choices = "".join(
        f'<label><input type="radio" name="{id_}" value="{score}"{" checked" if chosen == str(score) else ""}>'
        f"{score}</label>"
        for score in SCALE
    )
    lowest, highest = question.scale.lowest.text(language), question.scale.highest.text(language)
    return f"""<fieldset{_described(id_, error)}>
<legend>{escape(question.text.text(language))}</legend>
<div class="scale">{choices}</div>
<div class="ends"><span>1 · {escape(lowest)}</span><span>5 · {escape(highest)}</span></div>
{_wrong(id_, error, language)}</fieldset>
"""


def _text(question: TextQuestion, language: str, entered: str, error: EntryError | None) -> str:
    id_ = escape(question.id)
    # A line end right after the tag is the page's, not part of what was entered.
    return f"""<section>
<h2><label for="{id_}">{escape(question.text.text(language))}</label></h2>
<textarea id="{id_}" name="{id_}" rows="5" maxlength="{MAX_WORDS}"{_described(id_, error)}>
{escape(entered)}</textarea>
{_wrong(id_, error, language)}</section>
"""


def _described(id_: str, error: EntryError | None) -> str:
    return f' aria-describedby="{id_}-wrong"' if error else ""


def _wrong(id_: str, error: EntryError | None, language: str) -> str:
    return f'<p class="wrong" id="{id_}-wrong">{escape(said(_ERRORS[error], language))}</p>' if error else ""


def _title(invitation: Invitation, language: str) -> str:
    first = date.fromisoformat(f"{invitation.month}-01")
    month = f"{first.year} 年 {first.month} 月" if language == CHINESE else f"{first:%B %Y}"
    return said(_TITLE, language).format(month=month)
