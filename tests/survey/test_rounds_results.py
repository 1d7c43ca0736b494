"""The monthly survey on moto's table (F7): the results."""

import json
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from functions.survey import results
from rencai.survey.rules.figures import GroupFigures, Grouping, SurveyFigures
from rencai.survey.rules.survey import SURVEY_FORM
from rencai.survey.store.rounds import Asked
from tests.shipped import DOCUMENTS
from tests.survey.company import TOTALS, Company, call, opened, read


def test_f7_of_who_was_asked_the_answers_by_link_count_and_are_counted_once(one: Company) -> None:
    for number in range(6):
        one.employs(f"emp_{number}")
    one.asks()
    for number in range(5):
        one.says(f"emp_{number}", stress=4)
    one.answers("emp_5", stress=1)
    one.closes()
    first = read()
    assert (first["open"], first["answered"], first["made_at"]) == (False, 5, "2026-12-11T01:00:00Z")
    assert first["questions"][0]["distribution"] == [0, 0, 0, 5, 0]
    one.answers("emp_5", stress=2)
    one.counts()
    assert read() == first


def test_f7_on_the_last_day_of_its_links_a_survey_is_open(one: Company) -> None:
    """Figures made then would differ by one answer from those made after who is left has answered."""
    for number in range(6):
        one.employs(f"emp_{number}")
    one.asks()
    for number in range(5):
        one.says(f"emp_{number}", stress=4)
    one.now = datetime(2026, 12, 9, 15, 59, tzinfo=UTC)
    one.counts()
    last_day = read()
    assert (last_day["closes_on"], last_day["open"], last_day["questions"]) == ("2026-12-09", True, [])
    assert opened(one.link("emp_5"))[0] == 200
    one.says("emp_5", stress=1)
    one.passes(minutes=16)
    one.counts()
    assert read()["questions"][0]["distribution"] == [1, 0, 0, 5, 0]


def test_f7_whoever_looks_first_has_it_counted_and_the_others_wait(one: Company) -> None:
    for number in range(5):
        one.employs(f"emp_{number}")
        one.answers(f"emp_{number}", stress=4)
    one.now = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    # Nobody was asked by e-mail: the survey closed with its month, and what HR told is what there is.
    waiting = TOTALS | {"open": False, "closes_on": None, "answered": 5}
    assert read() == read() == waiting
    one.delivers()
    counted = read()
    assert (counted["made_at"], counted["answered"]) == ("2026-12-01T01:00:00Z", 5)
    assert counted["questions"][0]["distribution"] == [0, 0, 0, 5, 0]
    read()
    assert one.sqs.messages == []


def test_answers_that_come_late_make_figures_where_there_were_none(one: Company) -> None:
    for number in range(5):
        one.employs(f"emp_{number}")
    one.answers("emp_0", month="2026-10", stress=4)
    one.counts()
    assert (read("2026-10")["answered"], read("2026-10")["questions"]) == (1, [])
    for number in range(1, 5):
        one.answers(f"emp_{number}", month="2026-10", stress=4)
    one.counts()
    assert read("2026-10")["questions"][0]["answers"] == 5


def test_a_question_the_form_no_longer_has_comes_last_and_without_text(one: Company) -> None:
    for number in range(5):
        one.employs(f"emp_{number}")
        one.answers(f"emp_{number}", month="2026-10", mood=3, stay=5)
    one.counts()
    shown = [(question["id"], question["text"] is None) for question in read("2026-10")["questions"]]
    assert shown == [("stay", False), ("mood", True)]


def test_a_month_of_which_nothing_is_known(one: Company) -> None:
    assert read("2026-03") == TOTALS | {"month": "2026-03", "closes_on": None, "open": False}
    assert read("2027-03") == TOTALS | {"month": "2027-03", "closes_on": None}


def test_a_grouping_that_is_not_shown_is_named(one: Company) -> None:
    content = {**DOCUMENTS[SURVEY_FORM, "default"].content, "groupings": ["location"]}
    one.configurations.put(SURVEY_FORM, "default", content, actor="test", now=one.now)
    answer = call(results, "GET", "/surveys/2026-11", by="role")
    problem = json.loads(answer["body"])
    assert (answer["statusCode"], problem["type"]) == (422, "urn:rencai:problem:grouping_unknown")
    assert "location" in problem["detail"]
    assert call(results, "GET", "/surveys/2026-11", by="age")["statusCode"] == 400
    assert call(results, "GET", "/surveys/november")["statusCode"] == 400


def test_a_form_changed_since_changes_no_figures(one: Company) -> None:
    for number in range(5):
        one.employs(f"emp_{number}", department="运营")
    one.asks()
    for number in range(5):
        one.says(f"emp_{number}", stress=4)
    one.closes()
    before = read(by="department")
    content = {**DOCUMENTS[SURVEY_FORM, "default"].content, "groupings": ["location"], "group_size": 9}
    one.configurations.put(SURVEY_FORM, "default", content, actor="test", now=one.now)
    assert before["group_size"] == 5
    assert len(before["groups"][0]["questions"]) == 1
    assert read(by="department") == before


FIGURES: Final = SurveyFigures(
    9,
    {"stress": (1, 2, 3, 2, 1)},
    {Grouping.ROLE: (GroupFigures("sales", 8, {"stress": (0, 2, 3, 2, 1)}), GroupFigures(None, 1, {}))},
)


def test_figures_are_kept_as_they_were_made_and_the_first_ones_count(one: Company) -> None:
    store = one.wired.survey.figures
    assert store.totals("2026-11") is None
    kept = store.keep("2026-11", FIGURES, Asked(12, 3), 5, one.now)
    assert (kept.answered, kept.questions, kept.asked, kept.group_size) == (
        9,
        FIGURES.questions,
        Asked(12, 3),
        5,
    )
    assert store.totals("2026-11") == kept
    assert store.keep("2026-11", SurveyFigures(10, {}, {}), Asked(), 9, one.now) == kept
    assert store.groups("2026-11", Grouping.ROLE, None) == (FIGURES.groups[Grouping.ROLE], None)
    assert store.groups("2026-11", Grouping.LOCATION, None) == ((), None)


def test_groups_come_a_hundred_at_a_time(one: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rencai.survey.store.figures._GROUPS", 2)
    groups = tuple(GroupFigures(name, 5, {}) for name in ("a", "b", "c", "d", "e"))
    one.wired.survey.figures.keep(
        "2026-11", SurveyFigures(25, {}, {Grouping.ROLE: groups}), Asked(), 5, one.now
    )
    one.now = datetime(2026, 12, 11, 1, 0, tzinfo=UTC)
    found: list[Any] = []
    pages = [read(by="role")]
    while pages[-1]["next"]:
        pages.append(read(by="role", cursor=pages[-1]["next"]))
    for page in pages:
        found += [group["name"] for group in page["groups"]]
    assert ([len(page["groups"]) for page in pages], found) == ([2, 2, 1], ["a", "b", "c", "d", "e"])
    assert call(results, "GET", "/surveys/2026-11", by="location")["statusCode"] == 422
    for cursor in ("x", "e30", pages[0]["next"][:-2]):
        assert call(results, "GET", "/surveys/2026-11", by="role", cursor=cursor)["statusCode"] == 400


def test_a_survey_begun_before_keeps_its_last_day(one: Company) -> None:
    assert one.survey_rounds.closes_on("2026-11") is None
    assert one.survey_rounds.open("2026-11", date(2026, 12, 9), one.now) == date(2026, 12, 9)
    assert one.survey_rounds.open("2026-11", date(2026, 12, 12), one.now) == date(2026, 12, 9)
    one.survey_rounds.part_done("2026-11", 0, 0, Asked(40, 2))
    one.survey_rounds.part_done("2026-11", 0, 0, Asked(41, 1))
    one.survey_rounds.part_done("2026-11", 1, 0, Asked(1, 0))
    assert one.survey_rounds.asked("2026-11") == Asked(42, 1)
