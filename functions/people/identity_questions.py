"""``application.received``, ``candidate.merged`` -> once contact data are pinned, HR is asked about what differs (A6).

``identity.decided``: what HR took for right tells this person from others from then on, as what an interview says does.
"""

from datetime import datetime

from rencai.kernel import ids
from rencai.kernel.events import EventName
from rencai.people.contacts import Contacts
from rencai.people.recognition import Recognition
from rencai.platform.consumer import BusEvent
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def ask_about(told: BusEvent, *, contacts: Contacts, recognition: Recognition, now: datetime) -> None:
    """Compare what was told with what counts. Told again, it is asked once."""
    data, subject = told.detail.data, told.detail.subject.id
    if told.name is EventName.APPLICATION_RECEIVED:
        contacts.application_told(subject, None, now)
    elif told.name is EventName.CANDIDATE_MERGED and ids.is_candidate(data["other"]):
        contacts.merged(data["merge_id"], now)
    elif told.name is EventName.CANDIDATE_MERGED:
        contacts.application_told(data["other"], subject, now)
    elif data["decision"] == "accepted" and ids.is_candidate(subject):
        recognition.known_better(subject, contacts.accepted(data["question_id"]), now)


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind ``application.received``, ``candidate.merged`` and ``identity.decided`` calls this."""
    ask_about(
        told,
        contacts=wired.people.contacts,
        recognition=wired.people.recognition,
        now=wired.clock(),
    )


handler = on_event(act)
