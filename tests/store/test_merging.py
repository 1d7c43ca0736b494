"""HR's answers and their undoing (A6), by the use case and over HTTP; and the applications' ways in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import rencai.wiring as wiring
from ats_sync.app import tell_ats
from ats_sync.applications import apply_applications
from ats_sync.pull import pull_applications
from background_check.app import request_check
from hr_api import candidates, merges
from rencai.domain import ids
from rencai.domain.application import Application, Employment
from rencai.domain.errors import DomainError, NotFound, Refusal, VendorUnavailable
from rencai.domain.events import Envelope, EventName, Subject, SubjectKind
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.domain.vendor_facts import ApplicationUpdated, AssessmentCompleted, NotActedOn
from rencai.inbox import Apply, Inbox
from rencai.platform.api import Api
from rencai.platform.consumer import BusEvent
from rencai.store.applications import Link
from rencai.store.assessments import Assessments
from rencai.store.configurations import Configurations
from rencai.store.deliveries import Delivery, DeliveryStatus
from rencai.store.links import Links
from rencai.store.merges import Merge, MergeStatus
from rencai.vendors.page import Page
from tests.journey.faults import Crash, Faults
from tests.journey.vendors import FakeAts, FakeBackground
from tests.store.tenant import LI, START, ZHOU, Tenant, tenant
from tests.template import ROOT

FIRST = ids.candidate_id("aiview", "1")
SECOND = ids.candidate_id("other", "1")
APP = ids.application_id("ats", "app-1")
PASSPORT = "P31415926"
CHILD = {"name": "周小", "phone": ZHOU["phone"]}
EVENT = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())


@pytest.fixture
def one() -> Iterator[Tenant]:
    with tenant() as fresh:
        yield fresh


def asked(one: Tenant) -> Merge:
    """Two candidates who share a phone."""
    one.hand_in(ZHOU)
    one.hand_in(CHILD, vendor="other", interview_id="theirs")
    one.passes(hours=1)
    return one.the_merge()


def same(one: Tenant, merge: Merge, into: str | None = None) -> Merge:
    return one.merging.same(merge.merge_id, into, "同一个人", "hr-1", one.now)


def different(one: Tenant, merge: Merge) -> Merge:
    return one.merging.different(merge.merge_id, "母子", "hr-1", one.now)


def undo(one: Tenant, merge: Merge) -> Merge:
    return one.merging.undo(merge.merge_id, "看错了", "hr-2", one.now)


def refusal(call: Callable[[], object]) -> Refusal:
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value.code


# --- the answer


def test_a6_hr_says_they_are_one(one: Tenant) -> None:
    merge = same(one, asked(one))
    assert (merge.status, merge.into, merge.absorbed) == (MergeStatus.MERGED, FIRST, SECOND)
    assert (one.stage(FIRST), one.stage(SECOND)) == (Stage.QUALIFIED, Stage.WITHDRAWN)
    last = merge.history[-1]
    assert (last.actor, one.merges.reason(merge.merge_id, last)) == ("hr-1", "同一个人")
    told = one.told()
    assert (SECOND, "candidate.merged", {"merge_id": merge.merge_id, "other": FIRST}) in told
    assert (FIRST, "candidate.merged", {"merge_id": merge.merge_id, "other": SECOND}) in told
    # Whatever comes from that source is theirs from now on.
    assert one.hand_in(CHILD, vendor="other", interview_id="theirs-2") == FIRST
    assert one.journeys.get(FIRST).card.interview_ids == ("itv-1", "theirs-2")


def test_a6_hr_may_have_the_other_one_stand(one: Tenant) -> None:
    merge = asked(one)
    one.sends_offer(SECOND)
    assert refusal(lambda: same(one, merge)) is Refusal.MERGE_UNDER_WAY
    assert one.the_merge().status is MergeStatus.QUESTION
    assert one.stage(SECOND) is Stage.OFFER_SENT
    same(one, merge, SECOND)
    assert (one.stage(FIRST), one.stage(SECOND)) == (Stage.WITHDRAWN, Stage.OFFER_SENT)
    assert one.hand_in(ZHOU, interview_id="itv-2") == SECOND


def test_a6_one_of_several_has_to_be_named(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.hand_in(LI, vendor="other", interview_id="theirs")
    third = one.hand_in({**ZHOU, "email": LI["email"]}, vendor="third")
    merge = one.the_merge()
    for wrong in (None, third, "cand_nobody"):
        assert refusal(lambda wrong=wrong: same(one, merge, wrong)) is Refusal.MERGE_INTO_WHOM  # type: ignore[misc]
    same(one, merge, SECOND)
    assert one.hand_in(ZHOU, vendor="third", interview_id="again") == SECOND
    assert (one.stage(FIRST), one.stage(third)) == (Stage.QUALIFIED, Stage.WITHDRAWN)


def test_a6_hr_says_they_are_two_and_is_not_asked_again_for_the_same_reason(one: Tenant) -> None:
    merge = different(one, asked(one))
    assert merge.status is MergeStatus.DIFFERENT
    assert (one.stage(FIRST), one.stage(SECOND)) == (Stage.QUALIFIED, Stage.QUALIFIED)
    one.hand_in({**CHILD, "email": "x@example.com"}, vendor="other", interview_id="theirs-2")
    assert one.the_merge().status is MergeStatus.DIFFERENT
    one.passes(days=1)
    one.hand_in({**CHILD, "email": ZHOU["email"]}, vendor="other", interview_id="theirs-3")
    again = one.the_merge()
    assert (again.status, again.round, again.merge_id) == (MergeStatus.QUESTION, 2, merge.merge_id)
    assert [entry.status for entry in again.history] == ["question", "different", "question"]
    same(one, again)
    assert one.stage(SECOND) is Stage.WITHDRAWN
    undo(one, again)
    assert one.stage(SECOND) is Stage.QUALIFIED


def test_a6_a_decision_counts_once(one: Tenant) -> None:
    merge = same(one, asked(one))
    before = one.items()
    assert same(one, merge) == merge
    assert same(one, merge, FIRST) == merge
    assert refusal(lambda: same(one, merge, SECOND)) is Refusal.MERGE_NOT_OPEN
    assert refusal(lambda: different(one, merge)) is Refusal.MERGE_NOT_OPEN
    assert one.items() == before
    with pytest.raises(NotFound):
        one.merging.undo("mrg_nothing", "-", "hr", START)


def test_a6_what_is_different_can_be_neither_merged_nor_undone(one: Tenant) -> None:
    settled = different(one, asked(one))
    assert different(one, settled) == settled
    assert refusal(lambda: same(one, settled)) is Refusal.MERGE_NOT_OPEN
    assert refusal(lambda: undo(one, settled)) is Refusal.MERGE_NOT_OPEN


def test_a6_three_sources_in_a_row_are_one(one: Tenant) -> None:
    merge = asked(one)
    third = one.hand_in({"name": "周小小", "phone": ZHOU["phone"]}, vendor="third", interview_id="3rd")
    (later,) = [other for other in one.all_merges() if other.merge_id != merge.merge_id]
    same(one, merge)
    # Asked about before: the second of them is the first now.
    same(one, later, SECOND)
    assert one.merges.get(later.merge_id).into == FIRST
    assert one.hand_in(LI, vendor="third", interview_id="again") == FIRST
    assert one.stage(third) is Stage.WITHDRAWN


def test_two_who_became_one_in_the_meantime_are_merged_in_word_only(one: Tenant) -> None:
    """A question about A and C, when both have become B."""
    a = one.hand_in({**ZHOU, "national_id": PASSPORT})
    c = one.hand_in({"name": "?", "phone": ZHOU["phone"]}, vendor="other", interview_id="theirs")
    question = one.the_merge()
    one.hand_in(
        {"name": "?", "phone": ZHOU["phone"], "national_id": PASSPORT}, vendor="other", interview_id="t2"
    )
    assert one.the_merge().status is MergeStatus.QUESTION
    b = one.hand_in({"name": "b", "phone": ZHOU["phone"]}, vendor="third", interview_id="3rd")
    (about_b,) = [merge for merge in one.all_merges() if merge.other == b]
    same(one, about_b, a)
    same(one, question)
    assert one.merges.resolve(c)[0] == one.merges.resolve(b)[0] == a


def test_a6_hr_links_an_application(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.applied({"name": "助理", "email": ZHOU["email"]})
    merge = same(one, one.the_merge())
    assert (merge.into, merge.absorbed) == (FIRST, APP)
    assert one.applications.of(FIRST) == Link(APP, "app-1")
    assert one.applications.get(APP).candidate_id == FIRST
    undo(one, merge)
    assert one.applications.of(FIRST) is None
    assert one.applications.get(APP).candidate_id is None
    one.applied({"name": "周晓", "email": ZHOU["email"]}, status="interview")
    assert one.applications.get(APP).candidate_id is None
    assert one.the_merge().status is MergeStatus.UNDONE


def test_the_application_comes_along_and_goes_back(one: Tenant) -> None:
    child = {**CHILD, "email": "child@example.com"}
    one.hand_in(child, vendor="other", interview_id="theirs")
    one.applied(child)
    one.hand_in({"name": "周晓", "phone": ZHOU["phone"]})
    (merge,) = [merge for merge in one.all_merges() if merge.status is MergeStatus.QUESTION]
    merge = same(one, merge, FIRST)
    assert one.applications.of(FIRST) == one.applications.of(SECOND) == Link(APP, "app-1")
    assert one.people.get(FIRST).email == child["email"]
    undo(one, merge)
    assert (one.applications.of(FIRST), one.people.get(FIRST).email) == (None, None)
    assert one.applications.of(SECOND) == Link(APP, "app-1")


# --- the undoing


def test_a6_a_merge_by_hr_is_undone(one: Tenant) -> None:
    merge = same(one, asked(one))
    one.hand_in(CHILD, vendor="other", interview_id="theirs-2")
    one.passes(hours=1)
    undone = undo(one, merge)
    assert (one.stage(FIRST), one.stage(SECOND)) == (Stage.QUALIFIED, Stage.QUALIFIED)
    assert one.journeys.get(FIRST).card.interview_ids == ("itv-1",)
    assert one.journeys.get(SECOND).card.interview_ids == ("theirs", "theirs-2")
    assert one.interviews.get("other", "theirs-2").candidate_id == SECOND
    assert one.hand_in(CHILD, vendor="other", interview_id="theirs-3") == SECOND
    assert [(e.status, e.actor) for e in undone.history] == [
        ("question", "rencai"),
        ("merged", "hr-1"),
        ("undone", "hr-2"),
    ]
    names = [(subject, name) for subject, name, _ in one.told()]
    for candidate_id in (FIRST, SECOND):
        assert names.count((candidate_id, "candidate.merged")) == 1
        assert names.count((candidate_id, "candidate.unmerged")) == 1
    # Its next step is taken again.
    assert (SECOND, "journey.resumed") in names


def test_a6_a_merge_by_rule_is_undone_and_never_done_again_by_rule(one: Tenant) -> None:
    one.hand_in({**ZHOU, "email": "old@example.com", "national_id": PASSPORT})
    one.hand_in({**ZHOU, "national_id": PASSPORT}, vendor="other", interview_id="theirs")
    merge = one.the_merge()
    assert one.candidates() == {FIRST}
    undo(one, merge)
    assert one.candidates() == {FIRST, SECOND}
    assert one.stage(SECOND) is Stage.QUALIFIED
    assert one.journeys.get(SECOND).card == replace(
        one.journeys.get(FIRST).card, vendor="other", interview_ids=("theirs",), profile_of="theirs"
    )
    assert one.interviews.get("other", "theirs").placed is None
    assert one.people.get(SECOND).email == ZHOU["email"]
    names = [(subject, name) for subject, name, _ in one.told()]
    assert (FIRST, "candidate.unmerged") in names
    assert (SECOND, "candidate.profiled") in names
    assert one.hand_in(ZHOU, vendor="other", interview_id="theirs-2") == SECOND
    assert one.the_merge().status is MergeStatus.UNDONE


def test_what_a_merge_lent_is_given_back(one: Tenant) -> None:
    one.hand_in({"name": "周晓", "phone": ZHOU["phone"]})
    one.hand_in({**ZHOU, "national_id": PASSPORT}, vendor="other", interview_id="theirs")
    lent = one.people.get(FIRST)
    assert (lent.email, one.people.national_id(lent)) == (ZHOU["email"], PASSPORT)
    undo(one, one.the_merge())
    own = one.people.get(FIRST)
    assert (own.email, own.phone, one.people.national_id(own)) == (None, ZHOU["phone"], None)


def test_a6_a_journey_that_went_on_from_the_others_interview_stands(one: Tenant) -> None:
    one.hand_in(ZHOU, passes=False)
    one.hand_in(ZHOU, vendor="other", interview_id="theirs")
    one.sends_offer(FIRST)
    merge, before = one.the_merge(), one.items()
    assert refusal(lambda: undo(one, merge)) is Refusal.MERGE_RESTS_ON_IT
    assert one.items() == before


def test_a6_a_journey_that_came_to_nothing_by_the_others_interview_is_as_it_was(one: Tenant) -> None:
    one.hand_in(ZHOU, passes=False)
    card = one.journeys.get(FIRST).card
    for interview_id in ("theirs", "theirs-2"):
        one.hand_in(ZHOU, vendor="other", interview_id=interview_id, passes=False)
    assert one.journeys.get(FIRST).card.profile_of == "theirs-2"
    undo(one, one.the_merge())
    assert one.journeys.get(FIRST).card == card
    assert one.journeys.get(SECOND).card.interview_ids == ("theirs", "theirs-2")


def test_a6_undone_twice_is_undone_once(one: Tenant) -> None:
    merge = same(one, asked(one))
    undone = undo(one, merge)
    before, told = one.items(), one.told()
    assert undo(one, merge) == undone
    assert (one.items(), one.told()) == (before, told)


STEPS: dict[str, tuple[Callable[[Tenant], Merge], Callable[[Tenant, Merge], Merge]]] = {
    "same": (asked, same),
    "undo by hr": (lambda one: _decided(one), undo),
    "undo by rule": (lambda one: _by_rule(one), undo),
    "undo of a link": (lambda one: _linked(one), undo),
}


def _decided(one: Tenant) -> Merge:
    merge = same(one, asked(one))
    one.hand_in(CHILD, vendor="other", interview_id="theirs-2")
    return merge


def _by_rule(one: Tenant) -> Merge:
    one.hand_in(ZHOU, passes=False)
    for interview_id in ("itv-1", "theirs"):
        one.hand_in(ZHOU, vendor="other", interview_id=interview_id, passes=False)
    return one.the_merge()


def _linked(one: Tenant) -> Merge:
    one.hand_in(ZHOU)
    one.applied(ZHOU)
    return one.the_merge()


@pytest.mark.parametrize(("before", "step"), STEPS.values(), ids=STEPS)
def test_a_crash_at_any_call_is_healed_by_asking_again(
    before: Callable[[Tenant], Merge], step: Callable[[Tenant, Merge], Merge]
) -> None:
    def whole(faults: Faults) -> Any:
        with tenant() as one:
            merge = before(one)
            crashing = one.seen_by(faults)
            try:
                step(crashing, merge)
            except Crash:
                step(crashing, merge)
            kept = sorted((item["pk"], item["sk"], item.get("gsi1pk", "")) for item in one.items())
            cards = {candidate: one.journeys.get(candidate).card for candidate in one.candidates()}
            people = {candidate: one.people.get(candidate).email for candidate in one.candidates()}
            return kept, cards, people, sorted(one.told(), key=str)

    undisturbed = Faults()
    expected = whole(undisturbed)
    for at in range(1, len(undisturbed.calls) + 1):
        faults = Faults(at=at)
        assert whole(faults) == expected, (at, faults.crashed_at)


def _dies_after_a_put(through: Callable[[str, Callable[[], Any]], Any]) -> Callable[..., Any]:
    """The journey's write is the first put of a decision, and the record's the next."""

    def dying(name: str, call: Callable[[], Any]) -> Any:
        answer = through(name, call)
        if name == "dynamodb.put_item":
            raise Crash(name)
        return answer

    return dying


def test_a_decision_that_died_half_way_is_not_turned_round(one: Tenant) -> None:
    merge = asked(one)
    dying = Faults()
    dying.through = _dies_after_a_put(dying.through)  # type: ignore[method-assign]  # the test's own way to die
    with pytest.raises(Crash):
        same(one.seen_by(dying), merge)
    assert one.stage(SECOND) is Stage.WITHDRAWN
    assert one.the_merge().status is MergeStatus.QUESTION
    assert refusal(lambda: different(one, merge)) is Refusal.MERGE_NOT_OPEN
    assert refusal(lambda: same(one, merge, SECOND)) is Refusal.MERGE_NOT_OPEN
    assert same(one, merge).status is MergeStatus.MERGED


# --- over HTTP


@pytest.fixture
def call(one: Tenant, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, Any]]:
    """HR's API over this tenant: method, path, body or query -> status and body."""
    for name in ("merges", "merging", "people", "journeys", "applications", "interviews"):
        monkeypatch.setattr(wiring, name, lambda name=name: getattr(one, name), raising=False)
    monkeypatch.setattr(wiring, "clock", lambda: one.now)
    api = Api("zh-CN")
    for routes in (merges, candidates):
        api.resolver.include_router(routes.router)

    def called(method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        event = json.loads(json.dumps(EVENT))
        event |= {"httpMethod": method, "path": path, "resource": path}
        event["body"] = json.dumps(body) if body is not None else None
        event["queryStringParameters"] = query or None
        event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} if query else None
        answer = api.handle(event, object())
        return answer["statusCode"], json.loads(answer["body"])

    return called


def test_a6_over_http(one: Tenant, call: Callable[..., tuple[int, Any]]) -> None:
    merge = asked(one)
    _, listed = call("GET", "/merges", status="question")
    assert [item["merge_id"] for item in listed["items"]] == [merge.merge_id]
    assert call("GET", "/merges", status="merged")[1] == {"items": [], "next": None}
    path = f"/merges/{merge.merge_id}"
    status, shown = call("GET", path)
    assert (status, shown["matched"], shown["status"]) == (200, ["phone"], "question")
    assert [(side["id"], side["name"], side["stage"]) for side in shown["sides"]] == [
        (SECOND, "周小", "qualified"),
        (FIRST, "周晓", "qualified"),
    ]
    status, answered = call("POST", f"{path}/decision", {"decision": "same", "reason": "同一个人"})
    assert (status, answered["status"], answered["into"]) == (200, "merged", FIRST)
    assert answered["history"][-1]["reason"] == "同一个人"
    assert call("GET", f"/candidates/{SECOND}")[1]["merged_into"] == FIRST
    status, problem = call("POST", f"{path}/decision", {"decision": "different", "reason": "-"})
    assert (status, problem["type"]) == (409, "urn:rencai:problem:merge_not_open")
    status, undone = call("POST", f"{path}/undo", {"reason": "看错了"})
    assert (status, undone["status"]) == (200, "undone")
    assert call("GET", f"/candidates/{SECOND}")[1]["merged_into"] is None
    assert call("POST", f"{path}/undo", {"reason": ""})[0] == 400
    assert call("GET", "/merges/mrg_nothing")[0] == 404
    for cursor in ("nonsense", "e30x"):
        assert call("GET", "/merges", cursor=cursor)[0] == 400


def test_merges_are_listed_page_by_page_questions_first(
    one: Tenant, call: Callable[..., tuple[int, Any]]
) -> None:
    for number in range(5):
        person = {"name": f"甲{number}", "phone": f"+861390000000{number}"}
        one.passes(minutes=1)
        one.hand_in(person, interview_id=f"a-{number}", external_id=str(number))
        one.hand_in(
            {**person, "name": "乙"}, vendor="other", interview_id=f"b-{number}", external_id=str(number)
        )
    settled = one.all_merges()[0]
    different(one, settled)
    found: list[dict[str, Any]] = []
    query: dict[str, str] = {"limit": "2"}
    while True:
        _, page = call("GET", "/merges", **query)
        found += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert [item["status"] for item in found] == ["question"] * 4 + ["different"]
    asked_at = [item["asked_at"] for item in found[:4]]
    assert asked_at == sorted(asked_at, reverse=True)


def test_a6_a_candidate_is_shown_with_the_application(
    one: Tenant, call: Callable[..., tuple[int, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one.hand_in(ZHOU)
    assert call("GET", f"/candidates/{FIRST}")[1]["application"] is None
    job = {"employer": "甲公司", "title": "销售", "from": "2021-03", "to": None}
    judged = {"score": 85, "comment": "踏实", "by": "王", "at": "2026-03-01T00:00:00Z"}
    one.applied(ZHOU, status="interview", resume={"work_history": [job]}, evaluation=judged)
    _, shown = call("GET", f"/candidates/{FIRST}")
    assert shown["application"] == {
        "application_id": APP,
        "external_id": "app-1",
        "status": "interview",
        "evaluation": {**judged, "score": 85.0},
        "work_history": [job],
    }
    # An application among the sides.
    assert call("GET", f"/merges/{one.the_merge().merge_id}")[1]["sides"][0] == {
        "id": APP,
        "kind": "application",
        **ZHOU,
        "role": None,
        "stage": None,
        "external_id": "app-1",
        "status": "interview",
    }


# --- the ways in and out of applications


def envelope(name: EventName, candidate_id: str, **data: Any) -> BusEvent:
    detail = Envelope(
        event_id="evt_1",
        tenant_id="test",
        occurred_at=START,
        correlation_id="c",
        subject=Subject(kind=SubjectKind.CANDIDATE, id=candidate_id),
        data=data,
    )
    return BusEvent.model_validate({"detail-type": name, "detail": detail.model_dump(mode="json")})


def test_b8_the_ats_hears_of_its_application(one: Tenant) -> None:
    one.hand_in(ZHOU)
    ats = FakeAts()
    for number in range(2):
        told = envelope(EventName.OFFER_SENT, FIRST)
        told = told.model_copy(
            update={"detail": told.detail.model_copy(update={"event_id": f"evt_{number}"})}
        )
        tell_ats(told, journeys=one.journeys, applications=one.applications, ats=ats, now=START)
        one.applied(ZHOU)
    assert list(ats.ledger.made.values()) == [
        ("1", "offer_sent", "offer.sent"),
        ("app-1", "offer_sent", "offer.sent"),
    ]


def test_b5_the_work_history_of_the_application_is_checked(one: Tenant) -> None:
    one.hand_in(ZHOU)
    job = {"employer": "甲公司", "title": "销售", "from": "2021-03", "to": None}
    one.applied({**ZHOU, "national_id": PASSPORT}, resume={"work_history": [job]})
    one.sends_offer(FIRST)
    about = {"offer": "off_1", "envelope": "env_1"}
    one.journeys.apply(
        FIRST,
        Fact(FactKind.OFFER_SIGNED, "env_1", about, {"offer_id": "off_1", "envelope_id": "env_1"}),
        START,
    )
    background, links = FakeBackground(echoes_reference=False), Links(one.table)
    request_check(
        FIRST,
        journeys=one.journeys,
        people=one.people,
        applications=one.applications,
        links=links,
        background=background,
        now=START,
    )
    assert background.ledger.made == {
        f"check-{FIRST}": ("周晓", PASSPORT, FIRST, (Employment.model_validate(job),))
    }
    assert links.reference("background", f"chk-{FIRST}") == FIRST


class OneDelivery(Inbox):
    """An inbox with one delivery, which tells these facts."""

    def __init__(self, *told: Any) -> None:
        object.__setattr__(self, "told", told)
        object.__setattr__(self, "became", [])

    def act(self, delivery_id: str, apply: Apply, now: Any) -> None:
        delivery = Delivery(delivery_id, "ats", "generic", "m", b"", {}, "", START)
        self.__dict__["became"].extend(apply(delivery, fact) for fact in self.__dict__["told"])


def test_a6_the_ats_tells_by_webhook(one: Tenant) -> None:
    one.hand_in(ZHOU)
    told = Application.model_validate({"external_id": "app-1", "candidate": ZHOU})
    inbox = OneDelivery(ApplicationUpdated(told), NotActedOn("ping"))
    apply_applications("dlv_1", inbox=inbox, recognition=one.recognition, now=START)
    assert inbox.__dict__["became"] == [DeliveryStatus.APPLIED, DeliveryStatus.IGNORED]
    assert one.applications.of(FIRST) == Link(APP, "app-1")


@dataclass
class Feed(FakeAts):
    """An ATS that is gone when asked for a page from ``gone_at``."""

    gone_at: str | None = None
    asked: list[str | None] = field(default_factory=list)

    def applications(self, since: str | None) -> Page[Application]:
        self.asked.append(since)
        if since is not None and since == self.gone_at:
            raise VendorUnavailable("ats", "down")
        return super().applications(since)


def feed(*names: str) -> list[Application]:
    return [
        Application.model_validate({"external_id": name, "candidate": {"email": f"{name}@example.com"}})
        for name in names
    ]


def pull(one: Tenant, ats: FakeAts, has_time: Callable[[], bool] = lambda: True) -> Any:
    return pull_applications(
        feed="ats", ats=ats, cursors=one.cursors, recognition=one.recognition, now=START, has_time=has_time
    )


def on_record(one: Tenant) -> set[str]:
    return {item["external_id"] for item in one.items() if item["sk"] == "APPLICATION"}


def test_a6_a_pull_reads_on_from_where_the_last_one_ended(one: Tenant) -> None:
    ats = Feed(feed=feed("a", "b", "c"))
    assert (pull(one, ats).pages, on_record(one)) == (2, {"a", "b", "c"})
    ats.feed += feed("d")
    assert pull(one, ats).applications == 1
    assert ats.asked == [None, "2", "3"]
    assert on_record(one) == {"a", "b", "c", "d"}


def test_a6_a_pull_keeps_the_pages_before_an_outage_and_stops_in_time(one: Tenant) -> None:
    ats = Feed(feed=feed("a", "b", "c", "d", "e"), gone_at="2")
    with pytest.raises(VendorUnavailable):
        pull(one, ats)
    assert (one.cursors.get("ats"), on_record(one)) == ("2", {"a", "b"})
    ats.gone_at = None
    time = iter([True, False])
    assert pull(one, ats, lambda: next(time)).pages == 1
    assert one.cursors.get("ats") == "4"


def test_a_page_read_twice_is_on_record_once(one: Tenant) -> None:
    ats = Feed(feed=feed("a", "b"))
    pull(one, ats)
    one.cursors.put("ats", None, START)
    one.passes(days=1)
    pull(one, ats)
    assert [name for _, name, _ in one.told()] == ["application.received"] * 2


def test_assessments_are_shown_with_the_profile(
    one: Tenant, call: Callable[..., tuple[int, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one.hand_in(ZHOU)
    assessments = Assessments(one.table, one.merges._vault)
    monkeypatch.setattr(wiring, "assessments", lambda: assessments)
    monkeypatch.setattr(wiring, "configurations", lambda: Configurations(one.table, lambda: one.now))
    path = f"/candidates/{FIRST}/profile"
    assert call("GET", path)[1]["assessment"] is None
    told = AssessmentCompleted("asm-1", {"stress_tolerance": Decimal("72.5")}, "稳定", FIRST)
    assessments.complete(FIRST, told, "psychometric", START + timedelta(hours=1))
    assert call("GET", path)[1]["assessment"] == {
        "assessment_id": "asm-1",
        "scales": {"stress_tolerance": 72.5},
        "summary": "稳定",
        "completed_at": "2026-03-02T02:00:00Z",
    }


def test_an_application_belongs_to_one_candidate(one: Tenant) -> None:
    one.applied({})
    assert one.applications.link(APP, FIRST)
    assert one.applications.link(APP, FIRST)
    assert not one.applications.link(APP, SECOND)
    assert one.applications.of(SECOND) is None
    with pytest.raises(NotFound):
        one.applications.link("app_nothing", FIRST)
