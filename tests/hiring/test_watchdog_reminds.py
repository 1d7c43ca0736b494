"""B7: the candidate who has not signed is reminded once, and where and until when to sign."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from functions.hiring.overdue import Overdue
from infra.admin.letters import SAMPLES
from rencai.hiring.rules.facts import EnvelopeClosed, EnvelopeOutcome
from rencai.hiring.rules.stages import STAGE_DUE, Stage
from rencai.kernel.events import EventName
from rencai.letters.addressee import Addressee
from rencai.letters.correspondence import Correspondence
from rencai.platform.consumer import Retry
from tests.builders import CANDIDATE, ENVELOPE, OFFER, resent, sent
from tests.hiring.late import ENTERED, HOUR, RUN, SIGN_URL, Bench, due


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_candidate_is_reminded_once_where_and_until_when_to_sign(language: str) -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.person = replace(bench.person, locale=language)
    bench.run(HOUR - RUN)
    assert bench.mail.letters == []
    for run in range(4):
        bench.run(HOUR + run * RUN)
    ((to, subject, body),) = bench.mail.letters
    assert to == "zhou.xiao@example.com"
    said = ("销售", "2026 年 3 月 16 日") if language == "zh-CN" else ("Sales", "16 March 2026")
    assert [text for text in (*said, "周晓", "上海", SIGN_URL, OFFER) if text not in body] == []
    assert said[0] in subject
    assert bench.chases.kept is not None
    assert bench.chases.kept.reminded_at == due(Stage.OFFER_SENT) + HOUR


def test_the_reminder_is_given_what_a_letter_is_tried_with() -> None:
    """HR's own wording is held against ``SAMPLES`` before it is stored."""
    bench, given = Bench(Stage.OFFER_SENT), list[Mapping[str, Any]]()

    class Noting(Correspondence):
        def write(
            self, addressee: Addressee, template: str, about: str, values: dict[str, Any], now: datetime
        ) -> bool:
            assert (template, about) == ("sign_reminder", ENVELOPE)
            given.append(values)
            return True

    noting = Noting(*cast(Any, (None, None, None, None)))
    now = due(Stage.OFFER_SENT) + HOUR
    replace(bench.chaser(), correspondence=noting).chase(Overdue(CANDIDATE, Stage.OFFER_SENT, now), now)
    assert [set(values) for values in given] == [set(SAMPLES["sign_reminder"])]


def test_a_vendor_whose_link_dies_before_the_letter_s_day_is_signed_by_then() -> None:
    bench = Bench(Stage.OFFER_SENT)
    # 22:00 UTC is the next morning in Shanghai.
    bench.offer = replace(bench.offer, expires_at=datetime(2026, 3, 9, 22, tzinfo=UTC))
    bench.run(HOUR)
    assert "2026 年 3 月 10 日" in bench.mail.letters[0][2]


@pytest.mark.parametrize(("days", "letters"), [(0, 1), (-1, 0)], ids=["the last day", "the day after"])
def test_who_can_still_sign_today_is_reminded(days: int, letters: int) -> None:
    bench = Bench(Stage.OFFER_SENT)
    today = (due(Stage.OFFER_SENT) + HOUR).astimezone(ZoneInfo("Asia/Shanghai")).date()
    bench.offer = replace(bench.offer, valid_until=today + timedelta(days=days))
    bench.run(HOUR)
    assert len(bench.mail.letters) == letters


def test_each_envelope_has_a_reminder_of_its_own() -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.run(HOUR)
    bench.esign.answer = EnvelopeClosed(ENVELOPE, EnvelopeOutcome.EXPIRED)
    bench.run(HOUR + 3 * RUN)
    again = ENTERED + timedelta(days=1)
    for fact in (resent(), sent("env_2")):
        bench.journeys.apply(CANDIDATE, fact, again)
    bench.offer = replace(bench.offer, envelope_id="env_2", sign_url="https://sign.example.com/2")
    bench.esign.answer = None
    now = again + STAGE_DUE[Stage.OFFER_SENT] + HOUR
    bench.chaser().chase(Overdue(CANDIDATE, Stage.OFFER_SENT, now), now)
    assert ["/1" in body for _, _, body in bench.mail.letters] == [True, False]
    assert set(bench.notices.kept) == {f"sign_reminder#{ENVELOPE}", "sign_reminder#env_2"}


def without_a_link(bench: Bench) -> None:
    bench.offer = replace(bench.offer, sign_url=None)


def of_another_envelope(bench: Bench) -> None:
    bench.offer = replace(bench.offer, envelope_id="env_0")


def lapsed(bench: Bench) -> None:
    bench.offer = replace(bench.offer, valid_until=date(2026, 3, 1))


def without_an_address(bench: Bench) -> None:
    bench.person = replace(bench.person, email=None)


@pytest.mark.parametrize("change", [without_a_link, of_another_envelope, lapsed, without_an_address])
def test_where_there_is_nothing_to_write_the_reminder_is_done_with(change: Callable[[Bench], None]) -> None:
    bench = Bench(Stage.OFFER_SENT)
    change(bench)
    bench.run(HOUR)
    assert bench.mail.letters == []
    assert bench.chases.kept is not None
    assert bench.chases.kept.reminded_at == due(Stage.OFFER_SENT) + HOUR


def test_a_check_is_nothing_to_remind_a_candidate_of() -> None:
    bench = Bench(Stage.CHECKING)
    bench.run(HOUR)
    assert (bench.mail.letters, bench.notices.kept) == ([], {})


def test_mail_that_is_down_hides_no_late_journey_and_the_letter_follows() -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.mail.down = Retry("SES answered Throttling")
    with pytest.raises(Retry):
        bench.run(2 * HOUR)
    assert bench.told == [EventName.JOURNEY_OVERDUE]
    bench.mail.down = None
    bench.run(2 * HOUR, found_at=due(Stage.OFFER_SENT))
    assert len(bench.mail.letters) == 1
    assert bench.esign.asked == [ENVELOPE]
    assert bench.told == [EventName.JOURNEY_OVERDUE]
