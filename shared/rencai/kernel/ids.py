"""Ids, prefixed by kind. Most are derived from what they stand for, so that a redelivery finds the same thing.

A derived id is the first 128 bits of SHA-256 in Crockford base 32: it looks like a ULID and sorts at random.
Ids that should sort by time (uploads) put the 48-bit millisecond time first, as a ULID does.
"""

import hashlib
from datetime import date, datetime
from typing import Final

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_CROCKFORD[digit])
    return "".join(reversed(digits))


def _derived(*parts: str) -> str:
    # The length of each part goes in, so that ("ab", "c") and ("a", "bc") differ.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return _base32(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big"), 26)


def candidate_id(vendor: str, external_id: str) -> str:
    """``cand_...`` of the person a vendor calls ``external_id``: unique with the vendor's name.

    >>> candidate_id("aiview", "ats-1001") == candidate_id("aiview", "ats-1001")
    True
    """
    return f"cand_{_derived('candidate', vendor, external_id)}"


def offer_id(candidate: str) -> str:
    """``off_...``: a candidate has one offer, so its id is the candidate's with another prefix.

    >>> offer_id("cand_01ABC")
    'off_01ABC'
    """
    return f"off_{candidate.removeprefix('cand_')}"


def employee_id(candidate: str) -> str:
    """``emp_...`` of the employee a candidate becomes."""
    return f"emp_{candidate.removeprefix('cand_')}"


def employee_of_number(employee_no: str) -> str:
    """``emp_...`` of who came with a number of the tenant's own (工号) rather than by being hired."""
    return f"emp_{_derived('employee number', employee_no)}"


def name_digest(name: str) -> str:
    """A key part for a name that may hold anything; white space around it and its case make no difference."""
    return _derived("name", " ".join(name.split()).casefold())


def candidate_of(reference: str) -> str:
    """The candidate an ``off_``, ``emp_`` or ``cand_`` id belongs to.

    >>> candidate_of("off_01ABC")
    'cand_01ABC'
    """
    return f"cand_{reference.partition('_')[2]}"


def is_candidate(id_: str) -> bool:
    """Whether this has the form of a candidate's id; a reference from outside may be anything.

    >>> is_candidate("cand_nobody")
    False
    """
    prefix, _, rest = id_.partition("_")
    return prefix == "cand" and len(rest) == 26 and set(rest) <= set(_CROCKFORD)


def delivery_id(vendor: str, message_id: str) -> str:
    """``dlv_...`` of one webhook delivery; a vendor's retry of the same message has the same id."""
    return f"dlv_{_derived('delivery', vendor, message_id)}"


def arrival_id(vendor: str, request_id: str) -> str:
    """``dlv_...`` of a delivery that has no name of its own: not authentic, not in its contract, or a duplicate.

    By the request that brought it, so that nobody outside can choose it and take a genuine delivery's place.
    """
    return f"dlv_{_derived('arrival', vendor, request_id)}"


def application_id(vendor: str, external_id: str) -> str:
    """``app_...`` of the application an ATS calls ``external_id``."""
    return f"app_{_derived('application', vendor, external_id)}"


def merge_id(*parties: str) -> str:
    """``mrg_...`` of the question whether these candidates and applications are one person, in whatever order.

    >>> merge_id("cand_01ABC", "cand_01ABD") == merge_id("cand_01ABD", "cand_01ABC")
    True
    """
    return f"mrg_{_derived('merge', *sorted(parties))}"


def warning_id(employee: str, item_id: str, cause: str) -> str:
    """``wrn_...`` of the one warning an employee's course can give by one cause."""
    return f"wrn_{_derived('warning', employee, item_id, cause)}"


def note_id(*about: str) -> str:
    """``nte_...`` of a reason somebody gave: by what it is about, who gave it, and what it says, so that each of two
    who decide at one moment has their own.
    """
    return f"nte_{_derived('note', *about)}"


def alert_id(employee: str, raised_on: date) -> str:
    """``alr_...`` of the alert about an employee that was raised on this day; a day has one.

    >>> alert_id("emp_01ABC", date(2026, 11, 22))
    'alr_01ABC_20261122'
    """
    return f"alr_{employee.removeprefix('emp_')}_{raised_on:%Y%m%d}"


def employee_of_alert(alert: str) -> str:
    """Whom an alert is about.

    >>> employee_of_alert("alr_01ABC_20261122")
    'emp_01ABC'
    """
    return f"emp_{alert.removeprefix('alr_').rpartition('_')[0]}"


def intervention_id(alert: str, number: int) -> str:
    """``int_...`` of an alert's ``number``-th intervention, from 1; one follows the other.

    >>> intervention_id("alr_01ABC_20261122", 1)
    'int_01ABC_20261122_1'
    """
    return f"int_{alert.removeprefix('alr_')}_{number}"


def alert_of_intervention(intervention: str) -> str:
    """The alert an intervention was opened from.

    >>> alert_of_intervention("int_01ABC_20261122_1")
    'alr_01ABC_20261122'
    """
    return f"alr_{intervention.removeprefix('int_').rpartition('_')[0]}"


def request_digest(*content: str) -> str:
    """What a request asked for, so that another one under the same idempotency key is found out."""
    return _derived("request", *content)


def import_id(at: datetime, *identity: str) -> str:
    """``imp_...``: sorts by ``at`` (to the millisecond); the same ``at`` and ``identity`` give the same id."""
    milliseconds = int(at.timestamp() * 1000)
    return f"imp_{_base32(milliseconds, 10)}{_derived('import', *identity)[:16]}"


def upload_id(at: datetime, *identity: str) -> str:
    """``upl_...``: sorts by ``at`` (to the millisecond); the same ``at`` and ``identity`` give the same id."""
    milliseconds = int(at.timestamp() * 1000)
    return f"upl_{_base32(milliseconds, 10)}{_derived('upload', *identity)[:16]}"


def event_id(aggregate: str, version: int, number: int) -> str:
    """``evt_...`` of the ``number``-th event of an aggregate's ``version``.

    >>> event_id("cand_01ABC", 3, 0)
    'evt_01ABC_3_0'
    """
    return f"evt_{aggregate.partition('_')[2]}_{version}_{number}"


def version_told(event: str, aggregate: str) -> int | None:
    """The inverse: the version of ``aggregate`` whose write carried the event; None where another item did.

    >>> version_told("evt_01ABC_3_0", "cand_01ABC")
    3
    >>> version_told("evt_01ABC_plan_3_0", "cand_01ABC") is None
    True
    """
    stem, _, number = event.rpartition("_")
    before, _, version = stem.rpartition("_")
    told = before == f"evt_{aggregate.partition('_')[2]}" and version.isdecimal() and number.isdecimal()
    return int(version) if told else None
