"""Questions to HR about who somebody is: other contact data than what counts, kept sealed until HR has said (A6)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from rencai.kernel import ids
from rencai.kernel.errors import LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.people.rules.contact import ContactField, Source, SourceKind, Told
from rencai.store.sealed import Sealed, Vault
from rencai.store.table import (
    ABSENT,
    Item,
    Key,
    Table,
    compact,
    from_instant,
    instant,
    to_events,
    version_is,
)

_CONTACT: Final = "contact"
"""The field that name, e-mail and phone are sealed for; a national id keeps its own."""
_REASON: Final = "question_reason"


def question_key(question_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``QUESTION#idq_cand_01ABC_0f3c``, or the same of an employee."""
    subject = ids.subject_of_question(question_id)
    kind = "CANDIDATE" if ids.is_candidate(subject) else "EMPLOYEE"
    return Key(f"{kind}#{subject}", f"QUESTION#{question_id}")


class QuestionStatus(StrEnum):
    """``open``: HR has to say. ``accepted``: the new data count. ``refused``: what counted stays."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of a question's history; ``reason`` is None for its asking."""

    status: QuestionStatus
    at: datetime
    actor: str
    reason: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """``subject`` is a candidate's or an employee's id. ``old`` is what counted of the fields in question when it was
    asked, ``new`` what ``source`` says. Personal data: never logged, never in an event.
    """

    question_id: str
    source: Source
    old: Told
    new: Told
    history: tuple[Answer, ...]
    version: int = 0

    @property
    def subject(self) -> str:
        """Whom it is about."""
        return ids.subject_of_question(self.question_id)

    @property
    def status(self) -> QuestionStatus:
        """Where it stands."""
        return self.history[-1].status

    @property
    def fields(self) -> list[ContactField]:
        """What would be another."""
        return sorted(self.new.fields)


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    """A question as a list shows it: nothing of it is opened."""

    question_id: str
    source: Source
    fields: tuple[ContactField, ...]
    status: QuestionStatus
    asked_at: datetime
    updated_at: datetime

    @property
    def subject(self) -> str:
        """Whom it is about."""
        return ids.subject_of_question(self.question_id)


class Questions:
    """The questions on record, found by whom they are about and listed by where they stand."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def ask(self, question: Question) -> bool:
        """Put a question on record and tell ``identity.questioned``; False when it was asked before. Raises
        ``LostRace`` when it was not written and nothing is there.
        """
        key = question_key(question.question_id)
        try:
            self._table.put(key, self._item(question, EventName.IDENTITY_QUESTIONED), ABSENT)
        except LostRace:
            if not self.is_asked(question.question_id):
                raise
            return False
        return True

    def is_asked(self, question_id: str) -> bool:
        """Whether a question is on record; opens nothing."""
        return self._table.get(question_key(question_id)) is not None

    def answer(self, question: Question, answer: Answer) -> tuple[Question, Item]:
        """The question with its answer, and the write (for ``Table.transact``) that records it and tells
        ``identity.decided``. It fails when somebody has answered since.
        """
        answered = replace(question, history=(*question.history, answer))
        return replace(answered, version=question.version + 1), self._write(
            answered, EventName.IDENTITY_DECIDED
        )

    def write(self, question: Question) -> Item:
        """The write (for ``Table.transact``) of a question that was answered when it was asked: it tells nothing."""
        return self._write(question, None)

    def get(self, question_id: str) -> Question:
        """One question, opened; raises ``NotFound``."""
        item = self._table.get(question_key(question_id)) if ids.is_question(question_id) else None
        if item is None:
            raise NotFound("question", question_id)
        return self._opened(item)

    def page(
        self, status: QuestionStatus | None, limit: int, cursor: str | None
    ) -> tuple[list[ListedQuestion], str | None]:
        """Questions, open ones first and the newest of each status first, and the cursor of the next page."""

        def shown(listed_at: str, items: Sequence[Item]) -> list[ListedQuestion]:
            found = [self._table.get(question_key(_id_of(item))) for item in items]
            read = [_listed(item) for item in found if item]
            # The index may lag behind an answer: what is not at this status any more is listed at another.
            return [question for question in read if question.status == listed_at]

        statuses = [status] if status else list(QuestionStatus)
        lists = {one.value: f"QUESTION#{one}" for one in statuses}
        return self._table.page_of_lists(lists, limit, cursor, shown, newest_first=True)

    def seal_contact(self, subject: str, clear: Mapping[ContactField, str]) -> Sealed:
        """Name, e-mail and phone as a question holds them."""
        plain = compact({which.value: value for which, value in clear.items()})
        return self._vault.seal(plain, owner=subject, field=_CONTACT)

    def seal_reason(self, subject: str, reason: str) -> Sealed:
        """A person's reason, which may speak of people."""
        return self._vault.seal(reason, owner=subject, field=_REASON)

    def reason(self, question: Question, answer: Answer) -> str | None:
        """The reason of an answer, opened."""
        if answer.reason is None:
            return None
        return self._vault.open(answer.reason, owner=question.subject, field=_REASON)

    def _write(self, question: Question, name: EventName | None) -> Item:
        return self._table.put_action(
            question_key(question.question_id), self._item(question, name), version_is(question.version)
        )

    def _item(self, question: Question, name: EventName | None) -> Item:
        latest, subject = question.history[-1], question.subject
        version = question.version + 1
        data: dict[str, object] = {"question_id": question.question_id, "fields": question.fields}
        if name is EventName.IDENTITY_DECIDED:
            data["decision"] = latest.status.value
        else:
            data["source"] = question.source.kind.value
        event_id = ids.event_id(question.question_id, version, 0)
        events = [Event(event_id, name, latest.at, data, latest.actor)] if name else []
        return {
            "gsi1pk": f"QUESTION#{latest.status}",
            "gsi1sk": f"{instant(latest.at)}#{question.question_id}",
            "source": [question.source.kind.value, question.source.id, instant(question.source.at)],
            "fields": question.fields,
            "old": self._sealed(subject, question.old),
            "new": self._sealed(subject, question.new),
            "history": [
                {"status": a.status.value, "at": instant(a.at), "actor": a.actor, "reason": a.reason or []}
                for a in question.history
            ],
            "updated_at": instant(latest.at),
            "version": version,
            "events": to_events(events),
        }

    def _sealed(self, subject: str, told: Told) -> Item:
        sealed: Item = {"contact": self.seal_contact(subject, told.clear)}
        if told.none:
            sealed["none"] = sorted(which.value for which in told.none)
        return sealed | ({"national_id": told.sealed, "id_mark": told.mark} if told.sealed else {})

    def _opened(self, item: Item) -> Question:
        question_id = _id_of(item)
        subject = ids.subject_of_question(question_id)
        return Question(
            question_id,
            _source(item),
            self._told(subject, item["old"]),
            self._told(subject, item["new"]),
            tuple(
                Answer(QuestionStatus(a["status"]), from_instant(a["at"]), a["actor"], a["reason"] or None)
                for a in item["history"]
            ),
            item["version"],
        )

    def _told(self, subject: str, part: Item) -> Told:
        clear = json.loads(self._vault.open(part["contact"], owner=subject, field=_CONTACT))
        return Told(
            {ContactField(which): value for which, value in clear.items()},
            part.get("id_mark"),
            part.get("national_id"),
            frozenset(map(ContactField, part.get("none", ()))),
        )


def _listed(item: Item) -> ListedQuestion:
    history = item["history"]
    return ListedQuestion(
        _id_of(item),
        _source(item),
        tuple(map(ContactField, item["fields"])),
        QuestionStatus(history[-1]["status"]),
        from_instant(history[0]["at"]),
        from_instant(history[-1]["at"]),
    )


def _source(item: Item) -> Source:
    kind, id_, at = item["source"]
    return Source(SourceKind(kind), id_, from_instant(at))


def _id_of(item: Item) -> str:
    return str(item["sk"].partition("#")[2])
