"""What HR looks at and decides about candidates. It stands here because it needs ``people``, a floor above."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from rencai.hiring.rules.background import Finding
from rencai.hiring.rules.journey import Fact, FactKind, Stage
from rencai.hiring.store.assessments import Assessment, Assessments
from rencai.hiring.store.journeys import CandidateRecord, Journeys
from rencai.hiring.store.offers import Checks, Offers
from rencai.interviews.rules.competency import COMPETENCY_MODEL, CompetencyModel
from rencai.interviews.store.interviews import Interviews, StoredInterview
from rencai.kernel.events import EventName, Subject, SubjectKind
from rencai.people.store.applications import Applications, Link, StoredApplication
from rencai.store.configurations import Configurations
from rencai.store.table import Item
from rencai.store.timeline import Timeline
from rencai.wiring import Wired


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """A candidate with the application that is theirs (``link`` is to it), and the findings while a person has to
    decide about them.
    """

    record: CandidateRecord
    link: Link | None
    application: StoredApplication | None
    findings: list[Finding] | None


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """The interview that decided, the model version that scored it, and the candidate's assessment."""

    interview: StoredInterview
    model: CompetencyModel
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the timeline. ``data`` has the reason HR gave, where it was asked for one."""

    at: datetime
    type: str
    actor: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CandidateDesk:
    """The use case and its collaborators."""

    journeys: Journeys
    checks: Checks
    offers: Offers
    assessments: Assessments
    interviews: Interviews
    applications: Applications
    timeline: Timeline
    configurations: Configurations

    def look(self, candidate_id: str) -> CandidateFile:
        """Where a candidate stands; raises ``NotFound``."""
        record, link = self.applications.of_journey(candidate_id)
        application = self.applications.get(link.application_id) if link else None
        findings = None
        if record.journey.stage is Stage.IN_REVIEW:
            findings = self.checks.findings(candidate_id, record.journey.about["check"])
        return CandidateFile(record, link, application, findings)

    def profile(self, candidate_id: str) -> ProfileFile:
        """The profile that decided; raises ``NotFound``."""
        card = self.journeys.get(candidate_id).card
        stored = self.interviews.get(card.vendor, card.profile_of)
        profile = stored.profile
        model = self.configurations.of_version(COMPETENCY_MODEL, profile.model_version, profile.model_id)
        return ProfileFile(stored, model.document, self.assessments.find(candidate_id))

    def history(self, candidate_id: str, limit: int, cursor: str | None) -> tuple[list[Happened], str | None]:
        """A page of what happened, oldest first, and where the next one begins; raises ``NotFound``."""
        self.journeys.get(candidate_id)
        page = self.timeline.page(Subject(kind=SubjectKind.CANDIDATE, id=candidate_id), limit, cursor)
        return [self._happened(candidate_id, item) for item in page.items], page.next

    def review(
        self,
        candidate_id: str,
        decision: Literal["approve", "reject"],
        reason: str,
        *,
        review_id: str,
        actor: str,
        now: datetime,
    ) -> CandidateFile:
        """Decide on a flagged background check. Raises ``NotFound``; ``IllegalTransition`` when nothing waits."""
        record = self.journeys.get(candidate_id)
        if record.journey.stage is Stage.IN_REVIEW:
            # The reason may speak of the person, so it is sealed beside the journey and the event only names it.
            self.checks.decided(candidate_id, review_id, reason, now)
        kind = FactKind.REVIEW_APPROVED if decision == "approve" else FactKind.REVIEW_REJECTED
        data = {"decision": decision, "review_id": review_id}
        self.journeys.apply(candidate_id, Fact(kind, review_id, data=data, actor=actor), now, record)
        return self.look(candidate_id)

    def _happened(self, candidate_id: str, item: Item) -> Happened:
        data = json.loads(item["data"])
        if item["type"] == EventName.REVIEW_DECIDED:
            data["reason"] = self.checks.reason(candidate_id, data["review_id"])
        if item["type"] == EventName.OFFER_RESENT:
            data["reason"] = self.offers.resend_reason(candidate_id, data["attempt"])
        at = datetime.fromisoformat(item["sk"].split("#")[1])
        return Happened(at, item["type"], item["actor"], data)


def candidate_desk_of(wired: Wired) -> CandidateDesk:
    """The use case with the tenant's collaborators."""
    return CandidateDesk(
        wired.hiring.journeys,
        wired.hiring.checks,
        wired.hiring.offers,
        wired.hiring.assessments,
        wired.interviews.interviews,
        wired.people.applications,
        wired.timeline,
        wired.configurations,
    )
