"""What falls silent: nothing fails, and nobody is told of it by what no longer runs."""

from typing import Final

from tests.attack.attacks import attack, shown_by
from tests.e2e.outsider import Outsider
from tests.e2e.switches import roll_call, rule_off, schedule_off

# What no other attack waits for.
_SCHEDULE: Final = "SurveyInviteRun"
_RULE: Final = "SupportRule"


@attack("The survey's schedule is switched off, and no error is made anywhere")
def a_schedule_off(outsider: Outsider) -> str:
    with schedule_off(outsider, _SCHEDULE):
        missed = roll_call(outsider)
    assert f"{_SCHEDULE} is switched off" in missed, missed
    return f"the roll call fails, which is an alarm: {missed}"


@attack("A rule is switched off, and its consumer has nothing to do")
def a_rule_off(outsider: Outsider) -> str:
    with rule_off(outsider, _RULE):
        missed = roll_call(outsider)
    assert f"{_RULE} is switched off" in missed, missed
    return f"the roll call fails, which is an alarm: {missed}"


SHOWN = [
    shown_by(
        "A night or a month whose schedule did not fire",
        "tests/platform/test_attendance.py",
        "tests/kernel/test_due.py",
    ),
    shown_by(
        "A schedule that stops, a queue nobody reads, a function that dies or is throttled, a lost event",
        "tests/stack/test_alarms.py",
    ),
    shown_by(
        "An event that no target takes", "tests/wiring/test_undelivered.py", "tests/stack/test_tenant.py"
    ),
    shown_by("An alarm that nobody knows what to do about", "tests/stack/test_runbook.py"),
]
