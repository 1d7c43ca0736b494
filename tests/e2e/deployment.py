"""The stack that tests and attacks drive: the real template with the shipped defaults, but for its patience."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from infra.admin import DEFAULTS
from infra.local.candidates import RESIDENT_IDS, resident_id
from infra.local.defaults import load_defaults
from infra.local.stack import Stack, bring_up
from rencai.hiring.rules.documents import HIRING_POLICY, ONBOARDING_KIT
from rencai.kernel.work_calendar import WORK_CALENDAR
from rencai.store.configurations import Configurations
from rencai.store.table import Table
from rencai.training.rules.rules import TRAINING_RULES
from tests.worked_example import worked_example


def deployed_afresh(name: str) -> Stack:
    """A stack of this name, empty, with configurations under which what is late is late within seconds."""
    deployed = bring_up(name, fresh=True, say=print)
    load_defaults(deployed)
    _be_impatient(deployed)
    return deployed


def stranger() -> dict[str, Any]:
    """The worked example's interview, of a person nobody has met."""
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


def every_event(stack: Stack) -> str:
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
