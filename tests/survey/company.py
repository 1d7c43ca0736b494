"""A company on moto's table that asks its employees every month, with what it sent and wrote."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any, Final, cast
from urllib.parse import urlencode

from functions.survey import closing, counting, invite, letters, page, results
from rencai.employees.rules.employee import Employee
from rencai.employees.rules.signals import AnswerReport, SurveyReport, survey_answers
from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.platform.consumer import Retry
from rencai.platform.signed_links import LinkKeys
from rencai.pressure.rules.card import NO_WORDS, make_card
from rencai.pressure.store.cards import Cards
from rencai.survey.rules.survey import SURVEY_FORM, Invitation
from tests.aws import client, key_id
from tests.shipped import DOCUMENTS
from tests.template import ROOT
from tests.wired import wired_with

START: Final = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
"""The 25th, 9:00 in Shanghai."""
TABLE: Final = "rencai-test"
EVENT: Final = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())
WORDS: Final = "压力很大,周末也在加班"
NOTHING_TOLD: Final = make_card([], [], [], None, NO_WORDS, None, START.date())


class FakeMail:
    """Letters sent, by address. Refuses the addresses it was told to."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str]] = []
        self.refuses: set[str] = set()

    def send(self, to: str, subject: str, html: str, reference: str, tags: Mapping[str, str]) -> str:
        if to in self.refuses:
            raise Retry("SES answered MessageRejected")
        self.letters.append((to, subject, html))
        return "msg-1"


class FakeSqs:
    """The queues of letters and of figures, which look after their own."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803 - AWS's names
        assert QueueUrl in ("letters", "figures", "own")
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
        self.mail, self.sqs = FakeMail(), FakeSqs()
        self.wired = wired_with(
            {"dynamodb": client("dynamodb"), "kms": client("kms"), "sqs": self.sqs}.__getitem__,
            lambda: self.now,
            {
                "TABLE_NAME": TABLE,
                "KEY_ID": key_id(),
                "LETTERS_QUEUE_URL": "letters",
                "FIGURES_QUEUE_URL": "figures",
                "QUEUE_URL": "own",
            },
        )
        self.table = self.wired.table
        self.configurations = self.wired.configurations
        for kind, name in (
            (SURVEY_FORM, "default"),
            (NOTICE_TEMPLATE, "survey_invitation"),
        ):
            content = DOCUMENTS[kind, name].content
            self.configurations.put(kind, name, content, actor="test", now=self.now)
        self.wired.queue = cast(Any, FakeQueue())
        self.wired.letters.mail = cast(Any, self.mail)
        self.wired.pressure.cards = Cards(self.table, 4)
        self.wired.link_keys = LinkKeys(
            lambda: '{"key": "secret of the test", "earlier": []}', lambda: "https://api.example.com/v1"
        )
        self.employees = self.wired.employees.employees
        self.people = self.wired.people.people
        self.signals = self.wired.employees.signals
        self.survey_rounds = self.wired.survey.rounds
        self.survey_links = self.wired.survey.links
        self.zone = self.wired.zone

    @property
    def cards(self) -> Cards:
        return self.wired.pressure.cards

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

    def answers(self, employee_id: str, month: str = "2026-11", by: str = "hr", **scores: int) -> None:
        """Somebody of HR, or a system of theirs, tells answers given elsewhere."""
        report = SurveyReport(
            answers=[AnswerReport(question_id=question, score=score) for question, score in scores.items()]
        )
        told = survey_answers(month, report, self.today)
        self.signals.record_survey(employee_id, told, by, self.now)

    def says(self, employee_id: str, month: str = "2026-11", **scores: int) -> None:
        """An employee answers by their link."""
        closes_on = self.survey_rounds.closes_on(month)
        assert closes_on, "nobody was asked"
        token = self.survey_links.url(Invitation(employee_id, month, closes_on)).rpartition("/")[2]
        status, thanks = sent(token, {question: str(score) for question, score in scores.items()})
        assert status == 200, thanks

    def closes(self) -> None:
        """It is some days after the last on which the month's survey is answered; the schedule has come round."""
        self.now = datetime(2026, 12, 11, 1, 0, tzinfo=UTC)
        self.counts()

    def counts(self) -> None:
        """The schedule that closes surveys comes round, and every message is delivered."""
        closing.handler({}, Context())
        self.delivers()

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
        return token_in(html)


def token_in(html: str) -> str:
    """The token of the link in a letter."""
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
    consumer = counting if "page" in json.loads(body) else letters
    failures: list[Any] = consumer.handler({"Records": [record]}, Context())["batchItemFailures"]
    return failures


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
    "made_at": None,
    "closes_on": "2026-12-09",
    "invited": 0,
    "without_address": 0,
    "answered": 0,
    "group_size": 5,
    "questions": [],
    "by": None,
    "groups": [],
    "next": None,
}


def invitation_of(employee_id: str) -> Invitation:
    return Invitation(employee_id, "2026-11", date(2026, 12, 9))
