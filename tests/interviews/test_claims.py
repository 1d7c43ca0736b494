"""Rules that ask what is said: what a sure reading gives, what an unsure one does not, and where patterns hold."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.interviews.rules.competency import CompetencyModel
from rencai.interviews.rules.profile import Evidence, FacialPolicy, Profile
from rencai.interviews.rules.scoring import Scorer
from rencai.interviews.store.interviews import from_profile_document, to_profile_document
from rencai.kernel.patterns import Patterns
from rencai.reading.rules.reader import ReaderVersion
from tests.builders import answer, competency, interview, model, rule
from tests.interviews.listening import VERSION, Told

LED = "嗯,后来我带了十二个人,做销售的,业绩还可以。"
PHRASE = "我带了十二个人"
LEADS = model(execution=competency("1", 70, rule("leads", 10, says=["team_management"])))
EMPATHY = model(customer=competency("1", 100, rule("none", -10, unsaid=["empathy"]), topics=("objection",)))


def scored(made: CompetencyModel, reader: Told, *answers: Any) -> Profile:
    return Scorer(made, 1, FacialPolicy.USE, reader).profile(interview(*answers))


def only(profile: Profile) -> tuple[int | None, tuple[Evidence, ...]]:
    (one,) = profile.competencies
    return one.score, one.evidence


def test_a_sure_reading_gives_its_points_and_says_what_was_read() -> None:
    profile = scored(LEADS, Told({PHRASE: {"team_management": 0.91}}), answer("t", LED, "q7"))
    assert only(profile) == (
        80,
        (
            Evidence(
                "leads",
                10,
                "says",
                "t",
                {
                    "claim": "team_management",
                    "quote": PHRASE,
                    "start": 4,
                    "end": 11,
                    "context": "嗯,后来我带了十二个人,做销售的,业绩还可以。",
                    "question_id": "q7",
                    "certainty": 0.91,
                    "by": "classifier",
                },
            ),
        ),
    )
    assert (profile.coverage, profile.reader) == (Decimal(1), VERSION)


def test_an_unsure_reading_is_shown_and_moves_nothing() -> None:
    made = model(
        execution=competency(
            "1",
            70,
            rule("leads", 10, says=["team_management"]),
            rule("attains", 10, says=["goal_attainment"]),
            rule("excuses", -15, says=["excuses"]),
        )
    )
    profile = scored(made, Told({PHRASE: {"team_management": 0.6}}), answer("t", LED))
    score, (shown,) = only(profile)
    assert score == 70
    assert (shown.rule, shown.points, shown.counted, shown.unsure) == ("leads", 10, False, True)
    assert shown.detail["certainty"] == 0.6
    # 1 x (1 - 1/3), rounded down.
    assert profile.coverage == Decimal("0.6666")


def test_what_only_the_unsure_would_measure_is_not_measured() -> None:
    profile = scored(LEADS, Told({PHRASE: {"team_management": 0.6}}), answer("t", LED))
    assert only(profile)[0] is None
    assert (profile.overall, profile.coverage, profile.qualifies) == (None, Decimal(0), False)


def test_rules_that_had_nothing_to_go_by_do_not_thin_the_unsure() -> None:
    made = model(
        execution=competency(
            "1",
            70,
            rule("leads", 10, says=["team_management"]),
            rule("pace", 10, signal="speech_rate_cps", gte=2),
            rule("face", 10, signal="smile_count", gte=2),
            {**rule("elsewhere", 10, says=["empathy"]), "topics": ["unasked"]},
            rule("words", 10, present=["从来没说过"]),
        )
    )
    reader = Told({PHRASE: {"team_management": 0.6}})
    spoken = scored(made, reader, answer("t", LED))
    assert (only(spoken)[0], spoken.coverage) == (70, Decimal("0.5"))
    paced = scored(made, reader, answer("t", LED, speech_rate_cps=3))
    assert (only(paced)[0], paced.coverage) == (80, Decimal("0.6666"))
    smiling = answer("t", LED, speech_rate_cps=3, smile_count=0)
    assert scored(made, reader, smiling).coverage == Decimal("0.75")
    shown_only = Scorer(made, 1, FacialPolicy.SHOW_ONLY, reader).profile(interview(smiling))
    assert shown_only.coverage == Decimal("0.6666")


def test_a_score_that_is_too_unsure_decides_nothing() -> None:
    made = model(
        execution=competency(
            "1",
            90,
            rule("leads", 10, says=["team_management"]),
            rule("attains", 10, says=["goal_attainment"]),
        )
    )
    reader = Told({PHRASE: {"team_management": 0.6}})
    half = scored(made, reader, answer("t", LED))
    assert (half.qualifies, half.coverage, half.is_conclusive) == (True, Decimal("0.5"), True)
    asks_more = made.model_copy(update={"minimum_coverage": Decimal("0.51")})
    assert not scored(asks_more, reader, answer("t", LED)).is_conclusive


def test_unsaid_holds_when_no_answer_says_it_and_says_what_it_looked_for() -> None:
    profile = scored(
        EMPATHY, Told(), answer("objection", "直接下单", "q1"), answer("other", "我理解您", "q2")
    )
    assert only(profile) == (
        90,
        (Evidence("none", -10, "unsaid", "objection", {"claims": ["empathy"], "question_ids": ["q1"]}),),
    )


@pytest.mark.parametrize(
    ("certainty", "score", "coverage"), [(0.9, 100, "1"), (0.8, 100, "1"), (0.5, None, "0")]
)
def test_unsaid_does_not_hold_where_it_may_have_been_said(
    certainty: float, score: int | None, coverage: str
) -> None:
    reader = Told({"我理解您": {"empathy": certainty}})
    profile = scored(EMPATHY, reader, answer("objection", "直接下单"), answer("objection", "我理解您的难处"))
    assert (only(profile)[0], profile.coverage) == (score, Decimal(coverage))
    assert [(one.unsure, one.detail["quote"]) for one in only(profile)[1]] == (
        [] if certainty >= 0.8 else [(True, "我理解您")]
    )


def test_nothing_said_measures_neither() -> None:
    both = model(
        a=competency("0.5", 70, rule("leads", 10, says=["team_management"])),
        b=competency("0.5", 100, rule("none", -10, unsaid=["empathy"])),
    )
    assert [one.score for one in scored(both, Told(), answer("t", " ")).competencies] == [None, None]


def test_the_first_sure_answer_in_the_order_of_topics_is_the_evidence() -> None:
    made = model(c=competency("1", 50, rule("leads", 10, says=["team_management"]), topics=("a", "b")))
    reader = Told({"我带过": {"team_management": 0.6}, "我管过": {"team_management": 0.9}})
    said = [answer("b", "我管过人", "q1"), answer("a", "我带过人", "q2"), answer("b", "我管过店", "q3")]
    (found,) = only(scored(made, reader, *said))[1]
    assert (found.detail["question_id"], found.counted) == ("q1", True)
    (shown,) = only(scored(made, reader, *said[1:2], answer("b", "别的", "q4")))[1]
    assert (shown.detail["question_id"], shown.unsure) == ("q2", True)


def test_each_answer_is_read_once_for_all_rules_and_only_where_a_rule_asks() -> None:
    made = model(
        a=competency(
            "0.5", 50, rule("x", 1, says=["team_management"]), rule("y", 1, unsaid=["empathy"]), topics=("a",)
        ),
        b=competency("0.5", 50, rule("x", 1, says=["goal_attainment"]), rule("w", 1, present=["团队"])),
    )
    reader = Told()
    narrow = made.model_copy(update={"competencies": {"a": made.competencies["a"]}})
    scored(narrow, reader, answer("a", "一"), answer("b", "二"), answer("a", ""))
    assert reader.asked == ["一"]
    reader.asked.clear()
    scored(made, reader, answer("a", "一"), answer("b", "二"))
    assert reader.asked == ["一", "二"]


def test_a_model_that_asks_for_no_claims_reads_nothing() -> None:
    reader = Told()
    profile = scored(
        model(c=competency("1", 50, rule("w", 1, present=["团队"]))), reader, answer("t", "我的团队")
    )
    assert reader.asked == []
    assert (only(profile)[0], profile.reader) == (51, VERSION)


def test_a_model_that_asks_for_claims_cannot_be_without_a_reader() -> None:
    with pytest.raises(ValueError, match="sales needs a reader"):
        Scorer(LEADS, 1, FacialPolicy.USE)


# --- patterns in their clauses ----------------------------------------------------------------------------------------

TEAM = rule("team", 10, present=["带领.{0,6}团队"])


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("我带领过团队", True),
        ("我没有带领过团队", False),
        ("我领导带领过团队", False),
        ("我希望带领团队", False),
        ("听说要带领团队", False),
        ("没有别的,我带领过团队", True),
        ("我没有带领过团队。去年带领了团队", True),
        ("不仅带领团队", True),
    ],
)
def test_a_pattern_holds_where_nothing_takes_it_back(text: str, holds: bool) -> None:
    score, _ = only(scored(model(c=competency("1", 50, TEAM)), Told(), answer("t", text)))
    assert score == (60 if holds else 50)


def test_the_quote_is_of_the_place_that_counts() -> None:
    text = "我没有带领过大团队。去年带领了小团队"
    _, (found,) = only(scored(model(c=competency("1", 50, TEAM)), Told(), answer("t", text)))
    assert (found.detail["quote"], found.detail["start"]) == ("带领了小团队", 12)


def test_a_pattern_that_has_the_denial_itself_holds() -> None:
    made = model(c=competency("1", 50, rule("missed", -25, present=["没有完成"])))
    assert only(scored(made, Told(), answer("t", "去年我没有完成目标")))[0] == 25
    assert only(scored(made, Told(), answer("t", "我不是没有完成目标")))[0] == 50


def test_words_of_form_hold_anywhere() -> None:
    said = answer("t", "我领导首先不同意")
    anywhere = model(c=competency("1", 50, rule("form", 10, present=["首先"], anywhere=True)))
    assert only(scored(anywhere, Told(), said))[0] == 60
    meant = model(c=competency("1", 50, rule("form", 10, present=["首先"])))
    assert only(scored(meant, Told(), said))[0] == 50


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("我用数据说话", True),
        ("我用数据,领导拍板", False),
        ("我用数据。领导拍板", True),
        ("领导拍板,我用数据", False),
        ("我用数据,领,导拍板", True),
    ],
)
@pytest.mark.parametrize("anywhere", [True, False])
def test_unless_takes_out_the_sentence_clause_by_clause(text: str, holds: bool, anywhere: bool) -> None:
    when = rule("data", 10, present=["用数据"], unless=["领.?导"], anywhere=anywhere)
    assert only(scored(model(c=competency("1", 50, when)), Told(), answer("t", text)))[0] == (
        60 if holds else 50
    )


@pytest.mark.parametrize("anywhere", [True, False])
def test_unless_looks_through_a_clause_once_however_often_the_words_are_said(
    monkeypatch: pytest.MonkeyPatch, *, anywhere: bool
) -> None:
    looked: list[str] = []
    found_in = Patterns.found_in

    def counted(patterns: Patterns, text: str) -> list[int]:
        looked.append(text)
        return found_in(patterns, text)

    monkeypatch.setattr(Patterns, "found_in", counted)
    when = rule("late", 10, present=["加班"], unless=["出差"], anywhere=anywhere)
    said = answer("t", "我加班," * 3_000 + "出差")
    assert only(scored(model(c=competency("1", 50, when)), Told(), said))[0] == 50
    assert len(looked) <= 3_001 + 10


def test_without_a_reader_patterns_hold_wherever_they_stand_as_they_did() -> None:
    made = model(c=competency("1", 50, TEAM))
    profile = Scorer(made, 1, FacialPolicy.USE).profile(interview(answer("t", "我没有带领过团队")))
    assert (only(profile)[0], profile.reader) == (60, None)


# --- HR's own sentences -----------------------------------------------------------------------------------------------

CHECKS = ["开机前我都会检查设备", "进车间先戴好安全帽和手套", "发现安全隐患我会马上上报"]


def safety(**more: Any) -> CompetencyModel:
    return model(c=competency("1", 50, rule("safe", 10, examples=CHECKS, **more)))


def test_a_rule_of_examples_says_which_is_nearest_and_what_is_shared() -> None:
    text = "干了十年。进车间先戴好安全帽"
    profile = scored(safety(), Told(), answer("t", text, "q3"))
    score, (found,) = only(profile)
    assert (score, found.kind, found.counted) == (60, "examples", True)
    assert found.detail == {
        "quote": "进车间先戴好安全帽",
        "start": 5,
        "end": 14,
        "context": text,
        "question_id": "q3",
        "certainty": found.detail["certainty"],
        "by": "examples",
        "example": CHECKS[1],
        "shared": found.detail["shared"],
    }
    assert found.detail["certainty"] >= 0.8
    assert all(phrase in text for phrase in found.detail["shared"])


@pytest.mark.parametrize("text", ["我没有戴好安全帽就进车间", "他进车间先戴好安全帽", "我喜欢看电影"])
def test_a_rule_of_examples_is_not_met_by_what_is_denied_others_or_unrelated(text: str) -> None:
    assert only(scored(safety(), Told(), answer("t", text))) == (50, ())


def test_a_rule_of_examples_has_counterexamples_and_unless() -> None:
    said = answer("t", "进车间先戴好安全帽,班长盯着呢")
    assert only(scored(safety(), Told(), said))[0] == 60
    assert only(scored(safety(unless=["盯着"]), Told(), said))[0] == 50
    against = safety(counterexamples=["进车间先戴好安全帽是规定"])
    assert only(scored(against, Told(), answer("t", "开机前我都检查设备")))[0] == 60
    assert only(scored(against, Told(), answer("t", "进车间先戴好安全帽是规定")))[0] == 50


# --- stored and shown -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model_name", [None, "nova p1"])
def test_a_profile_keeps_its_reader(model_name: str | None) -> None:
    profile = scored(LEADS, Told({PHRASE: {"team_management": 0.6}}), answer("t", LED))
    profile = replace(profile, reader=ReaderVersion(3, 5, 2, model_name))
    back = from_profile_document(to_profile_document(profile))
    assert back == profile
    assert back.competencies[0].evidence[0].unsure


# --- properties -------------------------------------------------------------------------------------------------------

CLAIMS = ("team_management", "empathy", "excuses")
_readings = st.dictionaries(st.sampled_from(CLAIMS), st.floats(0.41, 0.99), max_size=3)
_points = st.integers(-40, 40)


@st.composite
def _asking(draw: st.DrawFn) -> CompetencyModel:
    rules = [
        rule(f"{kind}_{claim}", draw(_points), **{kind: [claim]})
        for claim in CLAIMS
        for kind in draw(st.sets(st.sampled_from(("says", "unsaid"))))
    ]
    pace = rule("pace", draw(_points), signal="speech_rate_cps", gte=2)
    return model(c=competency("1", draw(st.integers(0, 100)), pace, *rules))


@given(_asking(), _readings, st.floats(0.41, 0.79))
def test_what_the_reader_is_unsure_of_never_moves_a_score(
    made: CompetencyModel, readings: dict[str, float], doubt: float
) -> None:
    said = answer("t", LED, speech_rate_cps=3)
    profile = scored(made, Told({PHRASE: readings}), said)
    ((score, evidence), base) = only(profile), made.competencies["c"].base
    counted = sum(one.points for one in evidence if one.counted)
    assert score == max(0, min(100, base + counted))
    unsure = {claim: doubt for claim, certainty in readings.items() if certainty < 0.8}
    sure = {claim: certainty for claim, certainty in readings.items() if certainty >= 0.8}
    otherwise = scored(made, Told({PHRASE: {**sure, **unsure}}), said)
    # How unsure it is changes what is shown, and nothing else.
    assert (only(otherwise)[0], otherwise.coverage) == (score, profile.coverage)
    assert otherwise.overall == profile.overall


@given(_asking(), _readings)
def test_the_more_is_unsure_the_less_is_covered(made: CompetencyModel, readings: dict[str, float]) -> None:
    said = answer("t", LED, speech_rate_cps=3)
    profile = scored(made, Told({PHRASE: readings}), said)
    rules = len(made.competencies["c"].rules)
    unsure = sum(one.unsure for one in only(profile)[1])
    assert profile.coverage == (Decimal(rules - unsure) / rules if unsure else Decimal(1)).quantize(
        Decimal("0.0001"), "ROUND_DOWN"
    )
    surer = dict.fromkeys(readings, 0.95)
    assert scored(made, Told({PHRASE: surer}), said).coverage == 1


@given(_asking(), _readings, st.text(max_size=40), st.text(max_size=40))
def test_the_evidence_stands_in_the_transcript(
    made: CompetencyModel, readings: dict[str, float], before: str, after: str
) -> None:
    text = f"{before}{PHRASE}{after}"
    profile = scored(made, Told({PHRASE: readings}), answer("t", text))
    for one in only(profile)[1]:
        if "quote" in one.detail:
            assert text[one.detail["start"] : one.detail["end"]] == one.detail["quote"]
            assert one.detail["quote"] in one.detail["context"]
