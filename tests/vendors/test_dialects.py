"""What every dialect must keep, whatever it is sent."""

import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from rencai.inbox.dialect import (
    MAX_HEADER,
    Delivered,
    Moment,
    NotAuthentic,
    NotInContract,
    any_matches,
    body_id,
    in_contract,
)
from rencai.inbox.dialects import GENERIC, MODULES, dialect_named
from rencai.inbox.facts import NotActedOn
from rencai.kernel.facts import VendorFact
from tests.vendors.forgeries import genuine, signed

NOW = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
VENDORS = ("esign", "background", "psychometric", "ats", "lms", "interview", "finance")


def test_the_registry_names_every_dialect() -> None:
    assert set(MODULES) == {GENERIC, "docusign", "checkr", "greenhouse", "xapi"}
    with pytest.raises(KeyError):
        dialect_named("pigeon")


@pytest.mark.parametrize("name", MODULES)
def test_a_dialect_has_what_the_protocol_names(name: str) -> None:
    spoken = dialect_named(name)
    assert set(spoken.VENDORS) < set(VENDORS)
    assert spoken.ACCEPTED in {200, 202}
    assert isinstance(spoken.ONE_CONTENT_PER_ID, bool)


@pytest.mark.parametrize("name", ["greenhouse", "xapi"])
def test_who_knows_nothing_but_200_is_told_200(name: str) -> None:
    assert dialect_named(name).ACCEPTED == 200


# --- verify -------------------------------------------------------------------------------------------------

header_names = st.sampled_from(
    [
        *(name for one in MODULES for name in genuine(one, NOW).delivered.headers),
        "x-docusign-signature-2",
        "x-docusign-signature-100",
        "content-type",
        "",
    ]
)
header_values = (
    st.text(st.characters(), max_size=80)
    | st.sampled_from(
        ["", " ", "\x00", "\r\n", "\x7f", "\ud800", "é", "v1,", "Basic ", "sha256 ", "1.0.3", "１"]
    )
    | st.sampled_from(
        [
            value
            for one in MODULES
            for values in genuine(one, NOW).delivered.headers.values()
            for value in values
        ]
    )
    | st.integers().map(str)
)
keys = st.lists(st.text(st.characters(), max_size=40) | st.just("whsec_AAAA") | st.just("a:b"), max_size=3)


@given(
    st.sampled_from(list(MODULES)),
    st.dictionaries(header_names, st.lists(header_values, max_size=3), max_size=6),
    keys,
    st.binary(max_size=60),
)
def test_garbage_is_not_authentic_and_nothing_else(
    name: str, headers: dict[str, list[str]], configured: list[str], body: bytes
) -> None:
    with pytest.raises(NotAuthentic):
        dialect_named(name).verify(Delivered(body, headers), configured, NOW)


@given(
    st.sampled_from(list(MODULES)),
    header_names,
    st.lists(header_values, max_size=3),
)
def test_no_value_of_one_header_makes_anything_but_a_verdict(
    name: str, header: str, values: list[str]
) -> None:
    real = genuine(name, NOW)
    headers = {**real.delivered.headers, header: values}
    try:
        said = dialect_named(name).verify(Delivered(real.delivered.body, headers), real.keys, NOW).message_id
    except NotAuthentic as refused:
        said = str(refused)
    assert said.isascii()


@given(st.sampled_from(list(MODULES)), st.binary(max_size=200), keys)
def test_what_is_signed_is_authentic_whatever_it_says(
    name: str, body: bytes, pasted_wrong: list[str]
) -> None:
    real = signed(name, body, NOW)
    message = dialect_named(name).verify(real.delivered, (*pasted_wrong, *real.keys), NOW)
    assert 0 < len(message.message_id) <= MAX_HEADER
    assert message.message_id.isprintable()


@pytest.mark.parametrize("name", MODULES)
def test_a_retry_has_the_same_name_and_another_message_another(name: str) -> None:
    spoken = dialect_named(name)
    first, later = genuine(name, NOW), genuine(name, NOW + timedelta(minutes=1))
    ids = [
        spoken.verify(one.delivered, one.keys, at).message_id
        for one, at in ((first, NOW), (first, NOW + timedelta(minutes=4)), (later, NOW))
    ]
    assert ids[0] == ids[1]
    other = signed(name, b'{"other": true}', NOW)
    # In the generic dialect the id is a header of its own.
    named_otherwise = spoken.verify(other.delivered, other.keys, NOW).message_id != ids[0]
    assert named_otherwise is (name != GENERIC)


def test_a_header_is_one_printable_text() -> None:
    delivered = Delivered(
        b"",
        {
            "good": ["a b"],
            "none": [],
            "empty": [""],
            "twice": ["a", "a"],
            "long": ["a" * (MAX_HEADER + 1)],
            "longest": ["a" * MAX_HEADER],
            "foreign": ["é"],
            "broken": ["a\nb"],
            "surrogate": ["\ud800"],
        },
    )
    assert delivered.header("good") == "a b"
    assert len(delivered.header("longest")) == MAX_HEADER
    reasons = {}
    for name in ("absent", "none", "empty", "twice", "long", "foreign", "broken", "surrogate"):
        with pytest.raises(NotAuthentic) as caught:
            delivered.header(name)
        reasons[name] = str(caught.value.params["reason"])
    assert reasons == {
        "absent": "absent is required",
        "none": "none is required",
        "empty": "empty is required",
        "twice": "twice was sent twice",
        "long": "long is too long",
        "foreign": "foreign is not plain text",
        "broken": "broken is not plain text",
        "surrogate": "surrogate is not plain text",
    }


def test_any_match_counts_and_nothing_matches_nothing() -> None:
    assert any_matches([b"a", b"b"], [b"c", b"b"])
    assert not any_matches([b"a"], [b"A", b"aa", b""])
    assert not any_matches([], [b""])
    assert not any_matches([b""], [])


def test_a_body_names_itself() -> None:
    digest = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert body_id(b"a") == f"body-{digest}"


# --- parse --------------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, -1, 101, 2**63, 10**400, 1e308, 5e-324, float("nan"), float("inf"), -0.0])
    | st.floats()
    | words
    | st.sampled_from(
        ["", "x" * 5000, "2026-03-02T01:20:00Z", "9999-12-31T23:59:59-23:59", "1614265330", "\u0000"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)


def told(name: str, vendor: str, body: bytes) -> tuple[VendorFact, ...]:
    """The facts; none when the body is not in its contract."""
    try:
        return dialect_named(name).parse(vendor, body)
    except NotInContract as refused:
        reason = str(refused)
    assert reason.isascii()
    assert len(reason) < 400
    return ()


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*path, key))


def with_value(value: Any, path: tuple[str | int, ...], other: Any) -> Any:
    if not path:
        return other
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = with_value(value[path[0]], path[1:], other)
    return changed


AT = "2026-03-02T01:20:00Z"
FIXTURES = Path(__file__).parents[1] / "fixtures"
VERB = "http://adlnet.gov/expapi/verbs/"
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"


def generic(type_: str, data: Any) -> Any:
    return {"type": type_, "timestamp": AT, "data": data}


DOCUMENTS: list[tuple[str, str, Any]] = [
    *((name, genuine(name, NOW).vendor, json.loads(genuine(name, NOW).delivered.body)) for name in MODULES),
    (
        GENERIC,
        "background",
        generic(
            "check.completed",
            {
                "check_id": "c",
                "reference": "r",
                "result": "clear",
                "findings": [{"kind": "identity", "verified": True, "detail": "d"}],
            },
        ),
    ),
    (
        GENERIC,
        "psychometric",
        generic(
            "assessment.completed",
            {"assessment_id": "a", "reference": "r", "scales": {"stress_tolerance": 61.5}, "summary": "s"},
        ),
    ),
    (
        GENERIC,
        "lms",
        generic(
            "enrolment.progressed",
            {"enrolment_id": "e", "completion_percent": 80, "exam_score": "85.5", "occurred_at": AT},
        ),
    ),
    (
        GENERIC,
        "ats",
        generic(
            "application.updated",
            {
                "external_id": "x",
                "candidate": {"name": "n", "email": "e@a.example"},
                "resume": {"work_history": [{"employer": "e", "title": "t", "from": "2020-01", "to": None}]},
                "evaluation": {"score": 80, "at": AT},
                "updated_at": AT,
            },
        ),
    ),
    (
        GENERIC,
        "interview",
        generic("interview.completed", json.loads((FIXTURES / "sales-worked-example.json").read_text())),
    ),
    (
        "docusign",
        "esign",
        {
            "event": "envelope-voided",
            "data": {
                "envelopeId": "e",
                "envelopeSummary": {
                    "voidedReason": "Envelope has expired.",
                    "customFields": {"textCustomFields": [{"name": "reference", "value": "r"}]},
                },
            },
        },
    ),
    (
        "greenhouse",
        "ats",
        {
            "action": "update_candidate",
            "payload": {
                "candidate": {
                    "first_name": "a",
                    "last_name": "b",
                    "email_addresses": [{"value": "e@a.example", "type": "work"}],
                    "phone_numbers": [{"value": "1", "type": "mobile"}],
                    "employments": [{"company_name": "c", "title": "t", "start_date": "01/01/2012"}],
                    "application_ids": [1, "2"],
                    "applications": [{"id": 3}],
                }
            },
        },
    ),
    (
        "xapi",
        "lms",
        [
            {
                "verb": {"id": f"{VERB}{verb}"},
                "timestamp": AT,
                "context": {"registration": "r"},
                "result": {"score": score, "completion": False, "extensions": {PROGRESS: 40}},
            }
            for verb, score in (
                ("passed", {"scaled": 0.85}),
                ("failed", {"raw": 4, "min": 1, "max": 20}),
                ("progressed", {"raw": 4}),
            )
        ],
    ),
]


@given(st.sampled_from(list(MODULES)), st.sampled_from(VENDORS), st.binary(max_size=80))
def test_bytes_are_facts_or_not_in_contract(name: str, vendor: str, body: bytes) -> None:
    told(name, vendor, body)


@given(st.sampled_from(list(MODULES)), st.sampled_from(VENDORS), values)
def test_json_is_facts_or_not_in_contract(name: str, vendor: str, document: Any) -> None:
    told(name, vendor, json.dumps(document).encode())


@pytest.mark.parametrize(("name", "vendor", "document"), DOCUMENTS, ids=range(len(DOCUMENTS)))
@given(data=st.data(), other=values)
def test_a_document_with_one_thing_changed_is_facts_or_not_in_contract(
    name: str, vendor: str, document: Any, data: st.DataObject, other: Any
) -> None:
    facts = told(name, vendor, json.dumps(document).encode())
    assert facts
    assert not any(isinstance(fact, NotActedOn) for fact in facts)
    path = data.draw(st.sampled_from(list(places(document))))
    told(name, vendor, json.dumps(with_value(document, path, other)).encode())


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[",
        b"\xff",
        b"nonsense",
        b"\xef\xbb\xbf{}",
        '{"event": 1}'.encode("utf-16"),
        b'{"type":' * 5000,
        b"[" * 100_000,
        b'{"a":' + b"1" * 5000 + b"}",
        b'{"type": "\\ud800"}',
        b'{"type": "\xed\xa0\x80"}',
    ],
    ids=range(13),
)
def test_a_body_that_is_no_json(name: str, body: bytes) -> None:
    real = genuine(name, NOW)
    with pytest.raises(NotInContract, match="body: is not valid JSON"):
        dialect_named(name).parse(real.vendor, body)


@pytest.mark.parametrize("name", MODULES)
def test_unknown_fields_are_tolerated_everywhere(name: str) -> None:
    real = genuine(name, NOW)
    document = json.loads(real.delivered.body)

    def grown(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{key: grown(part) for key, part in value.items()}, "unknown": [{"deep": 1e300}]}
        return [grown(part) for part in value] if isinstance(value, list) else value

    spoken = dialect_named(name)
    assert spoken.parse(real.vendor, json.dumps(grown(document)).encode()) == spoken.parse(
        real.vendor, real.delivered.body
    )


@pytest.mark.parametrize("name", MODULES)
def test_b9_a_vendor_is_heard_on_its_own_subject_only(name: str) -> None:
    real = genuine(name, NOW)
    for vendor in set(VENDORS) - {real.vendor}:
        (fact,) = dialect_named(name).parse(vendor, real.delivered.body)
        assert isinstance(fact, NotActedOn)


# --- Moment -------------------------------------------------------------------------------------------------


class At(BaseModel):
    at: Moment


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1614265330", "not_iso_8601"),
        ("-5", "not_iso_8601"),
        ("1e9", "not_iso_8601"),
        ("soon", "not_iso_8601"),
        ("", "not_iso_8601"),
        ("2026-03-02", "timezone_aware"),
        ("2026-03-02T01:20:00", "timezone_aware"),
        ("2026-13-02T01:20:00Z", "datetime_from_date_parsing"),
        ("0001-01-01T00:00:00+23:59", "out_of_range"),
        ("9999-12-31T23:59:59-23:59", "out_of_range"),
        (1614265330, "string_type"),
        (1614265330.5, "string_type"),
        (True, "string_type"),
        (None, "datetime_type"),
    ],
)
def test_a_moment_is_iso_8601_with_an_offset(text: Any, why: str) -> None:
    with pytest.raises(NotInContract) as caught:
        in_contract(At, json.dumps({"at": text}).encode())
    assert caught.value.fault == f"at: {why}"


def test_a_moment_is_given_in_utc() -> None:
    for text in ("2026-03-02T01:20:00Z", "2026-03-02T09:20:00+08:00", "2026-03-02T01:20:00.0000000Z"):
        at = in_contract(At, json.dumps({"at": text}).encode()).at
        assert (at, at.utcoffset()) == (NOW, timedelta(0))


def _swollen(document: Any) -> Iterator[Any]:
    """The document with one list or mapping of it swollen to 120,000 members that are wrong."""
    if isinstance(document, list):
        yield [{}] * 120_000
        yield [0] * 120_000
    if isinstance(document, dict):
        yield document | {f"k{number}": "x" for number in range(60_000)}
    parts = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for place, part in parts:
        for swollen in _swollen(part):
            changed = document.copy()
            changed[place] = swollen
            yield changed


@pytest.mark.parametrize(("name", "vendor", "document"), DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_a_body_of_a_megabyte_is_refused_in_little_memory(name: str, vendor: str, document: Any) -> None:
    """An error for each of a hundred thousand members took 120 MB and more."""
    for swollen in _swollen(document):
        body = json.dumps(swollen).encode()
        tracemalloc.start()
        try:
            told(name, vendor, body)
            assert tracemalloc.get_traced_memory()[1] < 60_000_000
        finally:
            tracemalloc.stop()
