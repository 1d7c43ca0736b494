"""What HR does about contact data: answers questions, corrects what is wrong, and looks what counts and what did (A6).

What HR says counts from then on, for every call that is not made yet. It is written in one transaction: the answer, the
person, the employee they have become, and what that replaced.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from rencai.employees.store.employees import Employees
from rencai.hiring.rules.already_out import AlreadyOut, already_out
from rencai.hiring.store.journeys import Journeys
from rencai.kernel import ids
from rencai.kernel.errors import CommonRefusal, Conflict, DomainError, NotFound
from rencai.kernel.events import EventName, Subject, SubjectKind
from rencai.people.contacts import Contacts
from rencai.people.rules.contact import (
    ContactField,
    Source,
    SourceKind,
    Told,
    differing,
    in_clear,
    said,
    usable,
)
from rencai.people.rules.identity import Contact
from rencai.people.rules.refusals import PeopleRefusal
from rencai.people.store.contact_history import Replaced
from rencai.people.store.employee_contacts import EmployeeContacts
from rencai.people.store.people import People
from rencai.people.store.person_item import Held
from rencai.people.store.questions import Answer, ListedQuestion, Question, Questions, QuestionStatus
from rencai.store.table import Item, decided
from rencai.store.timeline import Timeline

_ANSWERS: Final = {"accept": QuestionStatus.ACCEPTED, "refuse": QuestionStatus.REFUSED}


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a question's history with its reason, opened."""

    answer: Answer
    reason: str | None


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A question, opened."""

    question: Question
    old: Contact
    new: Contact
    history: list[Said]


@dataclass(frozen=True, slots=True)
class Before:
    """What counted before, opened; and what replaced it."""

    contact: Contact
    replaced: Replaced


@dataclass(frozen=True, slots=True)
class ContactFile:
    """Somebody's contact data, opened: what counts, who said it, and what counted before, oldest first; of a candidate
    who was just corrected, what is ``already_out``.
    """

    contact: Contact
    held: Held
    before: list[Before]
    already_out: tuple[AlreadyOut, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactDesk:
    """The use case and its collaborators. ``commit`` makes all writes or none (``Table.transact``)."""

    contacts: Contacts
    people: People
    employees: Employees
    employee_contacts: EmployeeContacts
    questions: Questions
    journeys: Journeys
    timeline: Timeline
    commit: Callable[..., None]

    def page(
        self, status: QuestionStatus | None, limit: int, cursor: str | None
    ) -> tuple[list[ListedQuestion], str | None]:
        """A page of questions, open ones first, and where the next one begins."""
        return self.questions.page(status, limit, cursor)

    def look(self, question_id: str) -> QuestionFile:
        """One question; raises ``NotFound``."""
        return self._file(self.questions.get(question_id))

    def read_question(self, question_id: str, *, actor: str, key: str, now: datetime) -> QuestionFile:
        """One question, old and new, for somebody to look at: that they did is put on record first, by the call's
        ``key``. Raises ``NotFound``.
        """
        found = self.look(question_id)
        self.viewed(found.question.subject, question_id, actor=actor, key=key, now=now)
        return found

    def decide(
        self,
        question_id: str,
        decision: Literal["accept", "refuse"],
        *,
        reason: str,
        actor: str,
        now: datetime,
    ) -> QuestionFile:
        """Accepted, what was asked about counts from now on; refused, what counted stays. The same answer again changes
        nothing. Raises ``NotFound``; ``Conflict`` (QUESTION_NOT_OPEN) for another.
        """
        answered = decided(lambda: self._decide(question_id, _ANSWERS[decision], reason, actor, now))
        self._followed(answered, now)
        return self._file(answered)

    def correct(
        self,
        subject: str,
        contact: Contact,
        *,
        none: Collection[ContactField] = (),
        reason: str,
        request_key: str,
        actor: str,
        now: datetime,
    ) -> ContactFile:
        """Have these contact data of a candidate or an employee count from now on, and ``none`` of the fields named
        there. The same request again does nothing more.

        Raises ``NotFound``; ``DomainError`` (NOTHING_CORRECTED, CONTACT_NOT_USABLE, CONTACT_BOTH); ``Conflict``
        (KEY_REUSED) for another request under the same key.
        """
        for which in sorted(set(none) & said(contact).keys()):
            raise DomainError(PeopleRefusal.CONTACT_BOTH, which.value, field=which.value)
        if said(contact) or not none:
            _refuse_unusable(contact)
        mark = self.contacts.identities.mark("correction", f"{subject}\n{request_key}")
        corrected = decided(
            lambda: self._correct(
                ids.question_id(subject, mark), contact, frozenset(none), reason, actor, now
            )
        )
        self._followed(corrected, now)
        record = self.journeys.find(subject) if ids.is_candidate(subject) else None
        out = tuple(already_out(record.journey)) if record else ()
        return replace(self.contact(subject), already_out=out)

    def ask(
        self, employee_id: str, contact: Contact, *, reason: str, actor: str, now: datetime
    ) -> QuestionFile:
        """In an employee's name: these should be their contact data. HR says whether they count. What was asked before,
        of the same data, is that question still.

        Raises ``NotFound``; ``DomainError`` (NOTHING_CORRECTED, CONTACT_NOT_USABLE).
        """
        _refuse_unusable(contact)
        held = self.employee_contacts.held(employee_id)
        fields = differing(held.told, Told(in_clear(contact)))
        if not fields:
            raise DomainError(PeopleRefusal.NOTHING_CORRECTED)
        source = Source(SourceKind.EMPLOYEE, employee_id, now)
        asked = self.contacts.ask(employee_id, held, contact, fields, source, actor, now, reason)
        return self._file(self.questions.get(asked))

    def read(self, subject: str, *, actor: str, key: str, now: datetime) -> ContactFile:
        """What counts of a candidate or an employee, and what did, for somebody to look at: that they did is put on
        record first, by the call's ``key``. Raises ``NotFound``.
        """
        found = self.contact(subject)
        self.viewed(subject, actor=actor, key=key, now=now)
        return found

    def viewed(
        self, subject: str, question_id: str | None = None, *, actor: str, key: str, now: datetime
    ) -> None:
        """Put on record that somebody is about to see a candidate's or an employee's contact data."""
        kind = SubjectKind.CANDIDATE if ids.is_candidate(subject) else SubjectKind.EMPLOYEE
        whose, data = Subject(kind=kind, id=subject), {"question_id": question_id}
        self.timeline.viewed(whose, EventName.CONTACT_VIEWED, data, actor, key, now)

    def contact(self, subject: str) -> ContactFile:
        """What counts of a candidate or an employee, and what did; raises ``NotFound``."""
        held = self._held(subject)
        store = self.people if ids.is_candidate(subject) else self.employee_contacts
        replaced = store.replaced(subject)
        before = [Before(self._opened(subject, one.told), one) for one in replaced]
        return ContactFile(self._opened(subject, held.told), held, before)

    def _decide(
        self, question_id: str, status: QuestionStatus, reason: str, actor: str, now: datetime
    ) -> Question:
        question = self.questions.get(question_id)
        if question.status is status:
            return question
        if question.status is not QuestionStatus.OPEN:
            raise Conflict(PeopleRefusal.QUESTION_NOT_OPEN, status=question.status)
        sealed = self.questions.seal_reason(question.subject, reason)
        answered, write = self.questions.answer(question, Answer(status, now, actor, sealed))
        writes = [write]
        if status is QuestionStatus.ACCEPTED:
            writes += self._counting(
                question.subject, question.new, question.source, actor, now, old=question.old
            )
        self.commit(*writes)
        return answered

    def _correct(
        self,
        correction_id: str,
        contact: Contact,
        none: frozenset[ContactField],
        reason: str,
        actor: str,
        now: datetime,
    ) -> Question:
        """A correction stands among the questions, as one that HR asked and answered at once."""
        subject = ids.subject_of_question(correction_id)
        new = replace(self.contacts.told(subject, contact), none=none)
        held = self._held(subject)
        source = Source(SourceKind.HR, actor, now)
        sealed = self.questions.seal_reason(subject, reason)
        correction = Question(
            correction_id, source, held.told, new, (Answer(QuestionStatus.ACCEPTED, now, actor, sealed),)
        )
        try:
            known = self.questions.get(correction_id)
        except NotFound:
            writes = self._counting(subject, new, source, actor, now)
            self.commit(self.questions.write(correction), *writes)
            return correction
        if differing(known.new, new) or differing(new, known.new) or known.new.none != new.none:
            raise Conflict(CommonRefusal.KEY_REUSED, "Idempotency-Key")
        return known

    def _counting(
        self, subject: str, new: Told, source: Source, actor: str, now: datetime, *, old: Told | None = None
    ) -> list[Item]:
        """The writes by which ``new`` counts: of the candidate and of the employee they have become. ``old``: what HR
        was shown to be replaced, where it is the answer to a question; otherwise, whom it is about is told of it.
        """
        candidate_id, employee_id = self._both(subject)
        writes: list[Item] = []
        if candidate_id:
            held = self.people.held(candidate_id)
            if old and candidate_id == subject:
                _refuse_outdated(held.told, old, new)
            if differing(held.told, new) or not held.pin:
                tell = old is None and candidate_id == subject
                # From here on everything asks: so all is pinned that the draft would have found.
                pinnable = held if held.pin else self.contacts.pinnable(candidate_id, held, now)
                writes += self.people.corrected(
                    candidate_id, held, new, source, pinnable=pinnable, actor=actor, now=now, tells=tell
                )
        reached = Told(new.clear, none=new.none)
        if employee_id and reached.fields:
            held = self.employee_contacts.held(employee_id)
            if old:
                _refuse_outdated(held.told, Told(old.clear), reached)
            if differing(held.told, reached):
                tell = old is None and employee_id == subject
                writes += self.employee_contacts.corrected(
                    employee_id, held, reached, source, actor=actor, now=now, tells=tell
                )
        return writes

    def _both(self, subject: str) -> tuple[str | None, str | None]:
        if ids.is_candidate(subject):
            employee = self.employees.get(ids.employee_id(subject))
            return subject, employee.employee_id if employee else None
        found = self.employees.get(subject)
        if found is None:
            raise NotFound("employee", subject)
        return found.candidate_id, subject

    def _held(self, subject: str) -> Held:
        return (
            self.people.held(subject) if ids.is_candidate(subject) else self.employee_contacts.held(subject)
        )

    def _followed(self, question: Question, now: datetime) -> None:
        """What follows from an answer that is on record; done again it is the same. Lists show the name on the journey;
        and the candidate may have become an employee at this very moment.
        """
        if question.status is not QuestionStatus.ACCEPTED:
            return
        candidate_id, employee_id = self._both(question.subject)
        if candidate_id is None:
            return
        held = self.people.held(candidate_id)
        if employee_id:
            self.employee_contacts.following(employee_id, held, now)
        if ContactField.NAME in question.new.clear and self.journeys.find(candidate_id):
            self.journeys.rename(candidate_id, held.told.clear[ContactField.NAME])

    def _file(self, question: Question) -> QuestionFile:
        subject = question.subject
        return QuestionFile(
            question,
            self._opened(subject, question.old),
            self._opened(subject, question.new),
            [Said(answer, self.questions.reason(question, answer)) for answer in question.history],
        )

    def _opened(self, subject: str, told: Told) -> Contact:
        clear = {which.value: value for which, value in told.clear.items()}
        return Contact(**clear, national_id=self.people.opened(subject, told.sealed))


def _refuse_outdated(counts: Told, old: Told, new: Told) -> None:
    """What somebody accepts has to be what they were shown: nothing that has come to count since is replaced unseen."""
    since = (differing(counts, old) | differing(old, counts)) & differing(counts, new)
    for which in sorted(since):
        raise Conflict(PeopleRefusal.QUESTION_OUTDATED, which.value, field=which.value)


def _refuse_unusable(contact: Contact) -> None:
    given = said(contact)
    if not given:
        raise DomainError(PeopleRefusal.NOTHING_CORRECTED)
    for which in sorted(given.keys() - said(usable(contact)).keys()):
        raise DomainError(PeopleRefusal.CONTACT_NOT_USABLE, which.value, field=which.value)
