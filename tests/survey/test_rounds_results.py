"""The monthly survey on moto's table (F7): the results."""

import json
from datetime import UTC, date, datetime
from typing import Final

import pytest

from functions.survey import results
from rencai.survey.rules.survey import SURVEY_FORM, GroupFigures, Grouping, SurveyFigures
from rencai.survey.store.rounds import Asked
from tests.shipped import DOCUMENTS
from tests.survey.company import TOTALS, Company, call, opened, read


def test_f7_figures_are_made_once(one: Company) -> None:
    for number in range(6):
        one.employs(f"emp_{number}")
        if number < 5:
            one.answers(f"emp_{number}", stress=4)
    one.now = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    # Nobody was asked by e-mail: the survey closed with its month.
    first = read()
    assert (first["closes_on"], first["open"], first["answered"]) == (None, False, 5)
    assert first["questions"][0]["distribution"] == [0, 0, 0, 5, 0]
    one.answers("emp_5", stress=1)
    one.answers("emp_0", stress=1)
    assert read() == first


def test_f7_on_the_last_day_of_its_links_a_survey_is_open(one: Company) -> None:
    """Figures made then would differ by one answer from those made after who is left has answered."""
    for number in range(6):
        one.employs(f"emp_{number}")
    one.asks()
    for number in range(5):
        one.answers(f"emp_{number}", stress=4)
    one.now = datetime(2026, 12, 9, 15, 59, tzinfo=UTC)
    last_day = read()
    assert (last_day["closes_on"], last_day["open"], last_day["questions"]) == ("2026-12-09", True, [])
    assert opened(one.link("emp_5"))[0] == 200
    one.answers("emp_5", stress=1)
    one.passes(minutes=1)
    assert read()["questions"][0]["distribution"] == [1, 0, 0, 5, 0]


def test_answers_that_come_late_make_figures_where_there_were_none(one: Company) -> None:
    for number in range(5):
        one.employs(f"emp_{number}")
    one.answers("emp_0", month="2026-10", stress=4)
    assert (read("2026-10")["answered"], read("2026-10")["questions"]) == (1, [])
    for number in range(1, 5):
        one.answers(f"emp_{number}", month="2026-10", stress=4)
    assert read("2026-10")["questions"][0]["answers"] == 5


def test_a_question_the_form_no_longer_has_comes_last_and_without_text(one: Company) -> None:
    for number in range(5):
        one.employs(f"emp_{number}")
        one.answers(f"emp_{number}", month="2026-10", mood=3, stay=5)
    shown = [(question["id"], question["text"] is None) for question in read("2026-10")["questions"]]
    assert shown == [("stay", False), ("mood", True)]


def test_answers_of_more_than_one_page_are_all_read(one: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rencai.employees.store.signals._ANSWERS", 3)
    for number in range(8):
        one.employs(f"emp_{number}")
        one.answers(f"emp_{number}", stress=2)
    assert read()["answered"] == 8
    assert sum(map(len, one.signals.answered("2026-11"))) == 8
    one.now = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    assert read()["questions"][0]["answers"] == 8


def test_a_month_of_which_nothing_is_known(one: Company) -> None:
    assert read("2026-03") == TOTALS | {"month": "2026-03", "closes_on": None, "open": False}
    assert read("2027-03") == TOTALS | {"month": "2027-03", "closes_on": None}


def test_a_grouping_that_is_not_shown_is_named(one: Company) -> None:
    content = {**DOCUMENTS[SURVEY_FORM, "default"].content, "groupings": ["location"]}
    one.configurations.put(SURVEY_FORM, "default", content, actor="test", now=one.now)
    answer = call(results, "GET", "/surveys/2026-11", by="role")
    problem = json.loads(answer["body"])
    assert (answer["statusCode"], problem["type"]) == (
        422,
        "urn:rencai:problem:grouping_unknown",
    )
    assert "location" in problem["detail"]
    assert call(results, "GET", "/surveys/2026-11", by="age")["statusCode"] == 400
    assert call(results, "GET", "/surveys/november")["statusCode"] == 400


FIGURES: Final = SurveyFigures(
    9,
    {"stress": (1, 2, 3, 2, 1)},
    {Grouping.ROLE: (GroupFigures("sales", 8, {"stress": (0, 2, 3, 2, 1)}), GroupFigures(None, 1, {}))},
)


def test_figures_are_kept_as_they_were_made_and_the_first_ones_count(one: Company) -> None:
    assert one.survey_rounds.figures("2026-11") is None
    assert one.survey_rounds.keep("2026-11", FIGURES, one.now) == FIGURES
    other = SurveyFigures(10, {}, {})
    assert one.survey_rounds.keep("2026-11", other, one.now) == FIGURES
    assert one.survey_rounds.figures("2026-11") == FIGURES


def test_a_survey_begun_before_keeps_its_last_day(one: Company) -> None:
    assert one.survey_rounds.closes_on("2026-11") is None
    assert one.survey_rounds.open("2026-11", date(2026, 12, 9), one.now) == date(2026, 12, 9)
    assert one.survey_rounds.open("2026-11", date(2026, 12, 12), one.now) == date(2026, 12, 9)
    one.survey_rounds.part_done("2026-11", 0, 0, Asked(40, 2))
    one.survey_rounds.part_done("2026-11", 0, 0, Asked(41, 1))
    one.survey_rounds.part_done("2026-11", 1, 0, Asked(1, 0))
    assert one.survey_rounds.asked("2026-11") == Asked(42, 1)
