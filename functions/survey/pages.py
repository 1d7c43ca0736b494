"""The pages an employee sees: one column, for the phone; no scripts, nothing loaded from elsewhere."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from html import escape
from typing import Final

from rencai.kernel.errors import CHINESE, ENGLISH
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

_STYLE: Final = """
* { box-sizing: border-box }
body { font: 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #1d2433; background: #f5f6f8;
  max-width: 40rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.35rem; line-height: 1.3 }
h2 { font-size: 1rem; margin: 0 }
nav { text-align: right }
a { color: #1747c9 }
section, fieldset { background: #fff; border: 1px solid #d9dee8; border-radius: 8px; margin: 0 0 1rem; padding: 1rem }
fieldset { min-width: 0 }
legend { float: left; width: 100%; font-weight: 600; padding: 0 }
legend + * { clear: both }
ul { margin: .5rem 0 0; padding-left: 1.2rem }
.scale { display: flex; gap: .4rem; padding-top: .75rem }
.scale label { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center;
  min-height: 3.5rem; border: 1px solid #c9ced8; border-radius: 6px; cursor: pointer }
.scale label:has(:checked) { border-color: #1f5eff; background: #eaf0ff; font-weight: 600 }
.scale label:focus-within { outline: 3px solid #8fb0ff }
.ends { display: flex; justify-content: space-between; gap: 1rem; color: #5b6475; font-size: .875rem;
  margin: .4rem 0 0 }
textarea { width: 100%; font: inherit; padding: .6rem; border: 1px solid #8a93a5; border-radius: 6px;
  margin-top: .75rem }
.wrong { color: #a3231f; margin: .5rem 0 0 }
section.wrong { border-color: #a3231f; margin: 0 0 1rem }
button { font: inherit; font-weight: 600; width: 100%; min-height: 3rem; border: 0; border-radius: 6px;
  background: #1f5eff; color: #fff }
"""

HEADERS: Final[Mapping[str, str]] = {
    # The address is a credential: no copy in a cache, none in a Referer, none in a search engine.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}

_Both = tuple[str, str]
_TITLE: Final[_Both] = ("{month}员工满意度调查", "Employee survey, {month}")
_INTRO: Final[_Both] = (
    "只需几分钟,每一题都可以跳过。{until} 前可以重新填写,以最后一次提交的整份回答为准。",
    "It takes a few minutes; skip what you like. You can answer again until {until}: what you send last counts.",
)
_WHO: Final[_Both] = ("谁能看到您的回答", "Who sees what you answer")
_SEEN: Final[tuple[_Both, ...]] = (
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
_SEND: Final[_Both] = ("提交", "Send")
_ERRORS: Final[Mapping[EntryError, _Both]] = {
    EntryError.UNANSWERED: ("请至少回答一题", "Please answer at least one question"),
    EntryError.NOT_ON_SCALE: ("请选择 1 到 5", "Please choose from 1 to 5"),
    EntryError.TOO_LONG: (
        f"请缩短到 {MAX_WORDS} 字以内",
        f"Please shorten this to {MAX_WORDS:,} characters",
    ),
}
_SOME_WRONG: Final[_Both] = (
    "还没有提交:请修改下面标出的地方。您填写的内容都还在。",
    "Not sent yet: please change what is marked below. Everything you entered is still there.",
)
_THANKS: Final[_Both] = ("谢谢!您的回答已保存", "Thank you! Your answers are saved")
_AGAIN: Final[_Both] = (
    "如果想修改,{until} 前可以用同一个链接重新填写整份问卷。",
    "If you want to change something, you can answer the whole survey again by the same link until {until}.",
)
_CANNOT: Final[_Both] = ("无法打开问卷", "The survey cannot be opened")
_WRONG: Final[_Both] = (
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
    until = _day(invitation.closes_on, language)
    wrong = notice
    if errors:
        wrong = _said(_ERRORS[errors[WHOLE_FORM]] if WHOLE_FORM in errors else _SOME_WRONG, language)
    other, name = (ENGLISH, "English") if language == CHINESE else (CHINESE, "中文")
    seen = "".join(f"<li>{escape(_said(one, language).format(size=form.group_size))}</li>" for one in _SEEN)
    questions = [_scale(one, language, fields.get(one.id, ""), errors.get(one.id)) for one in form.questions]
    texts = [_text(one, language, fields.get(one.id, ""), errors.get(one.id)) for one in form.texts]
    return _page(
        _title(invitation, language),
        language,
        f"""<p>{escape(_said(_INTRO, language).format(until=until))}</p>
<section>
<h2>{escape(_said(_WHO, language))}</h2>
<ul>{seen}</ul>
</section>
{f'<section class="wrong" role="alert">{escape(wrong)}</section>' if wrong else ""}
<form method="post" accept-charset="utf-8">
{"".join((*questions, *texts))}
<button>{escape(_said(_SEND, language))}</button>
</form>""",
        f'<nav><a href="?lang={other}" lang="{other}" hreflang="{other}">{name}</a></nav>',
    )


def thanks(invitation: Invitation, language: str) -> str:
    """What follows an answer."""
    again = _said(_AGAIN, language).format(until=_day(invitation.closes_on, language))
    return _page(_said(_THANKS, language), language, f'<p role="status">{escape(again)}</p>')


def message(text: str, language: str) -> str:
    """Why there is no form."""
    return _page(_said(_CANNOT, language), language, f'<p role="alert">{escape(text)}</p>')


def went_wrong(language: str) -> str:
    """Something nobody foresaw."""
    return message(_said(_WRONG, language), language)


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
    return f'<p class="wrong" id="{id_}-wrong">{escape(_said(_ERRORS[error], language))}</p>' if error else ""


def _title(invitation: Invitation, language: str) -> str:
    first = date.fromisoformat(f"{invitation.month}-01")
    month = f"{first.year} 年 {first.month} 月" if language == CHINESE else f"{first:%B %Y}"
    return _said(_TITLE, language).format(month=month)


def _day(day: date, language: str) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if language == CHINESE else f"{day.day} {day:%B %Y}"


def _said(both: _Both, language: str) -> str:
    return both[0 if language == CHINESE else 1]


def _page(title: str, language: str, body: str, before: str = "") -> str:
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
{before}
<main>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""
