"""Offers and background checks: what was promised and found, sealed."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from rencai.hiring.rules.background import Finding
from rencai.hiring.rules.offer import OfferTerms
from rencai.kernel.errors import LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.kernel.ids import Ids, offer_id
from rencai.store.sealed import Vault
from rencai.store.table import (
    ABSENT,
    Condition,
    Key,
    Table,
    compact,
    from_instant,
    instant,
    to_events,
)

_CLOSING: Final = "closing_reason"
_LONGEST_REASON: Final = 2000


def offer_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``OFFER``: a candidate has one."""
    return Key(f"CANDIDATE#{candidate_id}", "OFFER")


def check_key(candidate_id: str, check_id: str, digest: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``CHECK#chk_1#9F8G6D08AH3KM``: one result of that check, by its content. A check may
    be reported again with other findings (a dispute); one that a vendor brings up besides cannot take its place.
    """
    return Key(f"CANDIDATE#{candidate_id}", f"CHECK#{check_id}#{digest}")


def review_key(candidate_id: str, review_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``REVIEW#6f1c...``: a decision on the check, by the request that made it."""
    return Key(f"CANDIDATE#{candidate_id}", f"REVIEW#{review_id}")


def resend_key(candidate_id: str, attempt: int) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``RESEND#2``: why the offer went out in its second envelope."""
    return Key(f"CANDIDATE#{candidate_id}", f"RESEND#{attempt}")


def closing_key(candidate_id: str, envelope_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``CLOSING#env_1``: why that envelope was declined or voided."""
    return Key(f"CANDIDATE#{candidate_id}", f"CLOSING#{envelope_id}")


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer. ``valid_days`` is how long each of its letters stands. ``envelope_id``, ``sign_url`` (None where the
    vendor writes to the signer itself) and ``expires_at`` come with the e-signature vendor's answer; ``valid_until`` is
    the day its letter names. They are those of the latest envelope.
    """

    candidate_id: str
    role: str
    terms: OfferTerms
    drafted_at: datetime
    valid_days: int
    envelope_id: str | None = None
    sign_url: str | None = None
    expires_at: datetime | None = None
    valid_until: date | None = None

    @property
    def offer_id(self) -> str:
        """The offer's id, which is the candidate's with another prefix."""
        return offer_id(self.candidate_id)


class Offers:
    """One offer a candidate."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def draft(self, offer: Offer) -> None:
        """Put an offer on record; the one already there stays, so a redelivery cannot change what was promised."""
        sealed = self._vault.seal(offer.terms.model_dump_json(), owner=offer.candidate_id, field="terms")
        item = {
            "role": offer.role,
            "terms": sealed,
            "drafted_at": instant(offer.drafted_at),
            "valid_days": offer.valid_days,
        }
        with suppress(LostRace):
            self._table.put(offer_key(offer.candidate_id), item, ABSENT)

    def find(self, candidate_id: str, *, consistent: bool = True) -> Offer | None:
        """The candidate's offer, or None. What was promised never changes, so a read that is not ``consistent`` is
        right about that; it may lack the envelope.
        """
        item = self._table.get(offer_key(candidate_id), consistent=consistent)
        if item is None:
            return None
        plain = self._vault.open(item["terms"], owner=candidate_id, field="terms")
        return Offer(
            candidate_id=candidate_id,
            role=item["role"],
            terms=OfferTerms.model_validate_json(plain),
            drafted_at=from_instant(item["drafted_at"]),
            valid_days=item["valid_days"],
            envelope_id=item.get("envelope_id"),
            sign_url=item.get("sign_url"),
            expires_at=from_instant(item["expires_at"]) if "expires_at" in item else None,
            valid_until=date.fromisoformat(item["valid_until"]) if "valid_until" in item else None,
        )

    def get(self, candidate_id: str) -> Offer:
        """The candidate's offer; raises ``NotFound``."""
        offer = self.find(candidate_id)
        if offer is None:
            raise NotFound("offer", offer_id(candidate_id))
        return offer

    def sent(
        self,
        candidate_id: str,
        *,
        attempt: int,
        envelope_id: str,
        sign_url: str | None,
        expires_at: datetime,
        valid_until: date,
    ) -> None:
        """Record where and until when the candidate signs the ``attempt``-th envelope. Repeating it writes the same.

        Raises ``LostRace`` when a later envelope is on record.
        """
        latest = Condition(
            "attribute_not_exists(#attempt) OR #attempt <= :attempt",
            {"#attempt": "attempt"},
            {":attempt": attempt},
        )
        self._table.update(
            offer_key(candidate_id),
            {
                "attempt": attempt,
                "envelope_id": envelope_id,
                "sign_url": sign_url,
                "expires_at": instant(expires_at),
                "valid_until": valid_until.isoformat(),
            },
            latest,
        )

    def resending(self, candidate_id: str, attempt: int, reason: str, request_key: str, at: datetime) -> None:
        """Keep why the offer is to go out in an ``attempt``-th envelope, and which request asked for it; that it does
        is the journey's. Of several requests for the same envelope the first counts: raises ``LostRace`` for another.
        """
        sealed = self._vault.seal(reason, owner=candidate_id, field="resend_reason")
        item = {"reason": sealed, "request_key": request_key, "at": instant(at)}
        own = Condition(
            "attribute_not_exists(pk) OR request_key = :request", values={":request": request_key}
        )
        self._table.put(resend_key(candidate_id, attempt), item, own)

    def resent_by(self, candidate_id: str, attempt: int) -> str | None:
        """The request that asked for the ``attempt``-th envelope, or None."""
        item = self._table.get(resend_key(candidate_id, attempt))
        return str(item["request_key"]) if item else None

    def resend_reason(self, candidate_id: str, attempt: int) -> str | None:
        """Why the offer went out in an ``attempt``-th envelope, or None."""
        item = self._table.get(resend_key(candidate_id, attempt), consistent=False)
        return self._vault.open(item["reason"], owner=candidate_id, field="resend_reason") if item else None

    def closed(self, candidate_id: str, envelope_id: str, reason: str, at: datetime) -> None:
        """Keep why an envelope was declined or voided, in the words of whoever did it: up to 2,000 characters. What was
        told first stays.
        """
        sealed = self._vault.seal(reason[:_LONGEST_REASON], owner=candidate_id, field=_CLOSING)
        with suppress(LostRace):
            self._table.put(
                closing_key(candidate_id, envelope_id), {"reason": sealed, "at": instant(at)}, ABSENT
            )

    def closing_reason(self, candidate_id: str, envelope_id: str) -> str | None:
        """Why an envelope was declined or voided; None where nobody said."""
        item = self._table.get(closing_key(candidate_id, envelope_id), consistent=False)
        return self._vault.open(item["reason"], owner=candidate_id, field=_CLOSING) if item else None

    def not_voided(self, candidate_id: str, attempt: int, envelope_id: str, at: datetime) -> None:
        """Tell HR, once, that the vendor would not void an envelope, and nobody has ended it."""
        event = Event(
            f"evt_{candidate_id.partition('_')[2]}_envelope_{attempt}_0",
            EventName.OFFER_CONTESTED,
            at,
            {"offer_id": offer_id(candidate_id), "envelope_id": envelope_id, "cause": "not_voided"},
        )
        once = Condition(
            "attribute_not_exists(not_voided) OR not_voided < :attempt", values={":attempt": attempt}
        )
        with suppress(LostRace):
            told = {"not_voided": attempt, "events": to_events([event])}
            self._table.update(offer_key(candidate_id), told, once)


class Checks:
    """One background check a candidate, its findings sealed: only a reviewer sees them."""

    def __init__(self, table: Table, vault: Vault, ids: Ids) -> None:
        self._table = table
        self._vault = vault
        self._ids = ids

    def record(self, candidate_id: str, check_id: str, findings: Sequence[Finding], at: datetime) -> None:
        """Keep what was found, for the person who reviews it; what was found before stays beside it."""
        plain = compact([finding.model_dump() for finding in findings])
        key = check_key(candidate_id, check_id, self._ids.digest("findings", plain)[:13])
        sealed = self._vault.seal(plain, owner=candidate_id, field="findings")
        # Told before: the vendor sent it again.
        with suppress(LostRace):
            self._table.put(key, {"findings": sealed, "found_at": instant(at)}, ABSENT)

    def findings(self, candidate_id: str, check_id: str) -> list[Finding]:
        """What that check found, by its latest result; empty when none is on record."""
        prefix = f"CHECK#{check_id}#"
        results = list(self._table.query_all(f"CANDIDATE#{candidate_id}", prefix=prefix))
        if not results:
            return []
        latest = max(results, key=lambda result: str(result["found_at"]))
        plain = self._vault.open(latest["findings"], owner=candidate_id, field="findings")
        return [Finding.model_validate(finding) for finding in json.loads(plain)]

    def decided(self, candidate_id: str, review_id: str, reason: str, at: datetime) -> None:
        """Keep why a reviewer decides as they do; the decision itself is the journey's."""
        sealed = self._vault.seal(reason, owner=candidate_id, field="reason")
        self._table.put(review_key(candidate_id, review_id), {"reason": sealed, "at": instant(at)})

    def reason(self, candidate_id: str, review_id: str) -> str | None:
        """The reason of a decision, or None."""
        item = self._table.get(review_key(candidate_id, review_id), consistent=False)
        return self._vault.open(item["reason"], owner=candidate_id, field="reason") if item else None
