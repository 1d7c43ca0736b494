"""HR's office over training, on moto's table: the real use cases and stores behind HR's API, small rules of its own,
and a salesperson who begins on Monday, 2 March 2026.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from functions.employees import files as employees
from functions.employees import signals
from functions.relay.relay import relay
from functions.training import mentors, probation, rating
from functions.training import plans as training
from rencai import wiring
from rencai.employees.rules.employee import Employee
from rencai.hiring.rules.documents import ONBOARDING_KIT
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.kernel.configuration import Kind
from rencai.kernel.events import Event, Subject
from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.platform.signed_links import LinkKeys
from rencai.training.rules.courses import Enrolment
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.plan import Gap, Learner, TrainingPlan
from rencai.training.rules.probation import PROBATION_POLICY
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES
from rencai.wiring.events import DATA_MODELS
from rencai.wiring.routes import Routes
from tests.aws import client, fresh_table, key_id
from tests.builders import competency, model_document, rule
from tests.shipped import DOCUMENTS
from tests.template import ROOT
from tests.training.known_reader import known_readers
from tests.wired import BorrowedApi, serves, wired_with

START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, 9:00 in Shanghai."""
CANDIDATE: Final = "cand_01ABC"
EMPLOYEE: Final = "emp_01ABC"
ZONE: Final = ZoneInfo("Asia/Shanghai")
REGION: Final = "ap-southeast-1"
TABLE: Final = "rencai-test"
EVENT: Final = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())
GAPS: Final = (Gap("negotiation", 70), Gap("stress_tolerance", 60))


def both(chinese: str, english: str) -> dict[str, str]:
    return {"zh-CN": chinese, "en": english}


def adds(course: str, starts: int, due: int) -> dict[str, Any]:
    return {"course": course, "starts_after_days": starts, "due_after_days": due}


CATALOGUE: Final[dict[str, Any]] = {
    "courses": {
        "orientation": {"name": both("公司入门", "Company orientation"), "kind": "online", "lessons": 2},
        "product": {
            "name": both("产品知识", "Product knowledge"),
            "kind": "online",
            "lessons": 12,
            "about": both("我们卖什么", "What we sell"),
            "weight": "2",
        },
        "cases": {"name": both("产品案例分析", "Product cases"), "kind": "workshop", "days": "0.5"},
        "negotiation": {"name": both("谈判技巧实战", "Negotiation"), "kind": "online", "lessons": 20},
        "role-play": {"name": both("角色扮演", "Role play"), "kind": "workshop", "days": 1},
        "coaching": {"name": both("谈判辅导", "Negotiation coaching"), "kind": "coaching", "days": 1},
        "reading": {"name": both("补充资料", "Extra reading"), "kind": "material", "lessons": 3},
    }
}
RULES: Final[dict[str, Any]] = {
    "required": [
        {
            "id": "basics",
            "add": [adds("orientation", 0, 3), adds("product", 5, 20)],
            "why": both("每位销售都从这里开始", "Where every salesperson begins"),
        }
    ],
    "gaps": [
        {
            "id": "negotiates",
            "competency": "negotiation",
            "add": [adds("negotiation", 10, 30), adds("role-play", 25, 30)],
            "why": both("面试中谈判技巧还有提升空间", "The interview showed room to grow in negotiation"),
        }
    ],
    "progress": [
        {
            "id": "knows_product",
            "course": "product",
            "completion_at_least": 80,
            "add": [adds("cases", 1, 10)],
            "why": both("产品知识已掌握", "You know the product"),
        },
        {
            "id": "masters_product",
            "course": "product",
            "completion_at_least": 100,
            "remove": ["role-play"],
            "why": both("不再需要角色扮演", "No role play needed any more"),
        },
    ],
    "warnings": {
        "proposals": [
            {"id": "coach", "name": both("线下辅导", "Coaching"), "add": adds("coaching", 1, 5)},
            {
                "id": "read",
                "name": both("补充资料", "Extra material"),
                "causes": ["exam"],
                "courses": ["product"],
                "add": adds("reading", 0, 4),
            },
        ]
    },
    "learning_styles": {
        "visual": [
            {"id": "video", "name": both("视频", "Videos")},
            {"id": "mind_map", "name": both("思维导图", "Mind maps")},
        ]
    },
}
POLICY: Final[dict[str, Any]] = {
    "mentor": [{"id": "clearly_better", "present": ["明显提升"], "score": 100}],
}
BY_RULE: Final = {
    "score": 100.0,
    "by": "rule",
    "level": None,
    "rule": "clearly_better",
    "certainty": None,
    "reader": None,
}
"""The rating of words that the policy's rule knows."""
MODEL: Final = model_document(
    negotiation=competency("1", 90, rule("refuses", -20, present=["不行"]))
    | {"name": both("谈判技巧", "Negotiation skills")}
)


class SentMail:
    """Letters that were sent: to whom, and what they say."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str]] = []

    def send(
        self, to: str, subject: str, html: str, message_id: str, tags: dict[str, str] | None = None
    ) -> str:
        self.letters.append((to, subject, html))
        return f"m-{len(self.letters)}"


class Office:
    """One tenant; ``now`` is what its clock says."""

    def __init__(self) -> None:
        self.now = START
        self.wired = wired_with(client, lambda: self.now, {"TABLE_NAME": TABLE, "KEY_ID": key_id()})
        self.wired.reading.readers = known_readers()
        self.wired.link_keys = LinkKeys(
            lambda: '{"key": "of the test"}', lambda: "https://api.example.com/v1"
        )
        self.mail = SentMail()
        self.wired.letters.mail = cast(Any, self.mail)
        self.table = self.wired.table
        self.configurations = self.wired.configurations
        self.configure(COURSE_CATALOGUE, CATALOGUE)
        self.configure(TRAINING_RULES, RULES)
        self.configure(PROBATION_POLICY, POLICY)
        self.configure(COMPETENCY_MODEL, MODEL, "sales")
        self.configure(ONBOARDING_KIT, {"everyone": []})
        self.configure(NOTICE_TEMPLATE, DOCUMENTS[NOTICE_TEMPLATE, "mentor_rating"].content, "mentor_rating")
        self.training_plans = self.wired.training.plans
        self.performances = self.wired.employees.performances
        self.training = self.wired.training.training
        self.employees = self.wired.employees.employees
        self.enrolments = self.wired.training.enrolments
        self.timeline = self.wired.timeline
        self.signals = self.wired.employees.signals
        self.zone = self.wired.zone
        self.published: list[tuple[Subject, Event]] = []

    # --- what happens

    def configure(self, kind: Kind[Any], document: dict[str, Any], name: str = "default") -> None:
        """HR edits a document."""
        self.configurations.put(kind, name, document, actor="test", now=self.now)

    def drafts(self, candidate_id: str = CANDIDATE, role: str = "sales") -> TrainingPlan:
        """A candidate qualifies, two weeks before the first day."""
        return self.training.draft(self._learner(f"emp_{candidate_id[5:]}", role), self.now)

    def hires(
        self,
        employee_id: str = EMPLOYEE,
        style: Any = "visual",
        name: str = "周晓",
        since: date | None = None,
    ) -> None:
        """Somebody is onboarded and begins today, enrolled in the whole plan; or was there ``since`` another day."""
        today = self.now.astimezone(ZONE).date()
        candidate_id = f"cand_{employee_id[4:]}"
        employee = Employee(
            employee_id=employee_id,
            candidate_id=candidate_id,
            name=name,
            role="sales",
            location="上海",
            profile_of="aiview/itv-1",
            starts_on=since or today,
            created_at=self.now,
        )
        self.employees.hire(employee)
        self.training.assign(self._learner(employee_id, "sales", style), today, self.now)
        self.enrols(employee_id)

    def enrols(self, employee_id: str = EMPLOYEE) -> None:
        """The LMS knows of everything in the plan."""
        file = self.training_plans.get(employee_id)
        for item in file.plan.current:
            if item.item_id not in file.enrolments:
                enrolment_id = f"enr-{employee_id}/{item.item_id}"
                self.enrolments.open(Enrolment(employee_id, item.item_id, enrolment_id, item.due_at))

    def learns(
        self,
        item_id: str,
        percent: int | None = None,
        exam: int | None = None,
        review: str | None = None,
        employee_id: str = EMPLOYEE,
    ) -> None:
        """The LMS tells how far somebody is, and the plan is reviewed."""
        fact = CourseProgressed(
            f"enr-{employee_id}/{item_id}",
            self.now.astimezone(ZONE),
            Decimal(percent) if percent is not None else None,
            Decimal(exam) if exam is not None else None,
            review,
        )
        self.enrolments.progress(fact, self.now)
        self.reviews(employee_id)

    def reviews(self, employee_id: str = EMPLOYEE) -> None:
        """The plan is looked at."""
        self.training.review(employee_id, self.now)

    def passes(self, **time: float) -> None:
        """Time goes by."""
        self.now += timedelta(**time)

    def relays(self) -> None:
        """The events of the table's stream go on the timelines."""
        shard = dynamodb_backends[ACCOUNT_ID][REGION].tables[TABLE].stream_shard
        assert shard is not None
        records = [record.to_json() for record in shard.items]
        relay(records, timeline=self.timeline, bus=cast(Any, self))

    def publish(self, told: Sequence[tuple[Subject, Event]]) -> None:
        """Stands for the bus."""
        for _, event in told:
            DATA_MODELS[event.name].model_validate(event.data)
        self.published += told

    # --- what a test looks at

    def warning(self, item_id: str, cause: str, employee_id: str = EMPLOYEE) -> str:
        """The id of a warning."""
        warnings = self.training_plans.get(employee_id).plan.warnings
        return next(one.warning_id for one in warnings if (one.item_id, one.cause) == (item_id, cause))

    @staticmethod
    def _learner(employee_id: str, role: str, style: Any = "visual") -> Learner:
        return Learner(employee_id, role, "aiview/itv-1", GAPS, style)


class Caller:
    """HR's API over an office."""

    def __init__(self, *more: Routes) -> None:
        self._api = BorrowedApi(
            training.router,
            rating.router,
            mentors.router,
            probation.router,
            signals.router,
            employees.router,
            *more,
        )

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        language: str = "zh-CN",
        key: str | None = None,
        **query: str,
    ) -> tuple[int, Any]:
        """Status and body of an answer."""
        event = json.loads(json.dumps(EVENT))
        event |= {"httpMethod": method, "path": path, "resource": path}
        event["body"] = json.dumps(body) if body is not None else None
        event["queryStringParameters"] = query or None
        event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} if query else None
        event["headers"]["Accept-Language"] = language
        if key is not None:
            event["headers"]["Idempotency-Key"] = key
        self._api.resolver.append_context(wired=wiring.container())  # type: ignore[no-untyped-call]  # untyped in Powertools
        answer = self._api.handle(event, object())
        return answer["statusCode"], json.loads(answer["body"])


@contextmanager
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A fresh office, whose collaborators the routes answer with."""
    with fresh_table():
        made = Office()
        serves(monkeypatch, made.wired)
        yield made
