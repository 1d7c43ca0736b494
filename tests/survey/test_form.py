"""The monthly survey (F7): its form, the signed link, what is entered, and what may be shown of the answers."""

import json
import re
from datetime import date, timedelta
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.survey import pages
from functions.survey.messages import PartToAsk, ShardToAsk, from_body, to_message
from rencai.employees.rules.signals import MAX_TEXT, Survey, survey_answers
from rencai.kernel.errors import LANGUAGES, DomainError
from rencai.platform.pages import HEADERS
from rencai.platform.signed_links import LinkKeys
from rencai.pressure.rules.card import NO_WORDS, make_card
from rencai.pressure.rules.policy import RiskPolicy
from rencai.pressure.rules.scan import measured
from rencai.survey.links import SurveyLinks
from rencai.survey.rules.refusals import SurveyRefusal
from rencai.survey.rules.survey import (
    MAX_WORDS,
    SURVEY_FORM,
    WHOLE_FORM,
    EntryError,
    Invitation,
    SurveyForm,
    entered,
    invitation_of,
    signed,
)
from tests.shipped import SHIPPED

KEY, OLDER, OLDEST = b"the key there is", b"the key before", b"the one before that"
CLOSES = date(2026, 12, 9)
INVITATION = Invitation("emp_01ABC", "2026-11", CLOSES)
_FORM = SHIPPED[SURVEY_FORM, "default"]
assert isinstance(_FORM, SurveyForm)
FORM: SurveyForm = _FORM


def both(text: str) -> dict[str, str]:
    return {"zh-CN": text, "en": text}


def question(id_: str) -> dict[str, Any]:
    return {"id": id_, "text": both(id_), "scale": {"lowest": both("bad"), "highest": both("good")}}


# --- the form -----------------------------------------------------------------------------------------------


def test_f7_what_is_asked_by_default() -> None:
    assert [one.id for one in FORM.questions] == ["satisfaction", "workload", "stress", "support", "stay"]
    assert [one.id for one in FORM.texts] == ["comment"]
    assert (FORM.open_days, FORM.group_size) == (14, 5)
    assert FORM.closes_on(date(2026, 11, 25)) == CLOSES


def test_f7_the_worst_answer_to_any_question_speaks_of_pressure() -> None:
    for asked in FORM.questions:
        survey = Survey("2026-11", ((asked.id, 1),))
        judged = measured(
            RiskPolicy(),
            make_card([], [], [], survey, NO_WORDS, None, date(2026, 11, 26)),
            date(2026, 11, 27),
        )
        assert judged is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"group_size": 4},
        {"questions": []},
        {"questions": [question("a"), question("a")]},
        {"texts": [{"id": "a", "text": both("a")}]},
        {"questions": [question("no spaces")]},
        {"groupings": ["role", "role"]},
        {"groupings": ["age"]},
        {"texts": [{"id": f"t{number}", "text": both("t")} for number in range(6)]},
    ],
)
def test_a_form_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SurveyForm.model_validate({"questions": [question("a")], **wrong})


def test_the_longest_texts_fit_a_survey() -> None:
    texts = [{"id": f"t{number}", "text": both("t")} for number in range(MAX_TEXT // MAX_WORDS)]
    form = SurveyForm.model_validate({"questions": [question("a")], "texts": texts})
    report, errors = entered(form, {one.id: "字" * MAX_WORDS for one in form.texts})
    assert errors == {}
    assert report is not None
    assert len(survey_answers("2026-11", report, CLOSES).texts) == len(texts)


# --- the link -----------------------------------------------------------------------------------------------

ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
invitations = st.builds(Invitation, ids, st.just("2026-11"), st.dates(date(2026, 1, 1), date(2030, 1, 1)))


@given(invitations, st.binary(min_size=1, max_size=64))
def test_a_link_says_what_was_signed_and_may_stand_in_an_address(invitation: Invitation, key: bytes) -> None:
    token = signed(invitation, key)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", token)
    assert invitation_of(token, [key], invitation.closes_on) == invitation


@given(st.data())
def test_f7_a_link_with_any_changed_character_is_refused(data: st.DataObject) -> None:
    token = signed(INVITATION, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    instead = data.draw(st.characters().filter(lambda one: one != token[place]))
    with pytest.raises(DomainError) as caught:
        invitation_of(token[:place] + instead + token[place + 1 :], [KEY], CLOSES)
    assert caught.value.code is SurveyRefusal.LINK_NOT_VALID


@given(
    st.text() | st.sampled_from(["", ".", "..", f"{signed(INVITATION, KEY)}=", f"{signed(INVITATION, KEY)} "])
)
def test_what_we_did_not_sign_is_refused(token: str) -> None:
    with pytest.raises(DomainError) as caught:
        invitation_of(token, [KEY], CLOSES)
    assert caught.value.code is SurveyRefusal.LINK_NOT_VALID


def test_f7_a_link_cut_anywhere_is_refused() -> None:
    token = signed(INVITATION, KEY)
    for length in range(len(token)):
        with pytest.raises(DomainError):
            invitation_of(token[:length], [KEY], CLOSES)


def test_another_persons_mark_does_not_fit() -> None:
    other = signed(Invitation("emp_02", "2026-11", CLOSES), KEY)
    mixed = f"{signed(INVITATION, KEY).partition('.')[0]}.{other.partition('.')[2]}"
    with pytest.raises(DomainError):
        invitation_of(mixed, [KEY], CLOSES)


def test_a_link_is_good_through_its_last_day_and_then_says_so() -> None:
    token = signed(INVITATION, KEY)
    assert invitation_of(token, [KEY], CLOSES) == INVITATION
    with pytest.raises(DomainError) as caught:
        invitation_of(token, [KEY], CLOSES + timedelta(days=1))
    assert (caught.value.code, caught.value.params) == (SurveyRefusal.LINK_EXPIRED, {"until": "2026-12-09"})


def test_a_forged_link_is_not_told_that_it_is_too_late() -> None:
    with pytest.raises(DomainError) as caught:
        invitation_of(signed(INVITATION, b"another"), [KEY], CLOSES + timedelta(days=1))
    assert caught.value.code is SurveyRefusal.LINK_NOT_VALID


def test_a_changed_key_leaves_the_links_that_are_out_good() -> None:
    secret = '{"key": "new", "earlier": ["old", "older"]}'
    links = SurveyLinks(LinkKeys(lambda: secret, lambda: "https://api.example.com/v1"))
    assert links.url(INVITATION) == f"https://api.example.com/v1/survey/{signed(INVITATION, b'new')}"
    for key in (b"new", b"old"):
        assert links.invitation(signed(INVITATION, key), CLOSES) == INVITATION
    with pytest.raises(DomainError):
        links.invitation(signed(INVITATION, b"older"), CLOSES)


# --- what is entered ----------------------------------------------------------------------------------------


def test_what_was_entered_becomes_answers() -> None:
    report, errors = entered(
        FORM,
        {"satisfaction": "4", "stress": "1", "comment": " 压力很大\r\n周末也在加班 ", "stay": "", "x": "5"},
    )
    assert errors == {}
    assert report is not None
    assert [(one.question_id, one.score, one.text) for one in report.answers] == [
        ("satisfaction", 4, None),
        ("stress", 1, None),
        ("comment", None, "压力很大\n周末也在加班"),
    ]


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({}, {WHOLE_FORM: EntryError.UNANSWERED}),
        ({"comment": " \r\n "}, {WHOLE_FORM: EntryError.UNANSWERED}),
        ({"stress": "6", "stay": "3"}, {"stress": EntryError.NOT_ON_SCALE}),
        ({"stress": "0"}, {"stress": EntryError.NOT_ON_SCALE}),
        ({"stress": "٣"}, {"stress": EntryError.NOT_ON_SCALE}),
        ({"stress": "3", "comment": "字" * 2001}, {"comment": EntryError.TOO_LONG}),
    ],
)
def test_what_cannot_be_taken_is_named(fields: dict[str, str], errors: dict[str, EntryError]) -> None:
    assert entered(FORM, fields) == (None, errors)


def test_line_ends_count_once() -> None:
    report, _ = entered(FORM, {"comment": "\r\n".join("字" * 1000) + "字"})
    assert report is not None


# --- pages and messages -------------------------------------------------------------------------------------

words = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_asks_everything_and_says_who_sees_what(language: str) -> None:
    page = pages.form_page(FORM, INVITATION, language, {}, {})
    texts = [one.text.text(language) for one in FORM.questions] + [
        one.text.text(language) for one in FORM.texts
    ]
    expected = [escape(text) for text in texts]
    expected += (
        ["2026 年 12 月 9 日", "至少 5 人", "最低分"]
        if language == "zh-CN"
        else ["9 December 2026", "least 5"]
    )
    assert [text for text in expected if text not in page] == []
    assert page.count('type="radio"') == 5 * len(FORM.questions)
    assert " checked" not in page
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_run_nothing_and_load_nothing(language: str) -> None:
    for page in (
        pages.form_page(FORM, INVITATION, language, {"comment": "x"}, {"comment": EntryError.TOO_LONG}),
        pages.thanks(INVITATION, language),
        pages.went_wrong(language),
    ):
        # No inline style or handler either, which the policy would not let through.
        assert not re.search(r"<script|<link|<img|<iframe|src=|https?:|style=|\son[a-z]+=", page)
        assert page.count("<style>") == 1
    assert "default-src 'none'" in HEADERS["Content-Security-Policy"]
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert HEADERS["Referrer-Policy"] == "no-referrer"


@given(words)
def test_what_was_entered_is_kept_and_breaks_out_of_nothing(text: str) -> None:
    errors = {"satisfaction": EntryError.NOT_ON_SCALE}
    page = pages.form_page(FORM, INVITATION, "en", {"comment": text, "stress": "2"}, errors)
    (kept,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert kept == escape(text)
    assert "<" not in kept
    assert page.count(" checked") == 1
    assert page.count('class="wrong"') == 2


def test_a_form_in_hrs_words_is_escaped() -> None:
    hostile = '<b>"&'
    form = SurveyForm.model_validate(
        {
            "questions": [question("a") | {"text": both(hostile)}],
            "texts": [{"id": "t", "text": both(hostile)}],
        }
    )
    page = pages.form_page(form, INVITATION, "en", {}, {}, hostile)
    assert hostile not in page
    assert page.count("&lt;b&gt;&quot;&amp;") == 3


@pytest.mark.parametrize(
    "told", [ShardToAsk("2026-11", CLOSES, 7), PartToAsk("2026-11", CLOSES, 7, 0, ["emp_1", "emp_2"])]
)
def test_messages_come_back_as_they_went(told: ShardToAsk | PartToAsk) -> None:
    assert from_body(json.dumps(to_message(told))) == told
