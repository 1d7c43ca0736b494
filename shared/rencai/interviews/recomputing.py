"""An old profile made again by what made it then: that its score can still be accounted for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.profile import Evidence, Profile
from rencai.interviews.rules.transcript import result_in
from rencai.interviews.scorers import Scorers
from rencai.interviews.store.interviews import Interviews, to_profile_document
from rencai.interviews.store.raw_results import read_raw
from rencai.store.objects import Bucket
from rencai.store.table import compact


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The profile on record, and what it comes to today."""

    stored: Profile
    again: Profile

    @property
    def is_the_same(self) -> bool:
        """To the byte of what is stored."""
        return compact(to_profile_document(self.stored)) == compact(to_profile_document(self.again))

    def differences(self) -> list[str]:
        """Which scores and whose evidence came out otherwise; no word of what was said."""
        found = [
            f"{name}: {was} on record, {now} now"
            for name, was, now in (
                ("overall", self.stored.overall, self.again.overall),
                ("coverage", self.stored.coverage, self.again.coverage),
            )
            if was != now
        ]
        now_by_id = {one.id: one for one in self.again.competencies}
        for was in self.stored.competencies:
            now = now_by_id.get(was.id)
            if now != was:
                found.append(
                    f"{was.id}: {was.score} on record by {_rules(was.evidence)}, "
                    f"{now.score if now else None} now by {_rules(now.evidence if now else ())}"
                )
        return found


def _rules(evidence: Iterable[Evidence]) -> str:
    return ", ".join(f"{one.rule}{' (unsure)' if one.unsure else ''}" for one in evidence) or "no rule"


@dataclass(frozen=True, slots=True)
class Recomputing:
    """The use case and its collaborators."""

    interviews: Interviews
    bucket: Bucket
    scorers: Scorers

    def recompute(self, vendor: str, interview_id: str) -> Recomputed:
        """Score a result on record again, by its profile's model, policy and reader, out of the bytes that came in.

        Writes nothing. Raises ``NotFound`` for an interview, an object or a document that is gone.
        """
        stored = self.interviews.get(vendor, interview_id)
        interview = Interview.model_validate_json(result_in(read_raw(self.bucket, stored.raw)))
        again = self.scorers.of_profile(stored.profile).profile(interview)
        # The digest on record is made with a key of the tenant's, which scoring does not have.
        return Recomputed(stored.profile, replace(again, inputs_digest=stored.profile.inputs_digest))
