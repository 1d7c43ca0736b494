"""HR names a mentor, who is invited, rates by link, and is counted (C3)."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.training import mentor_page
from rencai.employees.store.employees import employee_key
from rencai.kernel.errors import LANGUAGES, LostRace
from rencai.platform.pages import MAX_BODY
from rencai.platform.signed_links import LinkKeys
from tests.logs import logged
from tests.survey.company import call as called
from tests.training.training_answers import TRAINING
from tests.training.training_office import EMPLOYEE, Caller, Office

MENTOR = {"name": "李敏", "email": "li@example.com", "language": "zh-CN"}
PATH = f"{TRAINING}/items/negotiation/mentor"
WORDS = "报价时没什么长进"


@pytest.fixture
def two(one: Office) -> Office:
    one.hires()
    return one


def settles(one: Office) -> None:
    """Every event reaches the function that hears of it, again with each call; then the plan is looked at."""
    one.published.clear()
    one.relays()
    inviting = one.wired.training.inviting
    for subject, event in one.published:
        if event.name == "mentor.rated":
            inviting.take(subject.id, event.data["item_id"], one.now)
        elif event.name in ("training.completed", "mentor.named", "mentor.reminded"):
            inviting.invite(subject.id, event.data["item_id"], one.now)
    one.reviews()


def token(one: Office, place: int = -1) -> str:
    (address,) = set(re.findall(r'href="([^"]+)"', one.mail.letters[place][2]))
    return str(unescape(address).removeprefix("https://api.example.com/v1/mentor/"))


def opened(link: str, **query: str) -> tuple[int, str]:
    answer = called(mentor_page, "GET", f"/mentor/{link}", **query)
    return answer["statusCode"], answer["body"]


def sent(link: str, fields: dict[str, str], **query: str) -> tuple[int, str]:
    answer = called(mentor_page, "POST", f"/mentor/{link}", urlencode(fields), **query)
    return answer["statusCode"], answer["body"]


def invited(one: Office, call: Caller, **mentor: str) -> str:
    assert call("POST", PATH, MENTOR | mentor)[0] == 200
    one.learns("negotiation", 100, 85)
    settles(one)
    return token(one)


def course(call: Caller) -> dict[str, Any]:
    courses = call("GET", f"/employees/{EMPLOYEE}/probation")[1]["training"]["courses"]
    return next(one for one in courses if one["item_id"] == "negotiation")


def test_c3_from_the_link_to_the_mark_to_the_probation_score(two: Office, call: Caller) -> None:
    link = invited(two, call)
    assert [(to, subject) for to, subject, _ in two.mail.letters] == [
        ("li@example.com", "请为周晓的《谈判技巧实战》评分")
    ]
    status, form = opened(link)
    assert (status, "周晓" in form, "谈判技巧实战" in form, "明显进步" in form) == (200, True, True, True)
    two.passes(hours=1)
    assert sent(link, {"level": "4", "words": "客户面前更从容了"})[0] == 200
    settles(two)
    # 40 + 34 + 16.
    assert (course(call)["score"], course(call)["mentor"]["rating"]["by"]) == (90.0, "link")
    assert course(call)["mentor"]["review"] == "客户面前更从容了"


def test_the_latest_mark_counts(two: Office, call: Caller) -> None:
    link = invited(two, call)
    for level in ("1", "5"):
        two.passes(hours=1)
        assert sent(link, {"level": level})[0] == 200
    settles(two)
    assert course(call)["mentor"]["rating"]["level"] == 5


def test_c4_words_that_surely_say_else_are_for_hr_to_look_at(two: Office, call: Caller) -> None:
    link = invited(two, call)
    sent(link, {"level": "4", "words": WORDS})
    settles(two)
    assert course(call)["mentor"]["rating"]["level"] == 4
    (waiting,) = call("GET", "/training/ratings")[1]["items"]
    assert (waiting["cause"], waiting["mark"], waiting["reading"]["level"]) == ("differs", 4, 1)
    assert (waiting["words"], waiting["reading"]["phrase"]) == (WORDS, "没什么长进")
    assert call("POST", f"{TRAINING}/ratings/{waiting['rating_id']}", {"level": 2})[0] == 200
    two.reviews()
    assert course(call)["mentor"]["rating"]["by"] == "hr"


def test_c4_the_same_sent_again_is_no_news_and_hrs_word_stays(two: Office, call: Caller) -> None:
    link = invited(two, call)
    said = {"level": "4", "words": WORDS}
    sent(link, said)
    settles(two)
    (waiting,) = call("GET", "/training/ratings")[1]["items"]
    call("POST", f"{TRAINING}/ratings/{waiting['rating_id']}", {"level": 2})
    on_record = two.wired.training.mentors.marked(EMPLOYEE, "negotiation")
    two.passes(hours=1)
    # A page that is loaded again sends what it sent.
    assert sent(link, said)[0] == 200
    settles(two)
    assert two.wired.training.mentors.marked(EMPLOYEE, "negotiation") == on_record
    assert course(call)["mentor"]["rating"]["by"] == "hr"
    assert call("GET", "/training/ratings")[1]["items"] == []
    for other in ({"level": "4", "words": f"{WORDS}!"}, {"level": "3", "words": f"{WORDS}!"}, said):
        two.passes(hours=1)
        sent(link, other)
        settles(two)
        assert course(call)["mentor"]["rating"]["by"] == "link", (
            "another mark is news, and so is the first after it"
        )


def test_the_same_of_another_mentor_is_news_and_that_of_one_key_is_known_by_the_next(
    two: Office, call: Caller
) -> None:
    link = invited(two, call)
    sent(link, {"level": "4"})
    two.wired.link_keys = LinkKeys(
        lambda: '{"key": "the next", "earlier": ["of the test"]}', lambda: "https://api.example.com/v1"
    )
    vars(two.wired.training).pop("marking", None)
    two.passes(hours=1)
    first = two.wired.training.mentors.marked(EMPLOYEE, "negotiation")
    sent(link, {"level": "4"})
    assert two.wired.training.mentors.marked(EMPLOYEE, "negotiation") == first
    assert first is not None
    call("POST", PATH, MENTOR | {"email": "wang@example.com", "name": "王强"})
    settles(two)
    sent(token(two), {"level": "4"})
    second = two.wired.training.mentors.marked(EMPLOYEE, "negotiation")
    assert second is not None
    assert (first.number, second.number) == (1, 2)


def test_the_invitation_is_sent_once_and_again_where_hr_asks(two: Office, call: Caller) -> None:
    invited(two, call)
    for _ in range(2):
        assert two.wired.training.inviting.invite(EMPLOYEE, "negotiation", two.now)
    assert len(two.mail.letters) == 1
    assert call("POST", f"{PATH}/letter")[1]["reminded"] == 1
    settles(two)
    assert len(two.mail.letters) == 2
    assert opened(token(two, 0))[0] == opened(token(two, 1))[0] == 200, "both links are good"


def test_nobody_is_invited_before_the_course_is_completed_unless_hr_asks(two: Office, call: Caller) -> None:
    call("POST", PATH, MENTOR)
    two.learns("negotiation", 60)
    settles(two)
    assert two.mail.letters == []
    call("POST", f"{PATH}/letter")
    settles(two)
    assert len(two.mail.letters) == 1


def test_another_mentor_makes_the_links_of_the_one_before_good_no_more(two: Office, call: Caller) -> None:
    link = invited(two, call)
    sent(link, {"level": "1"})
    shown = call("POST", PATH, MENTOR | {"email": "wang@example.com", "name": "王强"})[1]
    assert (shown["number"], shown["name"]) == (2, "王强")
    assert call("POST", PATH, MENTOR | {"email": "wang@example.com", "name": "王强"})[1] == shown
    assert call("GET", PATH)[1] == shown
    assert (opened(link)[0], sent(link, {"level": "5"})[0]) == (410, 410)
    settles(two)
    assert course(call)["mentor"] is None, "what the one before marked was not taken in yet"
    assert two.mail.letters[-1][0] == "wang@example.com"


def test_a_mentor_who_is_an_employee_is_written_to_by_their_file(two: Office, call: Caller) -> None:
    two.hires("emp_mentor", name="陈静")
    call("POST", PATH, {"employee_id": "emp_mentor", "language": "en"})
    assert call("GET", PATH)[1]["name"] == "陈静"
    two.learns("negotiation", 100)
    settles(two)
    assert two.mail.letters == [], "no address in their file: HR is told"
    assert call("POST", PATH, {"employee_id": "emp_nobody"})[0] == 404


def test_nobody_rates_their_own_training_and_who_has_left_rates_nobodys(two: Office, call: Caller) -> None:
    status, problem = call("POST", PATH, {"employee_id": EMPLOYEE})
    assert (status, problem["type"]) == (409, "urn:rencai:problem:mentor_is_learner")
    two.hires("emp_mentor", name="陈静")
    # The last day is a day of work, in the tenant's zone.
    today = two.now.astimezone(two.zone).date()
    two.table.update(employee_key("emp_mentor"), {"left_on": today.isoformat()})
    assert call("POST", PATH, {"employee_id": "emp_mentor"})[0] == 200
    two.passes(days=1)
    status, problem = call("POST", PATH, {"employee_id": "emp_mentor", "language": "en"})
    assert (status, problem["type"]) == (409, "urn:rencai:problem:mentor_has_left")
    assert call("GET", PATH)[1]["number"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "李敏"},
        {"email": "li@example.com"},
        {"employee_id": "emp_1", "name": "x"},
        {"email": "x", "name": "y"},
    ],
)
def test_who_a_mentor_is_has_to_be_said_one_way(two: Office, call: Caller, body: dict[str, str]) -> None:
    assert call("POST", PATH, body)[0] == 400


def test_a_mentor_is_of_an_item_that_the_employee_is_enrolled_in(one: Office, call: Caller) -> None:
    one.hires()
    assert call("POST", f"{TRAINING}/items/nothing/mentor", MENTOR)[0] == 404
    assert call("GET", PATH)[0] == 404
    assert call("POST", f"{PATH}/letter")[0] == 404
    one.passes(days=14)
    one.learns("product", 100)
    status, problem = call("POST", f"{TRAINING}/items/cases/mentor", MENTOR)
    assert (status, problem["type"]) == (409, "urn:rencai:problem:not_enrolled")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_said_on_the_page_and_what_was_entered_is_kept(
    two: Office, call: Caller, language: str
) -> None:
    link = invited(two, call)
    status, form = sent(link, {"words": WORDS}, lang=language)
    assert (status, WORDS in form) == (422, True)
    assert ("请选择一级" if language == "zh-CN" else "Please choose a level") in form
    status, form = sent(link, {"level": "3", "words": "字" * 4001}, lang=language)
    assert (status, 'value="3" checked' in form) == (422, True)
    assert ("请缩短到 4000 字" if language == "zh-CN" else "shorten this to 4,000") in form
    assert f'<html lang="{language}">' in form
    assert two.wired.training.mentors.marked(EMPLOYEE, "negotiation") is None


def test_a_page_shows_the_learners_name_and_the_course_and_nothing_else_on_record(
    two: Office, call: Caller
) -> None:
    link = invited(two, call)
    sent(link, {"level": "2", "words": WORDS})
    form = opened(link)[1]
    assert not [text for text in (EMPLOYEE, WORDS, " checked", link, "li@example.com", "85") if text in form]
    assert "<script" not in form


def test_who_has_no_link_of_ours_learns_nothing_and_an_old_one_says_so(two: Office, call: Caller) -> None:
    link = invited(two, call)
    pages = {opened(forged) for forged in ("x", link[:-1], f"{link}x")}
    ((status, shown),) = pages
    assert (status, "链接不完整或无效" in shown) == (404, True)
    assert sent(f"{link}x", {"level": "5"}) == (status, shown)
    two.passes(days=30)
    assert opened(link)[0] == 200
    two.passes(days=1)
    assert (opened(link)[0], sent(link, {"level": "5"})[0]) == (410, 410)
    assert two.wired.training.mentors.marked(EMPLOYEE, "negotiation") is None


def test_a_link_to_the_survey_is_none_to_a_rating(two: Office, call: Caller) -> None:
    from rencai.kernel.signed import said_by, signed

    link = invited(two, call)
    said = said_by(link, "mentor", [b"of the test"])
    assert said is not None
    assert opened(signed(said, "survey", b"of the test"))[0] == 404


def test_pages_are_not_kept_framed_or_referred_to(two: Office, call: Caller) -> None:
    for link in ("forged", invited(two, call)):
        headers = called(mentor_page, "GET", f"/mentor/{link}")["multiValueHeaders"]
        assert headers["Cache-Control"] == ["no-store"]
        assert headers["Referrer-Policy"] == ["no-referrer"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"][0]


def test_a_form_that_is_too_large_or_none_is_refused(two: Office, call: Caller) -> None:
    path = f"/mentor/{invited(two, call)}"
    assert called(mentor_page, "POST", path, "words=" + "x" * MAX_BODY)["statusCode"] == 413
    for body in ("&".join(f"q{number}=1" for number in range(200)), "%ff%fe=%zz", "{}", None):
        assert called(mentor_page, "POST", path, body)["statusCode"] == 422


def test_what_goes_wrong_is_a_page_and_neither_link_nor_words_are_logged(
    two: Office, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(error: Exception) -> Any:
        def act(*_: object) -> None:
            raise error

        return act

    link = invited(two, call)
    with logged() as log:
        sent(link, {"level": "3", "words": WORDS})
        monkeypatch.setattr(two.wired.training.mentors, "mark", fails(LostRace()))
        status, form = sent(link, {"level": "3", "words": WORDS})
        assert (status, WORDS in form) == (409, True)
        monkeypatch.setattr(two.wired.training.mentors, "mark", fails(RuntimeError(WORDS)))
        status, form = sent(link, {"level": "3", "words": WORDS})
        assert (status, "没有保存" in form, WORDS in form) == (500, True, False)
    assert not [text for text in (link, WORDS, "周晓", "li@example.com") if text in log.text]


def test_neither_names_addresses_nor_words_are_stored_in_clear(two: Office, call: Caller) -> None:
    sent(invited(two, call), {"level": "3", "words": WORDS})
    items = json.dumps(two.wired.client("dynamodb").scan(TableName="rencai-test")["Items"], default=str)
    assert not [text for text in ("李敏", "li@example.com", WORDS) if text in items]
