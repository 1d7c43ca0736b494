"""What recognises and merges people, on moto's table: the real use cases, and every call to AWS may crash or be
overtaken by another writer.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from functions.interviews.ingest import Ingested, ingestion_of
from functions.relay.relay import told_by
from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Stage
from rencai.interviews.rules.competency import COMPETENCY_MODEL, CompetencyModel
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.speakers import DROPPED_FILE, INTERVIEW_VENDORS
from rencai.kernel.events import Event as DomainEvent
from rencai.kernel.events import Subject
from rencai.people.rules.application import Application
from rencai.people.rules.identity import IdentifierKind
from rencai.people.store.merges import Merge
from rencai.store.configurations import Configurations
from rencai.store.table import Item, Table, from_item
from rencai.wiring.events import DATA_MODELS
from tests.aws import Saved, client, fresh_table, key_id
from tests.builders import competency, encoded, model_document, result, rule
from tests.journey.faults import Faults, Faulty
from tests.keyed import IDS
from tests.wired import wired_with

START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REGION: Final = "ap-southeast-1"
TABLE: Final = "rencai-test"
ZHOU: Final = {"name": "周晓", "email": "zhou.xiao@example.com", "phone": "+8613800000001"}
LI: Final = {"name": "李雷", "email": "li.lei@example.com", "phone": "+8613800000002"}
FIRST: Final = IDS.candidate_id("aiview", "1")
SECOND: Final = IDS.candidate_id("other", "1")
APP: Final = IDS.application_id("ats", "app-1")
NATIONAL_ID: Final = "11010519491231002X"
PASSPORT: Final = "P31415926"
OTHER_PASSPORT: Final = "P27182818"
PHONE: Final = IdentifierKind.PHONE
EMAIL: Final = IdentifierKind.EMAIL


def without(person: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {name: value for name, value in person.items() if name not in fields}


class Between:
    """Sees every call to AWS like ``Faults`` does, and lets somebody else act right before the ``at``-th."""

    def __init__(self, at: int, act: Callable[[], object]) -> None:
        self._left = at
        self._act = act
        self.acted = False

    def through(self, name: str, call: Callable[[], Any]) -> Any:
        self._left -= 1
        if self._left == 0:
            self.acted = True
            self._act()
        return call()


class Paused:
    """Sees every call to AWS, and stops before the ``at``-th until it is told to go on."""

    def __init__(self, at: int) -> None:
        self._left = at
        self._reached = Event()
        self._go = Event()

    def through(self, name: str, call: Callable[[], Any]) -> Any:
        self._left -= 1
        if self._left == 0:
            self._reached.set()
            assert self._go.wait(300)
        return call()

    def wait_for(self, thread: Thread) -> None:
        """Until it stops, or has ended without coming so far."""
        while thread.is_alive() and not self._reached.wait(0.01):
            continue

    def go_on(self) -> None:
        self._go.set()


@dataclass
class Tenant:
    """One tenant's people. ``seen_by`` makes another view of it, whose calls go through somebody's hands."""

    dynamodb: Any
    key_id: str
    calls: Any = field(default_factory=Faults)
    now: datetime = START

    def __post_init__(self) -> None:
        self.wired = wired_with(
            lambda service: Faulty(service, client(service), self.calls),
            lambda: self.now,
            {"KEY_ID": self.key_id, "TABLE_NAME": TABLE},
        )
        # A container keeps configuration for a minute: the calls that are counted are those without it.
        self.wired.configurations = Configurations(Table(self.dynamodb, TABLE), self.wired.clock)
        self.table = self.wired.table
        self.cursors = self.wired.cursors
        self.journeys = self.wired.hiring.journeys
        self.interviews = self.wired.interviews.interviews
        self.people = self.wired.people.people
        self.applications = self.wired.people.applications
        self.merges = self.wired.people.merges
        self.recognition = self.wired.people.recognition
        self.identities = self.recognition.identities
        self.merging = self.wired.people.merging
        self.ingestion = ingestion_of(self.wired)

    def seen_by(self, calls: Any) -> "Tenant":
        """The same tenant, its every call going through ``calls``."""
        return Tenant(self.dynamodb, self.key_id, calls, self.now)

    def again(self) -> Callable[[], "Tenant"]:
        """Makes the tenant as it is now, as often as one is wanted: what came before is not done again."""
        saved = Saved()

        def made() -> Tenant:
            saved.put_back()
            return self.seen_by(Faults())

        return made

    # --- what happens

    def hand_in(
        self,
        person: dict[str, Any],
        vendor: str = "aiview",
        interview_id: str = "itv-1",
        *,
        external_id: str = "1",
        passes: bool = True,
        thin: bool = False,
        ended: timedelta | None = None,
    ) -> str:
        """An interview result comes in; whose record it is on."""
        return self.ingest(
            person, vendor, interview_id, external_id=external_id, passes=passes, thin=thin, ended=ended
        ).candidate_id

    def ingest(
        self,
        person: dict[str, Any],
        vendor: str = "aiview",
        interview_id: str = "itv-1",
        *,
        external_id: str = "1",
        passes: bool = True,
        thin: bool = False,
        ended: timedelta | None = None,
    ) -> Ingested:
        """``thin``: nothing of what the model asks for. ``ended``: how long after ``START`` the interview ended."""
        document = copy.deepcopy(result()) | {"vendor": vendor, "interview_id": interview_id}
        document["candidate"] = {**person, "external_id": external_id}
        if ended is not None:
            document["ended_at"] = (START + ended).isoformat()
        if not passes:
            document["answers"][0]["transcript"] = "不行"
        if thin:
            document["answers"][0]["topic"] = "small_talk"
        interview = Interview.model_validate_json(encoded(document))
        return self.ingestion.ingest(
            interview,
            speaker=DROPPED_FILE,
            source=f"api/{interview_id}",
            keep_raw=lambda: "raw",
            now=self.now,
        )

    def applied(self, person: dict[str, Any], external_id: str = "app-1", **more: Any) -> None:
        """The ATS tells of an application."""
        told = Application.model_validate({"external_id": external_id, "candidate": person, **more})
        self.recognition.application(told, told_at=self.now, actor="ats", now=self.now)

    def sends_offer(self, candidate_id: str) -> None:
        """The candidate has an offer out."""
        self.wired.people.contacts.pin(candidate_id, self.now)
        offer = {"offer": "off_1"}
        self.journeys.apply(
            candidate_id, Fact(FactKind.OFFER_DRAFTED, "off_1", offer, {"offer_id": "off_1"}), self.now
        )
        sent = {"offer_id": "off_1", "envelope_id": "env_1"}
        self.journeys.apply(
            candidate_id, Fact(FactKind.OFFER_SENT, "env_1", {**offer, "envelope": "env_1"}, sent), self.now
        )

    def passes(self, **time: float) -> None:
        """Time goes by."""
        self.now += timedelta(**time)

    # --- what a test looks at

    def stage(self, candidate_id: str) -> Stage:
        return self.journeys.get(candidate_id).journey.stage

    def all_merges(self) -> list[Merge]:
        merges, following = self.merges.page(None, 100, None)
        assert following is None
        return merges

    def the_merge(self) -> Merge:
        (merge,) = self.all_merges()
        return merge

    def items(self) -> list[Item]:
        found: list[Item] = []
        start: dict[str, Any] = {}
        while True:
            answer = self.dynamodb.scan(TableName=TABLE, **start)
            found += [from_item(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def candidates(self) -> set[str]:
        """Everybody who has a journey."""
        return {item["pk"].partition("#")[2] for item in self.items() if item["sk"] == "JOURNEY"}

    def told(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The events the stream carried, once each: subject, name, data; each in the shape it promises."""
        found = {}
        for subject, event in self.told_again():
            DATA_MODELS[event.name].model_validate(event.data)
            found[event.id] = (subject.id, event.name.value, dict(event.data))
        return list(found.values())

    def told_again(self) -> list[tuple[Subject, DomainEvent]]:
        """The events as the stream carried them: what was told twice is there twice."""
        shard = dynamodb_backends[ACCOUNT_ID][REGION].tables[TABLE].stream_shard
        assert shard is not None
        return [told for record in shard.items for told in told_by(record.to_json())]


@contextmanager
def tenant() -> Iterator[Tenant]:
    """A fresh tenant with one role, sales, passed by saying the right words."""
    with fresh_table() as dynamodb:
        client("secretsmanager").create_secret(Name="rencai/test/identity", SecretString="secret of the test")
        document = model_document(
            sales=competency("1", 90, rule("refuses", -50, present=["不行"]), topics=("objection_handling",))
        )
        assert CompetencyModel.model_validate(document).pass_score == 80
        Configurations(Table(dynamodb, TABLE), lambda: START).put(
            COMPETENCY_MODEL, "sales", document, actor="test", now=START
        )
        Configurations(Table(dynamodb, TABLE), lambda: START).put(
            INTERVIEW_VENDORS, "default", {"dropped_files": "all"}, actor="test", now=START
        )
        yield Tenant(dynamodb, key_id())
