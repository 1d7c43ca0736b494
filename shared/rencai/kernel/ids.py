"""Ids, prefixed by kind. Most are derived from what they stand for, so that a redelivery finds the same thing.

What is made of words from outside - a vendor's id, an employee number, what a request said - is made by ``Ids``, under
the tenant's secret: such words can be guessed, and an id must not tell who guessed right. What is made of our own ids
alone is made by the functions: nobody guesses 128 bits.

A derived id is 128 bits in Crockford base 32: it looks like a ULID and sorts at random. Ids that should sort by time
(uploads) put the 48-bit millisecond time first, as a ULID does.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from .seen import visible

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LEAST_SECRET: Final = 32
"""Bytes of the secret: as many as are worth having with SHA-256."""


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_CROCKFORD[digit])
    return "".join(reversed(digits))


def _joined(parts: tuple[str | bytes, ...]) -> bytes:
    # The length of each part goes in, so that ("ab", "c") and ("a", "bc") differ. Half a character, as a file's name
    # may have it, is a part like any other.
    encoded = [part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(b"%d:%b" % (len(part), part) for part in encoded)


def _in_text(digest: bytes) -> str:
    return _base32(int.from_bytes(digest[:16], "big"), 26)


def _of_ids(*parts: str) -> str:
    return _in_text(hashlib.sha256(_joined(parts)).digest())


class Ids:
    """Ids made of words from outside: the first 128 bits of HMAC-SHA-256 under the tenant's secret.

    ``secret`` is asked when the first id is made, and never again: of most functions, only some calls make one. Raises
    ``ValueError`` for one that is too short to be it. Under another secret nothing is found that was made before.
    """

    __slots__ = ("_known", "_secret")

    def __init__(self, secret: Callable[[], bytes]) -> None:
        self._secret = secret
        self._known: bytes | None = None

    def candidate_id(self, vendor: str, external_id: str) -> str:
        """``cand_...`` of the person a vendor calls ``external_id``: unique with the vendor's name."""
        return f"cand_{self._made('candidate', vendor, external_id)}"

    def employee_of_number(self, employee_no: str) -> str:
        """``emp_...`` of who came with a number of the tenant's own (工号) rather than by being hired."""
        return f"emp_{self._made('employee number', employee_no)}"

    def application_id(self, vendor: str, external_id: str) -> str:
        """``app_...`` of the application an ATS calls ``external_id``."""
        return f"app_{self._made('application', vendor, external_id)}"

    def delivery_id(self, vendor: str, message_id: str) -> str:
        """``dlv_...`` of one webhook delivery; a vendor's retry of the same message has the same id."""
        return f"dlv_{self._made('delivery', vendor, message_id)}"

    def arrival_id(self, vendor: str, request_id: str) -> str:
        """``dlv_...`` of a delivery that has no name of its own: not authentic, not in its contract, or a duplicate.

        By the request that brought it, so that nobody outside can choose it and take a genuine delivery's place.
        """
        return f"dlv_{self._made('arrival', vendor, request_id)}"

    def note_id(self, *about: str) -> str:
        """``nte_...`` of a reason somebody gave: by what it is about, who gave it, and what it says, so that each of
        two who decide at one moment has their own.
        """
        return f"nte_{self._made('note', *about)}"

    def mark_id(self, owner: str, request: str) -> str:
        """``mrk_...`` of the mark that a request made about ``owner``: the same request has the same."""
        return f"mrk_{self._made('mark', owner, request)}"

    def import_id(self, at: datetime, *identity: str) -> str:
        """``imp_...``: sorts by ``at`` (to the millisecond); the same ``at`` and ``identity`` give the same id."""
        return f"imp_{_moment(at)}{self._made('import', *identity)[:16]}"

    def upload_id(self, at: datetime, *identity: str) -> str:
        """``upl_...``: sorts by ``at`` (to the millisecond); the same ``at`` and ``identity`` give the same id."""
        return f"upl_{_moment(at)}{self._made('upload', *identity)[:16]}"

    def name_digest(self, name: str) -> str:
        """A key part for a name that may hold anything; white space around it and its case make no difference."""
        return self._made("name", folded(name))

    def request_digest(self, *content: str) -> str:
        """What a request asked for, so that another one under the same idempotency key is found out."""
        return self._made("request", *content)

    def digest(self, kind: str, *said: str | bytes) -> str:
        """Tells what was said from anything else of its kind, and nothing of what it was."""
        return self._made("digest", kind, *said)

    def _made(self, *parts: str | bytes) -> str:
        if self._known is None:
            secret = self._secret()
            if len(secret) < _LEAST_SECRET:
                raise ValueError(f"the secret that ids are made under has less than {_LEAST_SECRET} bytes")
            self._known = secret
        return _in_text(hmac.digest(self._known, _joined(parts), "sha256"))


def folded(name: str) -> str:
    """A name by which it is the same name again: white space around it, its case, and what nobody sees make no
    difference.

    >>> folded(" Negotiation   Basics")
    'negotiation basics'
    """
    return " ".join(visible(name).split()).casefold()


def _moment(at: datetime) -> str:
    return _base32(int(at.timestamp() * 1000), 10)


def offer_id(candidate: str) -> str:
    """``off_...``: a candidate has one offer, so its id is the candidate's with another prefix.

    >>> offer_id("cand_01ABC")
    'off_01ABC'
    """
    return f"off_{candidate.removeprefix('cand_')}"


def employee_id(candidate: str) -> str:
    """``emp_...`` of the employee a candidate becomes."""
    return f"emp_{candidate.removeprefix('cand_')}"


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


def merge_id(*parties: str) -> str:
    """``mrg_...`` of the question whether these candidates and applications are one person, in whatever order.

    >>> merge_id("cand_01ABC", "cand_01ABD") == merge_id("cand_01ABD", "cand_01ABC")
    True
    """
    return f"mrg_{_of_ids('merge', *sorted(parties))}"


def question_id(subject: str, mark: int) -> str:
    """``idq_...`` of the question whether other contact data of a candidate or an employee are right; ``mark`` is a
    keyed fingerprint of what is asked, so that nobody reads it from the id.

    >>> question_id("cand_01ABC", 255)
    'idq_cand_01ABC_ff'
    """
    return f"idq_{subject}_{mark:x}"


def subject_of_question(question: str) -> str:
    """Whom a question is about.

    >>> subject_of_question("idq_cand_01ABC_ff")
    'cand_01ABC'
    """
    return question.removeprefix("idq_").rpartition("_")[0]


def is_question(id_: str) -> bool:
    """Whether this has the form of a question's id.

    >>> is_question("idq_cand_01ABC")
    False
    """
    prefix, _, rest = id_.partition("_")
    kind, _, suffix = rest.partition("_")
    return prefix == "idq" and kind in ("cand", "emp") and "_" in suffix


def notice_id(addressee: str, letter: str) -> str:
    """``ntc_...`` of a letter to a candidate or an employee; ``letter``: a digest of what it is about, in hexadecimal.

    >>> notice_id("emp_01ABC", "c0ffee")
    'ntc_emp_01ABC_c0ffee'
    """
    return f"ntc_{addressee}_{letter}"


def letter_of_notice(notice: str) -> tuple[str, str]:
    """The inverse: whom it is for, and the digest. Both are "" where this has not the form of a notice's id.

    >>> letter_of_notice("ntc_emp_01ABC_c0ffee"), letter_of_notice("ntc_emp_01ABC")
    (('emp_01ABC', 'c0ffee'), ('', ''))
    """
    prefix, _, rest = notice.partition("_")
    addressee, _, letter = rest.rpartition("_")
    kind, _, of = addressee.partition("_")
    return (addressee, letter) if prefix == "ntc" and kind in ("cand", "emp") and of and letter else ("", "")


def warning_id(employee: str, item_id: str, cause: str) -> str:
    """``wrn_...`` of the one warning an employee's course can give by one cause."""
    return f"wrn_{_of_ids('warning', employee, item_id, cause)}"


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
