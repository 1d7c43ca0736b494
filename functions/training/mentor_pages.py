"""The pages a mentor sees."""

from collections.abc import Mapping
from html import escape
from typing import Final

from rencai.platform.pages import Both, day_of, other_language, page, said
from rencai.training.marking import MentorGuest
from rencai.training.rules.mentor_links import LEVEL_FIELD, MAX_WORDS, WORDS_FIELD, EntryError
from rencai.training.rules.mentors import MentorPolicy

_TITLE: Final[Both] = ("请您评分:{learner} · {course}", "Your rating: {learner} · {course}")
_INTRO: Final[Both] = (
    "只需一分钟。{until} 前可以用同一个链接重新提交,以最后一次为准。",
    "It takes a minute. You can send it again by the same link until {until}: what you send last counts.",
)
_SCALE: Final[Both] = ("目前的情况最接近哪一级?", "Which level comes closest to how it stands now?")
_WORDS: Final[Both] = ("想补充说明的话(可不填)", "Anything you would like to add (optional)")
_WHO: Final[Both] = (
    "评分计入试用期得分;人力资源部能看到评分和您写的文字。文字加密保存。这个链接只属于您,请不要转发。",
    (
        "Your rating counts towards the probation score. Human Resources sees it and what you write, which is kept "
        "encrypted. This link is yours: do not pass it on."
    ),
)
_SEND: Final[Both] = ("提交", "Send")
_ERRORS: Final[Mapping[EntryError, Both]] = {
    EntryError.NOT_CHOSEN: ("请选择一级", "Please choose a level"),
    EntryError.TOO_LONG: (f"请缩短到 {MAX_WORDS} 字以内", f"Please shorten this to {MAX_WORDS:,} characters"),
}
_SOME_WRONG: Final[Both] = (
    "还没有提交:请修改下面标出的地方。您填写的内容都还在。",
    "Not sent yet: please change what is marked below. Everything you entered is still there.",
)
_THANKS: Final[Both] = ("谢谢!您的评分已保存", "Thank you! Your rating is saved")
_AGAIN: Final[Both] = (
    "如果想修改,{until} 前可以用同一个链接重新提交。",
    "If you want to change it, send it again by the same link until {until}.",
)
_CANNOT: Final[Both] = ("无法打开评分页面", "The rating cannot be opened")
_WRONG: Final[Both] = (
    "系统出了点问题,您的评分没有保存。请返回上一页,稍后再提交。",
    "Something went wrong on our side, and your rating was not saved. Please go back and send it again later.",
)


def form_page(
    policy: MentorPolicy,
    guest: MentorGuest,
    fields: Mapping[str, str],
    errors: Mapping[str, EntryError],
    notice: str = "",
) -> str:
    """The form, with what was entered and what is wrong with it; ``notice`` is something else that is to be said."""
    language = guest.language
    until = day_of(guest.invitation.closes_on, language)
    wrong = said(_SOME_WRONG, language) if errors else notice
    return page(
        said(_TITLE, language).format(learner=guest.learner, course=guest.course),
        language,
        f"""<p>{escape(said(_INTRO, language).format(until=until))}</p>
{f'<section class="wrong" role="alert">{escape(wrong)}</section>' if wrong else ""}
<form method="post" accept-charset="utf-8">
{_levels(policy, language, fields.get(LEVEL_FIELD, ""), errors.get(LEVEL_FIELD))}
{_words(language, fields.get(WORDS_FIELD, ""), errors.get(WORDS_FIELD))}
<p>{escape(said(_WHO, language))}</p>
<button>{escape(said(_SEND, language))}</button>
</form>""",
        other_language(language),
    )


def thanks(guest: MentorGuest) -> str:
    """What follows a rating."""
    until = day_of(guest.invitation.closes_on, guest.language)
    again = said(_AGAIN, guest.language).format(until=until)
    return page(said(_THANKS, guest.language), guest.language, f'<p role="status">{escape(again)}</p>')


def message(text: str, language: str) -> str:
    """Why there is no form."""
    return page(said(_CANNOT, language), language, f'<p role="alert">{escape(text)}</p>')


def went_wrong(language: str) -> str:
    """Something nobody foresaw."""
    return message(said(_WRONG, language), language)


def _levels(policy: MentorPolicy, language: str, chosen: str, error: EntryError | None) -> str:
    choices = "".join(
        f'<label><input type="radio" name="{LEVEL_FIELD}" value="{level}"'
        f"{' checked' if chosen == str(level) else ''}><strong>{level} · {escape(one.name.text(language))}</strong>"
        f"<span>{escape(one.anchor.text(language))}</span></label>\n"
        for level, one in reversed([*enumerate(policy.scale, 1)])
    )
    return f"""<fieldset{_described(LEVEL_FIELD, error)}>
<legend>{escape(said(_SCALE, language))}</legend>
<div class="levels">
{choices}</div>
{_wrong(LEVEL_FIELD, error, language)}</fieldset>"""


def _words(language: str, entered: str, error: EntryError | None) -> str:
    # A line end right after the tag is the page's, not part of what was entered.
    return f"""<section>
<h2><label for="{WORDS_FIELD}">{escape(said(_WORDS, language))}</label></h2>
<textarea id="{WORDS_FIELD}" name="{WORDS_FIELD}" rows="5" maxlength="{MAX_WORDS}"{_described(WORDS_FIELD, error)}>
{escape(entered)}</textarea>
{_wrong(WORDS_FIELD, error, language)}</section>"""


def _described(id_: str, error: EntryError | None) -> str:
    return f' aria-describedby="{id_}-wrong"' if error else ""


def _wrong(id_: str, error: EntryError | None, language: str) -> str:
    return f'<p class="wrong" id="{id_}-wrong">{escape(said(_ERRORS[error], language))}</p>' if error else ""
