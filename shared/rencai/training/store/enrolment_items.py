"""An enrolment as the table keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from rencai.kernel.events import Event
from rencai.store.sealed import Sealed
from rencai.store.table import Item, from_instant, instant, to_events
from rencai.training.rules.courses import Enrolment, Reached, Told
from rencai.training.rules.ratings import Answer, Asked, AskedFor, Mark, RatedBy, Rating, ReadWith, WordsRead

COURSE_PREFIX: Final = "TRAINING#COURSE#"
UNFINISHED: Final = "ENROLMENT#open"
"""The list of enrolments of which there may be more to hear."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An enrolment as it is stored, with the mentor's words still sealed."""

    enrolment: Enrolment
    review: Sealed | None


def from_enrolment_item(item: Item) -> Enrolment:
    """The enrolment in an item of the employee's partition."""
    return kept_in(item).enrolment


def to_enrolment_item(kept: Kept, events: Sequence[Event]) -> Item:
    """The item, without its key."""
    enrolment = kept.enrolment
    # An exam may be marked by hand, long after the last lesson.
    unfinished = not (enrolment.completed and enrolment.exam)
    rating, review = enrolment.rating, enrolment.review
    return {
        "gsi1pk": UNFINISHED if unfinished else None,
        "gsi1sk": enrolment.enrolment_id if unfinished else None,
        "enrolment_id": enrolment.enrolment_id,
        "due_at": instant(enrolment.due_at),
        "completion": _to_told(enrolment.completion),
        "exam": _to_told(enrolment.exam),
        "review": kept.review,
        "reviewed": _to_told(review),
        "rating": _to_rating(rating) if rating else None,
        "reading": _to_reading(enrolment.reading) if enrolment.reading else None,
        "asked": _to_asked(enrolment.asked) if enrolment.asked else None,
        "mark": _to_mark(enrolment.mark) if enrolment.mark else None,
        "reached": [[one.mark, round(one.at.timestamp() * 1000)] for one in enrolment.reached] or None,
        "version": enrolment.version,
        "events": to_events(events),
    }


def kept_in(item: Mapping[str, Any]) -> Kept:
    """The inverse, with its key."""
    rating, reading = item.get("rating"), item.get("reading")
    enrolment = Enrolment(
        employee_id=item["pk"].partition("#")[2],
        item_id=item["sk"].removeprefix(COURSE_PREFIX),
        enrolment_id=item["enrolment_id"],
        due_at=from_instant(item["due_at"]),
        completion=_from_told(item.get("completion")),
        exam=_from_told(item.get("exam")),
        review=_from_told(item.get("reviewed")),
        rating=_from_rating(rating) if rating else None,
        reading=_from_reading(reading) if reading else None,
        asked=_from_asked(item["asked"]) if "asked" in item else None,
        mark=_from_mark(item["mark"]) if "mark" in item else None,
        reached=tuple(
            Reached(mark, datetime.fromtimestamp(at / 1000, UTC)) for mark, at in item.get("reached", ())
        ),
        version=item["version"],
    )
    return Kept(enrolment, item.get("review"))


def _to_told(told: Told | None) -> list[str] | None:
    return [told.value, told.at.isoformat()] if told else None


def _from_told(value: Any) -> Told | None:
    return Told(value[0], datetime.fromisoformat(value[1])) if value else None


def _to_rating(rating: Rating) -> list[Any]:
    return [
        str(rating.score),
        rating.rule,
        rating.policy_version,
        rating.by,
        rating.level,
        str(rating.certainty) if rating.certainty is not None else None,
        list(rating.reader) if rating.reader else None,
    ]


def _from_rating(value: Sequence[Any]) -> Rating:
    # One from before words were read as levels has these three, and is by a rule.
    score, rule, policy_version, *later = value
    by, level, certainty, reader = later or (RatedBy.RULE, None, None, None)
    return Rating(
        Decimal(score),
        RatedBy(by),
        policy_version,
        level,
        rule,
        Decimal(certainty) if certainty is not None else None,
        _read_with(reader) if reader else None,
    )


def _to_reading(read: WordsRead) -> list[Any]:
    certainty = str(read.certainty)
    return [read.level, certainty, read.sure, read.start, read.end, read.by, list(read.reader)]


def _from_reading(value: Sequence[Any]) -> WordsRead:
    level, certainty, sure, start, end, by, reader = value
    return WordsRead(level, Decimal(certainty), sure, start, end, by, _read_with(reader))


def _to_asked(asked: Asked) -> list[Any]:
    answer = asked.answer
    return [
        asked.rating_id,
        asked.cause,
        [answer.level, answer.actor, instant(answer.at)] if answer else None,
    ]


def _from_asked(value: Sequence[Any]) -> Asked:
    rating_id, cause, answer = value
    return Asked(
        rating_id,
        AskedFor(cause),
        Answer(answer[0], answer[1], from_instant(answer[2])) if answer else None,
    )


def _to_mark(mark: Mark) -> list[Any]:
    return [mark.level, str(mark.score), mark.policy_version, instant(mark.at)]


def _from_mark(value: Sequence[Any]) -> Mark:
    level, score, policy_version, at = value
    return Mark(level, Decimal(score), policy_version, from_instant(at))


def _read_with(value: Sequence[Any]) -> ReadWith:
    lexicon, classifier, words, model = value
    return lexicon, classifier, words, model
