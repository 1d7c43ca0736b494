"""A call made again after the world has changed says the same under the same key, or goes under another."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rencai.hiring.rules.documents import HIRING_POLICY, ONBOARDING_KIT
from rencai.hiring.rules.offer import SALARY_POLICY
from rencai.hiring.rules.stages import Stage
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.kernel import ids
from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.people.rules.application import Application
from rencai.people.store.people import person_key
from rencai.store.configurations import Configurations
from tests.journey.deliveries import REFERENCE, check, envelope, qualifying
from tests.journey.faults import When
from tests.journey.wire import Wire, connect
from tests.journey.world import World, world

EMPLOYEE = ids.employee_id(REFERENCE)


def hire(one: World, changes: Callable[[], None] = lambda: None) -> None:
    """The undisturbed journey; ``changes`` is what happens after each step of others'."""
    one.hand_in(qualifying())
    one.settle()
    changes()
    one.settle()
    one.webhook("esign", "msg-1", envelope())
    one.settle()
    one.webhook("background", "msg-2", check())
    one.settle()


def changed(one: World) -> None:
    """All that may change: who they are and how they are reached, their application, every document, the dates."""
    wired = one.wired
    one.now += timedelta(minutes=5)
    wired.table.update(
        person_key(REFERENCE),
        {"email": "xiao.zhou@example.com", "phone": "+8613900000002", "name": "周小晓", "locale": "en"},
    )
    job = {"employer": "甲公司", "title": "销售", "from": "2021-03", "to": None}
    person = {**qualifying()["candidate"], "name": "周小晓"}
    contact = {name: person[name] for name in ("name", "email", "phone")}
    told = Application.model_validate(
        {"external_id": "application-7", **contact, "resume": {"work_history": [job]}}
    )
    wired.people.recognition.application(told, told_at=one.now, actor="ats", now=one.now)
    documents = Configurations(wired.table, one.clock)

    def put(kind: Any, name: str, change: Callable[[dict[str, Any]], None]) -> None:
        document = documents.latest(kind, name).document.model_dump(mode="json", by_alias=True)
        change(document)
        documents.put(kind, name, document, actor="hr", now=one.now)

    put(SALARY_POLICY, "default", lambda it: it.update(offer_valid_days=60))
    put(HIRING_POLICY, "default", lambda it: it.update(instruments=["another"]))
    put(ONBOARDING_KIT, "default", lambda it: it.update(starts_after_days=30))
    put(NOTICE_TEMPLATE, "offer_letter", lambda it: it["body"].update(en="<p>Another</p>"))
    put(COMPETENCY_MODEL, "sales", lambda it: it["name"].update({"en": "Another", "zh-CN": "别的"}))
    _move_courses(one)


def _move_courses(one: World) -> None:
    plans = one.wired.training.plans
    file = plans.find(EMPLOYEE)
    if file is None:
        return
    later = timedelta(days=7)
    items = tuple(
        replace(item, due_on=item.due_on + later, due_at=item.due_at + later) for item in file.plan.items
    )
    plans.save(replace(file.plan, items=items), (), file.scored, file.next_review_at, one.now)


def _run(wire: Wire, *, other_dialects: bool) -> World:
    with world() as one:
        moved = connect(one, wire, other_dialects=other_dialects)
        was_alive = True
        settled = one._consumed

        def consumed(message: Any) -> bool:
            nonlocal was_alive
            done = settled(message)
            if was_alive and wire.died:
                was_alive = False
                changed(one)
                moved("https://elsewhere.example.com")
            return done

        one._consumed = consumed  # type: ignore[method-assign]  # right after the crash, before anything is tried again
        hire(one)
        record = one.wired.hiring.journeys.get(REFERENCE)
        assert record.journey.stage is Stage.ONBOARDED, (wire.at, wire.when)
        assert (one.queue, one.dead) == ([], [])
        _names_the_day_on_record(one, wire)
        return one


def _names_the_day_on_record(one: World, wire: Wire) -> None:
    (letter,) = {sent.body for sent in wire.sent if sent.url.endswith("/envelopes")}
    said = json.loads(letter)
    html = said["document"]["html"] if "document" in said else ""
    html = html or base64.b64decode(said["documents"][0]["documentBase64"]).decode()
    day = one.wired.hiring.offers.get(REFERENCE).valid_until
    assert day is not None
    assert "Another" in html or f"{day.year} 年 {day.month} 月 {day.day} 日" in html


def _asked_once(wire: Wire) -> None:
    for named, contents in wire.contents().items():
        assert len(contents) == 1, (wire.at, wire.when, named)
    assert len(wire.keys("/envelopes") | wire.keys("/restapi")) == 1
    assert len(wire.keys("/assessments")) == 1
    assert len(wire.keys("/checks")) + len(wire.keys("/v1/candidates")) == 1
    courses = [one.json["course_id"] for one in wire.sent if one.url.endswith("/enrolments")]
    assert len(wire.keys("/enrolments")) == len(set(courses))


@pytest.mark.parametrize("other_dialects", [False, True], ids=["generic", "docusign and checkr"])
@pytest.mark.parametrize("when", ["after", "before"])
def test_a_call_repeated_under_a_key_says_the_same_whatever_has_changed(
    when: When, other_dialects: bool
) -> None:
    at = 0
    while True:
        at += 1
        wire = Wire(at, when)
        _run(wire, other_dialects=other_dialects)
        if not wire.died:
            break
        _asked_once(wire)
    assert at > 12
