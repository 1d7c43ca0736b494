"""The store against moto's table, made from template.yaml: lost races, pages, counters, leases, sealed values."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from rencai.employees.rules.signals import AnswerReport, SurveyReport, survey_answers
from rencai.hiring.rules.background import Finding
from rencai.hiring.rules.facts import AssessmentCompleted
from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.offer import Benefits, Bonus, Money, OfferTerms
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.assessments import Assessments
from rencai.hiring.store.journeys import CandidateCard, Journeys, journey_key, to_journey_item
from rencai.hiring.store.offers import Offer
from rencai.interviews.rules.competency import COMPETENCY_MODEL, CompetencyModel
from rencai.interviews.rules.interview import Candidate
from rencai.interviews.store.interviews import interview_key
from rencai.interviews.store.uploads import LineError, Upload, UploadPartResult, Uploads, UploadStatus
from rencai.kernel.errors import CommonRefusal, DomainError, LostRace, NotFound
from rencai.letters.notices import LEASE, Claim, Notices
from rencai.people.rules.application import Application
from rencai.people.rules.contact import ContactField, Source, SourceKind, Told
from rencai.people.rules.identity import Identity
from rencai.people.store.applications import Applications
from rencai.store.configurations import Configurations
from rencai.store.file_requests import FileRequest
from rencai.store.objects import Bucket
from rencai.store.sealed import Vault
from rencai.store.table import ABSENT, Key, Table, from_attribute, to_attribute, to_item
from rencai.wiring.base import aws_client
from tests.aws import client, key_id
from tests.journey.faults import Faulty
from tests.journey.world import START, World, world
from tests.keyed import IDS

CARD = CandidateCard(
    name="周晓",
    role="sales",
    location="上海",
    requisition_id="REQ-1",
    vendor="aiview",
    external_id="ats-1",
    interview_ids=("itv-1",),
    profile_of="itv-1",
    overall=Decimal("80.00"),
)


@pytest.fixture
def one() -> Iterator[World]:
    with world() as fresh:
        yield fresh


def profiled(number: int = 1, *, qualifies: bool = True) -> Fact:
    profile = {"role": "sales", "overall": 80.0, "coverage": 1.0, "qualifies": qualifies, "model_version": 1}
    received = {
        "interview_id": f"itv-{number}",
        "vendor": "aiview",
        "requisition_id": "REQ-1",
        "role": "sales",
    }
    declined = {"role": "sales", "reason": "below_pass_score"}
    return Fact(
        FactKind.PROFILED,
        f"aiview/itv-{number}",
        data={"received": received, "profiled": profile, "declined": declined},
    )


def candidate(number: int) -> str:
    return IDS.candidate_id("aiview", f"ats-{number}")


DRAFTED = Fact(FactKind.OFFER_DRAFTED, "off_1", {"offer": "off_1"}, {"offer_id": "off_1"})


def _table(client: Any) -> Table:
    """A table over something that stands in for the client."""
    return Table(client, "rencai-test")


class Racing:
    """A client behind whose back another writer does ``first`` just before the ``at``-th put."""

    def __init__(self, target: Any, at: int, first: Any) -> None:
        self._target = target
        self._left = at
        self._first = first

    def put_item(self, **arguments: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self._first()
        return self._target.put_item(**arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)


def test_a_lost_race_is_decided_again_on_what_the_winner_left(one: World) -> None:
    journeys = Journeys(one.wired.table)
    journeys.open(CARD, candidate(1), profiled(), START)
    racing = Journeys(
        _table(Racing(one.wired.table._client, 1, lambda: journeys.apply(candidate(1), DRAFTED, START)))
    )
    sent = Fact(
        FactKind.OFFER_SENT,
        "env-1",
        {"offer": "off_1", "envelope": "env-1"},
        {"offer_id": "off_1", "envelope_id": "env-1"},
    )
    assert [event.name for event in racing.apply(candidate(1), sent, START).events] == ["offer.sent"]
    assert journeys.get(candidate(1)).journey.stage is Stage.OFFER_SENT


def test_the_same_fact_from_two_writers_is_applied_once(one: World) -> None:
    journeys = Journeys(one.wired.table)
    journeys.open(CARD, candidate(1), profiled(), START)
    racing = Journeys(
        _table(Racing(one.wired.table._client, 1, lambda: journeys.apply(candidate(1), DRAFTED, START)))
    )
    assert racing.apply(candidate(1), DRAFTED, START).changed is False
    assert journeys.get(candidate(1)).journey.version == 2


def test_a_journey_reads_back_as_it_was_written_and_stays_small(one: World) -> None:
    journeys = Journeys(one.wired.table)
    advanced = journeys.open(CARD, candidate(1), profiled(), START)
    early = Fact(FactKind.OFFER_SIGNED, "env-1", {"offer": "off_1", "envelope": "env-1"}, actor="esign")
    kept = journeys.apply(candidate(1), early, START)
    assert advanced.journey.stage is Stage.QUALIFIED
    record = journeys.get(candidate(1))
    assert (record.journey, record.card) == (kept.journey, CARD)
    item = to_item({**journey_key(candidate(1)).attributes(), **to_journey_item(record, advanced.events)})
    assert len(repr(item)) < 3000


def test_candidates_are_listed_by_stage_and_role_page_by_page(one: World) -> None:
    journeys = Journeys(one.wired.table)
    for number in range(7):
        role = "sales" if number % 2 else "marketing"
        card = replace(CARD, role=role)
        journeys.open(card, candidate(number), profiled(number, qualifies=number < 5), START)

    def listed(stage: Stage | None, role: str | None, limit: int) -> list[str]:
        found, cursor = [], None
        while True:
            page = journeys.page(stage, role, limit, cursor)
            assert len(page.items) <= limit
            found += [item["candidate_id"] for item in page.items]
            cursor = page.next
            if cursor is None:
                return found

    everyone = {candidate(number) for number in range(7)}
    for limit in (1, 2, 3, 100):
        assert sorted(listed(None, None, limit)) == sorted(everyone)
        assert set(listed(Stage.TALENT_POOL, None, limit)) == {candidate(5), candidate(6)}
        assert set(listed(None, "sales", limit)) == {candidate(1), candidate(3), candidate(5)}
        assert listed(Stage.ONBOARDED, None, limit) == []
    for cursor in ("nonsense", "e30x", "W10"):
        with pytest.raises(DomainError, match="cursor"):
            journeys.page(None, None, 10, cursor)


def test_events_ride_on_one_write_and_are_gone_with_the_next(one: World) -> None:
    key = Key("DELIVERY#dlv_1", "DELIVERY")
    one.wired.table.put(key, {"status": "received", "events": "[]"}, ABSENT)
    assert "events" not in one.wired.table.update(key, {"status": "applied"})
    with pytest.raises(LostRace):
        one.wired.table.put(key, {}, ABSENT)


def test_a_letter_is_claimed_by_one_and_again_only_after_its_lease(one: World) -> None:
    notices = Notices(one.wired.table)
    assert notices.claim("cand_1", "onboarding", START) is Claim.YOURS
    assert notices.claim("cand_1", "onboarding", START + timedelta(seconds=1)) is Claim.BUSY
    later = START + LEASE + timedelta(seconds=1)
    assert notices.claim("cand_1", "onboarding", later) is Claim.YOURS
    notices.release("cand_1", "onboarding", later)
    assert notices.claim("cand_1", "onboarding", later) is Claim.YOURS
    notices.sent("cand_1", "onboarding", "msg-1", later)
    assert notices.claim("cand_1", "onboarding", later + timedelta(days=30)) is Claim.SENT
    assert notices.claim("cand_1", "talent_pool", START) is Claim.YOURS


def test_a_part_counts_once_however_often_it_is_delivered(one: World) -> None:
    uploads = Uploads(one.wired.table)
    made = uploads.create(Upload("upl_1", "interviews/x.jsonl", "interviews/x.jsonl", START, "zh-CN"))
    assert uploads.create(replace(made, filename="other")) == made
    uploads.started("upl_1", "v1")
    first = UploadPartResult(1, accepted=98, rejected=2, duplicates=0, has_errors=True)
    second = UploadPartResult(2, accepted=5, rejected=0, duplicates=1, has_errors=False)
    for result in (second, first, first, second):
        uploads.part_done("upl_1", result)
    uploads.split("upl_1", 2)
    found = uploads.get("upl_1")
    assert (found.accepted, found.rejected, found.duplicates) == (103, 2, 1)
    assert (found.parts_done, found.parts_with_errors, found.parts_total) == (
        frozenset({1, 2}),
        frozenset({1}),
        2,
    )
    error = LineError(3, "position.role", "…")
    uploads.finished(found, [error], "reports/upl_1.jsonl", START)
    uploads.failed("upl_1", LineError(0, "", "too late"), None, START)
    closed = uploads.get("upl_1")
    assert (closed.status, closed.errors, closed.report_key) == (
        UploadStatus.FINISHED,
        (error,),
        "reports/upl_1.jsonl",
    )
    assert uploads.page("interviews/x.jsonl", 10, None)[0] == [closed]
    assert uploads.page(None, 10, None)[0] == [closed]


def test_what_is_sealed_for_one_person_does_not_open_for_another(one: World) -> None:
    vault = one.wired.vault
    sealed = vault.seal("11010519491231002X", owner="cand_1", field="national_id")
    assert vault.open(sealed, owner="cand_1", field="national_id") == "11010519491231002X"
    for owner, field in (("cand_2", "national_id"), ("cand_1", "terms")):
        with pytest.raises(ClientError):
            vault.open(sealed, owner=owner, field=field)


def test_what_is_sealed_for_one_tenant_does_not_open_for_another(one: World) -> None:
    """Under one and the same key, too: the trail of who opened what says whose it was."""
    sealed = one.wired.vault.seal("11010519491231002X", owner="cand_1", field="national_id")
    for tenant in ("another", ""):
        with pytest.raises(ClientError):
            Vault(client("kms"), key_id(), tenant).open(sealed, owner="cand_1", field="national_id")


def test_nothing_sealed_of_one_person_opens_once_it_is_put_into_anothers_file(one: World) -> None:
    """What is sealed is bound to whose it is, field by field: who may write to the table, and open what is the one
    person's, does not read the other's by copying.
    """
    theirs, mine = candidate(1), candidate(2)
    hiring, people, signals = one.wired.hiring, one.wired.people.people, one.wired.employees.signals
    money = Money(amount=Decimal("9000.00"), currency="CNY")
    benefits = Benefits(
        social_insurance_employer_percent=Decimal(26),
        social_insurance_employee_percent=Decimal(10),
        housing_fund_percent=Decimal(7),
    )
    promised = OfferTerms(
        base_salary=money, bonus=Bonus(target_percent=Decimal(20), target=money), benefits=benefits
    )
    hiring.offers.draft(Offer(theirs, "sales", promised, START, 14))
    hiring.offers.resending(theirs, 2, "薪资重新谈过", "req-1", START)
    hiring.checks.record(theirs, "chk_1", [Finding(kind="criminal", verified=False)], START)
    hiring.checks.decided(theirs, "rev_1", "已核实", START)
    told = AssessmentCompleted("asm-1", {"stress_tolerance": Decimal(31)}, "易焦虑", theirs)
    hiring.assessments.complete(theirs, told, "psychometric", START)
    said = {
        "external_id": "1",
        "name": "Mei",
        "email": "mei@example.com",
        "national_id": "11010519491231002X",
    }
    mei = Candidate.model_validate(said)
    source = Source(SourceKind.INTERVIEW, "aiview/itv-1", START)
    known = Told({ContactField.NAME: "Mei"}, 1, people.seal(theirs, "11010519491231002X"))
    people.record(theirs, mei, known, Identity(theirs), source, new=True, now=START)
    words = SurveyReport(answers=[AnswerReport(question_id="comment", text="主管常骂人")])
    signals.record_survey("emp_1", survey_answers("2026-02", words, START.date()), "hr", START)

    for item in one.items():
        kind, _, id_ = str(item.pop("pk")).partition("#")
        other = {theirs: mine, "emp_1": "emp_2"}.get(id_)
        if other:
            one.wired.table.put(Key(f"{kind}#{other}", str(item.pop("sk"))), item)

    readers: dict[str, Callable[[str], object]] = {
        "terms": hiring.offers.get,
        "resend reason": lambda whose: hiring.offers.resend_reason(whose, 2),
        "findings": lambda whose: hiring.checks.findings(whose, "chk_1"),
        "decision": lambda whose: hiring.checks.reason(whose, "rev_1"),
        "assessment": hiring.assessments.find,
        "national id": people.contact,
    }
    for field, read in readers.items():
        assert read(theirs), field
        with pytest.raises(ClientError):
            read(mine)
    assert signals.survey_texts("emp_1", "2026-02") == {"comment": "主管常骂人"}
    with pytest.raises(ClientError):
        signals.survey_texts("emp_2", "2026-02")


def test_a_reviewer_sees_what_that_check_found_last(one: World) -> None:
    """A dispute ends with other findings, and a check the vendor brings up besides changes nothing."""
    checks = one.wired.hiring.checks
    record, none = (Finding(kind="criminal", verified=verified) for verified in (False, True))
    # Either way round: what comes of the contents, by which each is kept, must not decide.
    for check_id, found in (("chk_1", (record, none)), ("chk_2", (none, record))):
        for days, finding in enumerate(found):
            checks.record(candidate(1), check_id, [finding], START + timedelta(days=days))
        checks.record(candidate(1), f"{check_id}0", [found[0]], START + timedelta(days=2))
        assert checks.findings(candidate(1), check_id) == [found[1]]


def test_of_two_results_of_an_assessment_at_once_the_first_stays(one: World) -> None:
    """One that came between another's reading and writing is not replaced, nor told of again."""
    first, other = (
        AssessmentCompleted("asm-1", {"stress_tolerance": Decimal(score)}, None, candidate(1))
        for score in (72, 31)
    )
    assessments = one.wired.hiring.assessments
    table, vault = one.wired.table, one.wired.vault
    racing = Assessments(
        _table(
            Racing(table._client, 1, lambda: assessments.complete(candidate(1), first, "psychometric", START))
        ),
        vault,
    )
    assert racing.complete(candidate(1), other, "psychometric", START + timedelta(minutes=1)) is False
    found = assessments.find(candidate(1))
    assert found is not None
    assert (found.completed, found.completed_at) == (first, START)


def test_an_application_given_to_two_candidates_at_once_is_the_first_ones(one: World) -> None:
    table = one.wired.table
    applications = one.wired.people.applications
    told = Application.model_validate({"external_id": "app-1", "name": "Mei", "email": "mei@example.com"})
    application_id = applications.record(told, START, "ats", START).application_id

    def overtaken() -> None:
        assert applications.link(application_id, candidate(2))

    racing = Applications(_table(Racing(table._client, 1, overtaken)), one.wired.vault, one.wired.ids)
    assert racing.link(application_id, candidate(1)) is False
    assert applications.candidate_of(application_id) == candidate(2)
    assert applications.of(candidate(1)) is None
    link = applications.of(candidate(2))
    assert link is not None
    assert link.application_id == application_id


def test_a2_an_old_profile_keeps_pointing_at_the_version_that_made_it(one: World) -> None:
    clock = [datetime(2026, 3, 2, tzinfo=UTC)]
    configurations = Configurations(one.wired.table, lambda: clock[0])
    kind = COMPETENCY_MODEL
    first = configurations.latest(COMPETENCY_MODEL, "sales")
    stricter = first.document.model_dump(mode="json", by_alias=True) | {"pass_score": 90}
    assert configurations.put(kind, "sales", stricter, actor="hr", now=clock[0]) == 2
    assert configurations.put(kind, "sales", stricter, actor="hr", now=clock[0]) == 2
    assert configurations.latest(COMPETENCY_MODEL, "sales").document.pass_score == 90
    assert configurations.of_version(COMPETENCY_MODEL, 1, "sales").document == first.document
    other = Configurations(one.wired.table, lambda: clock[0])
    assert other.latest(COMPETENCY_MODEL, "sales").version == 2
    assert configurations.names(kind) == ["ecommerce_operations", "general", "marketing", "sales"]
    with pytest.raises(NotFound):
        configurations.latest(COMPETENCY_MODEL, "astronaut")
    broken = stricter | {"competencies": dict(list(stricter["competencies"].items())[:2])}
    with pytest.raises(DomainError, match="weights add up"):
        configurations.put(kind, "sales", broken, actor="hr", now=clock[0])


def test_what_is_revised_goes_with_another_write_or_not_at_all(one: World) -> None:
    table, kind = one.wired.table, COMPETENCY_MODEL
    configurations = Configurations(table, lambda: START)

    def stricter(model: CompetencyModel) -> dict[str, Any]:
        return model.model_dump(mode="json", by_alias=True) | {"pass_score": int(model.pass_score) + 1}

    def revised() -> Any:
        return configurations.revised(kind, "sales", stricter, actor="hr", now=START)

    before = configurations.latest(kind, "sales").document.pass_score
    first, late = revised(), revised()
    table.transact(first)
    assert configurations.latest(kind, "sales").document.pass_score == before + 1
    with pytest.raises(LostRace):
        table.transact(late)
    table.transact(revised())
    assert configurations.latest(kind, "sales").document.pass_score == before + 2
    same = configurations.revised(
        kind, "sales", lambda model: model.model_dump(mode="json", by_alias=True), actor="hr", now=START
    )
    assert same is None
    with pytest.raises(NotFound):
        configurations.revised(kind, "astronaut", stricter, actor="hr", now=START)


def test_a_document_that_no_item_holds_is_refused(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rencai.store.configurations._LARGEST", 100)
    configurations = Configurations(one.wired.table, lambda: START)
    document = configurations.latest(COMPETENCY_MODEL, "general").document.model_dump(
        mode="json", by_alias=True
    )
    with pytest.raises(DomainError) as refused:
        configurations.put(COMPETENCY_MODEL, "general", document | {"pass_score": 81}, actor="hr", now=START)
    assert refused.value.code is CommonRefusal.CONFIGURATION_INVALID


def test_an_edit_counts_everywhere_within_a_minute(one: World) -> None:
    clock = [START]
    cached, editor = (Configurations(one.wired.table, lambda: clock[0]) for _ in range(2))
    assert cached.latest(COMPETENCY_MODEL, "general").version == 1
    document = editor.latest(COMPETENCY_MODEL, "general").document.model_dump(mode="json", by_alias=True)
    kind = COMPETENCY_MODEL
    editor.put(kind, "general", document | {"pass_score": 70}, actor="hr", now=START)
    clock[0] += timedelta(seconds=59)
    assert cached.latest(COMPETENCY_MODEL, "general").version == 1
    clock[0] += timedelta(seconds=1)
    assert cached.latest(COMPETENCY_MODEL, "general").version == 2


@pytest.mark.parametrize(
    "value",
    [None, True, "客户", b"\x00\xff", 0, -7, Decimal("80.05"), ["a", 1, {"b": None}], {}, frozenset({1, 22})],
)
def test_a_value_reads_back_as_it_was_stored(value: object) -> None:
    assert from_attribute(to_attribute(value)) == value


def test_a_float_is_not_stored() -> None:
    with pytest.raises(TypeError, match="float"):
        to_attribute({"pay": 8000.0})


def test_an_error_that_is_not_a_lost_race_stays_what_it_is(one: World) -> None:
    class Throttled:
        def put_item(self, **_: Any) -> Any:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "PutItem")

    table = _table(Faulty("dynamodb", Throttled(), one.faults))
    with pytest.raises(ClientError):
        table.put(Key("a", "b"), {})


def test_an_id_that_begins_with_the_mark_of_a_reference_reads_back(one: World) -> None:
    """Found in review: a vendor called ``@check`` made its candidates unreadable."""
    journeys = Journeys(one.wired.table)
    for vendor in ("@check", "@", "@@x", "@offer"):
        card = replace(CARD, vendor=vendor)
        fact = replace(profiled(), id=f"{vendor}/itv-1")
        journeys.open(card, candidate(1), replace(fact, id=f"{vendor}"), START)
        assert f"profiled:{vendor}" in journeys.get(candidate(1)).journey.applied


def test_an_idempotency_key_names_one_upload_and_the_list_stays_newest_first(one: World) -> None:
    uploads = Uploads(one.wired.table)
    made = [
        Upload(
            IDS.upload_id(START + timedelta(minutes=n), str(n)),
            f"{n}.jsonl",
            f"interviews/{n}.jsonl",
            START,
            "en",
        )
        for n in range(3)
    ]
    assert uploads.create(made[0], "client#key") == made[0]
    assert uploads.create(made[1], "client#key") == made[0]
    assert uploads.create(made[2]) == made[2]
    assert [upload.upload_id for upload in uploads.page(None, 10, None)[0]] == [
        made[2].upload_id,
        made[0].upload_id,
    ]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=5)], ids=["at the same moment", "later"])
def test_an_idempotency_key_is_its_clients_own(one: World, later: timedelta) -> None:
    """Two clients that count their requests come to the same keys: neither is given the other's upload, nor told that
    it asked for something else before.
    """

    def asked(client_id: str, filename: str = "x.jsonl") -> FileRequest:
        return FileRequest(filename, "en", client_id, "key-1", "key-1", f"digest of {filename}")

    desk = one.wired.interviews.desk
    mine, _ = desk.ask(asked("client-a"), START)
    theirs, ticket = desk.ask(asked("client-b"), START + later)
    others, _ = desk.ask(asked("client-c", "y.jsonl"), START + later)
    assert len({mine.upload_id, theirs.upload_id, others.upload_id}) == 3
    assert theirs.object_key in ticket.url
    again = START + timedelta(hours=1)
    assert [desk.ask(asked(client_id), again)[0] for client_id in ("client-a", "client-b")] == [mine, theirs]


@pytest.mark.parametrize("size", [None, 12])
def test_a_url_takes_one_file_and_of_the_size_that_was_said(size: int | None) -> None:
    bucket = Bucket(aws_client("s3"), "b")
    ticket = bucket.upload_ticket("k", "text/plain", size, START, timedelta(hours=1))
    sized = {"Content-Length": "12"} if size else {}
    assert ticket.headers == {"Content-Type": "text/plain", "If-None-Match": "*", **sized}
    (signed,) = parse_qs(urlsplit(ticket.url).query)["X-Amz-SignedHeaders"]
    assert set(signed.split(";")) == {"host", *(name.lower() for name in ticket.headers)}


def test_what_is_longer_than_kms_takes_at_once_is_sealed_in_pieces(one: World) -> None:
    """Found in review: 2,000 Chinese characters are 6,000 bytes, and KMS takes 4,096."""
    vault = one.wired.vault
    reason = "已电话联系原单位核实" * 200
    sealed = vault.seal(reason, owner="cand_1", field="reason")
    assert len(sealed) == 2
    assert vault.open(sealed, owner="cand_1", field="reason") == reason


@pytest.mark.parametrize(
    "cursor", ["eyJzdGFnZSI6ImludGVydmlld2VkIiwia2V5IjoieCJ9", "eyJrZXkiOnsicGsiOjEuNX19", "W1tb"]
)
def test_a_crafted_cursor_is_a_bad_cursor(one: World, cursor: str) -> None:
    """Found in review: it was a fault of ours."""
    with pytest.raises(DomainError, match="cursor"):
        Journeys(one.wired.table).page(None, None, 10, cursor)


def test_no_two_interviews_share_a_key() -> None:
    assert interview_key("a", "b#c") != interview_key("a#b", "c")
    assert interview_key("a%23b", "c") != interview_key("a#b", "c")
