"""HR's API over training plans: what a candidate can expect, and the plan of an employee (C1, C5, E1)."""

import json
from typing import Any

import pytest

from rencai.hiring.rules.documents import ONBOARDING_KIT
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.training.rules.rules import TRAINING_RULES
from tests.training.training_answers import REQUEST_ID, REVIEW, TRAINING, named, shown
from tests.training.training_office import BY_RULE, CANDIDATE, EMPLOYEE, MODEL, RULES, Caller, Office


def required(why: str) -> dict[str, Any]:
    return {"kind": "required", "rule": "basics", "why": why, "competency": None, "about": None}


def gap(why: str, name: str) -> dict[str, Any]:
    competency = {"id": "negotiation", "name": name, "score": 70}
    return {"kind": "gap", "rule": "negotiates", "why": why, "competency": competency, "about": None}


def test_c1_e1_what_a_candidate_can_expect_whole(one: Office, call: Caller) -> None:
    one.passes(days=-5)
    one.configure(ONBOARDING_KIT, {"everyone": [], "starts_after_days": 12})
    one.drafts()
    forms = {"materials": named(("video", "视频"), ("mind_map", "思维导图"))}
    basics, negotiates = required("每位销售都从这里开始"), gap("面试中谈判技巧还有提升空间", "谈判技巧")
    plan = {
        "employee_id": EMPLOYEE,
        "status": "draft",
        "role": "sales",
        "learning_style": "visual",
        "starts_on": "2026-03-09",
        "time_zone": "Asia/Shanghai",
        "made_by": {"rules_version": 1, "catalogue_version": 1},
        "items": [
            shown(
                "orientation",
                "公司入门",
                "online",
                ("2026-03-09", "2026-03-12"),
                basics,
                lessons=2,
                **forms,
            ),
            shown(
                "product",
                "产品知识",
                "online",
                ("2026-03-16", "2026-04-06"),
                basics,
                lessons=12,
                about="我们卖什么",
                **forms,
            ),
            shown(
                "negotiation",
                "谈判技巧实战",
                "online",
                ("2026-03-23", "2026-04-20"),
                negotiates,
                lessons=20,
                **forms,
            ),
            shown("role-play", "角色扮演", "workshop", ("2026-04-13", "2026-04-20"), negotiates, days=1.0),
        ],
        "unanswered": [{"competency": {"id": "stress_tolerance", "name": "stress_tolerance", "score": 60}}],
        "warnings": [],
        "next_step": {
            "text": "3 月 9 日将进行《公司入门》线上课程",
            "course_id": "orientation",
            "starts_on": "2026-03-09",
        },
    }
    assert call("GET", f"/candidates/{CANDIDATE}/training") == (200, plan)
    assert call("GET", TRAINING)[0] == 404, "nobody's employee yet"


def test_c1_c5_e1_an_employees_plan_whole_as_they_learn(one: Office, call: Caller) -> None:
    one.hires()
    one.learns("orientation", 100, 90)
    one.passes(days=14)
    one.learns("product", 100, 85, REVIEW)
    one.enrols()
    # The last word counts, though nothing reads what for: HR is asked.
    one.passes(hours=1)
    one.learns("product", review="还不错")
    asked = one.training_plans.get(EMPLOYEE).enrolments["product"].asked
    assert asked is not None
    forms = {"materials": named(("video", "Videos"), ("mind_map", "Mind maps"))}
    basics = required("Where every salesperson begins")
    negotiates = gap("The interview showed room to grow in negotiation", "Negotiation skills")
    by_progress = {
        "kind": "progress",
        "rule": "knows_product",
        "why": "You know the product",
        "competency": None,
        "about": None,
    }
    assert call("GET", TRAINING, language="en") == (
        200,
        {
            "employee_id": EMPLOYEE,
            "status": "assigned",
            "role": "sales",
            "learning_style": "visual",
            "starts_on": "2026-03-02",
            "time_zone": "Asia/Shanghai",
            "made_by": {"rules_version": 1, "catalogue_version": 1},
            "items": [
                shown(
                    "orientation",
                    "Company orientation",
                    "online",
                    ("2026-03-02", "2026-03-05"),
                    basics,
                    lessons=2,
                    status="completed",
                    completion_percent=100.0,
                    exam_score=90.0,
                    enrolled=True,
                    told_at="2026-03-02T01:00:00Z",
                    **forms,
                ),
                shown(
                    "product",
                    "Product knowledge",
                    "online",
                    ("2026-03-09", "2026-03-30"),
                    basics,
                    lessons=12,
                    about="What we sell",
                    status="completed",
                    completion_percent=100.0,
                    exam_score=85.0,
                    mentor_review="还不错",
                    mentor_asked={"rating_id": asked.rating_id, "cause": "unread", "answer": None},
                    enrolled=True,
                    told_at="2026-03-16T02:00:00Z",
                    **forms,
                ),
                shown(
                    "negotiation",
                    "Negotiation",
                    "online",
                    ("2026-03-16", "2026-04-13"),
                    negotiates,
                    lessons=20,
                    enrolled=True,
                    **forms,
                ),
                shown(
                    "cases",
                    "Product cases",
                    "workshop",
                    ("2026-03-17", "2026-03-30"),
                    by_progress,
                    days=0.5,
                    enrolled=True,
                ),
                shown(
                    "role-play",
                    "Role play",
                    "workshop",
                    ("2026-04-06", "2026-04-13"),
                    negotiates,
                    days=1.0,
                    status="removed",
                    removed_by="masters_product",
                    enrolled=True,
                ),
            ],
            "unanswered": [
                {"competency": {"id": "stress_tolerance", "name": "stress_tolerance", "score": 60}}
            ],
            "warnings": [],
            "next_step": {
                "text": "Today: the online course 'Negotiation'",
                "course_id": "negotiation",
                "starts_on": "2026-03-16",
            },
        },
    )


def test_e1_next_week_the_product_course(one: Office, call: Caller) -> None:
    one.hires()
    one.learns("orientation", 20)
    assert call("GET", TRAINING)[1]["next_step"] == {
        "text": "下周将进行《产品知识》线上课程",
        "course_id": "product",
        "starts_on": "2026-03-09",
    }
    for course in ("orientation", "product", "negotiation", "cases"):
        one.enrols()
        one.learns(course, 100)
    assert call("GET", TRAINING)[1]["next_step"] is None


def test_c4_a_mentors_words_and_what_they_count(one: Office, call: Caller) -> None:
    one.hires()
    one.learns("negotiation", 100, 85, REVIEW)
    plan = call("GET", TRAINING)[1]
    (item,) = [item for item in plan["items"] if item["item_id"] == "negotiation"]
    assert (item["mentor_review"], item["mentor_rating"]) == (
        REVIEW,
        BY_RULE,
    )
    assert plan["warnings"] == []


def test_c4_words_read_for_sure_count_with_their_phrase_certainty_and_reader(
    one: Office, call: Caller
) -> None:
    one.hires()
    one.learns("negotiation", 100, 85, "报价时有所进步")
    one.learns("product", 10, review="怎么说呢,还行吧")
    items = {item["item_id"]: item for item in call("GET", TRAINING)[1]["items"]}
    reader = {"lexicon": 3, "classifier": 2, "words": 1, "model": None}
    read = {"level": 4, "certainty": 0.92, "sure": True, "phrase": "有所进步", "start": 3, "end": 7}
    assert items["negotiation"]["mentor_reading"] == read | {"by": "lexicon", "reader": reader}
    assert items["negotiation"]["mentor_rating"] == {
        "score": 80.0,
        "by": "words",
        "level": 4,
        "rule": None,
        "certainty": 0.92,
        "reader": reader,
    }
    unsure = items["product"]
    assert (unsure["mentor_rating"], unsure["mentor_reading"]["phrase"]) == (None, "还行吧")
    assert (unsure["mentor_reading"]["sure"], unsure["mentor_reading"]["certainty"]) == (False, 0.41)


def test_who_learns_in_no_known_way_is_offered_no_form(one: Office, call: Caller) -> None:
    one.hires(style=None)
    one.hires("emp_other", style="auditory")
    for employee_id, style in ((EMPLOYEE, None), ("emp_other", "auditory")):
        plan = call("GET", f"/employees/{employee_id}/training")[1]
        assert plan["learning_style"] == style
        assert [item["materials"] for item in plan["items"]] == [[]] * 4


def test_a_plan_is_told_by_the_rules_that_made_it_and_the_competency_by_its_name_now(
    one: Office, call: Caller
) -> None:
    one.hires()
    one.passes(minutes=2)
    rules = json.loads(json.dumps(RULES))
    rules["required"][0]["why"] = {"zh-CN": "新的说法", "en": "New words"}
    one.configure(TRAINING_RULES, rules)
    competencies = {
        "stress_tolerance": MODEL["competencies"]["negotiation"] | {"name": {"zh-CN": "抗压", "en": "Stress"}}
    }
    one.configure(COMPETENCY_MODEL, MODEL | {"competencies": competencies}, "sales")
    plan = call("GET", TRAINING)[1]
    assert plan["made_by"] == {"rules_version": 1, "catalogue_version": 1}
    assert plan["items"][0]["reasons"][0]["why"] == "每位销售都从这里开始"
    assert plan["items"][2]["reasons"][0]["competency"]["name"] == "negotiation"
    assert plan["unanswered"] == [{"competency": {"id": "stress_tolerance", "name": "抗压", "score": 60}}]


def test_a_role_without_a_model_is_shown_with_the_ids(one: Office, call: Caller) -> None:
    one.drafts(role="pilot")
    status, plan = call("GET", f"/candidates/{CANDIDATE}/training")
    assert (status, plan["role"]) == (200, "pilot")
    assert plan["items"][2]["reasons"][0]["competency"] == {
        "id": "negotiation",
        "name": "negotiation",
        "score": 70,
    }


@pytest.mark.parametrize(
    ("path", "kind", "id_"),
    [
        (TRAINING, "training plan", EMPLOYEE),
        (f"/candidates/{CANDIDATE}/training", "training plan", CANDIDATE),
        # The id of the plan that is there, of an offer, and without its prefix: none is a candidate's.
        ("/candidates/emp_there/training", "training plan", "emp_there"),
        ("/candidates/off_there/training", "training plan", "off_there"),
        ("/candidates/there/training", "training plan", "there"),
        (f"{TRAINING}/history", "employee", EMPLOYEE),
    ],
)
def test_what_is_not_there(one: Office, call: Caller, path: str, kind: str, id_: str) -> None:
    one.drafts("cand_there")
    assert call("GET", path, language="en") == (
        404,
        {
            "type": "urn:rencai:problem:not_found",
            "title": "Not found",
            "status": 404,
            "detail": f"There is no {kind} {id_}",
            "request_id": REQUEST_ID,
        },
    )


@pytest.mark.parametrize(
    "path", ["/employees/{}/training", "/candidates/{}/training", "/employees/{}/training/history"]
)
def test_an_id_has_a_length(one: Office, call: Caller, path: str) -> None:
    assert call("GET", path.format("x" * 128))[0] == 404
    status, problem = call("GET", path.format("x" * 129))
    assert (status, problem["errors"][0]["message"]) == (400, "最多 128 个字符")
