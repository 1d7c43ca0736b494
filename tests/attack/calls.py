"""Two who come at one moment, and calls that are made again after the world has changed."""

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from threading import Barrier
from typing import Any, Final

from tests.attack.attacks import Attack, attack, shown_by
from tests.e2e.deployment import stranger
from tests.e2e.outsider import Outsider, eventually

_TIMES: Final = 5


def _applies(outsider: Outsider, person: dict[str, Any]) -> None:
    """The ATS tells of an application of this person's."""
    name = f"application-{uuid.uuid4().hex[:12]}"
    contact = {field: person[field] for field in ("name", "national_id", "phone", "email")}
    now = datetime.now(UTC).isoformat()
    data = {"external_id": name, **contact, "updated_at": now}
    body = json.dumps({"type": "application.updated", "timestamp": now, "data": data}).encode()
    assert outsider.webhook("ats", name, body).status_code == 202


def _at_once(*acts: Callable[[], Any]) -> list[Any]:
    together = Barrier(len(acts))

    def begun(act: Callable[[], Any]) -> Any:
        together.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as hands:
        return [done.result() for done in [hands.submit(begun, act) for act in acts]]


def _asked_about(outsider: Outsider, *candidates: str) -> bool:
    questions = outsider.get("/merges?status=question&limit=100")["items"]
    return any({*candidates} <= {one["other"], *one["candidates"]} for one in questions)


def _linked_or_asked(outsider: Outsider, candidate_id: str) -> str | None:
    if outsider.candidate(candidate_id)["application"]:
        return "linked"
    return "asked" if _asked_about(outsider, candidate_id) else None


def _one_or_asked(outsider: Outsider, known: str, met: str) -> str | None:
    if met == known:
        return "one person"
    return "asked" if _asked_about(outsider, known, met) else None


@attack("An ATS application and an interview of the same person at one moment")
def application_and_interview(outsider: Outsider) -> str:
    came_to = []
    for _ in range(_TIMES):
        interview = stranger()
        person = dict(interview["candidate"])
        del interview["candidate"]["national_id"]
        _, met = _at_once(partial(_applies, outsider, person), partial(outsider.hand_in, interview))
        came_to.append(eventually("linked or asked", partial(_linked_or_asked, outsider, met)))
    return f"{came_to.count('linked')} linked, {came_to.count('asked')} asked"


@attack("The same, where the application has the national id of a candidate of before")
def application_between_two(outsider: Outsider) -> str:
    """It was linked to the one, and the other stayed another: no question, no link."""
    came_to = []
    for _ in range(_TIMES):
        before, interview = stranger(), stranger()
        person = interview["candidate"]
        before["candidate"] |= {"name": person["name"], "national_id": person["national_id"]}
        known = outsider.hand_in(before)
        application = dict(person)
        del person["national_id"]
        _, met = _at_once(partial(_applies, outsider, application), partial(outsider.hand_in, interview))
        came_to.append(eventually("one person or asked", partial(_one_or_asked, outsider, known, met)))
    return f"{came_to.count('one person')} one person, {came_to.count('asked')} asked"


SHOWN: Final[list[Attack]] = [
    shown_by("Every pair of writers of who is who, at every call", "tests/people/test_writers.py"),
    shown_by(
        "A crash at every vendor's call, and everything changed before it is made again",
        "tests/journey/test_changed_world.py",
        "tests/vendors/test_asked.py",
    ),
    shown_by(
        "Another client's Idempotency-Key",
        "tests/hiring/test_resend.py::test_a_key_of_another_client_is_another_request",
        "tests/store/test_store.py::test_an_idempotency_key_is_its_clients_own",
        "tests/migration/test_imports_api.py::test_an_idempotency_key_is_its_clients_own",
    ),
]
