"""HR's API over interventions (F5): from the alert to what it came to, and how many worked."""

from datetime import UTC, date, datetime, timedelta

from rencai.employees.rules.signals import Survey
from rencai.kernel import ids
from rencai.pressure.rules.refusals import PressureRefusal
from tests.pressure.measured import weeks
from tests.pressure.risk_office import ALERT, ASKED, FIRST, RAISED_ON, WORDS, Caller, Risk, code
from tests.training import training_office
from tests.training.training_office import EMPLOYEE

# --- the worked example -----------------------------------------------------------------------------------------------


def test_f5_from_the_alert_to_what_it_came_to(risk: Risk, call: Caller) -> None:
    status, opened = call.opens()
    assert status == 201
    assert opened["before"]["measures"] == {
        "hours_per_week": 55.0,
        "weeks": 4,
        "performance": 6.0,
        "performance_month": "2026-10",
        "leave_times": 1,
        "leave_days": 4.0,
        "survey_lowest": 2,
        "survey_words": ["压力大"],
        "survey_month": "2026-11",
    }
    assert [one["kind"] for one in opened["before"]["signals"]] == [
        "long_hours",
        "falling_performance",
        "frequent_leave",
        "survey",
    ]
    assert "从 9 降到 6" in opened["before"]["signals"][1]["text"]
    assert opened["actions"] == [
        {"id": "redistribute_work", "name": "重新分配工作"},
        {"id": "support_training", "name": "支持性培训"},
    ]
    shown = ("intervention_id", "name", "status", "owner", "due_on", "level", "opened_by", "outcome", "after")
    assert [opened[name] for name in shown] == [
        *(FIRST, "王五", "open", "李经理", "2026-12-21", "red", "hr:1", None, None)
    ]
    risk.recovers()
    status, closed = call.closes({"note": "恢复正常"}, actor="hr:2")
    assert (status, closed["status"], closed["outcome"], closed["not_measured"]) == (
        200,
        "closed",
        "worked",
        [],
    )
    assert closed["after"] == {
        "measures": {
            "hours_per_week": 40.0,
            "weeks": 4,
            "performance": 8.0,
            "performance_month": "2026-11",
            "leave_times": 0,
            "leave_days": 0.0,
            # That it is no longer low is all that is told.
            "survey_lowest": None,
            "survey_words": [],
            "survey_month": "2026-12",
        },
        "signals": [],
    }
    assert [(note["text"], note["actor"]) for note in closed["notes"]] == [
        (WORDS, "hr:1"),
        ("恢复正常", "hr:2"),
    ]
    assert call.shows() == closed
    assert call("GET", "/risk/interventions", status="closed")[1]["summary"] == {
        "open": 0,
        "worked": 1,
        "partly": 0,
        "not_worked": 0,
        "left": 0,
    }
    about = {"intervention_id": FIRST, "alert_id": ALERT}
    assert risk.events() == [
        (
            "intervention.opened",
            {**about, "actions": ["redistribute_work", "support_training"], "due_on": "2026-12-21"},
        ),
        ("intervention.closed", {**about, "outcome": "worked"}),
    ]


def test_f5_support_training_comes_into_the_plan_and_the_employee_reads_why(risk: Risk, call: Caller) -> None:
    from functions.training.presenter import PlanPresenter

    call.opens()
    for _ in range(2):
        risk.supports()
    file = risk.training_plans.get(EMPLOYEE)
    assert [(item.course_id, item.due_on) for item in file.plan.items] == [
        ("reading", date(2026, 12, 21)),
        ("product", date(2026, 12, 21)),
    ]
    known = risk.wired.training.desk.plan_of_employee(EMPLOYEE, risk.now)
    view = PlanPresenter(known.made, "zh-CN").whole(known)
    assert [(item.name, item.reasons[0].kind) for item in view.items] == [
        ("补充资料", "support"),
        ("产品知识", "support"),
    ]
    assert {item.reasons[0].why for item in view.items} == {"这是公司给您的支持,帮助您找回自己的节奏。"}
    hr = training_office.Caller()
    assert [hr("GET", f"/employees/{EMPLOYEE}/{page}")[0] for page in ("training", "probation")] == [200, 200]
    risk.relays()
    history = hr("GET", f"/employees/{EMPLOYEE}/training/history")[1]["items"]
    assert {entry["data"].get("text") for entry in history if entry["type"] == "plan.changed"} == {
        "这是公司给您的支持,帮助您找回自己的节奏。"
    }
    risk.enrols()
    score, _ = risk.training.score(risk.training_plans.get(EMPLOYEE), risk.now)
    assert {course.standing for course in score.courses} == {"help"}


def test_f5_support_training_that_is_chosen_later_comes_into_the_plan_too(risk: Risk, call: Caller) -> None:
    call.opens(ASKED | {"actions": ["redistribute_work"]})
    risk.supports()
    assert risk.training_plans.find(EMPLOYEE) is None
    path = f"/risk/interventions/{FIRST}"
    status, changed = call("PATCH", path, {"actions": ["support_training"], "owner": " 王主管 "})
    assert (status, changed["owner"], [one["id"] for one in changed["actions"]]) == (
        200,
        "王主管",
        ["support_training"],
    )
    assert call("PATCH", path, {"owner": "王主管"})[0] == 200
    assert [name for name, _ in risk.events()] == ["intervention.opened", "intervention.changed"]
    risk.supports()
    assert len(risk.training_plans.get(EMPLOYEE).plan.items) == 2


def test_f7_a_survey_that_spoke_of_no_pressure_is_not_told_by_an_intervention(
    risk: Risk, call: Caller
) -> None:
    content = Survey("2026-11", (("load", 4),))
    risk.told(weeks(55, 44), [], [], content, [])
    risk.scanned()
    opened = call.opens()[1]
    assert [one["kind"] for one in opened["before"]["signals"]] == ["long_hours"]
    assert opened["before"]["measures"]["survey_lowest"] is None
    assert opened["before"]["measures"]["survey_month"] == "2026-11"
    # By the closing it does.
    risk.passes(days=28)
    risk.told(weeks(40, 48), [], [], Survey("2026-12", (("load", 1),)), [])
    closed = call.closes()[1]
    assert (closed["outcome"], closed["after"]["measures"]["survey_lowest"]) == ("worked", 1)
    assert closed["before"]["measures"]["survey_lowest"] is None


def test_f7_an_earlier_survey_that_spoke_of_pressure_does_not_show_what_a_later_one_said(
    risk: Risk, call: Caller
) -> None:
    """HR tells a low score in somebody's name, opens an intervention, and closes it once they have answered."""
    risk.told(weeks(55, 44), [], [], Survey("2026-11", (("load", 1),)), [])
    risk.scanned()
    assert call.opens()[1]["before"]["measures"]["survey_lowest"] == 1
    risk.passes(days=28)
    risk.told(weeks(40, 48), [], [], Survey("2026-12", (("load", 4),)), [])
    after = call.closes()[1]["after"]
    assert (after["measures"]["survey_lowest"], after["measures"]["survey_month"]) == (None, "2026-12")


def test_f7_words_that_speak_of_pressure_do_not_show_what_was_answered_beside_them(
    risk: Risk, call: Caller
) -> None:
    content = Survey("2026-11", (("load", 4),))
    risk.told(weeks(55, 44), [], [], content, ["pressure"])
    risk.scanned()
    opened = call.opens()[1]
    assert [one["kind"] for one in opened["before"]["signals"]] == ["long_hours", "survey"]
    assert opened["before"]["measures"]["survey_lowest"] is None
    assert opened["before"]["measures"]["survey_words"] == ["压力大"]
    assert opened["before"]["signals"][1]["text"] == "2026-11 的问卷:文字反映“压力大”(把握 92%)"


def test_f5_who_left_is_counted_by_itself(risk: Risk, call: Caller) -> None:
    call.opens()
    risk.recovers()
    risk.leaves(risk.today)
    assert call.closes()[1]["outcome"] == "left"


# --- lists ------------------------------------------------------------------------------------------------------------


def test_open_and_closed_ones_are_listed_with_how_many_worked(risk: Risk, call: Caller) -> None:
    for number, due in ((2, "2026-12-20"), (3, "2026-12-01")):
        employee_id = f"emp_0{number}ABC"
        risk.employs(employee_id)
        risk.under_pressure(employee_id)
        call.opens(ASKED | {"due_on": due}, ids.alert_id(employee_id, RAISED_ON))
    call.opens()
    first, page = call("GET", "/risk/interventions", limit="2"), None
    assert [one["intervention_id"] for one in first[1]["items"]] == [
        "int_03ABC_20261122_1",
        "int_02ABC_20261122_1",
    ]
    assert first[1]["summary"] == {"open": 3, "worked": 0, "partly": 0, "not_worked": 0, "left": 0}
    assert [one["notes"] for one in first[1]["items"]] == [None, None]
    page = call("GET", "/risk/interventions", limit="2", cursor=first[1]["next"])[1]
    assert [one["intervention_id"] for one in page["items"]] == [FIRST]
    assert (page["summary"], page["unknown"], page["next"]) == (None, None, None)
    risk.recovers()
    call.closes()
    risk.passes(minutes=1)
    call("POST", "/risk/interventions/int_02ABC_20261122_1/close", {})
    closed = call("GET", "/risk/interventions", status="closed")[1]
    assert [(one["intervention_id"], one["outcome"], one["name"]) for one in closed["items"]] == [
        # Leave alone was measured: none was taken since.
        ("int_02ABC_20261122_1", "partly", "王五"),
        (FIRST, "worked", "王五"),
    ]
    assert closed["summary"] == {"open": 1, "worked": 1, "partly": 1, "not_worked": 0, "left": 0}


def test_a_list_is_of_open_or_closed_ones(risk: Risk, call: Caller) -> None:
    assert call("GET", "/risk/interventions", status="late")[0] == 400
    assert code(call("GET", "/risk/interventions", status="closed", cursor="x"))[0] == 400


def test_times_are_the_tenants(risk: Risk, call: Caller) -> None:
    """Just after midnight in Shanghai it is still yesterday in UTC."""
    risk.now = datetime(2026, 11, 23, 16, 1, tzinfo=UTC)
    assert code(call.opens(ASKED | {"due_on": "2026-11-23"})) == (422, PressureRefusal.DUE_IN_THE_PAST)
    assert call.opens(ASKED | {"due_on": "2026-11-24"})[0] == 201
    assert risk.today - RAISED_ON == timedelta(days=2)
