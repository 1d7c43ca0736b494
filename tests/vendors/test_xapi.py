"""xAPI: who may post statements, and what they say of a learner's progress."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.inbox.dialect import Delivered, NotAuthentic, NotInContract
from rencai.inbox.facts import NotActedOn
from rencai.training.rules.facts import CourseProgressed
from rencai.vendors.dialects.xapi import ONE_CONTENT_PER_ID, parse, verify

NOW = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
KEY = "lms:correct horse:battery"
OTHER_KEY = "lms:电池"
# From the specification's own example (xAPI-Communication.md).
SPEC_KEY, SPEC_AUTHORIZATION = "TestUser:password", "Basic VGVzdFVzZXI6cGFzc3dvcmQ="
ID, ID2 = "c70c2b85-c294-464f-baca-cebd4fb9b348", "12345678-1234-5678-1234-567812345678"
REGISTRATION = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
VERBS = "http://adlnet.gov/expapi/verbs/"
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"


def statement(verb: str = "completed", result: Any = None, **changed: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "actor": {"objectType": "Agent", "account": {"homePage": "https://a.example", "name": "1"}},
        "verb": {"id": f"{VERBS}{verb}", "display": {"en-US": verb}},
        "object": {"id": "https://a.example/courses/1"},
        "result": result,
        "context": {"registration": REGISTRATION},
        "timestamp": "2026-03-02T09:19:37.468+08:00",
        **changed,
    }


def delivered(document: Any, key: str = KEY, version: str = "1.0.3") -> Delivered:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    authorization = f"Basic {base64.b64encode(key.encode()).decode()}"
    return Delivered(body, {"authorization": [authorization], "x-experience-api-version": [version]})


def message_id(document: Any) -> str:
    return verify(delivered(document), [KEY], NOW).message_id


def test_the_specifications_example() -> None:
    headers = {"authorization": [SPEC_AUTHORIZATION], "x-experience-api-version": ["1.0.3"]}
    assert verify(Delivered(json.dumps(statement()).encode(), headers), [SPEC_KEY], NOW).message_id == ID


@pytest.mark.parametrize("key", [KEY, OTHER_KEY])
def test_any_of_the_keys_will_do(key: str) -> None:
    assert verify(delivered(statement(), key), ["", KEY, OTHER_KEY], NOW).message_id == ID


@pytest.mark.parametrize("key", ["", ":", "lms", "lms:", ":secret", " : "])
def test_a_key_without_user_and_password_lets_nobody_in(key: str) -> None:
    with pytest.raises(NotAuthentic, match="authorization is not one of ours"):
        verify(delivered(statement(), key), [key], NOW)


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "1.0.2", "1.0.3", "1.0.99"])
def test_every_patch_of_1_0_is_spoken(version: str) -> None:
    assert verify(delivered(statement(), version=version), [KEY], NOW).message_id == ID


@pytest.mark.parametrize("version", ["0.95", "1.1.0", "2.0.0", "1", "1.0.", "1.0.3 ", "v1.0.3"])
def test_no_other_version_is(version: str) -> None:
    with pytest.raises(NotAuthentic, match=r"x-experience-api-version is not 1\.0\.x"):
        verify(delivered(statement(), version=version), [KEY], NOW)


def test_who_does_not_know_the_password_is_not_told_that_the_version_is_wrong() -> None:
    with pytest.raises(NotAuthentic, match="authorization is not one of ours"):
        verify(delivered(statement(), "lms:wrong", version="2.0.0"), [KEY], NOW)


def test_a_statement_is_named_by_its_id_whatever_else_it_says() -> None:
    """So that the caller can tell a retry from a conflict: the same id with other content is answered 409."""
    assert message_id(statement()) == message_id(statement("failed")) == message_id([statement()]) == ID
    assert message_id(statement(id=ID.upper())) == ID
    assert message_id(statement(id=ID2)) == ID2
    assert ONE_CONTENT_PER_ID


def test_a_batch_is_named_by_its_ids_in_order() -> None:
    one, two = statement(), statement(id=ID2)
    names = {message_id([one, two]), message_id([two, one]), message_id([one]), message_id([two])}
    assert len(names) == 4
    assert message_id([one, two]) == f"batch-{hashlib.sha256(f'{ID} {ID2}'.encode()).hexdigest()}"
    assert message_id([statement("failed"), two]) == message_id([one, two])


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"--boundary",
        b"[]",
        {},
        {"id": ID},
        statement(id=None),
        statement(id="not a uuid"),
        statement(id=7),
        [statement(), statement(id=None)],
        [statement(), statement()],
    ],
)
def test_without_ids_it_is_named_by_its_bytes(document: Any) -> None:
    body = delivered(document).body
    assert message_id(document) == f"body-{hashlib.sha256(body).hexdigest()}"


# --- parse --------------------------------------------------------------------------------------------------

AT = datetime(2026, 3, 2, 1, 19, 37, 468000, tzinfo=UTC)


def parsed(document: Any) -> Any:
    return parse("lms", json.dumps(document).encode())


def progressed(completion: float | None = None, score: str | None = None) -> CourseProgressed:
    return CourseProgressed(
        REGISTRATION,
        AT,
        None if completion is None else Decimal(completion),
        None if score is None else Decimal(score),
    )


@pytest.mark.parametrize(
    ("verb", "result", "fact"),
    [
        ("completed", None, progressed(100)),
        ("completed", {"completion": True, "duration": "PT1H"}, progressed(100)),
        ("completed", {"extensions": {PROGRESS: 60}}, progressed(100)),
        ("completed", {"score": {"scaled": 0.85}}, progressed(100, "85")),
        ("passed", {"success": True}, progressed(100)),
        ("passed", {"success": True, "score": {"scaled": 0.85}}, progressed(100, "85")),
        ("passed", {"extensions": {PROGRESS: 60}}, progressed(60)),
        ("passed", {"completion": False, "score": {"scaled": 1}}, progressed(None, "100")),
        ("failed", {"success": False, "score": {"scaled": 0.4}}, progressed(None, "40")),
        ("failed", {"completion": True, "score": {"scaled": 0.4}}, progressed(100, "40")),
        ("failed", {"extensions": {PROGRESS: 90}}, progressed(90)),
        ("progressed", {"extensions": {PROGRESS: 40}}, progressed(40)),
        ("progressed", {"extensions": {PROGRESS.replace("https", "http"): 40}}, progressed(40)),
        ("progressed", {"extensions": {PROGRESS: 0}}, progressed(0)),
        ("progressed", {"completion": True}, progressed(100)),
        # A score on the way is neither progress nor an exam.
        ("progressed", {"extensions": {PROGRESS: 40}, "score": {"scaled": 0.9}}, progressed(40)),
    ],
)
def test_c2_what_a_statement_tells(verb: str, result: Any, fact: CourseProgressed) -> None:
    assert parsed(statement(verb, result)) == (fact,)


@pytest.mark.parametrize(
    ("verb", "result"),
    [
        ("progressed", None),
        ("progressed", {}),
        ("progressed", {"score": {"scaled": 0.9}}),
        ("progressed", {"completion": False, "extensions": {"https://a.example/other": 40}}),
        ("failed", {"success": False}),
        ("failed", {"score": {}}),
        ("passed", {"completion": False}),
    ],
)
def test_a_statement_that_tells_nothing_is_not_acted_on(verb: str, result: Any) -> None:
    assert parsed(statement(verb, result)) == (NotActedOn(f"{VERBS}{verb}"),)


@pytest.mark.parametrize(
    ("score", "exam_score"),
    [
        ({"scaled": 0}, "0"),
        ({"scaled": -0.3}, "0"),
        ({"scaled": 0.8666666666666667}, "86.67"),
        ({"scaled": 0.7, "raw": 1, "min": 0, "max": 2}, "70"),
        ({"raw": 17, "min": 0, "max": 20}, "85"),
        ({"raw": 17, "max": 20}, "85"),
        ({"raw": 2, "min": 1, "max": 5}, "25"),
        ({"raw": 0.8567, "min": 0, "max": 1}, "85.67"),
        ({"raw": -1, "min": -2, "max": 0}, "50"),
        ({"raw": 85}, "85"),
        ({"raw": 85, "min": 0}, "85"),
        ({"raw": 0}, "0"),
        ({"raw": 100.0}, "100"),
        ({"raw": 640}, None),
        ({"raw": -1}, None),
        ({"raw": -1, "max": 0}, None),
        ({"raw": -1, "max": 20}, None),
        ({"min": 0, "max": 20}, None),
        ({}, None),
    ],
)
def test_c2_an_exam_score_is_0_to_100(score: dict[str, Any], exam_score: str | None) -> None:
    assert parsed(statement("passed", {"score": score})) == (progressed(100, exam_score),)


numbers = (
    st.floats(-(10**9), 10**9) | st.integers(-(10**9), 10**9) | st.sampled_from([5e-324, 1e-300, -1e-300])
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(["scaled", "raw", "min", "max"], numbers)))
def test_whatever_the_scale_an_exam_score_is_0_to_100_or_refused(score: dict[str, float]) -> None:
    try:
        ((fact),) = parsed(statement("passed", {"score": score}))
    except NotInContract:
        return
    assert fact.exam_score is None or (
        0 <= fact.exam_score <= 100 and fact.exam_score.as_tuple().exponent >= -2
    )


@pytest.mark.parametrize("verb", ["voided", "experienced", "launched", "Completed", "completed/"])
def test_another_verb_is_not_acted_on_whatever_comes_with_it(verb: str) -> None:
    told = statement(verb, result="of any shape", timestamp=7, context=[])
    assert parsed(told) == (NotActedOn(f"{VERBS}{verb}"),)


def test_a_verb_of_somebody_else_is_another_verb() -> None:
    told = {**statement(), "verb": {"id": "https://a.example/verbs/completed"}}
    assert parsed(told) == (NotActedOn("https://a.example/verbs/completed"),)


@pytest.mark.parametrize("context", [None, {}, {"registration": None}, {"instructor": {}}])
def test_without_a_registration_it_is_nobodys_progress(context: Any) -> None:
    assert parsed(statement(context=context)) == (NotActedOn(f"{VERBS}completed"),)


def test_a_batch_tells_a_fact_for_each_statement_in_order() -> None:
    batch = [
        statement("passed", {"score": {"scaled": 0.85}}),
        statement("voided", id=ID2),
        statement("progressed", {"extensions": {PROGRESS: 40}}, id=None),
        statement("failed", {"score": {"raw": 4, "max": 10}}, id=None, context={"registration": "other"}),
    ]
    assert parsed(batch) == (
        progressed(100, "85"),
        NotActedOn(f"{VERBS}voided"),
        progressed(40),
        CourseProgressed("other", AT, None, Decimal(40)),
    )
    assert parse("lms", b" \n\t[]") == (NotActedOn("no statement"),)


def test_one_of_a_batch_that_is_wrong_is_named_by_its_place() -> None:
    with pytest.raises(NotInContract) as caught:
        parsed([statement(), statement(result={"score": {"scaled": 2}}, id=ID2)])
    assert caught.value.fault == "1.result.score.scaled: less_than_equal"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (7, "body: model_type"),
        ({}, "verb: missing"),
        ([{}], "0.verb: missing"),
        ([7], "0: model_type"),
        ({"verb": {}}, "verb.id: missing"),
        ({"verb": {"id": 7}}, "verb.id: string_type"),
        ({"verb": {"id": "x" * 301}}, "verb.id: string_too_long"),
        (statement(id="not a uuid"), "id: uuid_parsing"),
        ([statement(), statement()], "id_twice_in_batch"),
        (statement(context=[]), "context: model_type"),
        (statement(context={"registration": 7}), "context.registration: string_type"),
        (statement(context={"registration": ""}), "context.registration: string_too_short"),
        (statement(timestamp=None), "timestamp: datetime_type"),
        (statement(timestamp=7), "timestamp: string_type"),
        (statement(timestamp="1614265330"), "timestamp: not_iso_8601"),
        (statement(timestamp="2026-03-02T01:20:00"), "timestamp: timezone_aware"),
        (statement(result=[]), "result: model_type"),
        (statement(result={"completion": "yes"}), "result.completion: bool_type"),
        (statement(result={"score": 85}), "result.score: model_type"),
        (statement(result={"score": {"scaled": "0.85"}}), "result.score.scaled: decimal_type"),
        (statement(result={"score": {"scaled": -1.01}}), "result.score.scaled: greater_than_equal"),
        (statement(result={"score": {"raw": float("nan")}}), "result.score.raw: finite_number"),
        (statement(result={"score": {"raw": 10**10}}), "result.score.raw: less_than_equal"),
        (statement(result={"score": {"raw": True}}), "result.score.raw: decimal_type"),
        (statement(result={"score": {"raw": 21, "max": 20}}), "result.score: raw_out_of_range"),
        (statement(result={"score": {"raw": 0, "min": 1}}), "result.score: raw_out_of_range"),
        (statement(result={"score": {"raw": 1, "min": 1, "max": 1}}), "result.score: min_not_below_max"),
        (statement("progressed", {"extensions": []}), "result.extensions: dict_type"),
        (
            statement("progressed", {"extensions": {PROGRESS: 101}}),
            "result.extensions.progress: less_than_equal",
        ),
        (
            statement("progressed", {"extensions": {PROGRESS: "40"}}),
            "result.extensions.progress: decimal_type",
        ),
        (
            statement("progressed", {"extensions": {PROGRESS: None}}),
            "result.extensions.progress: decimal_type",
        ),
    ],
)
def test_a_statement_that_is_not_one(document: Any, why: str) -> None:
    with pytest.raises(NotInContract) as caught:
        parsed(document)
    assert caught.value.fault == why
