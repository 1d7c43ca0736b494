"""Whatever the schemas allow, and what they do not, driven through every operation against a tenant that has something
of everything: nothing ends in a 500, and each answer is one that the documentation lists (``tests/answers.py`` holds
every test against it).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import settings

from rencai.employees.rules.signals import AttendanceWeek, Survey
from rencai.kernel import ids
from rencai.platform.secrets import Secrets
from rencai.pressure.rules.card import NO_WORDS, make_card
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.pressure.rules.scan import measured
from rencai.pressure.rules.signals import Alert
from rencai.survey.rules.survey import Invitation, signed
from rencai.training.rules import mentor_links
from rencai.training.rules.mentor_links import Mentor, MentorInvitation
from tests.api.callers import CALLERS
from tests.api.test_bounds import EVENT, _apis, _parameters
from tests.api.test_openapi import _cases, _instances, _operations, _with_body
from tests.aws import Saved
from tests.journey.deliveries import OFFER, REFERENCE
from tests.journey.edge import EMPLOYEE, hired
from tests.journey.world import World, world
from tests.logs import logged

Reached = tuple[int, dict[str, Any] | str]
_ASKED: Final = 24
"""Bodies of an operation in every run; all of them in the long profile."""
_ODD_IDS: Final = (
    *("x", "人", "a#b", "..", "%2F", "a b", "𠮷" * 128, "0", "2026-W53", "2026-13", "9999-12", "0000-W01"),
    *("emp_", "cand_0", "alr_01ABC_20261122", "default"),
)
_NOT_THERE: Final = frozenset(
    f"GET /{path}"
    for path in (
        "employees/{employee_id}/career",  # the worked example's role has no ladder
        "employees/{employee_id}/scorecard",
    )
)
"""What only a tenant has that configured it."""
_QUERIES: Final = (
    *(
        "x",
        "1",
        "0",
        "100",
        "true",
        "人",
        "a#b",
        "2026-03",
        "2026-W10",
        "2026-02-30",
        "9999-12-31",
        "0001-01-01",
    ),
    *("e30", "eyJwayI6IngifQ", "W10", "bnVsbA", "%", "open", "sales", "\U0010ffff" * 256),
)


class _Keys(Secrets):
    """The key of the survey's links."""

    def __init__(self) -> None:
        pass

    def value(self, _: str) -> str:
        return json.dumps({"key": "key", "webhook_secrets": []})


class Tenant:
    """A world, put back to what it was whenever something was written."""

    def __init__(self, one: World) -> None:
        self._one = one
        self._calls = 0
        self.ids = {
            "candidate_id": REFERENCE,
            "employee_id": EMPLOYEE,
            "offer_id": OFFER,
            "week": "2026-W09",
            "month": "2026-02",
            "leave_id": "QJ-1",
            "vendor": "esign",
        }
        hired(one)
        self._alert()
        one.wired.secrets = _Keys()
        invited = Invitation(EMPLOYEE, "2026-03", one.now.date() + timedelta(days=7))
        self.ids["token"] = signed(invited, b"key")
        self._mentor_token = self._mentored(invited.closes_on)
        self._saved = Saved()
        ticket = {"filename": "march.csv", "size": 100}
        asked: dict[str, tuple[str, Any]] = {
            "import_id": ("POST /imports", {"kind": "people", "confirm": True, **ticket}),
            "upload_id": ("POST /uploads", _instances().sample(_schema_of("POST /uploads"))),
            "intervention_id": (
                "POST /risk/alerts/{alert_id}/interventions",
                {"actions": [self._action()], "owner": "李经理", "due_on": "2026-03-30", "note": "说"},
            ),
        }
        for name, (operation, body) in asked.items():
            status, answer = self.asks(operation, body=json.dumps(body))
            assert status == 201, answer
            assert isinstance(answer, dict)
            self.ids[name] = answer[name]
            self._saved = Saved()
        deliveries = one.wired.inbox.deliveries.page(None, None, 100, None).items
        self.ids["delivery_id"] = deliveries[0]["delivery_id"]

    def _mentored(self, closes_on: date) -> str:
        """A course of theirs has a mentor, whose link this is the token of."""
        item_id = next(iter(self._one.wired.training.plans.get(EMPLOYEE).enrolments))
        mentor = Mentor("李敏", "zh-CN", None, "li@example.com")
        self._one.wired.training.mentor_desk.name(EMPLOYEE, item_id, mentor, "hr", self._one.now)
        return mentor_links.signed(MentorInvitation(EMPLOYEE, item_id, 1, closes_on), b"key")

    def _alert(self) -> None:
        """The night found them under pressure."""
        one, today = self._one, self._one.now.date()
        cards = one.wired.pressure.cards
        hours = [AttendanceWeek(f"2026-W{week:02}", Decimal(60), Decimal(0)) for week in range(6, 10)]
        card = make_card(hours, [], [], Survey("2026-02", (("workload", 1),)), NO_WORDS, None, today)
        cards.replace(cards.get(EMPLOYEE), EMPLOYEE, card)
        found = cards.get(EMPLOYEE)
        assert found
        judged = measured(one.wired.configurations.latest(RISK_POLICY).document, found.card, today)
        assert judged
        scan_id = one.wired.pressure.scans.begin(today, 1, 1, one.now).scan_id
        self.ids["alert_id"] = ids.alert_id(EMPLOYEE, today)
        cards.tell(found, Alert(self.ids["alert_id"], EMPLOYEE, judged, today, scan_id, 1), scan_id, one.now)

    def _action(self) -> str:
        from rencai.pressure.rules.intervention import INTERVENTION_CATALOGUE

        return next(iter(self._one.wired.configurations.latest(INTERVENTION_CATALOGUE).document.actions))

    def asks(
        self,
        operation: str,
        ids: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> Reached:
        """Status and body of an answer; the ids are those of what there is but for ``ids``."""
        method, path = operation.split(" ")
        names, _ = _parameters(operation)
        known = self.ids | ({"token": self._mentor_token} if path.startswith("/mentor/") else {})
        given = {name: known.get(name, "x") for name in names} | dict(ids or {})
        for name, value in given.items():
            path = path.replace(f"{{{name}}}", value)
        event = json.loads(json.dumps(EVENT)) | {
            "httpMethod": method,
            "path": path,
            "pathParameters": given or None,
            "queryStringParameters": dict(query or {}) or None,
            "multiValueQueryStringParameters": {name: [one] for name, one in (query or {}).items()} or None,
            "body": body,
        }
        self._calls += 1
        event["requestContext"]["requestId"] = f"request-{self._calls}"
        for headers in (event["headers"], event["multiValueHeaders"]):
            headers.pop("Idempotency-Key", None)
        event["requestContext"]["authorizer"] = {
            "claims": {"sub": "hr:1", "scope": "rencai/api rencai/ingest"}
        }
        api = _apis()[operation]
        api.resolver.append_context(wired=self._one.wired)  # type: ignore[no-untyped-call]  # untyped in Powertools
        with logged() as log:
            answer = api.handle(event, None)
        assert answer["statusCode"] < 500, (operation, given, query, body, log.text[-1500:])
        return answer["statusCode"], _read(answer)

    def put_back(self) -> None:
        """As it was before."""
        self._saved.put_back()


def _read(answer: Mapping[str, Any]) -> dict[str, Any] | str:
    body = answer["body"]
    return json.loads(body) if "json" in answer["multiValueHeaders"]["Content-Type"][0] else str(body)


@pytest.fixture(scope="module")
def tenant() -> Iterator[Tenant]:
    with world() as one:
        yield Tenant(one)


def _listed(operation: str, status: int) -> None:
    listed = _operations().get(operation)
    assert listed is None or str(status) in listed["responses"], (operation, status)


def _body(operation: str) -> str | None:
    return json.dumps(_instances().sample(_schema_of(operation))) if operation in _with_body() else None


def _schema_of(operation: str) -> Mapping[str, Any]:
    body = _operations()[operation]["requestBody"]
    schema: Mapping[str, Any] = body["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize("operation", _with_body())
def test_whatever_a_body_is_it_is_answered_as_listed(tenant: Tenant, operation: str) -> None:
    bodies = [body for _, body, takes in _cases(operation) if takes]
    wrong = [body for _, body, takes in _cases(operation) if not takes]
    if settings.get_current_profile_name() == "quick":
        bodies, wrong = (some[:: len(some) // _ASKED + 1] for some in (bodies, wrong))
    reached = set()
    for body in (*bodies, *wrong):
        status, _ = tenant.asks(operation, body=body)
        _listed(operation, status)
        reached.add(status)
        if status < 300:
            tenant.put_back()
    assert reached - {400}, "nothing came past the edge"


@pytest.mark.parametrize("operation", CALLERS)
def test_whatever_stands_in_an_address_is_answered_as_listed(tenant: Tenant, operation: str) -> None:
    names, queries = _parameters(operation)
    asked = [{}, *({name: odd} for name in names for odd in _ODD_IDS)]
    for given in asked:
        status, _ = tenant.asks(operation, given, body=_body(operation))
        _listed(operation, status)
        if not given and operation.startswith("GET ") and set(names) <= set(tenant.ids):
            assert status == (404 if operation in _NOT_THERE else 200)
        if status < 300:
            tenant.put_back()
    shapes = {one["name"]: one["schema"] for one in _operations().get(operation, {}).get("parameters", [])}
    for name in queries:
        some = {*_QUERIES, *map(str, _instances().plain(shapes[name]).get("enum", ()))}
        for value in sorted(some):
            status, _ = tenant.asks(operation, query={name: value}, body=_body(operation))
            _listed(operation, status)
