"""What sources say of somebody's contact data: what counts, and what HR is asked (A6).

Until an offer is drafted a newer interview may say otherwise; from then on nobody but HR changes where letters go and
whom a check is about. What an application or a merge brings is never taken over by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rencai.kernel import ids
from rencai.kernel.errors import NotFound
from rencai.people.rules.contact import (
    ContactField,
    Source,
    SourceKind,
    Told,
    as_compared,
    differing,
    in_clear,
    said,
    usable,
)
from rencai.people.rules.identity import Contact, Identity
from rencai.people.store.applications import Applications
from rencai.people.store.identities import Identities
from rencai.people.store.merges import BY_RULE, Merges
from rencai.people.store.people import People
from rencai.people.store.person_item import Held
from rencai.people.store.questions import Answer, Question, Questions, QuestionStatus

if TYPE_CHECKING:
    from rencai.interviews.rules.interview import Interview


@dataclass(frozen=True, slots=True)
class Contacts:
    """The use case and its collaborators."""

    people: People
    questions: Questions
    identities: Identities
    applications: Applications
    merges: Merges

    def interviewed(
        self, interview: "Interview", own_id: str, candidate_id: str, *, new: bool, now: datetime
    ) -> Identity | None:
        """Record what an interview says of ``own_id``, whose source it is; it is on the record of ``candidate_id``.

        Returns all the person's marks when some of them are yet to be entered (``Recognition.known_better``). Raises
        ``LostRace``.
        """
        person = interview.candidate
        contact = Contact(person.name, person.email, person.phone, person.national_id)
        source = Source(
            SourceKind.INTERVIEW,
            f"{interview.vendor}/{interview.interview_id}",
            # What is yet to come counts for no more than what is so now.
            min(interview.ended_at, now),
        )
        recorded = self.people.record(
            own_id,
            person,
            self.told(own_id, contact),
            self.identities.identity(own_id, contact),
            source,
            new=new,
            now=now,
        )
        if candidate_id == own_id:
            self._question(own_id, recorded.held, contact, source, now)
        else:
            self.said(candidate_id, contact, source, now)
        return recorded.unentered

    def said(self, candidate_id: str, contact: Contact, source: Source, now: datetime) -> None:
        """Somebody else than the candidate's own source says this of them: once their contact data are pinned, HR is
        asked about what differs. Asked before, it is not asked again.
        """
        try:
            held = self.people.held(candidate_id)
        except NotFound:
            return  # taken in at this moment: nothing is pinned
        self._question(candidate_id, held, contact, source, now)

    def application_told(self, application_id: str, candidate_id: str | None, now: datetime) -> None:
        """An application says something new, or is the candidate's (``candidate_id``) from now on."""
        stored = self.applications.find(application_id)
        owner = candidate_id or (stored.candidate_id if stored else None)
        if stored is None or owner is None:
            return
        told = stored.told
        contact = usable(Contact(told.name, told.email, told.phone, told.national_id))
        person, _ = self.merges.resolve(owner)
        self.said(
            person, contact, Source(SourceKind.APPLICATION, application_id, told.updated_at or now), now
        )

    def merged(self, merge_id: str, now: datetime) -> None:
        """Two candidates are one: what the one who is part of the other gave is not the other's for that."""
        merge = self.merges.find(merge_id)
        if merge is None or not (merge.into and merge.absorbed) or not ids.is_candidate(merge.absorbed):
            return
        try:
            contact = self.people.contact(merge.absorbed)
        except NotFound:
            return  # its interview says so itself when it is taken in
        person, _ = self.merges.resolve(merge.into)
        self.said(person, contact, Source(SourceKind.MERGE, merge_id, now), now)

    def accepted(self, question_id: str) -> Identity:
        """What HR took for right is among the marks of the person from now on; returns all of them."""
        question = self.questions.get(question_id)
        new = question.new
        contact = Contact(
            **{which.value: value for which, value in new.clear.items()},
            national_id=self.people.opened(question.subject, new.sealed),
        )
        return self.people.gave(question.subject, self.identities.identity(question.subject, contact))

    def pin(self, candidate_id: str, now: datetime) -> None:
        """An offer is drafted: what is known of the person now is what counts from here on. Raises ``NotFound``."""
        contact, source = self._applied_with(candidate_id, now)
        self.people.pin(candidate_id, contact, source, mark=self.id_mark, now=now)

    def pinnable(self, candidate_id: str, held: Held, now: datetime) -> Held:
        """What ``pin`` would pin of what is ``held``: with what an application says where nothing else was said."""
        contact, source = self._applied_with(candidate_id, now)
        return self.people.pinnable(candidate_id, held, contact, source, self.id_mark)

    def _applied_with(self, candidate_id: str, now: datetime) -> tuple[Contact, Source | None]:
        link = self.applications.of(candidate_id)
        stored = self.applications.find(link.application_id) if link else None
        if stored is None:
            return Contact(), None
        told = stored.told
        source = Source(SourceKind.APPLICATION, stored.application_id, told.updated_at or now)
        return usable(Contact(None, told.email, told.phone, told.national_id)), source

    def _question(
        self, candidate_id: str, held: Held, contact: Contact, source: Source, now: datetime
    ) -> None:
        if not held.pin:
            return
        told = Told(in_clear(contact), self.id_mark(contact.national_id))
        fields = differing(held.told, told)
        if fields:
            self.ask(candidate_id, held, contact, fields, source, BY_RULE, now)

    def ask(
        self,
        subject: str,
        held: Held,
        contact: Contact,
        fields: frozenset[ContactField],
        source: Source,
        actor: str,
        now: datetime,
        reason: str | None = None,
    ) -> str:
        """Ask HR whether ``fields`` are as ``contact`` says; returns the question's id, also of one asked before."""
        asked = {which: value for which, value in said(contact).items() if which in fields}
        content = [f"{which}={as_compared(which, asked[which])}" for which in sorted(asked)]
        mark = self.identities.mark("question", "\n".join([subject, str(held.pin), *content]))
        question_id = ids.question_id(subject, mark)
        if self.questions.is_asked(question_id):
            return question_id
        national_id = asked.pop(ContactField.NATIONAL_ID, None)
        with_id = ContactField.NATIONAL_ID in fields
        self.questions.ask(
            Question(
                question_id,
                source,
                Told(
                    {which: value for which, value in held.told.clear.items() if which in fields},
                    held.told.mark if with_id else None,
                    held.told.sealed if with_id else None,
                ),
                Told(
                    asked,
                    self.id_mark(national_id),
                    self.people.seal(subject, national_id) if national_id else None,
                ),
                (
                    Answer(
                        QuestionStatus.OPEN,
                        now,
                        actor,
                        self.questions.seal_reason(subject, reason) if reason else None,
                    ),
                ),
            )
        )
        return question_id

    def told(self, candidate_id: str, contact: Contact) -> Told:
        """Contact data as the person's item holds them."""
        national_id = contact.national_id
        return Told(
            in_clear(contact),
            self.id_mark(national_id),
            self.people.seal(candidate_id, national_id) if national_id else None,
        )

    def id_mark(self, national_id: str | None) -> int | None:
        """What a national id is compared by; None where there is none."""
        if not national_id:
            return None
        compared = as_compared(ContactField.NATIONAL_ID, national_id)
        return self.identities.mark(ContactField.NATIONAL_ID, compared)
