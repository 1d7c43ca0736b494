"""contracts/interview.md, rule by rule: what is accepted, and which field a refusal names."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from stdnum.cn import ric

from rencai.interviews.rules.interview import Interview, content_digest
from rencai.kernel.wording import path_of
from tests.builders import encoded, result
from tests.template import ROOT

EXAMPLE = ROOT / "tests" / "fixtures" / "sales-worked-example.json"
Path = tuple[str | int, ...]
MISSING: Any = object()


def changed(path: Path, value: Any) -> dict[str, Any]:
    """The example with one thing changed, or left out."""
    document = result()
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    if value is MISSING:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def accepted(document: Any) -> Interview:
    """As a line of a file reads it, and as the API does: both must agree."""
    from_text = Interview.model_validate_json(encoded(document))
    assert Interview.model_validate(document) == from_text
    return from_text


def refused(document: Any) -> list[tuple[str, str]]:
    """Paths and error types, by either way in."""
    with pytest.raises(ValidationError) as by_file:
        Interview.model_validate_json(encoded(document))
    with pytest.raises(ValidationError) as by_api:
        Interview.model_validate(document)
    found, also = (
        [(path_of(error["loc"]), error["type"]) for error in caught.value.errors()]
        for caught in (by_file, by_api)
    )
    assert found == also
    return found


def test_the_worked_example_is_valid() -> None:
    interview = Interview.model_validate_json(EXAMPLE.read_bytes())
    assert (interview.schema_, interview.interview_id, len(interview.answers)) == (
        "rencai.interview/1",
        "itv-worked-example-1",
        2,
    )


def test_the_least_there_can_be() -> None:
    interview = accepted(
        {
            "schema": "rencai.interview/1",
            "interview_id": "i",
            "vendor": "v",
            "started_at": "2026-03-02T09:00:00Z",
            "ended_at": "2026-03-02T09:00:00Z",
            "candidate": {"external_id": "e", "name": "n", "phone": "+8613800000001"},
            "position": {"requisition_id": "r", "role": "sales", "location": "l"},
            "answers": [{"question_id": "q", "topic": "t", "transcript": "", "duration_seconds": 1}],
        }
    )
    assert interview.candidate.locale == "zh-CN"
    assert interview.answers[0].signals is None
    assert interview.started_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


A: Path = ("answers", 0)
SIGNALS: Path = (*A, "signals")
REQUIRED: list[Path] = [
    ("schema",),
    ("interview_id",),
    ("vendor",),
    ("started_at",),
    ("ended_at",),
    ("candidate",),
    ("candidate", "external_id"),
    ("candidate", "name"),
    ("position",),
    ("position", "requisition_id"),
    ("position", "role"),
    ("position", "location"),
    ("answers",),
    (*A, "question_id"),
    (*A, "topic"),
    (*A, "transcript"),
    (*A, "duration_seconds"),
]


@pytest.mark.parametrize("path", REQUIRED)
def test_what_is_required(path: Path) -> None:
    assert refused(changed(path, MISSING)) == [(path_of(path), "missing")]


@pytest.mark.parametrize("path", [path for path in REQUIRED if path[-1] != "transcript"])
@pytest.mark.parametrize("value", [None, ""])
def test_required_things_say_something(path: Path, value: Any) -> None:
    assert [where for where, _ in refused(changed(path, value))] == [path_of(path)]


@pytest.mark.parametrize(
    "path",
    [
        *((("candidate", name)) for name in ("email", "national_id", "learning_style", "demographics")),
        (*A, "question"),
        SIGNALS,
        *(
            (*SIGNALS, name)
            for name in ("speech_rate_cps", "pause_seconds", "pitch_variation", "frown_count")
        ),
    ],
)
def test_what_may_be_left_out(path: Path) -> None:
    document = changed(("candidate", "national_id"), None)
    document["candidate"]["demographics"] = None
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    del place[path[-1]]
    accepted(document)


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        (("schema",), "rencai.interview/2", "literal_error"),
        (("interview_id",), "x" * 129, "string_too_long"),
        (("interview_id",), 7, "string_type"),
        (("vendor",), "x" * 201, "string_too_long"),
        (("started_at",), "2026-03-02T09:00:00", "timezone_aware"),
        (("started_at",), "2026-03-02", "datetime_type"),
        (("started_at",), "yesterday", "datetime_type"),
        (("started_at",), "2026-13-02T09:00:00Z", "datetime_from_date_parsing"),
        (("started_at",), "2026-03-02T25:00:00Z", "datetime_from_date_parsing"),
        (("started_at",), 1772413200, "datetime_type"),
        (("started_at",), "1772413200", "datetime_type"),
        (("ended_at",), 1772413200.5, "datetime_type"),
        (("ended_at",), True, "datetime_type"),
        (("candidate",), "周晓", "model_type"),
        (("candidate", "name"), "x" * 101, "string_too_long"),
        (("candidate", "external_id"), 1001, "string_type"),
        (("candidate", "locale"), "Chinese, simplified", "string_pattern_mismatch"),
        (("candidate", "learning_style"), "tactile", "literal_error"),
        (("candidate", "demographics"), ["f"], "dict_type"),
        (("position", "role"), ["sales"], "string_type"),
        (("answers",), [], "too_short"),
        (("answers",), {}, "list_type"),
        ((*A, "transcript"), None, "string_type"),
        ((*A, "transcript"), "字" * 20_001, "string_too_long"),
        ((*A, "question"), "字" * 20_001, "string_too_long"),
        ((*A, "duration_seconds"), 0, "greater_than"),
        ((*A, "duration_seconds"), -1, "greater_than"),
        ((*A, "duration_seconds"), "41", "float_type"),
        ((*A, "duration_seconds"), float("inf"), "finite_number"),
        ((*A, "signals"), [], "model_type"),
        ((*SIGNALS, "speech_rate_cps"), -0.1, "greater_than_equal"),
        ((*SIGNALS, "speech_rate_cps"), 20.1, "less_than_equal"),
        ((*SIGNALS, "speech_rate_cps"), "3.5", "float_type"),
        ((*SIGNALS, "speech_rate_cps"), True, "float_type"),
        ((*SIGNALS, "pause_seconds"), 0.4, "list_type"),
        ((*SIGNALS, "pitch_variation"), 1.1, "less_than_equal"),
        ((*SIGNALS, "pitch_variation"), -0.1, "greater_than_equal"),
        ((*SIGNALS, "frown_count"), -1, "greater_than_equal"),
        ((*SIGNALS, "smile_count"), float("nan"), "finite_number"),
        ((*SIGNALS, "gaze_away_seconds"), -0.5, "greater_than_equal"),
    ],
)
def test_each_rule_broken_by_itself(path: Path, value: Any, kind: str) -> None:
    assert refused(changed(path, value)) == [(path_of(path), kind)]


def test_one_bad_pause_is_named() -> None:
    assert refused(changed((*SIGNALS, "pause_seconds"), [0.4, -1])) == [
        ("answers[0].signals.pause_seconds[1]", "greater_than_equal")
    ]


def test_a_demographic_is_text() -> None:
    assert refused(changed(("candidate", "demographics"), {"age": 30})) == [
        ("candidate.demographics.age", "string_type")
    ]


def test_a_hundred_answers_and_no_more() -> None:
    one = result()["answers"][1]
    assert len(accepted(changed(("answers",), [one] * 100)).answers) == 100
    assert refused(changed(("answers",), [one] * 101)) == [("answers", "too_long")]


def test_not_a_number_is_no_signal() -> None:
    """JSON has no NaN, but parsers read one."""
    for name in ("speech_rate_cps", "pitch_variation", "frown_count"):
        assert [where for where, _ in refused(changed((*SIGNALS, name), float("nan")))] == [
            f"answers[0].signals.{name}"
        ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("interview_id",), "x" * 128),
        (("candidate", "name"), "字" * 100),
        ((*A, "transcript"), "字" * 20_000),
        ((*A, "transcript"), ""),
        ((*A, "duration_seconds"), 0.001),
        ((*SIGNALS, "speech_rate_cps"), 0),
        ((*SIGNALS, "speech_rate_cps"), 20),
        ((*SIGNALS, "pitch_variation"), 1),
        ((*SIGNALS, "pause_seconds"), []),
        ((*SIGNALS, "frown_count"), 0),
        (("started_at",), "2026-03-02T01:00:00Z"),
        (("started_at",), "2026-03-02T01:00:00.123456+00:00"),
        (("started_at",), "2026-03-02t01:00:00z"),
        (("started_at",), "2026-03-02 01:00:00Z"),
        (("candidate", "locale"), "zh-Hans-CN"),
        (("candidate", "learning_style"), "kinesthetic"),
        (("candidate", "demographics"), {}),
    ],
)
def test_the_edges_are_inside(path: Path, value: Any) -> None:
    accepted(changed(path, value))


def test_the_end_is_not_before_the_start() -> None:
    accepted(changed(("ended_at",), "2026-03-02T01:00:00Z"))  # the same moment in another zone
    assert refused(changed(("ended_at",), "2026-03-02T00:59:59Z")) == [("", "ends_before_start")]


def test_an_email_or_a_phone() -> None:
    document = result()
    del document["candidate"]["phone"]
    assert accepted(document).candidate.phone is None
    del document["candidate"]["email"]
    assert refused(document) == [("candidate", "unreachable")]


@pytest.mark.parametrize(
    "phone", ["+8613800000001\n", "+86１３８00000001", "+86١٣٨٠٠٠٠٠٠٠١", "\u202a+86138\u200b00000001"]
)
def test_a_number_is_read_off(phone: str) -> None:
    assert accepted(changed(("candidate", "phone"), phone)).candidate.phone == "+8613800000001"


@pytest.mark.parametrize("phone", ["+8613800000001", "+1234567", "+123456789012345"])
def test_e164(phone: str) -> None:
    assert accepted(changed(("candidate", "phone"), phone)).candidate.phone == phone


@pytest.mark.parametrize(
    "phone",
    [
        "13800000001",
        "+0613800000001",
        "+86 138 0000 0001",
        "+86-13800000001",
        "+12",
        "+1234567890123456",
        "",
    ],
)
def test_not_e164(phone: str) -> None:
    assert refused(changed(("candidate", "phone"), phone)) == [("candidate.phone", "string_pattern_mismatch")]


@pytest.mark.parametrize("email", ["a@b.cn", "first.last+tag@mail.example.com", "张三@例子.公司"])
def test_email(email: str) -> None:
    assert accepted(changed(("candidate", "email"), email)).candidate.email == email


@pytest.mark.parametrize(
    "email",
    [
        "",
        "a",
        "@b.cn",
        "a@",
        "a@b",
        "a@b.",
        "a@.cn",
        "a@b..cn",
        "a b@c.cn",
        "a@b@c.cn",
        f"{'x' * 65}@b.cn",
    ],
)
def test_not_an_email(email: str) -> None:
    assert refused(changed(("candidate", "email"), email)) == [("candidate.email", "string_pattern_mismatch")]


def resident_id(region: str, born: str, order: int) -> str:
    """A valid one: stdnum works out the check digit."""
    body = f"{region}{born}{order:03d}"
    return body + ric.calc_check_digit(f"{body}?")


births = st.dates(date(1940, 1, 1), date(2008, 1, 1))


@given(st.sampled_from(["110105", "310101", "440305"]), births, st.integers(1, 999))
def test_a_resident_ids_check_digit_is_checked(region: str, born: date, order: int) -> None:
    valid = resident_id(region, born.strftime("%Y%m%d"), order)
    assert accepted(changed(("candidate", "national_id"), valid)).candidate.national_id == valid
    wrong = valid[:-1] + ("0" if valid[-1] != "0" else "1")
    assert refused(changed(("candidate", "national_id"), wrong)) == [
        ("candidate.national_id", "national_id_checksum")
    ]


def test_a_resident_id_ends_in_either_x() -> None:
    assert ric.is_valid("11010519491231002X")
    for written in ("11010519491231002X", "11010519491231002x"):
        assert accepted(changed(("candidate", "national_id"), written)).candidate.national_id == written


@pytest.mark.parametrize("born", ["19990230", "19991301", "00000101"])
def test_a_resident_ids_birth_date_is_a_date(born: str) -> None:
    assert refused(changed(("candidate", "national_id"), resident_id("110105", born, 1))) == [
        ("candidate.national_id", "national_id_checksum")
    ]


def test_a_resident_ids_district_may_be_younger_than_the_person() -> None:
    """Pudong has its code since 1992; who was born in 1980 and got a first card there at sixteen has that code."""
    genuine = resident_id("310115", "19800615", 1)
    assert not ric.is_valid(genuine)
    assert accepted(changed(("candidate", "national_id"), genuine)).candidate.national_id == genuine


@pytest.mark.parametrize("other", ["E12345678", "A123456(7)", "123456789"])
def test_another_countrys_id_is_taken_as_it_is(other: str) -> None:
    assert accepted(changed(("candidate", "national_id"), other)).candidate.national_id == other


# --- the digest: same or other? -----------------------------------------------------------------------------


def digest(document: Any) -> str:
    return content_digest(Interview.model_validate_json(encoded(document)))


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: reordered(value[name]) for name in reversed(value)}
    return [reordered(one) for one in value] if isinstance(value, list) else value


def test_the_digest_is_blind_to_order_space_and_what_the_contract_does_not_know() -> None:
    same = digest(result())
    assert digest(reordered(result())) == same
    spaced = json.dumps(result(), indent=3, ensure_ascii=True)
    assert content_digest(Interview.model_validate_json(spaced)) == same
    for path in [
        ("extra",),
        ("candidate", "extra"),
        ("position", "extra"),
        (*A, "extra"),
        (*SIGNALS, "extra"),
    ]:
        assert digest(changed(path, {"any": ["thing"]})) == same
        assert "extra" not in accepted(changed(path, 1)).model_dump_json()


def test_the_digest_does_not_depend_on_the_way_in() -> None:
    assert content_digest(Interview.model_validate(result())) == digest(result())


def test_the_digest_tells_apart_what_the_contract_knows() -> None:
    full = changed(("candidate", "demographics"), {"gender": "f"})
    full["candidate"]["national_id"] = "E12345678"
    others: dict[Path, Any] = {
        ("interview_id",): "itv-2",
        ("vendor",): "other",
        ("started_at",): "2026-03-02T08:59:59+08:00",
        ("ended_at",): "2026-03-02T09:15:01+08:00",
        ("candidate", "external_id"): "ats-1002",
        ("candidate", "name"): "周小",
        ("candidate", "email"): "z@example.com",
        ("candidate", "phone"): "+8613800000002",
        ("candidate", "national_id"): "E12345679",
        ("candidate", "locale"): "en",
        ("candidate", "learning_style"): "auditory",
        ("candidate", "demographics"): {"gender": "m"},
        ("position", "requisition_id"): "REQ-2",
        ("position", "role"): "marketing",
        ("position", "location"): "北京",
        ("answers",): [result()["answers"][0]],
        (*A, "question_id"): "q9",
        (*A, "topic"): "other",
        (*A, "question"): "?",
        (*A, "transcript"): "别的话",
        (*A, "duration_seconds"): 42.0,
        SIGNALS: None,
        (*SIGNALS, "speech_rate_cps"): 3.6,
        (*SIGNALS, "pause_seconds"): [0.3, 0.4],
        (*SIGNALS, "pitch_variation"): 0.6,
        (*SIGNALS, "frown_count"): 6,
        (*SIGNALS, "smile_count"): 1,
        (*SIGNALS, "gaze_away_seconds"): 1.6,
    }
    digests = {digest(full)}
    for path, value in others.items():
        document = json.loads(json.dumps(full))
        place: Any = document
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value
        digests.add(digest(document))
    assert len(digests) == len(others) + 1
    # Every field of the contract is in the list above.
    known: set[Path] = set()

    def fields(value: Any, path: Path = ()) -> None:
        if isinstance(value, dict) and path[-1:] != ("demographics",):
            for name, part in value.items():
                fields(part, (*path, name))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            fields(value[0], (*path, 0))
        else:
            known.add(path)

    fields(full)
    assert known - {("schema",)} <= others.keys()


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(anything, st.sampled_from([*REQUIRED, SIGNALS]))
def test_no_json_at_all_makes_anything_but_a_validation_error(value: Any, path: Path) -> None:
    with suppress(ValidationError):
        Interview.model_validate(changed(path, value))


@pytest.mark.parametrize(
    ("path", "default"), [(("candidate", "locale"), "zh-CN"), (("answers", 0, "question"), "")]
)
def test_null_is_the_same_as_leaving_an_optional_field_out(path: tuple[str | int, ...], default: str) -> None:
    """Found in review: null was refused for these two."""
    found: Any = accepted(changed(path, None))
    for part in path:
        found = found[part] if isinstance(part, int) else getattr(found, part)
    assert found == default


@pytest.mark.parametrize(
    "locale", ["zh-Hans-CN-u-co-pinyin", "en-x-private", "x-whatever", "i-klingon", "zh"]
)
def test_locales_are_bcp47(locale: str) -> None:
    assert accepted(changed(("candidate", "locale"), locale)).candidate.locale == locale


def test_the_digest_of_the_smallest_result_stays_what_it_is() -> None:
    """Digests are on record: one that changes makes every result that is sent again another one."""
    interview = Interview.model_validate(
        {
            "schema": "rencai.interview/1",
            "interview_id": "itv-1",
            "vendor": "aiview",
            "started_at": "2026-03-02T09:00:00+08:00",
            "ended_at": "2026-03-02T09:15:00+08:00",
            "candidate": {"external_id": "ats-1", "name": "周晓", "email": "a@example.com"},
            "position": {"requisition_id": "REQ-1", "role": "sales", "location": "上海"},
            "answers": [{"question_id": "q1", "topic": "t", "transcript": "", "duration_seconds": 1}],
        }
    )
    assert content_digest(interview) == "e99c4f3b5e8ff9d1ed0976fec643dfc51eda24bfe0e96148c37311d3c085f110"
