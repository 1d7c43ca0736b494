"""What a changed rule or reader would have said, rule by rule and by all interviews."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from infra.admin.interview_preview import InterviewPreview, RuleChange, compared, said
from infra.admin.stored_words import KeptInterview, newest_interviews
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.profile import FacialPolicy
from rencai.interviews.rules.scoring import Scorer
from rencai.interviews.store.interviews import Interviews, StoredInterview
from rencai.kernel.errors import NotFound
from rencai.store.table import Table
from tests.builders import NOW, answer, competency, interview, model, result, rule
from tests.interviews.listening import Told
from tests.moto_table import TABLE

MODEL = model(
    leading=competency("0.5", 60, rule("leads", 30, says=["leads"])),
    calm=competency("0.5", 60, rule("gives_up", -30, says=["gives_up"])),
)


@dataclass
class By:
    """Scores by a reader that was told what is said."""

    reader: Told

    def scorer(self, role: str, policy: FacialPolicy) -> Scorer:
        if role == "nobody":
            raise NotFound("competency_model", role)
        return Scorer(MODEL, 1, policy, self.reader)


@dataclass
class Kept:
    """An interview in words."""

    interview_id: str
    said: str
    role: str = "sales"
    vendor: str = "aiview"
    candidate_id: str = "cand_1"
    facial: FacialPolicy = FacialPolicy.USE

    def words(self, _: Any) -> Any:
        if self.said == "":
            raise ValueError
        document = result()
        for one in document["answers"]:
            one["transcript"] = self.said
        return Interview.model_validate(document)


def preview(before: Told, after: Told, *kept: Kept) -> InterviewPreview:
    nothing: Any = None
    those: Any = kept
    return compared(those, nothing, By(before), By(after))


LED, QUIT, BOTH = "我带了团队。", "我放弃了。", "我带了团队。我放弃了。"


def test_rules_gain_lose_and_become_unsure() -> None:
    before = Told({"带了团队": {"leads": 0.9}, "放弃了": {"gives_up": 0.5}})
    after = Told({"带了团队": {"leads": 0.5}, "放弃了": {"gives_up": 0.9}})
    found = preview(before, after, Kept("1", LED), Kept("2", QUIT), Kept("3", BOTH), Kept("4", "没什么。"))
    assert found.rules == {
        ("sales", "leading", "leads"): RuleChange(loses=2, becomes_unsure=2),
        ("sales", "calm", "gives_up"): RuleChange(gains=2),
    }
    assert (found.looked_at, [one.interview_id for one in found.changes]) == (4, ["1", "2", "3"])


def test_scores_move_by_a_mean_and_a_largest_and_outcomes_change() -> None:
    before = Told({"放弃了": {"gives_up": 0.9}})
    after = Told({"带了团队": {"leads": 0.9}})
    found = preview(before, after, Kept("1", LED), Kept("2", BOTH), Kept("3", "没什么。"))
    # 60 -> 75, 45 -> 75.
    assert (found.moves, found.moved_by, found.largest) == (2, Decimal(45), Decimal(30))
    assert "scores: 2 move, by +22.50 on average, the largest by +30.00" in "\n".join(said(found))
    same = preview(after, after, Kept("1", LED))
    assert (same.changes, same.rules, same.moves) == ([], {}, 0)


def test_what_cannot_be_read_and_what_nothing_scores_is_counted_and_named() -> None:
    found = preview(Told(), Told(), Kept("gone", ""), Kept("1", LED, role="nobody"))
    assert list(said(found)) == [
        "1 stored interviews cannot be read: aiview/gone",
        "1 stored interviews for nobody had nothing to score them by, as it is or by this file",
        "no stored interview could be looked at: what this file would say cannot be shown",
    ]


def test_interviews_are_kept_in_order_of_time() -> None:
    def kept(at: str) -> KeptInterview:
        return KeptInterview(at, "v", "i", "c", "r", "sales", FacialPolicy.USE)

    assert kept("2026-03-02T01:00:00.000Z") < kept("2026-03-02T01:00:00.001Z")


def test_the_newest_of_thousands_are_looked_at_and_no_more_are_held(dynamodb: Any) -> None:
    table = Table(dynamodb, TABLE)
    interviews = Interviews(table)
    made = Scorer(MODEL, 1, FacialPolicy.SHOW_ONLY, Told())
    profiles = [made.profile(interview(answer())), replace(made.profile(interview(answer())), role="other")]
    for number in range(300):
        one = StoredInterview(
            "ai#v%23", f"itv#{number}", "cand_1", "api", f"raw/{number}", profiles[number % 2]
        )
        interviews.record(one, NOW + timedelta(minutes=number))
    found = newest_interviews(dynamodb, TABLE, 10, "sales")
    assert [one.interview_id for one in found] == [f"itv#{number}" for number in range(298, 278, -2)]
    assert {(one.vendor, one.role, one.facial) for one in found} == {
        ("ai#v%23", "sales", FacialPolicy.SHOW_ONLY)
    }
    assert len(newest_interviews(dynamodb, TABLE, 1000)) == 300
