"""Somebody who is late: the vendor is asked, HR is told, the candidate is reminded (B7)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from rencai.hiring.rules.documents import HIRING_POLICY
from rencai.hiring.rules.journey import Journey, is_withdrawn
from rencai.hiring.rules.moves import RESUMABLE
from rencai.hiring.rules.ports import BackgroundCheck, Esign, Psychometric
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.assessments import Assessments
from rencai.hiring.store.chases import Asked, Chase, Chases
from rencai.hiring.store.journeys import CandidateRecord, Journeys
from rencai.hiring.store.offers import Offers
from rencai.hiring.vendor_told import VendorResults
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.kernel.errors import IllegalTransition, VendorRefusal, VendorUnavailable
from rencai.kernel.events import EventName
from rencai.letters.correspondence import Correspondence
from rencai.people.store.people import People
from rencai.platform.consumer import Retry
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.store.table import instant
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message

from .overdue import Overdue

ASSESSMENT_ASKED_EVERY: Final = timedelta(hours=1)
"""A candidate may leave an assessment for weeks, or for ever: its vendor is not asked by every run."""

_WITH_A_VENDOR: Final = frozenset({Stage.OFFER_SENT, Stage.CHECKING})


@dataclass(frozen=True, slots=True)
class Chaser:
    """Takes every step that is due for one candidate. The chase remembers what was done about this entry into the
    stage, so that a message that comes twice, late, or again after a crash repeats nothing anybody would see.
    """

    journeys: Journeys
    chases: Chases
    hiring: VendorResults
    offers: Offers
    people: People
    configurations: Configurations
    correspondence: Correspondence
    esign: Esign
    background: BackgroundCheck
    zone: ZoneInfo

    def chase(self, found: Overdue, now: datetime) -> None:
        """Ask, tell HR, remind: as far as each is due and not done.

        HR is told before the candidate is written to: a mail service that is down must not hide a late journey.
        Raises ``LostRace`` when another run is at it: the message comes back, and finds what that one did. Raises
        ``Retry`` when the reminder cannot be sent now.
        """
        candidate_id = found.candidate_id
        record = self.journeys.get(candidate_id)
        entry = record.journey.stages[-1]
        if entry.stage is not found.stage or entry.due_at is None or entry.due_at > now:
            logger.info("not late any more", extra={"stage": entry.stage})
            return
        known = self.chases.of(candidate_id, entry)
        policy = self.configurations.latest(HIRING_POLICY).document
        chase = known
        told: list[tuple[EventName, Mapping[str, Any]]] = []
        if entry.stage in RESUMABLE and known.asked_at is None:
            told.append((EventName.JOURNEY_RESUMED, {"stage": entry.stage}))
            chase = replace(chase, asked_at=now)
        if entry.stage in _WITH_A_VENDOR and _may_ask(
            known, found, now, _hours(policy.ask_again_after_hours)
        ):
            chase = replace(chase, asked=self._ask(record.journey, now), asked_at=now)
            if self.journeys.get(candidate_id).journey.stages[-1] != entry:
                logger.info("found out")
                return
        late_for = now - entry.due_at
        if chase.raised_at is None and late_for >= _hours(policy.raise_after_hours):
            overdue = {"stage": entry.stage, "due_at": instant(entry.due_at), "asked": chase.asked}
            told.append((EventName.JOURNEY_OVERDUE, overdue))
            chase = replace(chase, raised_at=now)
        if chase != known:
            chase = self.chases.save(chase, now, told)
        remindable = entry.stage is Stage.OFFER_SENT and chase.reminded_at is None
        if remindable and late_for >= _hours(policy.remind_after_hours):
            self._remind(record, now)
            self.chases.save(replace(chase, reminded_at=now), now)

    def _ask(self, journey: Journey, now: datetime) -> Asked:
        """Ask the vendor, and apply what it tells as if its webhook had: ``open`` is then for the caller to look at."""
        try:
            told = (
                self.esign.status(journey.about["envelope"])
                if journey.stage is Stage.OFFER_SENT
                else self.background.status(journey.about["check"])
            )
            if told is not None:
                self.hiring.apply(journey.candidate_id, told, now)
        except VendorUnavailable as error:
            logger.warning("vendor unreachable", extra={"reason": str(error)})
            return Asked.UNREACHABLE
        except VendorRefusal as error:
            # Not parked, as others' are: the next run asks again, and HR hears of it with the journey.
            logger.error("vendor refuses to say", extra={"reason": str(error)})
            return Asked.REFUSED
        except Retry as error:
            logger.info("not all there yet", extra={"reason": str(error)})
        except IllegalTransition as error:
            # Overtaken by what the vendor sent by itself; the refusal is on the timeline.
            logger.warning("refused", extra={"fact": error.fact, "stage": error.stage})
        return Asked.OPEN

    def _remind(self, record: CandidateRecord, now: datetime) -> None:
        """Write to the candidate where the offer is to be signed, and until when.

        Nothing is written when the vendor gave no address (it writes to the signer itself), when the one on record is
        another envelope's, or when the offer has lapsed and the vendor has yet to say so.
        """
        candidate_id = record.journey.candidate_id
        offer = self.offers.get(candidate_id)
        days = [
            offer.valid_until,
            offer.expires_at.astimezone(self.zone).date() if offer.expires_at else None,
        ]
        until = min((day for day in days if day), default=None)
        envelope_id = record.journey.about["envelope"]
        lapsed = until is None or until < now.astimezone(self.zone).date()
        if offer.envelope_id != envelope_id or offer.sign_url is None or lapsed:
            logger.info("nothing to remind of")
            return
        person = self.people.get(candidate_id, consistent=True)
        model = self.configurations.latest(COMPETENCY_MODEL, record.card.role).document
        values = {
            "name": person.name,
            "role": model.name.text(person.locale),
            "location": record.card.location,
            "offer_id": offer.offer_id,
            "sign_url": offer.sign_url,
            "valid_until": until,
        }
        self.correspondence.write(person.addressee, "sign_reminder", envelope_id, values, now)


def _may_ask(known: Chase, found: Overdue, now: datetime, again_after: timedelta) -> bool:
    """Not for a message that waited while the vendor was asked for another one, nor at every run."""
    if known.asked_at is None:
        return True
    if known.asked_at >= found.found_at:
        return False
    return known.asked is Asked.UNREACHABLE or now - known.asked_at >= again_after


def ask_for_assessment(
    candidate_id: str,
    *,
    assessments: Assessments,
    chases: Chases,
    psychometric: Psychometric,
    hiring: VendorResults,
    now: datetime,
) -> None:
    """Ask for the result of an assessment that is late, and apply it as if its webhook had come."""
    assessment = assessments.find(candidate_id)
    if assessment is None or assessment.completed:
        logger.info("no assessment is waited for")
        return
    asked_at = chases.assessment_asked_at(candidate_id, assessment.assessment_id)
    if asked_at is not None and now - asked_at < ASSESSMENT_ASKED_EVERY:
        return
    try:
        told = psychometric.status(assessment.assessment_id)
    except VendorUnavailable as error:
        # The next run asks again.
        logger.warning("vendor unreachable", extra={"reason": str(error)})
        return
    except VendorRefusal as error:
        logger.error("vendor refuses to say", extra={"reason": str(error)})
        told = None
    if told is None:
        chases.assessment_asked(candidate_id, assessment.assessment_id, now)
    else:
        hiring.apply(candidate_id, told, now)


def _hours(hours: Decimal) -> timedelta:
    return timedelta(hours=float(hours))


def act(wired: Wired, body: str) -> None:
    """The chase queue calls this."""
    # What cannot be read must not be logged as the message before it.
    logger.remove_keys(["subject"])
    found = Overdue.parsed(body)
    logger.append_keys(subject=found.candidate_id)
    now = wired.clock()
    if found.stage is None:
        if is_withdrawn(wired.hiring.journeys.get(found.candidate_id, since=0).journey):
            # Whatever it says is of no use any more: nobody waits for it, and it counts if it comes.
            wired.hiring.assessments.not_waited_for(found.candidate_id)
            return
        ask_for_assessment(
            found.candidate_id,
            assessments=wired.hiring.assessments,
            chases=wired.hiring.chases,
            psychometric=wired.vendors.psychometric,
            hiring=wired.hiring.vendor_results,
            now=now,
        )
        return
    chaser = Chaser(
        journeys=wired.hiring.journeys,
        chases=wired.hiring.chases,
        hiring=wired.hiring.vendor_results,
        offers=wired.hiring.offers,
        people=wired.people.people,
        configurations=wired.configurations,
        correspondence=wired.letters.correspondence,
        esign=wired.vendors.esign,
        background=wired.vendors.background,
        zone=wired.zone,
    )
    chaser.chase(found, now)


handler = on_message(act)
