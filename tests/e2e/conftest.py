"""One embedded stack for the whole suite: the real template, deployed by the SAM CLI, IAM enforced."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import yaml
from xdist.scheduler import LoadScopeScheduling

from infra.admin import DEFAULTS
from infra.local.candidates import RESIDENT_IDS, resident_id
from infra.local.defaults import load_defaults
from infra.local.stack import Stack, bring_up
from rencai.hiring.rules.documents import HIRING_POLICY, ONBOARDING_KIT
from rencai.kernel.work_calendar import WORK_CALENDAR
from rencai.store.configurations import Configurations
from rencai.store.table import Table
from rencai.training.rules.rules import TRAINING_RULES
from tests.e2e.outsider import Outsider
from tests.e2e.sharing import shared_stack
from tests.journey.world import worked_example

_NAME = "e2e"


# What takes long begins first, in this order. What stands in one line is run in line, by one process; everything else
# runs beside everything else, so that a test looks at nothing but its own.
LINES: Final = (
    # Waits for a round of the watchdog.
    ("test_b7_",),
    # The night looks at everybody who has signals, and the survey goes to everybody.
    ("test_pressure.py", "test_survey.py", "test_employee.py"),
    # A vendor has one fault at a time, and the queue has one patience for all.
    ("test_the_offer_waits_for_finance_", "test_what_the_queue_gave_up_"),
    ("test_a_file_of_interviews_",),
    ("test_training.py::test_c3_",),
    ("test_an_upload_by_url_",),
    # Who leaves the talent pool or comes back to it could be seen twice by who pages through it.
    ("test_lists_page_", "test_a6_the_same_person_"),
)


def _line(nodeid: str) -> int:
    return next((n for n, line in enumerate(LINES) if any(part in nodeid for part in line)), len(LINES))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-randomly has had its say."""
    items.sort(key=lambda item: _line(item.nodeid))


def _scope(nodeid: str) -> str:
    line = _line(nodeid)
    return f"line {line}" if line < len(LINES) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For ``pytest tests/e2e -n 4``. (xdist's own groups are lost on pytest 9.2: it knows no ``Item._nodeid``.)"""
    config.option.loadscopereorder = False
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = _scope
    return scheduler


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One for all processes of a run. What a test looks at is its own: others run beside it."""
    with shared_stack(_NAME, _deployed) as shared:
        yield shared


def _deployed() -> Stack:
    deployed = bring_up(_NAME, fresh=True, say=print)
    load_defaults(deployed)
    _be_impatient(deployed)
    return deployed


@pytest.fixture(scope="session")
def outsider(stack: Stack) -> Outsider:
    return Outsider(stack, _every_event(stack))


@pytest.fixture
def interview() -> dict[str, Any]:
    """The worked example, as a person nobody has met."""
    fresh = uuid.uuid4().hex[:12]
    one = worked_example()
    one["interview_id"] = f"itv-{fresh}"
    one["candidate"] |= {
        "external_id": f"ats-{fresh}",
        "name": f"周{fresh}",
        "email": f"zhou.{fresh}@example.com",
        "phone": f"+86138{int(fresh, 16) % 10**8:08d}",
        "national_id": resident_id(int(fresh, 16) % RESIDENT_IDS),
    }
    return one


def _be_impatient(stack: Stack) -> None:
    """Before any function has read its policy: vendors are late after ten seconds, so that silent ones are found out
    by the next round of the watchdog, which is every minute here; and who is cleared begins today, with a first course
    that is due as this day begins, so that a learner can fall behind at once.
    """
    shipped = yaml.safe_load((DEFAULTS / "hiring_policy" / "default.yaml").read_text())
    soon = 10 / 3600
    policy = shipped | {
        "stage_due_hours": shipped["stage_due_hours"] | {"offer_sent": soon, "checking": soon},
        "assessment_due_hours": soon,
        "ask_again_after_hours": 0,
    }
    kit = yaml.safe_load((DEFAULTS / "onboarding_kit" / "default.yaml").read_text())
    rules = yaml.safe_load((DEFAULTS / "training_rules" / "default.yaml").read_text())
    for assignment in (one for rule in rules["required"] for one in rule["add"]):
        if assignment["course"] == "company-orientation":
            assignment |= {"starts_after_days": 0, "due_after_days": 0}
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    # The suite may run past midnight.
    days = (today, today + timedelta(days=1))
    worked = [day.isoformat() for day in days if day.weekday() >= 5]
    configurations = Configurations(Table(stack.session.client("dynamodb"), stack.table), lambda: now)
    for kind, document in (
        (HIRING_POLICY, policy),
        (ONBOARDING_KIT, kit | {"starts_after_days": 0}),
        (TRAINING_RULES, rules),
        (WORK_CALENDAR, {"worked_weekends": worked, "day_ends": "00:00"}),
    ):
        configurations.put(kind, "default", document, actor="e2e", now=now)


def _every_event(stack: Stack) -> str:
    """One more listener on the tenant's bus, so that a test can read whatever is published; the address of its queue.

    Each process has its own: what one has read is gone.
    """
    sqs, events = stack.session.client("sqs"), stack.session.client("events")
    name = f"e2e-events-{uuid.uuid4().hex[:8]}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(allowed)})
    pattern = json.dumps({"source": ["rencai"]})
    events.put_rule(Name=name, EventBusName=stack.bus, EventPattern=pattern)
    events.put_targets(Rule=name, EventBusName=stack.bus, Targets=[{"Id": "kept", "Arn": arn}])
    return url
