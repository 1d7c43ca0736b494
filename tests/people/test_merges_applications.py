"""People from two sources, on moto's table (A6): an application finds its candidate."""

import json
from datetime import timedelta
from typing import Any

import pytest

from rencai.people.rules.application import Application
from rencai.people.store.applications import Link
from rencai.people.store.merges import MergeStatus
from tests.keyed import IDS
from tests.people.tenant import APP, FIRST, NATIONAL_ID, START, ZHOU, Between, Tenant, tenant, without

RESUME = {
    "work_history": [{"employer": "甲公司", "title": "销售", "from": "2021-03", "to": None}],
}


def test_a6_an_application_finds_its_candidate(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.applied(ZHOU, resume=RESUME, evaluation={"score": 85, "comment": "踏实", "by": "王", "at": None})
    stored = one.applications.get(APP)
    assert stored.candidate_id == FIRST
    assert [job.employer for job in stored.told.work_history] == ["甲公司"]
    assert one.applications.of(FIRST) == Link(APP, "app-1")
    merge = one.the_merge()
    assert (merge.status, merge.into, merge.absorbed) == (MergeStatus.MERGED, FIRST, APP)
    told = one.told()
    assert (FIRST, "candidate.merged", {"merge_id": merge.merge_id, "other": APP}) in told
    assert (APP, "application.received", {"application_id": APP}) in told


def test_a6_an_application_waits_for_its_candidate(one: Tenant) -> None:
    one.applied(ZHOU)
    assert one.applications.get(APP).candidate_id is None
    assert one.hand_in(ZHOU) == FIRST
    assert one.applications.of(FIRST) == Link(APP, "app-1")


def test_a6_who_applied_twice_is_one_person(one: Tenant) -> None:
    one.applied(ZHOU)
    one.applied(ZHOU, "app-2")
    one.hand_in(ZHOU)
    second = IDS.application_id("ats", "app-2")
    assert {one.applications.get(APP).candidate_id, one.applications.get(second).candidate_id} == {FIRST}
    assert one.applications.of(FIRST) is not None
    # And a third, once the candidate is known: the first stays the one that is told.
    before = one.applications.of(FIRST)
    one.applied(ZHOU, "app-3")
    assert one.applications.of(FIRST) == before


def test_a6_an_application_with_a_linked_candidate_is_that_candidate(one: Tenant) -> None:
    one.hand_in(without(ZHOU, "email"))
    one.applied(ZHOU)
    # Known by the e-mail only through the application.
    assert one.hand_in(without(ZHOU, "phone"), vendor="other") == FIRST


def test_a6_who_applies_with_a_character_that_nobody_sees_is_who_was_interviewed(one: Tenant) -> None:
    one.hand_in(without(ZHOU, "phone"))
    one.applied({**ZHOU, "phone": None, "email": "\u202a" + ZHOU["email"].replace("@", "\u200b@")})
    assert one.applications.of(FIRST) == Link(APP, "app-1")


@pytest.mark.parametrize(
    "phone",
    [
        "86 {}",
        "(86){}",
        "086-{}",
        "0086-{}",
        "+86 (0){}",
        "＋８６ {}",
        "手机:{}",
        "\ufeff{}\u202c",
        "+86\u200b{}",
        "{}",
    ],
)
def test_a6_who_applies_with_a_phone_written_in_another_way_is_who_was_interviewed(
    one: Tenant, phone: str
) -> None:
    one.hand_in(without(ZHOU, "email"))
    one.applied({**without(ZHOU, "email"), "phone": phone.format(ZHOU["phone"].removeprefix("+86"))})
    assert one.applications.of(FIRST) == Link(APP, "app-1")


def test_a6_two_desks_behind_one_switchboard_are_two_people(one: Tenant) -> None:
    desk = {"phone": "+86 755 8888 6666 转8001", "name": "张伟"}
    one.applied(desk)
    one.applied({**desk, "phone": "+86 755 8888 6666 转8002"}, "app-2")
    one.applied({**desk, "phone": "0755-88886666"}, "app-3")
    assert one.all_merges() == []


def test_a6_an_ats_id_is_no_identity(one: Tenant) -> None:
    one.hand_in(ZHOU, external_id="app-1")
    one.applied({})
    assert one.applications.get(APP).candidate_id is None
    assert one.all_merges() == []


def test_a6_a_shared_mailbox_is_a_question_about_the_application_whoever_came_first() -> None:
    assistant = {"name": "助理", "email": ZHOU["email"]}
    for application_first in (True, False):
        with tenant() as one:
            if application_first:
                one.applied(assistant)
            one.hand_in(ZHOU)
            one.applied(assistant)
            merge = one.the_merge()
            assert (merge.status, merge.other, merge.candidates) == (MergeStatus.QUESTION, APP, (FIRST,))
            assert one.applications.of(FIRST) is None


def test_a6_an_application_and_its_interview_at_once_find_each_other() -> None:
    at = 1
    while True:
        with tenant() as one:
            between = Between(at, lambda: one.applied(ZHOU))
            one.seen_by(between).hand_in(ZHOU)
            if not between.acted:
                break
            assert one.applications.get(APP).candidate_id == FIRST
            assert one.applications.of(FIRST) == Link(APP, "app-1")
            assert one.the_merge().status is MergeStatus.MERGED
        at += 1
    at = 1
    while True:
        with tenant() as one:
            between = Between(at, lambda: one.hand_in(ZHOU))
            one.seen_by(between).applied(ZHOU)
            if not between.acted:
                break
            assert one.applications.of(FIRST) == Link(APP, "app-1")
        at += 1


def test_of_each_field_the_latest_counts_in_whatever_order_they_come() -> None:
    def told(day: int, **fields: Any) -> Application:
        at = (START + timedelta(days=day)).isoformat()
        return Application.model_validate({"external_id": "app-1", "updated_at": at, **fields})

    said = [
        told(1, phone="1", email="a@b.cn", status="new"),
        told(2, phone="2", status="phone screen"),
        told(3, status="interview"),
    ]
    for order in (said, said[::-1], [said[1], said[0], said[2]], [said[2], said[0], said[1], said[0]]):
        with tenant() as other:
            for application in order:
                other.applications.record(application, START, "ats", START)
            found = other.applications.get(APP).told
            assert (found.phone, found.email, found.status) == ("2", "a@b.cn", "interview")


def test_an_application_tells_of_itself_when_a_value_has_changed(one: Tenant) -> None:
    for status, day in (("new", 1), ("new", 1), ("new", 2), ("interview", 0), ("interview", 3)):
        at = (START + timedelta(days=day)).isoformat()
        one.applied({}, status=status, updated_at=at)
    assert [name for _, name, _ in one.told()] == ["application.received"] * 2
    assert one.applications.get(APP).told.status == "interview"


def test_personal_data_of_an_application_are_sealed(one: Tenant) -> None:
    one.applied(
        {**ZHOU, "national_id": NATIONAL_ID},
        resume=RESUME,
        evaluation={"score": 85, "comment": "踏实"},
        status="interview",
    )
    (item,) = [item for item in one.items() if item["sk"] == "APPLICATION"]
    assert (item["external_id"], item["status"]) == ("app-1", "interview")
    for secret in (*ZHOU.values(), NATIONAL_ID, "甲公司", "踏实"):
        assert secret not in str(item)
        assert secret not in json.dumps(one.told())
