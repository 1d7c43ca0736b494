"""HR's API over pressure warnings and the nightly scans (F4)."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from functions.pressure import alerts
from infra.admin import DEFAULTS
from infra.admin.configuration import read
from rencai import wiring
from rencai.pressure.rules.intervention import INTERVENTION_CATALOGUE
from rencai.pressure.rules.words import WordsRules
from rencai.survey.rules.figures import SurveyFigures
from rencai.survey.store.figures import SurveyFiguresStore
from rencai.survey.store.rounds import Asked
from tests.pressure.night import Night, night
from tests.pressure.spoken import Hears
from tests.training.training_office import EVENT
from tests.wired import BorrowedApi, serves

WANG, LI = "emp_wang", "emp_li"
ALERT = "alr_wang_20261123"


class Hr:
    """HR at the API of a tenant."""

    def __init__(self, tenant: Night) -> None:
        self.tenant = tenant
        self._api = BorrowedApi(alerts.router)

    def get(self, path: str, status: int = 200, language: str = "zh-CN", **query: str) -> Any:
        event = EVENT | {
            "httpMethod": "GET",
            "path": path,
            "resource": path,
            "body": None,
            "headers": {"Accept-Language": language},
            "queryStringParameters": query or None,
            "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        }
        self._api.resolver.append_context(wired=wiring.container())  # type: ignore[no-untyped-call]  # untyped in Powertools
        answer = self._api.handle(event, None)
        assert answer["statusCode"] == status, answer["body"]
        return json.loads(answer["body"])


@pytest.fixture
def hr(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hr]:
    with night() as tenant:
        tenant.configurations.put(
            INTERVENTION_CATALOGUE,
            "default",
            read(DEFAULTS / "intervention_catalogue" / "default.yaml").content,
            actor="test",
            now=tenant.now,
        )
        serves(monkeypatch, tenant.wired)
        tenant.hire(WANG, department="运营")
        tenant.hire(LI)
        tenant.works(WANG, "55")
        tenant.performs(WANG, m10="9", m11="6")
        tenant.is_sick(WANG, 1, 5, 9, 20)
        tenant.says(WANG, "最近压力很大")
        tenant.works(LI, "15")
        tenant.makes_cards([WANG, LI])
        tenant.passes()
        yield Hr(tenant)


def test_f4_an_alert_shows_each_signal_with_its_value_threshold_and_the_companys_figure(hr: Hr) -> None:
    page = hr.get("/risk/alerts")
    assert page["next"] is None
    (alert,) = page["items"]
    signals = alert.pop("signals")
    assert alert == {
        "alert_id": ALERT,
        "employee_id": WANG,
        "name": "周晓",
        "role": "sales",
        "department": "运营",
        "level": "red",
        "raised_on": "2026-11-23",
        "suggested": alert["suggested"],
        "intervention_id": None,
        "scan_id": "scn_20261123",
        "policy_version": 1,
    }
    assert {"id": "redistribute_work", "name": "重新分配工作"} in alert["suggested"]
    assert [
        (one["kind"], one["value"], one["threshold"], one["company"], one["before"]) for one in signals
    ] == [
        ("long_hours", 55, 50, 35, None),
        ("falling_performance", 6, 25, 6, 9),
        ("frequent_leave", 4, 3, 2, None),
        ("survey", None, 2, None, None),
    ]
    assert signals[0]["text"] == "近 4 周平均每周工作 55 小时,超过 50 小时,公司平均 35 小时"
    english = hr.get(f"/risk/alerts/{ALERT}", language="en")["signals"]
    assert [one["name"] for one in english][:2] == ["Long hours", "Falling performance"]
    assert english[0]["text"] == "55 hours a week over 4 weeks, above 50; the company's average is 35"


def test_f4_a_survey_shows_its_rules_their_certainty_and_the_readers_version_and_no_words(
    hr: Hr, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "喘不过气了,夜班太多"
    hr.tenant.policy(
        {
            "survey": {
                "words": [
                    {"id": "strained", "name": {"zh-CN": "疲劳", "en": "Strain"}, "says": ["strained"]},
                    {"id": "nights", "name": {"zh-CN": "夜班", "en": "Nights"}, "present": ["夜班太多"]},
                    {"id": "tired", "name": {"zh-CN": "累", "en": "Tired"}, "says": ["exhausted"]},
                ]
            }
        }
    )
    heard = Hears({said: {"strained": 0.91, "exhausted": 0.79}})
    monkeypatch.setattr(
        hr.tenant.wired.pressure.words, "by", lambda rules: WordsRules(rules, heard, None, heard.version)
    )
    hr.tenant.says(WANG, said)
    hr.tenant.makes_cards([WANG])
    hr.tenant.passes()
    *others, survey = hr.get(f"/risk/alerts/{ALERT}")["signals"]
    assert [(one["words"], one["reader"]) for one in others] == [([], None)] * 3
    assert survey["words"] == [
        {"id": "strained", "name": "疲劳", "certainty": 0.91},
        {"id": "nights", "name": "夜班", "certainty": None},
    ]
    assert survey["reader"] == {"lexicon": 4, "classifier": 7, "words": 2}
    assert survey["text"] == "2026-11 的问卷:文字反映“疲劳”(把握 91%)、“夜班”"
    english = hr.get(f"/risk/alerts/{ALERT}", language="en")["signals"][3]
    assert english["text"] == "survey of 2026-11: its words speak of Strain (91 % sure), Nights"
    assert said not in json.dumps([survey, english], ensure_ascii=False)
    assert "喘不过气" not in str(hr.tenant.items())
    # The same night again finds the same alert, and writes nothing.
    before = hr.tenant.items()
    hr.tenant.passes()
    assert [one for one in hr.tenant.items() if one["pk"].startswith("CARDS#")] == [
        one for one in before if one["pk"].startswith("CARDS#")
    ]


def test_levels_select_and_what_is_cleared_is_gone(hr: Hr) -> None:
    assert hr.get("/risk/alerts", level="yellow") == {"items": [], "next": None}
    assert len(hr.get("/risk/alerts", level="red")["items"]) == 1
    hr.get("/risk/alerts", 400, level="purple")
    hr.get("/risk/alerts", 400, cursor="nonsense")
    hr.get("/risk/alerts/alr_nobody_20261123", 404)
    hr.get("/risk/alerts/alr_wang_20261122", 404)


def test_a_scan_that_runs_again_does_not_take_the_companys_figures_away(hr: Hr) -> None:
    before = hr.get("/risk/alerts")["items"][0]["signals"]
    hr.tenant.now = hr.tenant.now.replace(day=23)
    hr.tenant.works(WANG, "56")
    hr.tenant.makes_cards([WANG])
    hr.tenant.begins()
    hr.tenant.scan(hr.tenant.messages[0])
    # The night of the 24th has not finished, where the alert was written last.
    signals = hr.get("/risk/alerts")["items"][0]["signals"]
    assert [one["company"] for one in signals][1:3] == [one["company"] for one in before][1:3]


def test_scans_are_listed_newest_first_with_what_they_came_to(hr: Hr) -> None:
    hr.tenant.now = hr.tenant.now.replace(day=23)
    hr.tenant.begins()
    running, finished = hr.get("/risk/scans")["items"]
    assert (running["scan_id"], running["status"], running["counts"], running["company"]) == (
        "scn_20261124",
        "running",
        None,
        None,
    )
    assert (finished["day"], finished["run"], finished["status"], finished["parts_done"]) == (
        date(2026, 11, 23).isoformat(),
        1,
        "finished",
        finished["parts"],
    )
    assert [(one["cards_behind"], one["waited_seconds"]) for one in (running, finished)] == [(0, 0), (0, 0)]
    assert finished["counts"] == {"raised": 1, "changed": 0, "cleared": 0, "open": 1}
    assert finished["company"] == {
        "employees": 2,
        "hours_per_week": 35,
        "overtime_hours": None,
        "leave_times": 2,
        "leave_days": 2,
        "months": {
            "2026-10": {"score": 9, "metrics": {}},
            "2026-11": {"score": 6, "metrics": {}},
        },
    }
    page = hr.get("/risk/scans", limit="1")
    assert [one["scan_id"] for one in hr.get("/risk/scans", cursor=page["next"])["items"]] == ["scn_20261123"]


def test_f7_the_companys_survey_figure_is_that_of_a_closed_survey(hr: Hr) -> None:
    def figure() -> Any:
        return hr.get(f"/risk/alerts/{ALERT}")["signals"][3]["company"]

    assert figure() is None
    shown = SurveyFigures(6, {"stress": (0, 2, 4, 0, 0), "stay": (0, 0, 0, 6, 0)}, {})
    SurveyFiguresStore(hr.tenant.table).keep("2026-11", shown, Asked(), 5, hr.tenant.now)
    assert figure() == 3.33
