"""Errors as sentences, in the reader's language, naming the field and quoting nothing."""

import re
import string
from collections.abc import Iterator
from importlib import import_module
from itertools import product
from pkgutil import walk_packages
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import functions
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.kernel.errors import LANGUAGES, DomainError, IllegalTransition, NotFound
from rencai.kernel.wording import FieldError, field_errors, path_of
from rencai.platform.api import Api
from tests.builders import result
from tests.refusals import KINDS, REFUSALS

CHINESE = re.compile(r"[一-鿿]")


def errors_of(document: Any) -> list[Any]:
    with pytest.raises(ValidationError) as caught:
        Interview.model_validate(document)
    return list(caught.value.errors(include_url=False))


def broken() -> dict[str, Any]:
    document = result()
    del document["interview_id"]
    document["started_at"] = "2026-03-02T09:00:00"
    document["candidate"]["phone"] = "13800000001"
    document["candidate"]["national_id"] = "110105194912310021"
    document["answers"][0]["topic"] = ""
    document["answers"][0]["signals"]["speech_rate_cps"] = 99
    document["answers"][1]["duration_seconds"] = "long"
    return document


def test_every_wrong_field_in_chinese() -> None:
    assert field_errors(errors_of(broken()), "zh-CN") == [
        FieldError("interview_id", "必填"),
        FieldError("started_at", "时间应带时区,例如 2026-03-02T09:00:00+08:00"),
        FieldError("candidate.phone", "应为带国家代码的电话号码(E.164),例如 +8613800000001"),
        FieldError("candidate.national_id", "身份证号的出生日期或校验码不对"),
        FieldError("answers[0].topic", "不能为空"),
        FieldError("answers[0].signals.speech_rate_cps", "应不大于 20"),
        FieldError("answers[1].duration_seconds", "应为数字"),
    ]


def test_every_wrong_field_in_english() -> None:
    assert field_errors(errors_of(broken()), "en") == [
        FieldError("interview_id", "is required"),
        FieldError("started_at", "needs an offset, as in 2026-03-02T09:00:00+08:00"),
        FieldError(
            "candidate.phone", "should be a phone number with its country code (E.164), as in +8613800000001"
        ),
        FieldError("candidate.national_id", "the resident id's birth date or check digit is wrong"),
        FieldError("answers[0].topic", "should not be empty"),
        FieldError("answers[0].signals.speech_rate_cps", "should be at most 20"),
        FieldError("answers[1].duration_seconds", "should be a number"),
    ]


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ((), ""),
        (("answers", 0, "topic"), "answers[0].topic"),
        (("answers", 0, "signals", "pause_seconds", 12), "answers[0].signals.pause_seconds[12]"),
        ((0, "a"), "[0].a"),
        (("a", 0, 1), "a[0][1]"),
    ],
)
def test_paths(location: tuple[str | int, ...], path: str) -> None:
    assert path_of(location) == path


def test_the_first_parts_of_a_location_can_be_left_out() -> None:
    error = {"loc": ("body", "answers", 0), "type": "missing", "msg": "Field required"}
    assert field_errors([error], "en", skip=1) == [FieldError("answers[0]", "is required")]


@pytest.mark.parametrize("kind", ["something_new", "too_long"])
def test_what_cannot_be_said_is_said_in_the_readers_language_all_the_same(kind: str) -> None:
    """A kind that has no words, and one without what its words need."""
    error = {"loc": ("x",), "type": kind, "msg": "pydantic's own words"}
    assert field_errors([error], "zh-CN") == [FieldError("x", "值不符合要求")]
    assert field_errors([error], "en") == [FieldError("x", "is not valid")]


LEAVES = [
    ("interview_id",),
    ("schema",),
    ("started_at",),
    ("candidate",),
    ("candidate", "name"),
    ("candidate", "email"),
    ("candidate", "phone"),
    ("candidate", "national_id"),
    ("candidate", "locale"),
    ("candidate", "learning_style"),
    ("candidate", "demographics"),
    ("position", "role"),
    ("answers",),
    ("answers", 0),
    ("answers", 0, "transcript"),
    ("answers", 0, "duration_seconds"),
    ("answers", 0, "signals"),
    ("answers", 0, "signals", "pause_seconds"),
    ("answers", 0, "signals", "speech_rate_cps"),
    ("answers", 0, "signals", "frown_count"),
]
SECRET = "机密Wang"
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3).map(lambda text: SECRET + text),
    st.just("\ud800"),
    st.just(SECRET * 5001),
    st.just([SECRET]),
    st.just([]),
    st.just({"x": SECRET}),
)


@given(st.sampled_from(LEAVES), values)
def test_no_message_quotes_the_input_or_is_in_another_language(path: tuple[Any, ...], value: Any) -> None:
    document = result()
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    try:
        Interview.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False)
        for language in ("zh-CN", "en"):
            for found in field_errors(details, language):
                assert SECRET not in found.message
                assert SECRET not in found.path
                assert bool(CHINESE.search(found.message)) == (language == "zh-CN"), found


ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**30, 1e-9, float("nan"), float("inf"), "", SECRET, SECRET * 5001, "\ud800"),
    *("2026-13-01", "2026-03-02T00:00:00", [], [SECRET], [[]], [None] * 5001, {}, {"x": SECRET}, [{}]),
)


def _models(type_: Any) -> Iterator[type[BaseModel]]:
    """A body's model, and those it holds."""
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        yield type_
        for field in type_.model_fields.values():
            yield from _models(field.annotation)
    for part in get_args(type_):
        yield from _models(part)


def apis() -> Iterator[Api]:
    """Every API that a function answers with."""
    for module in walk_packages(functions.__path__, "functions."):
        api = getattr(import_module(module.name), "api", None)
        if isinstance(api, Api):
            yield api


def bodies() -> dict[str, type[BaseModel]]:
    """What the APIs take, part by part, by name."""
    found: dict[str, type[BaseModel]] = {}
    for api in apis():
        for route in (*api.resolver._static_routes, *api.resolver._dynamic_routes):
            for body in route.dependant.body_params:
                found |= {model.__name__: model for model in _models(body.field_info.annotation)}
    return found


@pytest.mark.parametrize("model", bodies().values(), ids=lambda model: model.__name__)
def test_what_is_wrong_with_a_body_is_said_in_the_readers_language(model: type[BaseModel]) -> None:
    model.model_rebuild()
    for name, value in product(model.model_fields, ODD):
        try:
            model.model_validate({model.model_fields[name].alias or name: value})
        except ValidationError as error:
            details = error.errors(include_url=False)
            for language in LANGUAGES:
                for found in field_errors(details, language):
                    assert SECRET not in found.message
                    assert bool(CHINESE.search(found.message)) == (language == "zh-CN"), (name, found)


# --- what rules refuse --------------------------------------------------------------------------------------


def test_every_refusal_has_words_in_both_languages_with_the_same_parts() -> None:
    for refusal in REFUSALS:
        parts = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (refusal.chinese, refusal.english)
        ]
        # Names of fields are one part in each language.
        assert parts[0] - {"chinese"} == parts[1] - {"english"}, refusal
        assert CHINESE.search(refusal.chinese)
        assert not CHINESE.search(refusal.english)


def test_a_code_says_one_thing_whichever_capability_refuses() -> None:
    declared = [name for kind in KINDS for name in kind.__members__]
    assert len(declared) == len(REFUSALS), "an alias: two names of one code"
    assert sorted(refusal.value for refusal in REFUSALS) == sorted({refusal.value for refusal in REFUSALS})
    assert {"CommonRefusal", "InboxRefusal", "MigrationRefusal"} <= {kind.__name__ for kind in KINDS}


def test_a_refusal_reads_as_a_sentence() -> None:
    error = DomainError(InterviewRefusal.UNKNOWN_ROLE, "position.role", role="chef", known="sales, general")
    assert (error.text("zh-CN"), error.text("en"), error.text("fr"), str(error)) == (
        "没有岗位“chef”的胜任力模型;已有:sales, general",
        *["No competency model for role 'chef'; there are: sales, general"] * 3,
    )


def test_what_is_put_into_a_sentence_is_not_read_as_one() -> None:
    assert NotFound("candidate", "{kind}").text("en") == "There is no candidate {kind}"


def test_an_illegal_transition_names_stage_and_fact() -> None:
    assert IllegalTransition("signed", "offer_declined").text("en") == (
        "The candidate is at stage 'signed'; 'offer_declined' cannot happen there"
    )
