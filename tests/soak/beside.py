"""What goes on beside the hiring: colleagues of an earlier system, their monthly survey, and night after night."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, Final

import httpx

from infra.local.demo.api import Api
from infra.local.stack import Stack
from tests.e2e.outsider import Outsider, eventually
from tests.soak.sandbox import NotDone

NIGHTS_APART_SECONDS: Final = 15.0
_PATIENCE_SECONDS: Final = 300.0
_LINK: Final = re.compile(r"https?://[^\s\"'<>\\]+/survey/[A-Za-z0-9_.~-]+")
_FORM: Final = {
    "satisfaction": "4",
    "workload": "3",
    "stress": "2",
    "support": "4",
    "stay": "5",
    "comment": "还好",
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who was here before; ``employee_id`` follows from the number."""

    number: str
    employee_id: str
    email: str


def colleagues(count: int, run: str, stack: Stack) -> list[Colleague]:
    """``count`` of them, the same for the same ``run``."""
    numbers = [f"{run}-{number}" for number in range(count)]
    return [
        Colleague(number, stack.ids.employee_of_number(number), f"colleague.{at}.{run}@example.com")
        for at, number in enumerate(numbers)
    ]


@dataclass
class Beside:
    """Plays them. ``nights`` counts the scans that were begun; ``broken`` is what ended them before their time."""

    stack: Stack
    them: list[Colleague]
    say: Callable[[str], None]
    nights: int = 0
    broken: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hr = Api(self.stack, "hr")
        self._outsider = Outsider(self.stack, "")
        self._over = Event()
        self._thread = Thread(target=self._go_on, daemon=True)

    def come(self) -> None:
        """Brought by an import, once; then the nights begin."""
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(["工号", "姓名", "岗位", "工作地点", "入职日期", "邮箱"])
        rows.writerows([one.number, "同事", "sales", "上海", "2025-03-03", one.email] for one in self.them)
        ticket = self._hr.post("/imports", {"kind": "people", "filename": "colleagues.csv"})
        put = self._outsider.http.put(
            ticket["url"], content=text.getvalue().encode(), headers=ticket["headers"]
        )
        put.raise_for_status()

        def at_rest() -> dict[str, Any] | None:
            found: dict[str, Any] = self._hr.get(f"/imports/{ticket['import_id']}")
            return found if found["status"] in ("finished", "failed") else None

        came = eventually("the colleagues are there", at_rest, _PATIENCE_SECONDS)
        if came["counts"]["created"] != len(self.them):
            raise NotDone(f"of {len(self.them)} colleagues came {came['counts']}")
        self.say(f"{len(self.them)} colleagues came, and the nights begin")
        self._thread.start()

    def answer(self, one: Colleague) -> None:
        """By the link in their letter, twice, as people do; raises ``NotDone`` while there is no letter."""
        letters = [letter for letter in self._outsider.letters() if one.email in letter["To"]]
        found = _LINK.search(str(letters))
        if found is None:
            raise NotDone("a colleague has no invitation")
        for _ in range(2):
            try:
                answered = self._outsider.http.post(found[0], data=_FORM)
            except httpx.TransportError as error:
                raise NotDone(f"POST /survey: {type(error).__name__}") from None
            if not answered.is_success:
                raise NotDone(f"POST /survey answered {answered.status_code}")

    def last_night(self) -> dict[str, Any]:
        """The scan that is begun when all is at rest, once it is finished."""
        self._over.set()
        self._thread.join()
        self._finished()
        self._night()
        return self._finished()

    def _go_on(self) -> None:
        try:
            while not self._over.is_set():
                self._night()
                # Who has come since is invited, and nobody twice.
                self._outsider.invoke("SurveyInvite")
                self._over.wait(NIGHTS_APART_SECONDS)
        except Exception as error:  # noqa: BLE001 - it is told at the end, with the books
            self.broken.append(error)

    def _night(self) -> None:
        self._outsider.invoke("RiskScan")
        self.nights += 1

    def _finished(self) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            found: list[dict[str, Any]] = self._hr.get("/risk/scans", limit=1)["items"]
            return found[0] if found and found[0]["status"] == "finished" else None

        return eventually("the night is over", look, _PATIENCE_SECONDS)
