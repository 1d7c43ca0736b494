"""Whatever is refused is said in whole Chinese or whole English: every refusal, with what it is really filled with, and
every mistake that pydantic or a validator of ours can find.
"""

import ast
import string
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final, get_args

import pytest
from pydantic_core import core_schema

from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Stage
from rencai.kernel.errors import LANGUAGES, DomainError, Refusal
from rencai.kernel.mistakes import JSON_FAULTS, MISTAKES
from rencai.kernel.terms import THINGS, Said, from_kept, shown, to_kept
from rencai.kernel.wording import field_errors, options
from rencai.migration.store.imports import ImportStatus
from rencai.people.rules.contact import ContactField
from rencai.people.store.merges import MergeStatus
from rencai.people.store.questions import QuestionStatus
from rencai.training.rules.plan import WarningStatus
from rencai.wiring.documents import KINDS
from tests.refusals import REFUSALS
from tests.said import chinese_only, english_only
from tests.template import ROOT

DATA: Final = "7-1"
"""What a caller, a document or a file gave: neither language."""
REAL: Final[Mapping[str, tuple[object, ...]]] = {
    "stage": tuple(Stage),
    "fact": tuple(FactKind),
    "status": (*ImportStatus, *MergeStatus, *QuestionStatus, *WarningStatus),
    "kind": (*THINGS, *KINDS.values()),
    "field": tuple(ContactField),
    "decision": ("same", "different", "undo"),
    "known": ((), (DATA,), (DATA, "7-2")),
    "candidates": ((DATA, "7-2"),),
    "reason": (Said("原因", "a reason"),),
}
"""What a part of a sentence is really filled with, where that is not what somebody else gave."""


def _parts(refusal: Refusal) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(refusal.chinese) if name})


def _filled(refusal: Refusal) -> Iterator[DomainError]:
    parts = _parts(refusal)
    for values in product(*(REAL.get(name, (DATA,)) for name in parts)):
        yield DomainError(refusal, "", **dict(zip(parts, values, strict=True)))


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_refusal_is_whole_in_both_languages(refusal: Refusal) -> None:
    for error in _filled(refusal):
        chinese_only(error.text("zh-CN"))
        english_only(error.text("en"))


def test_every_thing_and_every_state_has_its_word() -> None:
    for name in ("stage", "fact", "status", "field", "decision"):
        for value in REAL[name]:
            assert shown(name, value, "zh-CN") != value, (name, value)
    looked_for = set(KINDS)
    for file in (*ROOT.glob("shared/rencai/**/*.py"), *ROOT.glob("functions/**/*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "NotFound":
                looked_for |= {str(one.value) for one in call.args[:1] if isinstance(one, ast.Constant)}
    assert len(looked_for) > 30
    assert looked_for - set(THINGS) == set()


def test_no_refusal_is_filled_with_a_sentence_of_one_language() -> None:
    """What a reason is filled with is said in both, or is another refusal."""
    found = 0
    for file in (*ROOT.glob("shared/rencai/**/*.py"), *ROOT.glob("functions/**/*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or not any(
                isinstance(one, ast.Attribute) and getattr(one.value, "id", "").endswith("Refusal")
                for one in call.args
            ):
                continue
            for keyword in call.keywords:
                if keyword.arg == "reason":
                    found += 1
                    assert not isinstance(keyword.value, ast.Constant | ast.JoinedStr), (
                        f"{file}:{call.lineno}"
                    )
    assert found >= 5


def test_a_validator_of_ours_says_why_in_both_languages() -> None:
    """A plain ``ValueError`` of a model is one language; ``wrong`` and the names of ``MISTAKES`` are two."""
    for file in (*ROOT.glob("shared/rencai/**/*.py"), *ROOT.glob("functions/**/*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef) or not any(
                "validator" in ast.dump(one) for one in function.decorator_list
            ):
                continue
            for raised in (one for one in ast.walk(function) if isinstance(one, ast.Raise)):
                place = f"{file.relative_to(ROOT)}:{raised.lineno}"
                if not file.is_relative_to(
                    ROOT / "shared" / "rencai" / "vendors"
                ):  # their answers go to the log
                    assert "ValueError" not in ast.dump(raised), place
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
            if getattr(call.func, "id", "") == "PydanticCustomError" and isinstance(
                call.args[0], ast.Constant
            ):
                assert call.args[0].value in {*MISTAKES, "refused"}, f"{file}:{call.lineno}"


LIMITS: Final = {
    **dict.fromkeys(("gt", "ge", "lt", "le", "multiple_of"), 3.0),
    **dict.fromkeys(("min_length", "max_length", "max_digits", "decimal_places", "whole_digits"), 1),
    "expected": "'7-1', '7-2' or '7-3'",
    "expected_tags": ("7-1", "7-2"),
    "known": ("7-1", "7-2"),
    "error": "Expecting value",
    "pattern": "^no form of its own$",
}


def test_every_mistake_has_words() -> None:
    assert {*get_args(core_schema.ErrorType)} - set(MISTAKES) == set()


@pytest.mark.parametrize("kind", MISTAKES)
def test_every_mistake_is_whole_in_both_languages(kind: str) -> None:
    error = {"type": kind, "loc": ("field",), "msg": "pydantic's own words", "ctx": LIMITS}
    for language, whole in zip(LANGUAGES, (chinese_only, english_only), strict=True):
        (found,) = field_errors([error], language)
        assert "pydantic" not in found.message
        assert "{" not in found.message
        if kind != "value_error":  # an admin's command
            whole(found.message)


@pytest.mark.parametrize("said", JSON_FAULTS)
def test_what_is_no_json_is_said_in_both_languages(said: str) -> None:
    for language, whole in zip(LANGUAGES, (chinese_only, english_only), strict=True):
        error = {"type": "json_invalid", "loc": (), "msg": "", "ctx": {"error": said}}
        whole(field_errors([error], language)[0].message)


@pytest.mark.parametrize(
    ("values", "chinese", "english"),
    [
        (["a"], "“a”", "'a'"),
        (["a", "b"], "“a”或“b”", "'a' or 'b'"),
        (["a", "b", "c"], "“a”、“b”或“c”", "'a', 'b' or 'c'"),
    ],
)
def test_options(values: list[str], chinese: str, english: str) -> None:
    assert (options(values, "zh-CN"), options(values, "en")) == (chinese, english)


@pytest.mark.parametrize(
    ("expected", "chinese"),
    [
        ("'approve' or 'reject'", "应为“approve”或“reject”"),
        ("'a', 'b' or 'c'", "应为“a”、“b”或“c”"),
        ("1 or 2", "应为“1”或“2”"),
        ("'PUT'", "应为“PUT”"),
    ],
)
def test_what_pydantic_expects_is_quoted_as_it_is_in_chinese(expected: str, chinese: str) -> None:
    error = {"type": "literal_error", "loc": ("decision",), "msg": "", "ctx": {"expected": expected}}
    assert field_errors([error], "zh-CN")[0].message == chinese


def test_one_is_no_more_than_one() -> None:
    error = {"type": "string_too_long", "loc": ("x",), "msg": "", "ctx": {"max_length": 1}}
    assert field_errors([error], "en")[0].message == "should have at most 1 character"


def test_what_is_kept_in_both_languages_is_read_in_either() -> None:
    said = Said("没有一个签名与密钥相符", "no signature matches")
    assert from_kept(to_kept(said)) == said
    assert from_kept("kept before") == Said("kept before", "kept before")
    assert (from_kept(None), from_kept(""), to_kept(None)) == (None, None, None)


def test_no_pattern_is_shown() -> None:
    from rencai.kernel.forms import form_of, formed

    assert formed("^[0-9]$", "应为一位数字,例如 7", "should be a digit, as in 7") == "^[0-9]$"
    assert form_of("^[0-9]$") == Said("应为一位数字,例如 7", "should be a digit, as in 7")
    with pytest.raises(ValueError, match="another form"):
        formed("^[0-9]$", "另一种", "another")


def test_what_is_whole_is_seen_to_be() -> None:
    """Without this the tests above could not fail."""
    for text in ("没有这个candidate:7-1", "应为 approve 或 reject", "not Chinese", "配置无效:it is wrong"):
        with pytest.raises(AssertionError):
            chinese_only(text)
    for text in ("应为数字", "should be 数字"):
        with pytest.raises(AssertionError):
            english_only(text)
