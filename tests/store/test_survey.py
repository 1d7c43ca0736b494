"""The monthly survey on moto's table (F7): the schedule, a letter each, the page behind the link, the results."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any, Final, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import botocore.session
import pytest
from moto import mock_aws

from rencai import wiring
from rencai.correspondence import Correspondence
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.employee import Employee
from rencai.domain.errors import LANGUAGES, LostRace
from rencai.domain.identity import Identity
from rencai.domain.interview import Candidate
from rencai.domain.risk import make_card
from rencai.domain.signals import AnswerReport, SurveyReport, survey_answers
from rencai.domain.survey import GroupFigures, Grouping, Invitation, SurveyFigures
from rencai.platform.consumer import Retry
from rencai.platform.settings import Settings
from rencai.platform.survey_links import SurveyLinks
from rencai.store.cards import Cards
from rencai.store.configurations import Configurations
from rencai.store.employees import Employees
from rencai.store.notices import Notices
from rencai.store.people import People
from rencai.store.sealed import Vault
from rencai.store.signals import Signals
from rencai.store.survey_rounds import Asked, SurveyRounds
from rencai.store.table import Table
from survey import invite, letters, page, results
from tests.template import ROOT, table_definition
from tests.unit.logs import logged
from tests.unit.shipped import DOCUMENTS

START: Final = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
"""The 25th, 9:00 in Shanghai."""
TABLE: Final = "rencai-test"
EVENT: Final = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())
WORDS: Final = "压力很大,周末也在加班"
NOTHING_TOLD: Final = make_card([], [], [], None, (), None, START.date())


class FakeMail:
    """Letters sent, by address. Refuses the addresses it was told to."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str]] = []
        self.refuses: set[str] = set()

    def send(self, to: str, subject: str, html: str, reference: str) -> str:
        if to in self.refuses:
            raise Retry("SES answered MessageRejected")
        self.letters.append((to, subject, html))
        return "msg-1"


class FakeSqs:
    """The letters' queue."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803 - AWS's names
        assert QueueUrl == "letters"
        self.messages.append(MessageBody)


class FakeQueue:
    """What a consumer does with what it cannot do now."""

    def delay(self, receipt_handle: str, seconds: int) -> None:
        """Hidden for a while."""

    def park(self, body: str, reason: str) -> None:
        raise AssertionError(reason)


class Context:
    """What the logger takes of a Lambda context."""

    function_name = "survey"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:ap-southeast-1:123456789012:function:survey"
    aws_request_id = "req-1"


class Company:
    """A tenant and its employees; ``now`` is what its clock says."""

    def __init__(self) -> None:
        self.now = START
        session = botocore.session.get_session()
        client: Any = session.create_client("dynamodb", region_name="ap-southeast-1")
        kms: Any = session.create_client("kms", region_name="ap-southeast-1")
        client.create_table(**table_definition(TABLE))
        self.table = Table(client, TABLE)
        vault = Vault(kms, kms.create_key()["KeyMetadata"]["KeyId"], "test")
        self.configurations = Configurations(self.table, lambda: self.now)
        for kind, name in (
            (ConfigurationKind.SURVEY, "default"),
            (ConfigurationKind.NOTICE_TEMPLATE, "survey_invitation"),
        ):
            content = DOCUMENTS[kind, name].content
            self.configurations.put(kind, name, content, actor="test", now=self.now)
        self.employees = Employees(self.table)
        self.people = People(self.table, vault)
        self.cards = Cards(self.table, 4)
        self.signals = Signals(self.table, vault)
        self.survey_rounds = SurveyRounds(self.table)
        self.survey_links = SurveyLinks(
            lambda: '{"key": "secret of the test", "earlier": []}', lambda: "https://api.example.com/v1"
        )
        self.mail, self.sqs = FakeMail(), FakeSqs()
        self.correspondence = Correspondence(Notices(self.table), self.configurations, cast(Any, self.mail))
        self.zone = ZoneInfo("Asia/Shanghai")

    # --- what happens

    def employs(self, employee_id: str, **more: Any) -> None:
        """Somebody is on record, with a card."""
        told = {
            "name": "周晓",
            "role": "sales",
            "location": "上海",
            "starts_on": date(2026, 3, 2),
            "email": f"{employee_id}@example.com",
            "locale": "zh-CN",
            **more,
        }
        self.employees.hire(Employee(employee_id=employee_id, created_at=self.now, **told))
        self.cards.replace(None, employee_id, NOTHING_TOLD)

    def answers(self, employee_id: str, month: str = "2026-11", **scores: int) -> None:
        """HR enters answers given on paper."""
        report = SurveyReport(
            answers=[AnswerReport(question_id=question, score=score) for question, score in scores.items()]
        )
        told = survey_answers(month, report, self.today)
        self.signals.record_survey(employee_id, told, "hr", self.now)

    def asks(self) -> None:
        """The schedule comes round, and every message is delivered until none is left."""
        invite.handler({}, Context())
        self.delivers()

    def delivers(self, times: int = 1) -> None:
        """Every message, and those it leads to."""
        while self.sqs.messages:
            waiting, self.sqs.messages = self.sqs.messages, []
            for body in waiting * times:
                assert consumed(body) == [], "not delivered"

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    # --- what a test looks at

    def link(self, employee_id: str) -> str:
        """The token of the link in the last letter to an employee."""
        html = [html for to, _, html in self.mail.letters if to == f"{employee_id}@example.com"][-1]
        (address,) = set(re.findall(r'href="([^"]+)"', html))
        return str(unescape(address).removeprefix("https://api.example.com/v1/survey/"))


def consumed(body: str) -> list[Any]:
    """The failures that the consumer reports of one message."""
    record = {
        "messageId": "m-1",
        "receiptHandle": "r-1",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
    }
    failures: list[Any] = letters.handler({"Records": [record]}, Context())["batchItemFailures"]
    return failures


@contextmanager
def company(monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    with mock_aws():
        made = Company()
        for name in (
            "configurations",
            "employees",
            "people",
            "cards",
            "signals",
            "survey_rounds",
            "survey_links",
            "correspondence",
            "zone",
        ):
            monkeypatch.setattr(wiring, name, lambda name=name: getattr(made, name))
        monkeypatch.setattr(wiring, "clock", lambda: made.now)
        monkeypatch.setattr(wiring, "client", lambda _: made.sqs)
        monkeypatch.setattr(wiring, "queue", FakeQueue)
        given = Settings({"LETTERS_QUEUE_URL": "letters", "QUEUE_URL": "letters", "TENANT_LANGUAGE": "zh-CN"})
        for module in (invite, letters, page):
            monkeypatch.setattr(module, "settings", lambda: given)
        yield made


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    with company(monkeypatch) as fresh:
        yield fresh


def call(module: Any, method: str, path: str, body: str | None = None, **query: str) -> dict[str, Any]:
    """API Gateway's answer to one of the functions."""
    event = json.loads(json.dumps(EVENT))
    event |= {"httpMethod": method, "path": path, "resource": path, "body": body}
    event["queryStringParameters"] = query or None
    event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} if query else None
    event["headers"]["content-type"] = "application/x-www-form-urlencoded"
    answer: dict[str, Any] = module.handler(event, Context())
    return answer


def opened(token: str, **query: str) -> tuple[int, str]:
    answer = call(page, "GET", f"/survey/{token}", **query)
    return answer["statusCode"], answer["body"]


def sent(token: str, fields: dict[str, str], **query: str) -> tuple[int, str]:
    answer = call(page, "POST", f"/survey/{token}", urlencode(fields), **query)
    return answer["statusCode"], answer["body"]


def read(month: str = "2026-11", **query: str) -> dict[str, Any]:
    answer = call(results, "GET", f"/surveys/{month}", **query)
    assert answer["statusCode"] == 200, answer["body"]
    shown: dict[str, Any] = json.loads(answer["body"])
    return shown


TOTALS: Final = {
    "month": "2026-11",
    "open": True,
    "closes_on": "2026-12-09",
    "invited": 0,
    "without_address": 0,
    "answered": 0,
    "group_size": 5,
    "questions": [],
    "by": None,
    "groups": [],
}


# --- the whole way


def test_f7_from_the_schedule_through_letter_link_and_page_to_the_results(one: Company) -> None:
    everybody = [f"emp_{number}" for number in range(7)]
    for employee_id in everybody:
        one.employs(employee_id, department="运营" if employee_id < "emp_5" else "法务")
    one.asks()
    assert sorted(to for to, _, _ in one.mail.letters) == [f"{one_}@example.com" for one_ in everybody]
    assert {subject for _, subject, _ in one.mail.letters} == {"2026 年 11 月员工满意度调查:想听听您的感受"}
    for number, employee_id in enumerate(everybody):
        assert opened(one.link(employee_id))[0] == 200
        fields = {"stress": str(1 + number % 5), "comment": WORDS}
        status, thanks = sent(one.link(employee_id), fields)
        assert (status, "谢谢" in thanks) == (200, True)
    assert [one_.scores for one_ in one.signals.surveys("emp_0", 1)] == [(("comment", None), ("stress", 1))]
    assert one.signals.survey_texts("emp_0", "2026-11") == {"comment": WORDS}
    # Open, there are only totals: of two figures an answer apart, the difference would be the answer.
    asked = TOTALS | {"invited": 7, "answered": 7}
    assert read(by="department") == asked | {"by": "department"}
    one.passes(days=14, hours=15)
    assert one.today == date(2026, 12, 10)
    stress = {
        "id": "stress",
        "text": "这个月,工作压力在您能应对的范围内吗?",
        "answers": 7,
        # 1 + 2 + 3 + 4 + 5 + 1 + 2, of 7
        "mean": 2.57,
        "distribution": [2, 2, 1, 1, 1],
    }
    closed = asked | {"open": False, "questions": [stress]}
    assert read() == closed
    # Five answers in operations would be enough, and would leave two.
    assert read(by="department") == closed | {
        "by": "department",
        "groups": [
            {"name": "法务", "answered": 2, "questions": []},
            {"name": "运营", "answered": 5, "questions": []},
        ],
    }
    assert read(by="role")["groups"] == [{"name": "sales", "answered": 7, "questions": [stress]}]
    assert WORDS not in json.dumps(read(), ensure_ascii=False)


# --- inviting


def test_f7_a_run_twice_writes_to_nobody_twice_and_to_who_came_since(one: Company) -> None:
    for number in range(3):
        one.employs(f"emp_{number}")
    one.asks()
    one.employs("emp_3")
    one.passes(days=1)
    one.asks()
    assert sorted(to for to, _, _ in one.mail.letters) == [f"emp_{number}@example.com" for number in range(4)]
    # The last day stays what it was.
    assert read() == TOTALS | {"invited": 4}
    one.passes(days=31)
    one.asks()
    assert len(one.mail.letters) == 8


def test_every_message_may_come_twice(one: Company) -> None:
    for number in range(3):
        one.employs(f"emp_{number}")
    invite.handler({}, Context())
    one.delivers(times=2)
    assert len(one.mail.letters) == 3
    assert read()["invited"] == 3


def test_once_the_survey_is_closed_nobody_is_asked(one: Company) -> None:
    one.employs("emp_0")
    one.now = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
    invite.handler({}, Context())
    waiting, one.sqs.messages = one.sqs.messages, []
    one.passes(days=15)
    for body in waiting:
        consumed(body)
    one.delivers()
    one.asks()
    assert one.mail.letters == []


def test_only_who_works_is_asked(one: Company) -> None:
    one.employs("emp_stays", left_on=date(2026, 11, 25))
    one.employs("emp_left", left_on=date(2026, 11, 24))
    one.employs("emp_to_come", starts_on=date(2026, 11, 26))
    one.cards.replace(None, "emp_gone", NOTHING_TOLD)
    one.asks()
    assert [to for to, _, _ in one.mail.letters] == ["emp_stays@example.com"]


def test_who_was_hired_is_written_to_as_a_candidate_was(one: Company) -> None:
    said = {"external_id": "1", "name": "Mei", "email": "mei@example.com", "locale": "en"}
    one.people.record("cand_1", Candidate.model_validate(said), Identity("cand_1"), new=True)
    one.employs("emp_1", candidate_id="cand_1", email=None, locale=None)
    one.employs("emp_2", candidate_id="cand_erased", email="two@example.com", locale=None)
    one.asks()
    assert sorted((to, subject[:8]) for to, subject, _ in one.mail.letters) == [
        ("mei@example.com", "Employee"),
        ("two@example.com", "2026 年 1"),
    ]
    assert '<html lang="en">' in opened(one.survey_links.url(_invited("emp_1")).rpartition("/")[2])[1]


def _invited(employee_id: str) -> Invitation:
    return Invitation(employee_id, "2026-11", date(2026, 12, 9))


def test_who_cannot_be_reached_is_counted_and_logged_without_a_name(one: Company) -> None:
    one.employs("emp_0")
    one.employs("emp_1", email=None)
    one.employs("emp_2", email=None)
    with logged() as log:
        one.asks()
    assert (read()["invited"], read()["without_address"]) == (1, 2)
    counted = [line["without_address"] for line in log.lines("without_address") if "without_address" in line]
    assert sum(counted) == 2
    assert not [text for text in ("周晓", "example.com", one.link("emp_0")) if text in log.text]


def test_an_address_that_is_refused_keeps_no_other_waiting(one: Company) -> None:
    one.cards = Cards(one.table, 1)
    for number in range(3):
        one.employs(f"emp_{number}")
    one.mail.refuses = {"emp_1@example.com"}
    invite.handler({}, Context())
    (shard,) = one.sqs.messages
    assert consumed(shard) == []
    part = one.sqs.messages[-1]
    assert consumed(part) == [{"itemIdentifier": "m-1"}]
    assert read()["invited"] == 2
    one.mail.refuses = set()
    assert consumed(part) == []
    assert sorted(to for to, _, _ in one.mail.letters) == [f"emp_{number}@example.com" for number in range(3)]
    assert read()["invited"] == 3


def test_a_large_shard_is_cut_into_parts(one: Company) -> None:
    one.cards = Cards(one.table, 1)
    for number in range(letters.AT_ONCE + 1):
        one.cards.replace(None, f"emp_{number:03}", NOTHING_TOLD)
    invite.handler({}, Context())
    (shard,) = one.sqs.messages
    one.sqs.messages = []
    assert consumed(shard) == []
    sizes = [len(json.loads(body)["employee_ids"]) for body in one.sqs.messages]
    assert sizes == [letters.AT_ONCE, 1]


# --- the page


def test_f7_answering_again_replaces_until_it_closes(one: Company) -> None:
    one.employs("emp_0")
    one.asks()
    token = one.link("emp_0")
    assert sent(token, {"stress": "2", "comment": WORDS})[0] == 200
    one.passes(days=14)
    assert sent(token, {"stay": "4"})[0] == 200
    assert [one_.scores for one_ in one.signals.surveys("emp_0", 1)] == [(("stay", 4),)]
    assert one.signals.survey_texts("emp_0", "2026-11") == {}
    assert read()["answered"] == 1
    one.passes(days=1)
    for answer in (opened(token), sent(token, {"stay": "1"})):
        assert answer[0] == 410
        assert "2026-12-09" in answer[1]
    assert [one_.scores for one_ in one.signals.surveys("emp_0", 1)] == [(("stay", 4),)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_said_on_the_page_and_what_was_entered_is_kept(one: Company, language: str) -> None:
    one.employs("emp_0")
    token = one.survey_links.url(_invited("emp_0")).rpartition("/")[2]
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
    token = one.survey_links.url(_invited("emp_0")).rpartition("/")[2]
    assert '<html lang="en">' in opened(token)[1]
    assert '<html lang="zh-CN">' in opened(token, lang="zh-CN")[1]
    assert '<html lang="en">' in opened(token, lang="xx")[1]
    assert "Thank you" in sent(token, {"stay": "3"})[1]


def test_a_page_shows_nothing_that_is_on_record(one: Company) -> None:
    one.employs("emp_0")
    token = one.survey_links.url(_invited("emp_0")).rpartition("/")[2]
    sent(token, {"stress": "1", "comment": WORDS})
    form = opened(token)[1]
    assert not [text for text in ("周晓", "emp_0", WORDS, " checked", token) if text in form]


def test_pages_are_not_kept_framed_or_referred_to(one: Company) -> None:
    for token in ("forged", one.survey_links.url(_invited("emp_0")).rpartition("/")[2]):
        headers = call(page, "GET", f"/survey/{token}")["multiValueHeaders"]
        assert headers["Cache-Control"] == ["no-store"]
        assert headers["Referrer-Policy"] == ["no-referrer"]
        assert headers["Content-Type"] == ["text/html; charset=utf-8"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"][0]


def test_f7_who_has_no_link_of_ours_learns_nothing(one: Company) -> None:
    one.employs("emp_0")
    genuine = one.survey_links.url(_invited("emp_0")).rpartition("/")[2]
    nobody = one.survey_links.url(_invited("emp_nobody")).rpartition("/")[2]
    pages_ = {opened(token) for token in ("x", genuine[:-1], f"{genuine}x", nobody)}
    assert len(pages_) == 1
    ((status, shown),) = pages_
    assert status == 404
    assert "链接不完整或无效" in shown
    assert sent(f"{genuine}x", {"stay": "1"}) == (status, shown)
    assert one.signals.surveys("emp_0", 1) == []


def test_who_has_left_is_told_that_it_is_over(one: Company) -> None:
    one.employs("emp_0", left_on=date(2026, 11, 24))
    status, shown = opened(one.survey_links.url(_invited("emp_0")).rpartition("/")[2], lang="en")
    assert (status, "no longer takes answers" in shown) == (410, True)


def test_a_form_that_is_too_large_or_none_is_refused(one: Company) -> None:
    one.employs("emp_0")
    path = f"/survey/{one.survey_links.url(_invited('emp_0')).rpartition('/')[2]}"
    assert call(page, "POST", path, "comment=" + "x" * page.MAX_BODY)["statusCode"] == 413
    for body in ("&".join(f"q{number}=1" for number in range(200)), "%ff%fe=%zz", "{}", None):
        assert call(page, "POST", path, body)["statusCode"] == 422


def test_of_two_answers_at_once_the_loser_keeps_what_was_entered(
    one: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> bool:
        raise LostRace

    one.employs("emp_0")
    monkeypatch.setattr(one.signals, "record_survey", lost)
    status, form = sent(one.survey_links.url(_invited("emp_0")).rpartition("/")[2], {"comment": WORDS})
    assert (status, WORDS in form) == (409, True)


def test_what_nobody_foresaw_is_a_page_and_the_link_is_not_logged(
    one: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bool:
        raise RuntimeError(WORDS)

    one.employs("emp_0")
    token = one.survey_links.url(_invited("emp_0")).rpartition("/")[2]
    with logged() as log:
        opened(token)
        opened(f"{token}x")
        sent(token, {"comment": WORDS})
        monkeypatch.setattr(one.signals, "record_survey", fails)
        status, shown = sent(token, {"comment": WORDS})
    assert (status, "没有保存" in shown, WORDS in shown) == (500, True, False)
    assert log.lines()[-1] == {"message": "failed"}
    assert not [text for text in (token, token.partition(".")[2], WORDS, "周晓") if text in log.text]


# --- the results


def test_f7_figures_are_made_once(one: Company) -> None:
    for number in range(6):
        one.employs(f"emp_{number}")
        if number < 5:
            one.answers(f"emp_{number}", stress=4)
    one.now = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    # Nobody was asked by e-mail: the survey closed with its month.
    first = read()
    assert (first["closes_on"], first["open"], first["answered"]) == (None, False, 5)
    assert first["questions"][0]["distribution"] == [0, 0, 0, 5, 0]
    one.answers("emp_5", stress=1)
    one.answers("emp_0", stress=1)
    assert read() == first


def test_answers_that_come_late_make_figures_where_there_were_none(one: Company) -> None:
    for number in range(5):
        one.employs(f"emp_{number}")
    one.answers("emp_0", month="2026-10", stress=4)
    assert (read("2026-10")["answered"], read("2026-10")["questions"]) == (1, [])
    for number in range(1, 5):
        one.answers(f"emp_{number}", month="2026-10", stress=4)
    assert read("2026-10")["questions"][0]["answers"] == 5


def test_a_question_the_form_no_longer_has_comes_last_and_without_text(one: Company) -> None:
    for number in range(5):
        one.employs(f"emp_{number}")
        one.answers(f"emp_{number}", month="2026-10", mood=3, stay=5)
    shown = [(question["id"], question["text"] is None) for question in read("2026-10")["questions"]]
    assert shown == [("stay", False), ("mood", True)]


def test_answers_of_more_than_one_page_are_all_read(one: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rencai.store.signals._ANSWERS", 3)
    for number in range(8):
        one.employs(f"emp_{number}")
        one.answers(f"emp_{number}", stress=2)
    assert read()["answered"] == 8
    assert sum(map(len, one.signals.answered("2026-11"))) == 8
    one.now = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    assert read()["questions"][0]["answers"] == 8


def test_a_month_of_which_nothing_is_known(one: Company) -> None:
    assert read("2026-03") == TOTALS | {"month": "2026-03", "closes_on": None, "open": False}
    assert read("2027-03") == TOTALS | {"month": "2027-03", "closes_on": None}


def test_a_grouping_that_is_not_shown_is_named(one: Company) -> None:
    content = {**DOCUMENTS[ConfigurationKind.SURVEY, "default"].content, "groupings": ["location"]}
    one.configurations.put(ConfigurationKind.SURVEY, "default", content, actor="test", now=one.now)
    answer = call(results, "GET", "/surveys/2026-11", by="role")
    problem = json.loads(answer["body"])
    assert (answer["statusCode"], problem["type"]) == (
        422,
        "urn:rencai:problem:grouping_unknown",
    )
    assert "location" in problem["detail"]
    assert call(results, "GET", "/surveys/2026-11", by="age")["statusCode"] == 400
    assert call(results, "GET", "/surveys/november")["statusCode"] == 400


FIGURES: Final = SurveyFigures(
    9,
    {"stress": (1, 2, 3, 2, 1)},
    {Grouping.ROLE: (GroupFigures("sales", 8, {"stress": (0, 2, 3, 2, 1)}), GroupFigures(None, 1, {}))},
)


def test_figures_are_kept_as_they_were_made_and_the_first_ones_count(one: Company) -> None:
    assert one.survey_rounds.figures("2026-11") is None
    assert one.survey_rounds.keep("2026-11", FIGURES, one.now) == FIGURES
    other = SurveyFigures(10, {}, {})
    assert one.survey_rounds.keep("2026-11", other, one.now) == FIGURES
    assert one.survey_rounds.figures("2026-11") == FIGURES


def test_a_survey_begun_before_keeps_its_last_day(one: Company) -> None:
    assert one.survey_rounds.closes_on("2026-11") is None
    assert one.survey_rounds.open("2026-11", date(2026, 12, 9), one.now) == date(2026, 12, 9)
    assert one.survey_rounds.open("2026-11", date(2026, 12, 12), one.now) == date(2026, 12, 9)
    one.survey_rounds.part_done("2026-11", 0, 0, Asked(40, 2))
    one.survey_rounds.part_done("2026-11", 0, 0, Asked(41, 1))
    one.survey_rounds.part_done("2026-11", 1, 0, Asked(1, 0))
    assert one.survey_rounds.asked("2026-11") == Asked(42, 1)
