"""Both sides of every book, held against each other. Each check names what disagrees: nothing, if all is right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Stage
from rencai.kernel import ids
from tests.soak.people import EVALUATED, LEARNT, REPORTS, Candidate
from tests.soak.queues import DeadLetter
from tests.soak.record import Record

AT_REST: Final = frozenset({"applied", "ignored", "rejected", "duplicate"})
"""What a delivery may be in the end."""
NEVER: Final = ("forged_accepted", "malformed_accepted", "stale_accepted")

# Every invented e-mail address, phone and resident id is of these forms, and hr@example.com is nobody's.
_PERSONAL: Final = re.compile(
    r"[\w.]+\.\d+\.[\w-]+@example\.com|\+86138\d{8}|\b\d{6}(?:19|20)\d{6}000[\dX]\b"
)


@dataclass(frozen=True, slots=True)
class Books:
    """Everything there is to compare. ``ledgers`` are the sandbox's, by vendor; ``mail`` what the mail server holds."""

    people: Sequence[Candidate]
    record: Record
    ledgers: Mapping[str, Sequence[Mapping[str, Any]]]
    deliveries: Mapping[str, Mapping[str, int]]
    mail: Sequence[Mapping[str, Any]]
    dead_letters: Sequence[DeadLetter]
    logs: Sequence[str]
    colleagues: Collection[str] = ()
    """Employees who were here before: ids."""
    night: Mapping[str, Any] | None = None
    """The scan that was begun when all was at rest."""


def unsettled(record: Record, people: Sequence[Candidate], colleagues: Collection[str] = ()) -> list[str]:
    """What time alone should still put right: named when the time is over."""
    return [
        *_stages(record, people),
        *(
            f"delivery {one.delivery_id} from {one.vendor} is {one.status}: {one.reason}"
            for one in record.deliveries
            if one.status not in AT_REST
        ),
        *(f"{who} has no assessment result" for who in _qualified(record) - _assessed(record)),
        *_courses(record, colleagues),
        *(f"{who} has not answered the survey" for who in set(colleagues) - set(record.answered)),
        *_applications(record, people),
        *(f"{one.kind} to {one.candidate_id} is not sent" for one in record.letters if not one.message_id),
    ]


def disagreements(books: Books) -> list[str]:
    """All of them, empty when everything is right."""
    return [
        *unsettled(books.record, books.people, books.colleagues),
        *_beside(books),
        *_envelopes(books),
        *_checks(books),
        *_assessments(books),
        *_enrolments(books),
        *_told_the_ats(books),
        *_letters(books),
        *_dead_letters(books),
        *_webhooks(books),
        *(f"merge {id_} is a {status}" for id_, status in books.record.merges.items() if status != "merged"),
        *(f"a log line holds personal data: {_PERSONAL.sub('***', one)[:300]}" for one in leaks(books.logs)),
    ]


def leaks(logs: Iterable[str]) -> Iterator[str]:
    """Log lines with anything of an invented person in them."""
    return (one for one in logs if _PERSONAL.search(one))


def expected_dead_letters(record: Record, people: Sequence[Candidate]) -> set[str]:
    """The events that the ATS refuses to hear, because it does not know the candidate."""
    unknown = {one.candidate_id for one in people if one.is_unknown_to_the_ats}
    return {entry.event_id for entry in record.told_the_ats() if entry.candidate_id in unknown}


def _stages(record: Record, people: Sequence[Candidate]) -> Iterator[str]:
    planned = {one.candidate_id: one for one in people}
    for who in planned.keys() - record.journeys.keys():
        yield f"{who} has no journey"
    for who, found in record.journeys.items():
        if who not in planned:
            yield f"{who} was never handed in"
            continue
        wanted = planned[who].ends_at(record.qualifies(who))
        if found.journey.stage is not wanted:
            yield f"{who} is at {found.journey.stage}, not {wanted} (planned: {planned[who].plan})"
        if found.journey.pending:
            yield f"{who} has facts that wait: {', '.join(fact.key for fact in found.journey.pending)}"


def _beside(books: Books) -> Iterator[str]:
    """Colleagues were invited once each and answered once each; the night saw everybody who works here."""
    record = books.record
    yield from _differ("survey answer", list(books.colleagues), record.answered)
    invited = Counter(one.candidate_id for one in record.letters if one.kind == "survey_invitation")
    for who in set(books.colleagues) | set(invited):
        if invited[who] != 1:
            yield f"{who} has {invited[who]} invitations on record, not 1"
    yield from _differ("card", list(record.employees), record.cards)
    if books.night is not None:
        company = books.night["company"] or {}
        if (seen := company.get("employees")) != len(record.employees):
            yield f"the night saw {seen} employees, and there are {len(record.employees)}"
        if books.night["parts_done"] != books.night["parts"]:
            yield f"the night did {books.night['parts_done']} of its {books.night['parts']} parts"


def _courses(record: Record, colleagues: Collection[str]) -> Iterator[str]:
    onboarded = record.reached(Stage.ONBOARDED)
    employees = {ids.employee_id(who) for who in onboarded}
    yield from _differ("employee", employees | set(colleagues), record.employees)
    yield from _differ("plan", employees, list(record.plans))
    wanted = [(employee, item_id) for employee, plan in record.plans.items() for item_id in plan]
    yield from _differ("course", wanted, [(one.employee_id, one.item_id) for one in record.courses])
    last = REPORTS[-1]
    for one in record.courses:
        if one.item_id != LEARNT:
            continue
        if not (
            one.completion == last["completion_percent"] and one.exam == last["exam_score"] and one.reviewed
        ):
            done = f"{one.completion} %, exam {one.exam}, {'' if one.reviewed else 'not '}reviewed"
            yield f"{one.employee_id} in {one.item_id}: {done}"


def _applications(record: Record, people: Sequence[Candidate]) -> Iterator[str]:
    owners = {one.application_external_id: one.candidate_id for one in people if one.applies}
    yield from _differ("application", list(owners), [one.external_id for one in record.applications])
    for one in record.applications:
        owner = owners.get(one.external_id)
        if (one.candidate_id, one.status) != (owner, EVALUATED):
            yield f"{one.external_id} is {one.candidate_id}'s and {one.status}, not {owner}'s and {EVALUATED}"
        elif owner and record.linked.get(owner) != one.external_id:
            yield f"{owner} is linked to {record.linked.get(owner)}, not {one.external_id}"


def _envelopes(books: Books) -> Iterator[str]:
    record, rows = books.record, books.ledgers["esign"]
    sent = record.facts(FactKind.OFFER_SENT)
    yield from _differ("envelope", [row["id"] for row in rows], [envelope for _, envelope in sent])
    by_offer = Counter(row["reference"] for row in rows)
    for one in books.people:
        wanted = one.envelopes() if record.qualifies(one.candidate_id) else 0
        if (count := by_offer[ids.offer_id(one.candidate_id)]) != wanted:
            yield f"{one.candidate_id} has {count} envelopes, not {wanted}"
    for who, found in record.journeys.items():
        envelope = found.journey.about.get("envelope")
        if record.offers.get(who) != envelope:
            yield f"{who}'s offer names {record.offers.get(who)}, and the journey {envelope}"


def _checks(books: Books) -> Iterator[str]:
    rows = books.ledgers["background"]
    ordered = books.record.facts(FactKind.CHECK_REQUESTED)
    yield from _differ("check", [(row["reference"], row["id"]) for row in rows], ordered)
    yield from _differ(
        "checked candidate", [row["reference"] for row in rows], books.record.reached(Stage.SIGNED)
    )


def _assessments(books: Books) -> Iterator[str]:
    rows = books.ledgers["psychometric"]
    ordered = [(who, id_) for who, (id_, _) in books.record.assessments.items()]
    yield from _differ("assessment", [(row["reference"], row["id"]) for row in rows], ordered)
    yield from _differ("assessed candidate", [row["reference"] for row in rows], _qualified(books.record))


def _enrolments(books: Books) -> Iterator[str]:
    rows = [(row["reference"], row["id"]) for row in books.ledgers["lms"]]
    ours = [(f"{one.employee_id}/{one.item_id}", one.enrolment_id) for one in books.record.courses]
    yield from _differ("enrolment", rows, ours)


def _told_the_ats(books: Books) -> Iterator[str]:
    """Each once at an address; nothing of candidates it does not know. A decision that was under way when the
    application was found may have been told at two: by the interview vendor's id, and then of the application.
    """
    told = {entry.event_id: entry.candidate_id for entry in books.record.told_the_ats()}
    refused = expected_dead_letters(books.record, books.people)
    rows = [(row["idempotency_key"].partition(".")[0], row["reference"]) for row in books.ledgers["ats"]]
    yield from _differ("decision at the ATS", {event_id for event_id, _ in rows}, told.keys() - refused)
    yield from _differ("address of a decision", rows, set(rows))
    external_ids = {one.candidate_id: one.external_id for one in books.people}
    for event_id, address in rows:
        who = told.get(event_id, "")
        if address not in (external_ids.get(who), books.record.linked.get(who)):
            yield f"decision {event_id} was told of {address}, which is not {who}'s"
    for who, application in books.record.linked.items():
        decided = [entry for entry in books.record.told_the_ats() if entry.candidate_id == who]
        if decided and (max(decided, key=lambda one: one.at).event_id, application) not in rows:
            yield f"what was decided of {who} last was not told of {application}"


def _letters(books: Books) -> Iterator[str]:
    """One of the two letters to everybody who stands where one is due, each in the mail once; or as a text message to
    who has no address.
    """
    record = books.record
    written = Counter((one.candidate_id, one.kind) for one in record.letters)
    sent = Counter(address for mail in books.mail for address in mail["To"])
    for one in books.people:
        stage = record.journeys[one.candidate_id].journey.stage if one.candidate_id in record.journeys else ""
        for kind, due_at in (("onboarding", Stage.ONBOARDED), ("talent_pool", Stage.TALENT_POOL)):
            wanted = int(stage == due_at)
            if (found := written[one.candidate_id, kind]) != wanted:
                yield f"{one.candidate_id} has {found} {kind} letters on record, not {wanted}"
        them = (one.candidate_id, ids.employee_id(one.candidate_id))
        of_theirs = sum(count for (who, _), count in written.items() if who in them)
        if one.email and sent[one.email] != of_theirs:
            yield f"{one.candidate_id} was sent {sent[one.email]} letters, and {of_theirs} are on record"
    without_address = {one.candidate_id for one in books.people if one.email is None}
    for who in (
        set(record.undeliverable) - without_address - {ids.employee_id(one) for one in without_address}
    ):
        yield f"{who} has an address, and a letter to them counts as undeliverable"
    on_record = [one.message_id for one in record.letters if one.message_id]
    texts = [row["id"] for row in books.ledgers.get("sms", ())]
    yield from _differ("letter", [*(mail["MessageId"] for mail in books.mail), *texts], on_record)


def _dead_letters(books: Books) -> Iterator[str]:
    wanted = expected_dead_letters(books.record, books.people)
    found: list[str] = []
    for letter in books.dead_letters:
        event_id = letter.event["detail"]["event_id"] if letter.event else None
        if letter.queue == "DeadLetters" and event_id in wanted:
            found.append(event_id)
        else:
            name = letter.event["detail-type"] if letter.event else "no event"
            yield f"{letter.queue} holds {name} {event_id} of {letter.came_from or '?'}: {letter.reason}"
    yield from _differ("dead letter", found, wanted)


def _webhooks(books: Books) -> Iterator[str]:
    for vendor, counts in books.deliveries.items():
        for name in NEVER:
            if counts[name]:
                yield f"{vendor}: {counts[name]} deliveries were {name}"


def _qualified(record: Record) -> set[str]:
    return record.reached(Stage.QUALIFIED)


def _assessed(record: Record) -> set[str]:
    return {who for who, (_, merged_in) in record.assessments.items() if merged_in}


def _differ(what: str, theirs: Iterable[object], ours: Collection[object]) -> Iterator[str]:
    """What is on one side only, or on one side more often."""
    there, here = Counter(theirs), Counter(ours)
    for thing, count in sorted((there - here).items(), key=str):
        yield f"{what} {thing}: {count} more there than in our table"
    for thing, count in sorted((here - there).items(), key=str):
        yield f"{what} {thing}: {count} more in our table than there"
