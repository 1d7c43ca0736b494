"""One embedded stack for the whole suite: the real template, deployed by the SAM CLI, IAM enforced."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from infra.admin import DEFAULTS
from infra.local.candidates import RESIDENT_IDS, resident_id
from infra.local.defaults import load_defaults
from infra.local.stack import Stack, bring_up, stop
from rencai.hiring.rules.documents import HIRING_POLICY, ONBOARDING_KIT
from rencai.kernel.work_calendar import WORK_CALENDAR
from rencai.store.configurations import Configurations
from rencai.store.table import Table
from rencai.training.rules.rules import TRAINING_RULES
from tests.e2e.outsider import Outsider
from tests.journey.world import worked_example

_NAME = "e2e"
_EVENTS = "e2e-events"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    deployed = bring_up(_NAME, fresh=True, say=print)
    try:
        load_defaults(deployed)
        _be_impatient(deployed)
        _keep_every_event(deployed)
        yield deployed
    finally:
        stop(_NAME)


@pytest.fixture(scope="session")
def outsider(stack: Stack) -> Outsider:
    return Outsider(stack, _EVENTS)


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


def _keep_every_event(stack: Stack) -> None:
    """A second listener on the tenant's bus, so that a test can read whatever was published."""
    sqs, events = stack.session.client("sqs"), stack.session.client("events")
    url = sqs.create_queue(QueueName=_EVENTS)["QueueUrl"]
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
    events.put_rule(Name=_EVENTS, EventBusName=stack.bus, EventPattern=pattern)
    events.put_targets(Rule=_EVENTS, EventBusName=stack.bus, Targets=[{"Id": "kept", "Arn": arn}])
