"""The monthly survey on moto's table (F7): the page behind the link."""

from datetime import date

import pytest

from functions.survey import page
from rencai.kernel.errors import LANGUAGES, LostRace
from rencai.platform.pages import MAX_BODY
from tests.logs import logged
from tests.survey.company import WORDS, Company, call, invitation_of, opened, read, sent


def test_f7_answering_again_replaces_until_it_closes(one: Company) -> None:
    one.employs("emp_0")
    one.asks()
    token = one.link("emp_0")
    assert sent(token, {"stress": "2", "comment": WORDS})[0] == 200
    one.passes(days=14)
    assert sent(token, {"stay": "4"})[0] == 200
    assert [one_.survey.scores for one_ in one.signals.surveys("emp_0", 1)] == [(("stay", 4),)]
    assert one.signals.survey_texts("emp_0", "2026-11") == {}
    assert read()["answered"] == 1
    one.passes(days=1)
    for answer in (opened(token), sent(token, {"stay": "1"})):
        assert answer[0] == 410
        assert "2026-12-09" in answer[1]
    assert [one_.survey.scores for one_ in one.signals.surveys("emp_0", 1)] == [(("stay", 4),)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_said_on_the_page_and_what_was_entered_is_kept(one: Company, language: str) -> None:
    one.employs("emp_0")
    token = one.survey_links.url(invitation_of("emp_0")).rpartition("/")[2]
    long = "字" * 2001
    status, form = sent(token, {"stress": "3", "comment": long}, lang=language)
    assert status == 422
    assert long in form
    assert 'name="stress" value="3" checked' in form
    assert ("请缩短到 2000 字以内" if language == "zh-CN" else "shorten this to 2,000") in form
    status, form = sent(token, {}, lang=language)
    assert status == 422
    assert ("请至少回答一题" if language == "zh-CN" else "answer at least one") in form
    assert one.signals.surveys("emp_0", 1) == []


def test_the_page_is_in_the_employees_language_until_another_is_chosen(one: Company) -> None:
    one.employs("emp_0", locale="en-GB")
    token = one.survey_links.url(invitation_of("emp_0")).rpartition("/")[2]
    assert '<html lang="en">' in opened(token)[1]
    assert '<html lang="zh-CN">' in opened(token, lang="zh-CN")[1]
    assert '<html lang="en">' in opened(token, lang="xx")[1]
    assert "Thank you" in sent(token, {"stay": "3"})[1]


def test_what_a_messenger_adds_to_the_link_is_overlooked(one: Company) -> None:
    """Whoever follows it has written none of it."""
    one.employs("emp_0")
    token = one.survey_links.url(invitation_of("emp_0")).rpartition("/")[2]
    plain = opened(token, lang="zh-CN")
    assert plain[0] == 200
    assert opened(token, lang="zh-CN", isappinstalled="0", utm_source="mail") == plain


def test_a_page_shows_nothing_that_is_on_record(one: Company) -> None:
    one.employs("emp_0")
    token = one.survey_links.url(invitation_of("emp_0")).rpartition("/")[2]
    sent(token, {"stress": "1", "comment": WORDS})
    form = opened(token)[1]
    assert not [text for text in ("周晓", "emp_0", WORDS, " checked", token) if text in form]


def test_pages_are_not_kept_framed_or_referred_to(one: Company) -> None:
    for token in ("forged", one.survey_links.url(invitation_of("emp_0")).rpartition("/")[2]):
        headers = call(page, "GET", f"/survey/{token}")["multiValueHeaders"]
        assert headers["Cache-Control"] == ["no-store"]
        assert headers["Referrer-Policy"] == ["no-referrer"]
        assert headers["Content-Type"] == ["text/html; charset=utf-8"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"][0]


def test_f7_who_has_no_link_of_ours_learns_nothing(one: Company) -> None:
    one.employs("emp_0")
    genuine = one.survey_links.url(invitation_of("emp_0")).rpartition("/")[2]
    nobody = one.survey_links.url(invitation_of("emp_nobody")).rpartition("/")[2]
    pages_ = {opened(token) for token in ("x", genuine[:-1], f"{genuine}x", nobody)}
    assert len(pages_) == 1
    ((status, shown),) = pages_
    assert status == 404
    assert "链接不完整或无效" in shown
    assert sent(f"{genuine}x", {"stay": "1"}) == (status, shown)
    assert one.signals.surveys("emp_0", 1) == []


def test_who_has_left_is_told_that_it_is_over(one: Company) -> None:
    one.employs("emp_0", left_on=date(2026, 11, 24))
    status, shown = opened(one.survey_links.url(invitation_of("emp_0")).rpartition("/")[2], lang="en")
    assert (status, "no longer takes answers" in shown) == (410, True)


def test_a_form_that_is_too_large_or_none_is_refused(one: Company) -> None:
    one.employs("emp_0")
    path = f"/survey/{one.survey_links.url(invitation_of('emp_0')).rpartition('/')[2]}"
    assert call(page, "POST", path, "comment=" + "x" * MAX_BODY)["statusCode"] == 413
    for body in ("&".join(f"q{number}=1" for number in range(200)), "%ff%fe=%zz", "{}", None):
        assert call(page, "POST", path, body)["statusCode"] == 422


def test_of_two_answers_at_once_the_loser_keeps_what_was_entered(
    one: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> bool:
        raise LostRace

    one.employs("emp_0")
    monkeypatch.setattr(one.signals, "answer_survey", lost)
    status, form = sent(one.survey_links.url(invitation_of("emp_0")).rpartition("/")[2], {"comment": WORDS})
    assert (status, WORDS in form) == (409, True)


def test_what_nobody_foresaw_is_a_page_and_the_link_is_not_logged(
    one: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bool:
        raise RuntimeError(WORDS)

    one.employs("emp_0")
    token = one.survey_links.url(invitation_of("emp_0")).rpartition("/")[2]
    with logged() as log:
        opened(token)
        opened(f"{token}x")
        sent(token, {"comment": WORDS})
        monkeypatch.setattr(one.signals, "answer_survey", fails)
        status, shown = sent(token, {"comment": WORDS})
    assert (status, "没有保存" in shown, WORDS in shown) == (500, True, False)
    assert log.lines()[-1] == {"message": "failed"}
    assert not [text for text in (token, token.partition(".")[2], WORDS, "周晓") if text in log.text]
