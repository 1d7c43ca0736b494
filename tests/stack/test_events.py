"""Names and shapes of events: one list, held against what is told and against the template."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from functions.inbox.receive import VENDORS
from functions.relay.relay import subject_of
from infra.assembly.code import defined, module_file
from rencai.employees.store.signals import survey_key
from rencai.hiring.rules.journey import Fact, Journey, advance, refusal_event
from rencai.hiring.rules.moves import TRANSITIONS, FactKind
from rencai.hiring.store.journeys import journey_key, refusal_key
from rencai.inbox.deliveries import delivery_key
from rencai.interviews.store.uploads import upload_key
from rencai.kernel.errors import IllegalTransition
from rencai.kernel.events import SOURCE, EventName, Subject, SubjectKind
from rencai.migration.store.imports import import_key
from rencai.people.store.applications import application_key
from rencai.platform.consumer import MAX_RECEIVES
from rencai.pressure.store.cards import card_key
from rencai.pressure.store.scans import scan_key
from rencai.store.attempts import given_up_key
from rencai.training.store.enrolments import enrolment_key
from rencai.vendors.circuits import circuit_key
from rencai.wiring.events import DATA_MODELS
from tests.builders import (
    CANDIDATE,
    NOW,
    checked,
    closed,
    hired,
    merged,
    profiled,
    reconsidered,
    rescheduled,
    resent,
    reviewed,
    sent,
    signed,
    unmerged,
    withdrawn,
)
from tests.template import ROOT, resources, template

_WHAT_OTHERS_TELL = "\n".join(
    path.read_text()
    for folder in ("shared/rencai", "functions")
    for path in (ROOT / folder).rglob("*.py")
    # Their names and shapes are not their telling.
    if path.name != "events.py" and path.parent.name != "relay"
)
PERSONAL = {"name", "email", "phone", "national_id", "amount", "salary", "reason_text", "transcript"}
RULES = resources("AWS::Events::Rule")
FUNCTIONS = resources("AWS::Serverless::Function")


def test_every_event_has_a_model_that_takes_nothing_else() -> None:
    assert DATA_MODELS.keys() == set(EventName)
    for name, model in DATA_MODELS.items():
        assert model.model_config["extra"] == "forbid", name
        with pytest.raises(ValidationError, match="extra"):
            model.model_validate({"surprise": 1})


def test_events_are_thin() -> None:
    for name, model in DATA_MODELS.items():
        assert not PERSONAL & model.model_fields.keys(), name


def test_names_are_dotted_and_past_tense() -> None:
    for name in EventName:
        # Three tell of a state that was found, in the trade's own words.
        found = (EventName.JOURNEY_OVERDUE, EventName.VENDOR_UNREACHABLE, EventName.NOTICE_UNDELIVERABLE)
        state = name in found
        assert state or re.fullmatch(
            r"[a-z]+\.((warning_|rating_|undo_)?[a-z]+ed(_by_us)?|sent|resent|withdrawn|undone|part_done)",
            name,
        )


def journeys() -> list[list[Fact]]:
    before = hired()
    flagged = [*before[:5], checked(FactKind.CHECK_FLAGGED)]
    return [
        before,
        [profiled(qualifies=False), profiled("itv-2")],
        *(
            [*before[:3], closed(kind)]
            for kind in (FactKind.OFFER_DECLINED, FactKind.OFFER_EXPIRED, FactKind.OFFER_VOIDED)
        ),
        *(
            [profiled(thin=True), reviewed(kind)]
            for kind in (FactKind.INTERVIEW_APPROVED, FactKind.INTERVIEW_REJECTED)
        ),
        *([*flagged, reviewed(kind)] for kind in (FactKind.REVIEW_APPROVED, FactKind.REVIEW_REJECTED)),
        [*before[:2], replace(closed(FactKind.OFFER_SIGNED, "env_2"), delivery="dlv_1"), sent()],
        [*before[:3], closed(FactKind.OFFER_EXPIRED), resent()],
        [*before[:1], merged(), unmerged()],
        [profiled(qualifies=False), reconsidered(), withdrawn()],
        [*before[:2], rescheduled(), signed(), withdrawn()],
    ]


def test_every_event_a_journey_tells_fits_its_model() -> None:
    told = set()
    for facts in journeys():
        journey = Journey(CANDIDATE)
        for fact in facts:
            advanced = advance(journey, fact, NOW)
            journey = advanced.journey
            for event in advanced.events:
                assert (
                    DATA_MODELS[event.name].model_validate(event.data).model_dump(exclude_unset=True)
                    == event.data
                )
                told.add(event.name)
    by_table = {name for transition in TRANSITIONS.values() for name in transition.events}
    of_a_profile = {
        EventName.INTERVIEW_RECEIVED,
        EventName.CANDIDATE_PROFILED,
        EventName.CANDIDATE_DECLINED_BY_US,
    }
    of_what_was_kept = {
        EventName.TRANSITION_REFUSED,
        EventName.DELIVERY_SETTLED,
        EventName.JOURNEY_RESUMED,
        EventName.OFFER_CONTESTED,
    }
    assert told == by_table | of_a_profile | of_what_was_kept
    # What a journey does not tell, others do; each is held against its model where it is told.
    untold = {name for name in set(EventName) - told if f"EventName.{name.name}" not in _WHAT_OTHERS_TELL}
    assert not untold


def test_a_refusals_event_fits_its_model() -> None:
    refusal = IllegalTransition("signed", "offer_declined")
    event = refusal_event(Journey(CANDIDATE, version=4), refusal, 5, 0, NOW, "esign")
    assert (event.id, event.name, event.data, event.actor) == (
        "evt_01ABC_5_0",
        "transition.refused",
        {"fact": "offer_declined", "stage": "signed"},
        "esign",
    )
    DATA_MODELS[event.name].model_validate(event.data)


# --- the template ------------------------------------------------------------------------------------------


def test_there_are_rules() -> None:
    assert len(RULES) >= 21


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_listens_to_events_there_are(name: str) -> None:
    pattern = RULES[name]["EventPattern"]
    assert pattern.keys() <= {"source", "detail-type", "detail"}
    assert pattern["source"] == [SOURCE]
    names = [EventName(detail_type) for detail_type in pattern["detail-type"]]
    assert len(set(names)) == len(names) > 0
    detail = pattern.get("detail", {})
    assert detail.keys() <= {"data"}
    for event in names:
        for field, values in detail.get("data", {}).items():
            assert field in DATA_MODELS[event].model_fields
            annotation = DATA_MODELS[event].model_fields[field].annotation
            assert annotation in (bool, str)
            assert all(type(value) is annotation for value in values)


def test_every_vendors_deliveries_have_one_reader() -> None:
    """A vendor that is heard and read by nobody would fill the inbox in silence."""
    read = [
        vendor
        for rule in RULES.values()
        if "delivery.received" in rule["EventPattern"]["detail-type"]
        for vendor in rule["EventPattern"]["detail"]["data"]["vendor"]
    ]
    assert sorted(read) == sorted(VENDORS)


def test_only_who_qualifies_gets_an_offer() -> None:
    assert RULES["OfferRule"]["EventPattern"] == {
        "source": ["rencai"],
        "detail-type": ["candidate.profiled"],
        "detail": {"data": {"qualifies": [True]}},
    }


def _queue(reference: Any) -> str:
    text: str = reference["Fn::GetAtt"]
    return text.removesuffix(".Arn")


@pytest.mark.parametrize("name", sorted(set(RULES) - {"HrNoticesRule"}))
def test_a_rules_queues_have_a_reader_a_policy_and_a_way_out(name: str) -> None:
    rule = RULES[name]
    assert rule["EventBusName"] == {"Ref": "Bus"}
    queues = [_queue(target["Arn"]) for target in rule["Targets"]]
    assert len(queues) == (4 if name == "ResumeRule" else 1)
    for queue in queues:
        assert resources("AWS::SQS::Queue")[queue]["RedrivePolicy"]["deadLetterTargetArn"] == {
            "Fn::GetAtt": "DeadLetters.Arn"
        }
        assert {"Ref": queue} in resources("AWS::SQS::QueuePolicy")["ConsumerQueuePolicy"]["Queues"]
        readers = [function for function, properties in FUNCTIONS.items() if queue in _sources(properties)]
        assert len(readers) == 1


def test_hr_hears_of_what_waits_for_a_person() -> None:
    assert RULES["HrNoticesRule"]["Targets"] == [
        {
            "Id": "hr",
            "Arn": {"Ref": "HrNotices"},
            "DeadLetterConfig": {"Arn": {"Fn::GetAtt": "Undelivered.Arn"}},
        }
    ]
    assert {"Ref": "HrNotices"} in resources("AWS::SNS::TopicPolicy")["HrNoticesPolicy"]["Topics"]


def _sources(properties: dict[str, Any]) -> list[str]:
    events = properties.get("Events", {}).values()
    return [_queue(event["Properties"]["Queue"]) for event in events if event["Type"] == "SQS"]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_functions_handler_exists(name: str) -> None:
    module, _, function = FUNCTIONS[name]["Handler"].rpartition(".")
    file = module_file(ROOT, module)
    assert function in defined(file)
    assert (file.parent / "__init__.py").exists()


@pytest.mark.parametrize("name", sorted(name for name in FUNCTIONS if _sources(FUNCTIONS[name])))
def test_a_consumer_reports_failures_one_by_one_and_is_told_its_own_queue(name: str) -> None:
    properties = FUNCTIONS[name]
    variables = properties["Environment"]["Variables"]
    (queue,) = _sources(properties)
    assert variables["QUEUE_URL"] == {"Ref": queue}
    assert variables["DEAD_LETTER_URL"] == {"Ref": "DeadLetters"}
    (event,) = (event for event in properties["Events"].values() if event["Type"] == "SQS")
    assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    # AWS asks for six times the function's timeout, so that a slow batch is not handed out twice.
    timeout = properties.get("Timeout", template()["Globals"]["Function"]["Timeout"])
    assert resources("AWS::SQS::Queue")[queue]["VisibilityTimeout"] >= 6 * timeout


def test_a_message_is_received_as_often_as_a_consumer_thinks() -> None:
    """At the last receipt what an upload or an import is about is given up; after it SQS would move it away unsaid."""
    counts = {
        queue["RedrivePolicy"]["maxReceiveCount"]
        for queue in resources("AWS::SQS::Queue").values()
        if "RedrivePolicy" in queue
    }
    assert counts == {MAX_RECEIVES}


def test_the_relay_sees_only_images_that_carry_events() -> None:
    stream = FUNCTIONS["EventRelay"]["Events"]["Stream"]["Properties"]
    assert [json.loads(one["Pattern"]) for one in stream["FilterCriteria"]["Filters"]] == [
        {"dynamodb": {"NewImage": {"events": {"S": [{"exists": True}]}}}}
    ]
    (table,) = resources("AWS::DynamoDB::Table").values()
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


def test_the_relay_knows_whose_events_each_item_carries() -> None:
    keys = {
        SubjectKind.CANDIDATE: journey_key(CANDIDATE),
        SubjectKind.APPLICATION: application_key("app_1"),
        SubjectKind.EMPLOYEE: enrolment_key("emp_1", "orientation"),
        SubjectKind.DELIVERY: delivery_key("dlv_1"),
        SubjectKind.UPLOAD: upload_key("upl_1"),
        SubjectKind.IMPORT: import_key("imp_1"),
        SubjectKind.SCAN: scan_key("scn_1"),
        SubjectKind.VENDOR: circuit_key("esign"),
    }
    assert {kind: subject_of(key.pk, key.sk) for kind, key in keys.items()}.keys() == set(SubjectKind)
    assert [(s.kind, s.id) for s in (subject_of(key.pk, key.sk) for key in keys.values())] == [
        ("candidate", CANDIDATE),
        ("application", "app_1"),
        ("employee", "emp_1"),
        ("delivery", "dlv_1"),
        ("upload", "upl_1"),
        ("import", "imp_1"),
        ("scan", "scn_1"),
        ("vendor", "esign"),
    ]
    refused = refusal_key(CANDIDATE, "offer_signed:env_1")
    assert subject_of(refused.pk, refused.sk).id == CANDIDATE
    answers = survey_key("emp_1", "2026-11")
    assert subject_of(answers.pk, answers.sk) == Subject(kind=SubjectKind.EMPLOYEE, id="emp_1")
    given_up = given_up_key("m0", Subject(kind=SubjectKind.APPLICATION, id="app_1"))
    assert subject_of(given_up.pk, given_up.sk) == Subject(kind=SubjectKind.APPLICATION, id="app_1")
    card = card_key("emp_1")
    assert subject_of(card.pk, card.sk) == Subject(kind=SubjectKind.EMPLOYEE, id="emp_1")
