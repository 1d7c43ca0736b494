"""The invented interviews are valid, unique, obviously invented, and about two in three qualify."""

import json
from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError
from stdnum.cn import ric

from functions.interviews.lines import Line
from functions.interviews.part import parsed, rejection
from infra.local.candidates import (
    ROLES,
    Ability,
    Candidate,
    Part,
    broken_lines,
    candidates,
    interviews,
    jsonl,
    resident_id,
)
from infra.local.demo.handing_in import WORKED_EXAMPLE
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.profile import FacialPolicy, Profile
from rencai.interviews.scorers import Scorers
from rencai.kernel.errors import DomainError
from rencai.reading.readers import Readers
from tests.shipped import MODELS, ShippedConfigurations, shipped_scorer


def profile_of(candidate: Candidate, policy: FacialPolicy = FacialPolicy.USE) -> Profile:
    interview = Interview.model_validate_json(candidate.line)
    return shipped_scorer(interview.position.role, policy).profile(interview)


@pytest.mark.parametrize("policy", FacialPolicy)
@pytest.mark.parametrize(("count", "seed"), [(44, 2026), (40, 1), (200, 7), (200, 8)])
def test_two_in_three_qualify_and_those_are_the_able(count: int, seed: int, policy: FacialPolicy) -> None:
    people = list(candidates(count, seed))
    qualified = [candidate for candidate in people if profile_of(candidate, policy).qualifies]
    assert 0.6 <= len(qualified) / count <= 0.7
    assert [candidate for candidate in people if candidate.ability >= Ability.SOLID] == qualified


def test_scores_spread_as_they_do_in_life() -> None:
    overall: dict[Ability, list[float]] = {}
    for candidate in candidates(200, seed=5):
        overall.setdefault(candidate.ability, []).append(float(profile_of(candidate).overall or 0))
    assert 40 <= min(overall[Ability.WEAK]) <= max(overall[Ability.WEAK]) < 70
    assert 65 < min(overall[Ability.NEAR_MISS]) <= max(overall[Ability.NEAR_MISS]) < 80
    assert 80 <= min(overall[Ability.SOLID]) <= max(overall[Ability.SOLID]) < 92
    assert 88 < min(overall[Ability.STRONG]) <= max(overall[Ability.STRONG]) <= 98


def test_the_same_seed_invents_the_same_people_and_ids_never_repeat() -> None:
    lines = list(interviews(500, seed=3))
    assert lines == list(interviews(500, seed=3))
    assert lines[:44] == list(interviews(44, seed=3))
    parsed_lines = [json.loads(line) for line in (*lines, *interviews(500, seed=4))]
    for path in (("interview_id",), ("candidate", "external_id")):
        assert len({at(result, *path) for result in parsed_lines}) == 1000
    emails = [result["candidate"]["email"] for result in parsed_lines if "email" in result["candidate"]]
    national_ids = [at(result, "candidate", "national_id") for result in parsed_lines[:500]]
    assert len(set(emails)) == len(emails)
    assert len(set(national_ids) - {None}) == len([one for one in national_ids if one])


def test_a_run_makes_the_same_people_new_candidates() -> None:
    first, second = (json.loads(next(interviews(1, 3, run))) for run in ("a", "b"))
    assert first["candidate"]["name"] == second["candidate"]["name"]
    assert first["interview_id"] != second["interview_id"]
    assert first["candidate"]["external_id"] != second["candidate"]["external_id"]


def test_nobody_is_real() -> None:
    people = [candidate.interview["candidate"] for candidate in candidates(300, seed=9)]
    for person in people:
        assert person.get("email", "@example.com").endswith("@example.com")
        assert person.get("phone", "+861380000").startswith("+861380000")
        assert "email" in person or "phone" in person
    national_ids = [person["national_id"] for person in people if "national_id" in person]
    assert len(national_ids) > 200
    assert all(ric.is_valid(number) and number[14:17] == "000" for number in national_ids)
    assert ric.is_valid(resident_id(79_999))


def test_they_are_a_mixed_lot() -> None:
    people = [candidate.interview for candidate in candidates(300, seed=9)]
    assert Counter(one["position"]["role"] for one in people) == dict.fromkeys(ROLES, 75)
    assert {one["position"]["location"] for one in people} == {"上海", "北京", "深圳", "广州", "杭州", "成都"}
    assert {one["candidate"]["locale"] for one in people} == {"zh-CN", "en"}
    assert {one["candidate"].get("learning_style") for one in people} == {
        *("visual", "auditory", "reading", "kinesthetic", None)
    }
    assert 0 < sum("demographics" in one["candidate"] for one in people) < 300
    assert min(profile_of(candidate).coverage for candidate in candidates(300, seed=9)) < 1


@pytest.mark.parametrize("role", ROLES)
def test_every_competency_is_asked_about(role: str) -> None:
    measured = {
        score.id
        for candidate in candidates(40, seed=1)
        if candidate.interview["position"]["role"] == role
        for score in profile_of(candidate).competencies
        if score.score is not None
    }
    assert measured == set(MODELS[role].competencies)


def test_the_demo_has_somebody_for_every_way_through() -> None:
    people = list(candidates(44, 2026, "r1", (Part.UNCLEAR_CHECK, Part.DECLINES)))
    unclear = [candidate for candidate in people if candidate.part is Part.UNCLEAR_CHECK]
    declines = [candidate for candidate in people if candidate.part is Part.DECLINES]
    assert [("待核实" in candidate.interview["candidate"]["name"]) for candidate in people].count(True) == 1
    assert [profile_of(candidate).qualifies for candidate in (*unclear, *declines)] == [True, True]
    assert json.loads(WORKED_EXAMPLE.read_bytes())["candidate"]["phone"] not in {
        candidate.interview["candidate"].get("phone") for candidate in people
    }


def test_the_broken_lines_are_rejected_for_what_is_wrong_with_them() -> None:
    content, where = jsonl(list(candidates(44, 2026, "r1")), broken_lines("r1"))
    configurations = ShippedConfigurations()
    scorers = Scorers(configurations, FacialPolicy.USE, Readers(configurations))
    rejected: dict[int, list[str]] = {}
    messages: list[str] = []
    lines = content.decode().splitlines()
    for number, text in enumerate(lines, start=1):
        try:
            scorers.of(parsed(text.encode()).position.role)
        except (DomainError, ValidationError) as error:
            found = rejection(Line(number, 0, text.encode()), error, "en")
            rejected[number] = [one.path for one in found]
            messages += [one.message for one in found]
    assert len(lines) == 47
    assert rejected == {number: [bad.path] for number, bad in where.items()}
    assert [bad.path for bad in where.values()] == [
        "",
        "position.role",
        "answers[0].signals.speech_rate_cps",
    ]
    not_json, unknown_role, too_fast = messages
    assert not_json.startswith("Not valid JSON")
    assert unknown_role.startswith("No competency model for role 'astronaut'")
    assert too_fast.startswith("should be at most 20")


def at(result: dict[str, Any], *path: str) -> Any:
    value: Any = result
    for name in path:
        value = value.get(name) if value else None
    return value
