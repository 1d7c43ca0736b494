"""From an interview to a profile (A3, A4, A5)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.interviews.rules.competency import CompetencyModel
from rencai.interviews.rules.interview import content_digest
from rencai.interviews.rules.profile import CompetencyScore, Evidence, FacialPolicy, Profile
from rencai.interviews.rules.scoring import Scorer
from tests.builders import answer, competency, interview, model, rule

# contracts/interview.md, word for word; the weights, which it leaves open, make 1 of the two.
WORKED = model(
    customer_orientation=competency(
        "0.2",
        100,
        rule("rushed_speech", -10, signal="speech_rate_cps", gte=3.5),
        rule("frowning", -10, signal="frown_count", gte=5),
        rule("no_empathy", -10, absent=["同理心", "换位思考", "理解您的"]),
        topics=("objection_handling",),
    ),
    execution=competency(
        "0.8",
        70,
        rule("team_management", 10, present=["团队管理", "带领.{0,6}团队"]),
        rule("goal_attainment", 10, present=["目标达成", "(完成|达成).{0,8}目标"]),
        topics=("past_results",),
    ),
)
PAST_RESULTS = "上一家公司我曾带领团队完成120%销售目标,连续两个季度排名第一。"

RUSHED = Evidence(
    "rushed_speech",
    -10,
    "signal",
    "objection_handling",
    {"signal": "speech_rate_cps", "value": 3.5, "threshold": {"gte": 3.5}, "question_id": "q1"},
)
FROWNING = Evidence(
    "frowning",
    -10,
    "signal",
    "objection_handling",
    {"signal": "frown_count", "value": 5.0, "threshold": {"gte": 5.0}, "question_id": "q1"},
    facial=True,
)
NO_EMPATHY = Evidence(
    "no_empathy",
    -10,
    "absent",
    "objection_handling",
    {"looked_for": ["同理心", "换位思考", "理解您的"], "question_ids": ["q1"]},
)
TEAM_MANAGEMENT = Evidence(
    "team_management",
    10,
    "present",
    "past_results",
    {
        "quote": "带领团队",
        "start": 7,
        "end": 11,
        "context": "上一家公司我曾带领团队完成120%销售目标,连",
        "question_id": "q2",
    },
)
GOAL_ATTAINMENT = Evidence(
    "goal_attainment",
    10,
    "present",
    "past_results",
    {
        "quote": "完成120%销售目标",
        "start": 11,
        "end": 21,
        "context": PAST_RESULTS,  # shorter than twelve characters on either side
        "question_id": "q2",
    },
)
EXECUTION = CompetencyScore("execution", Decimal("0.8"), 90, 90, (TEAM_MANAGEMENT, GOAL_ATTAINMENT))


def worked(policy: FacialPolicy) -> Profile:
    return Scorer(WORKED, 7, policy).profile(interview())


def test_a3_the_worked_example_with_all_its_evidence() -> None:
    assert worked(FacialPolicy.USE) == Profile(
        role="sales",
        model_id="sales",
        model_version=7,
        facial_policy=FacialPolicy.USE,
        overall=Decimal("86.00"),
        overall_without_facial=Decimal("88.00"),
        coverage=Decimal("1.0"),
        qualifies=True,
        competencies=(
            CompetencyScore("customer_orientation", Decimal("0.2"), 70, 80, (RUSHED, FROWNING, NO_EMPATHY)),
            EXECUTION,
        ),
        strengths=("execution",),
        improve=("customer_orientation",),
        inputs_digest=content_digest(interview()),
        pass_score=Decimal(80),
        minimum_coverage=Decimal("0.5"),
    )


def test_a3_the_quote_is_where_the_offsets_say() -> None:
    for found in (TEAM_MANAGEMENT, GOAL_ATTAINMENT):
        assert PAST_RESULTS[found.detail["start"] : found.detail["end"]] == found.detail["quote"]


def test_a5_show_only_shows_the_face_and_counts_it_nowhere() -> None:
    assert worked(FacialPolicy.SHOW_ONLY) == replace(
        worked(FacialPolicy.USE),
        facial_policy=FacialPolicy.SHOW_ONLY,
        overall=Decimal("88.00"),
        competencies=(
            CompetencyScore(
                "customer_orientation",
                Decimal("0.2"),
                80,
                80,
                (RUSHED, replace(FROWNING, counted=False), NO_EMPATHY),
            ),
            EXECUTION,
        ),
        improve=(),
    )


def test_a5_ignore_does_not_look_at_the_face() -> None:
    assert worked(FacialPolicy.IGNORE) == replace(
        worked(FacialPolicy.USE),
        facial_policy=FacialPolicy.IGNORE,
        overall=Decimal("88.00"),
        competencies=(
            CompetencyScore("customer_orientation", Decimal("0.2"), 80, 80, (RUSHED, NO_EMPATHY)),
            EXECUTION,
        ),
        improve=(),
    )


FACE_AND_VOICE = model(
    face=competency("0.5", 50, rule("smiles", 40, signal="smile_count", gte=1)),
    voice=competency("0.5", 60, rule("lively", 20, signal="pitch_variation", gte=0.3)),
)


@pytest.mark.parametrize(
    ("policy", "face", "overall", "coverage"),
    [
        (FacialPolicy.USE, 90, "85.00", "1.0"),
        (FacialPolicy.SHOW_ONLY, None, "80.00", "0.5"),
        (FacialPolicy.IGNORE, None, "80.00", "0.5"),
    ],
)
def test_a5_what_only_the_face_shows_is_not_measured_without_it(
    policy: FacialPolicy, face: int | None, overall: str, coverage: str
) -> None:
    profile = Scorer(FACE_AND_VOICE, 1, policy).profile(interview(answer(smile_count=2, pitch_variation=0.4)))
    assert [(c.id, c.score, c.score_without_facial) for c in profile.competencies] == [
        ("face", face, None),
        ("voice", 80, 80),
    ]
    assert (profile.overall, profile.overall_without_facial, profile.coverage) == (
        Decimal(overall),
        Decimal("80.00"),
        Decimal(coverage),
    )


# --- A4: missing is not zero --------------------------------------------------------------------------------


def scored(made: CompetencyModel, *answers: Any) -> Profile:
    return Scorer(made, 1, FacialPolicy.USE).profile(interview(*answers))


THREE = model(
    voice=competency("0.5", 60, rule("lively", 20, signal="pitch_variation", gte=0.3), topics=("intro",)),
    words=competency("0.3", 70, rule("said", 10, present=["团队"]), topics=("past",)),
    pauses=competency("0.2", 100, rule("long", -30, signal="pause_seconds", gt=2), topics=("intro",)),
)


def test_a4_weights_renormalise_over_what_was_measured() -> None:
    profile = scored(THREE, answer("past", "我的团队"), answer("intro", "你好", pause_seconds=[3.0, 1.0]))
    assert [c.score for c in profile.competencies] == [None, 80, 70]
    assert profile.coverage == Decimal("0.5")
    assert profile.overall == Decimal("76.00")  # (0.3 x 80 + 0.2 x 70) / 0.5
    assert profile.strengths == ()
    assert profile.improve == ("pauses",)
    assert profile.competencies[0].evidence == ()


def test_a4_nothing_measured_is_no_score_and_does_not_qualify() -> None:
    profile = scored(THREE, answer("another_topic", "我的团队", pitch_variation=0.9))
    assert (profile.overall, profile.overall_without_facial, profile.coverage, profile.qualifies) == (
        None,
        None,
        Decimal(0),
        False,
    )
    assert (profile.strengths, profile.improve) == ((), ())
    assert {c.score for c in profile.competencies} == {None}


@pytest.mark.parametrize(
    ("minimum", "required", "conclusive", "missing"),
    [
        ("0.5", [], True, ()),
        ("0.51", [], False, ()),
        ("0", ["words"], True, ()),
        ("0.5", ["voice"], False, ("voice",)),
        ("1", ["voice", "words"], False, ("voice",)),
        ("0", [], True, ()),
    ],
)
def test_too_little_shown_is_not_decided_by_the_score(
    minimum: str, required: list[str], conclusive: bool, missing: tuple[str, ...]
) -> None:
    made = THREE.model_copy(update={"minimum_coverage": Decimal(minimum), "required": tuple(required)})
    profile = scored(made, answer("past", "我的团队"), answer("intro", "你好", pause_seconds=[3.0, 1.0]))
    assert (profile.coverage, profile.minimum_coverage) == (Decimal("0.5"), Decimal(minimum))
    assert (profile.is_conclusive, profile.missing) == (conclusive, missing)
    # What was asked for changes nothing of the score, nor of what the score means.
    assert (profile.overall, profile.qualifies) == (Decimal("76.00"), False)


@pytest.mark.parametrize("transcript", ["", " ", "\n\t ", "  "])
def test_a4_a_transcript_without_words_measures_no_words(transcript: str) -> None:
    words = model(
        present=competency("0.5", 50, rule("said", 10, present=["团队"])),
        absent=competency("0.5", 100, rule("unsaid", -10, absent=["同理心"])),
    )
    assert [c.score for c in scored(words, answer("t", transcript)).competencies] == [None, None]


def test_a4_a_silent_answer_hides_no_spoken_one() -> None:
    words = model(absent=competency("1", 100, rule("unsaid", -10, absent=["同理心"])))
    (found,) = scored(words, answer("a", "", "q1"), answer("b", "别的话", "q2")).competencies
    assert found.score == 90
    assert found.evidence == (
        Evidence("unsaid", -10, "absent", "b", {"looked_for": ["同理心"], "question_ids": ["q2"]}),
    )


def test_a4_no_pauses_is_a_measurement() -> None:
    pauses = model(pauses=competency("1", 50, rule("fluent", 20, signal="pause_seconds", lte=1)))
    assert scored(pauses, answer(pause_seconds=[])).overall == Decimal("70.00")
    assert scored(pauses, answer(pitch_variation=0.5)).overall is None
    assert scored(pauses, answer()).overall is None


def test_a_rule_holds_when_any_answer_meets_it_and_quotes_the_first() -> None:
    made = model(words=competency("1", 50, rule("said", 10, present=["团队", "协作"])))
    (found,) = scored(
        made, answer("a", "没有", "q1"), answer("b", "靠协作和团队", "q2"), answer("c", "团队", "q3")
    ).competencies
    assert found.score == 60
    assert found.evidence == (
        Evidence(
            "said",
            10,
            "present",
            "b",
            {"quote": "协作", "start": 1, "end": 3, "context": "靠协作和团队", "question_id": "q2"},
        ),
    )


def test_a_rules_own_topics_narrow_the_competencys() -> None:
    narrow = {**rule("said", 10, present=["团队"]), "topics": ["b"]}
    made = model(words=competency("1", 50, narrow, rule("unsaid", -5, absent=["目标"]), topics=("a", "b")))
    assert scored(made, answer("a", "团队目标"), answer("b", "别的")).overall == Decimal("50.00")
    assert scored(made, answer("b", "团队"), answer("a", "目标")).overall == Decimal("60.00")


@pytest.mark.parametrize(
    ("thresholds", "holds"),
    [
        ({"gte": 3.5}, True),
        ({"gt": 3.5}, False),
        ({"lte": 3.5}, True),
        ({"lt": 3.5}, False),
        ({"gte": 3.0, "lt": 4.0}, True),
        ({"gte": 3.0, "lt": 3.5}, False),
    ],
)
def test_thresholds_at_the_very_value(thresholds: dict[str, float], holds: bool) -> None:
    made = model(speed=competency("1", 50, rule("r", 10, signal="speech_rate_cps", **thresholds)))
    assert scored(made, answer(speech_rate_cps=3.5)).overall == Decimal("60.00" if holds else "50.00")


@pytest.mark.parametrize(
    ("base", "points", "score"), [(95, 10, 100), (5, -10, 0), (0, -100, 0), (100, 100, 100)]
)
def test_scores_are_clamped(base: int, points: int, score: int) -> None:
    made = model(words=competency("1", base, rule("r", points, present=["话"])))
    assert scored(made, answer("t", "话")).overall == Decimal(score).quantize(Decimal("0.01"))


def test_clamping_comes_after_the_sum() -> None:
    made = model(
        words=competency(
            "1", 90, rule("up", 50, present=["话"]), rule("down", -45, signal="speech_rate_cps", gte=1)
        )
    )
    assert scored(made, answer("t", "话", speech_rate_cps=2)).overall == Decimal("95.00")


@pytest.mark.parametrize(
    ("base", "strengths", "improve"),
    [(86, ("c",), ()), (85, ("c",), ()), (84, (), ()), (76, (), ()), (75, (), ("c",)), (74, (), ("c",))],
)
def test_a4_strengths_from_85_and_areas_to_improve_up_to_75(
    base: int, strengths: tuple[str, ...], improve: tuple[str, ...]
) -> None:
    profile = scored(model(c=competency("1", base, rule("r", 1, present=["不会出现"]))), answer())
    assert (profile.strengths, profile.improve) == (strengths, improve)


@pytest.mark.parametrize(("base", "qualifies"), [(79, False), (80, True), (81, True)])
def test_b1_the_pass_score_itself_qualifies(base: int, qualifies: bool) -> None:
    profile = scored(model(c=competency("1", base, rule("r", 1, present=["不会出现"]))), answer())
    assert profile.qualifies is qualifies


def test_the_overall_score_rounds_half_up_to_two_decimals() -> None:
    never = rule("r", 1, present=["不会出现"])
    half = model(a=competency("0.125", 81, never), b=competency("0.875", 80, never))
    assert scored(half, answer()).overall == Decimal("80.13")  # 80.125; half to even would make it .12
    thirds = model(
        a=competency("0.2", 80, {**never, "topics": ["x"]}),
        b=competency("0.1", 80, never),
        c=competency("0.2", 79, never),
        d=competency("0.5", 80, {**never, "topics": ["x"]}),
    )
    assert scored(thirds, answer()).overall == Decimal("79.33")


def test_rounding_alone_can_reach_the_pass_score() -> None:
    never = rule("r", 1, present=["不会出现"])
    nearly = model(a=competency("0.005", 79, never), b=competency("0.995", 80, never))
    assert scored(nearly, answer()).overall == Decimal("80.00")  # 79.995, half up
    assert scored(nearly, answer()).qualifies


# --- properties ---------------------------------------------------------------------------------------------

TOPICS = ("intro", "past", "conflict")
WORDS = ("团队", "目标", "同理心", "客户", " ", "没有", "")
_conditions = st.one_of(
    st.fixed_dictionaries(
        {
            "signal": st.sampled_from(
                ["speech_rate_cps", "pause_seconds", "pitch_variation", "frown_count", "smile_count"]
            )
        },
        optional={"gte": st.integers(0, 6), "lt": st.integers(0, 8)},
    ).filter(lambda when: len(when) > 1),
    st.fixed_dictionaries(
        {"present": st.lists(st.sampled_from(["团队", "目标", "客.{0,2}户"]), min_size=1, max_size=2)}
    ),
    st.fixed_dictionaries({"absent": st.lists(st.sampled_from(["同理心", "客户"]), min_size=1, max_size=2)}),
)


@st.composite
def _competencies(draw: st.DrawFn) -> dict[str, Any]:
    rules = [
        rule(f"r{number}", draw(st.integers(-100, 100)), **when)
        for number, when in enumerate(draw(st.lists(_conditions, min_size=1, max_size=4)))
    ]
    topics = tuple(draw(st.lists(st.sampled_from(TOPICS), min_size=1, max_size=2, unique=True)))
    return competency("0.25", draw(st.integers(0, 100)), *rules, topics=topics)


models = st.lists(_competencies(), min_size=4, max_size=4).map(
    lambda made: model(**{f"c{number}": one for number, one in enumerate(made)})
)


@st.composite
def _answers(draw: st.DrawFn, topics: tuple[str, ...] = TOPICS) -> Any:
    signals: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "speech_rate_cps": st.integers(0, 20),
                "pause_seconds": st.lists(st.integers(0, 9), max_size=3),
                "pitch_variation": st.floats(0, 1),
                "frown_count": st.integers(0, 9),
                "smile_count": st.integers(0, 9),
            },
        )
    )
    words = "".join(draw(st.lists(st.sampled_from(WORDS), max_size=4)))
    return answer(draw(st.sampled_from(topics)), words, **signals)


policies = st.sampled_from(FacialPolicy)


@given(models, st.lists(_answers(), min_size=1, max_size=5), policies)
def test_every_score_is_in_range_and_coverage_is_the_measured_weight(
    made: CompetencyModel, answers: list[Any], policy: FacialPolicy
) -> None:
    profile = Scorer(made, 1, policy).profile(interview(*answers))
    scores = [c.score for c in profile.competencies]
    for score in (*scores, *(c.score_without_facial for c in profile.competencies)):
        assert score is None or 0 <= score <= 100
    measured = [score for score in scores if score is not None]
    assert profile.coverage == Decimal("0.25") * len(measured)
    assert (profile.overall is None) == (not measured)
    if profile.overall is not None:
        assert min(measured) <= profile.overall <= max(measured)
        assert profile.overall == profile.overall.quantize(Decimal("0.01"))
    assert not set(profile.strengths) & set(profile.improve)
    assert profile.qualifies == (profile.overall is not None and profile.overall >= 80)


@given(
    models,
    st.tuples(_answers(("intro",)), _answers(("past",)), _answers(("conflict",))),
    st.permutations(range(3)),
    policies,
)
def test_the_order_of_answers_on_different_topics_does_not_matter(
    made: CompetencyModel, answers: tuple[Any, Any, Any], order: list[int], policy: FacialPolicy
) -> None:
    scorer = Scorer(made, 1, policy)
    as_asked = scorer.profile(interview(*answers))
    otherwise = scorer.profile(interview(*(answers[index] for index in order)))
    assert replace(otherwise, inputs_digest="") == replace(as_asked, inputs_digest="")


@given(models, st.lists(_answers(), min_size=1, max_size=3), _answers(("chitchat",)), policies)
def test_what_was_said_on_other_topics_does_not_matter(
    made: CompetencyModel, answers: list[Any], irrelevant: Any, policy: FacialPolicy
) -> None:
    scorer = Scorer(made, 1, policy)
    without = scorer.profile(interview(*answers))
    with_it = scorer.profile(interview(irrelevant, *answers))
    assert replace(with_it, inputs_digest="") == replace(without, inputs_digest="")


@given(models, st.lists(_answers(), min_size=1, max_size=3), st.integers(0, 9), policies)
def test_a5_no_face_changes_the_score_without_it(
    made: CompetencyModel, answers: list[Any], frowns: int, policy: FacialPolicy
) -> None:
    changed = [
        {**one, "signals": {**one.get("signals", {}), "frown_count": frowns, "smile_count": 9 - frowns}}
        for one in answers
    ]
    before, after = (Scorer(made, 1, policy).profile(interview(*said)) for said in (answers, changed))
    assert [c.score_without_facial for c in after.competencies] == [
        c.score_without_facial for c in before.competencies
    ]
    assert after.overall_without_facial == before.overall_without_facial
    if policy is not FacialPolicy.USE:
        assert after.overall == before.overall == after.overall_without_facial


@given(models, st.lists(_answers(), min_size=1, max_size=3))
def test_a5_use_without_any_face_is_as_ignoring_it(made: CompetencyModel, answers: list[Any]) -> None:
    faceless = [
        {
            **one,
            "signals": {
                k: v for k, v in one.get("signals", {}).items() if k not in ("frown_count", "smile_count")
            },
        }
        for one in answers
    ]
    used, ignored = (
        Scorer(made, 1, policy).profile(interview(*faceless))
        for policy in (FacialPolicy.USE, FacialPolicy.IGNORE)
    )
    assert replace(used, facial_policy=FacialPolicy.IGNORE) == ignored


def test_the_same_interview_and_model_give_the_same_profile() -> None:
    assert worked(FacialPolicy.USE) == worked(FacialPolicy.USE)
