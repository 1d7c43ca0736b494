"""What recognises and merges people, on moto's table: the real use cases, and every call to AWS may crash or be
overtaken by another writer.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Event, Thread
from typing import Any, Final

import botocore.session
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from event_relay.app import told_by
from interview_ingestion.ingest import Ingested, Ingestion, Scorers
from rencai.domain.application import Application
from rencai.domain.competency import CompetencyModel
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.event_data import DATA_MODELS
from rencai.domain.events import Event as DomainEvent
from rencai.domain.events import Subject
from rencai.domain.interview import Interview
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.domain.scoring import FacialPolicy
from rencai.merging import Merging
from rencai.recognition import Recognition
from rencai.store.applications import Applications
from rencai.store.configurations import Configurations
from rencai.store.cursors import Cursors
from rencai.store.identities import Fingerprints, Identities
from rencai.store.interviews import Interviews
from rencai.store.journeys import Journeys
from rencai.store.merges import Merge, Merges
from rencai.store.people import People
from rencai.store.sealed import Vault
from rencai.store.table import Item, Table, from_item
from tests.journey.faults import Faults, Faulty
from tests.template import table_definition
from tests.unit.builders import competency, encoded, model_document, result, rule

START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REGION: Final = "ap-southeast-1"
TABLE: Final = "rencai-test"
ZHOU: Final = {"name": "周晓", "email": "zhou.xiao@example.com", "phone": "+8613800000001"}
LI: Final = {"name": "李雷", "email": "li.lei@example.com", "phone": "+8613800000002"}


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
            assert self._go.wait(30)
        return call()

    def wait_for(self, thread: Thread) -> None:
        """Until it stops, or has ended without coming so far."""
        while thread.is_alive() and not self._reached.wait(0.01):
            continue

    def go_on(self) -> None:
        self._go.set()


@cache
def _client(service: str) -> Any:
    session = botocore.session.get_session()
    session.set_credentials("testing", "testing")
    return session.create_client(service, region_name=REGION)


@dataclass
class Tenant:
    """One tenant's people. ``seen_by`` makes another view of it, whose calls go through somebody's hands."""

    dynamodb: Any
    kms: Any
    key_id: str
    calls: Any = field(default_factory=Faults)
    now: datetime = START

    def __post_init__(self) -> None:
        def seen(name: str, client: Any) -> Any:
            return Faulty(name, client, self.calls)

        self.table = Table(seen("dynamodb", self.dynamodb), TABLE)
        vault = Vault(seen("kms", self.kms), self.key_id, "test")
        self.journeys = Journeys(self.table)
        self.interviews = Interviews(self.table)
        self.people = People(self.table, vault)
        self.applications = Applications(self.table, vault)
        self.merges = Merges(self.table, vault)
        self.cursors = Cursors(self.table)
        self.identities = Identities(self.table, Fingerprints(lambda: b"secret of the test"))
        self.recognition = Recognition(self.identities, self.applications, self.merges, self.people)
        self.merging = Merging(self.merges, self.journeys, self.interviews, self.people, self.applications)
        configurations = Configurations(Table(self.dynamodb, TABLE), lambda: self.now)
        self.ingestion = Ingestion(
            Scorers(configurations, FacialPolicy.USE),
            self.interviews,
            self.people,
            self.journeys,
            self.merges,
            self.recognition,
        )

    def seen_by(self, calls: Any) -> "Tenant":
        """The same tenant, its every call going through ``calls``."""
        return Tenant(self.dynamodb, self.kms, self.key_id, calls, self.now)

    # --- what happens

    def hand_in(
        self,
        person: dict[str, Any],
        vendor: str = "aiview",
        interview_id: str = "itv-1",
        *,
        external_id: str = "1",
        passes: bool = True,
    ) -> str:
        """An interview result comes in; whose record it is on."""
        return self.ingest(person, vendor, interview_id, external_id=external_id, passes=passes).candidate_id

    def ingest(
        self,
        person: dict[str, Any],
        vendor: str = "aiview",
        interview_id: str = "itv-1",
        *,
        external_id: str = "1",
        passes: bool = True,
    ) -> Ingested:
        document = copy.deepcopy(result()) | {"vendor": vendor, "interview_id": interview_id}
        document["candidate"] = {**person, "external_id": external_id}
        if not passes:
            document["answers"][0]["transcript"] = "不行"
        interview = Interview.model_validate_json(encoded(document))
        return self.ingestion.ingest(
            interview, source=f"api/{interview_id}", keep_raw=lambda: "raw", now=self.now
        )

    def applied(self, person: dict[str, Any], external_id: str = "app-1", **more: Any) -> None:
        """The ATS tells of an application."""
        told = Application.model_validate({"external_id": external_id, "candidate": person, **more})
        self.recognition.application(told, told_at=self.now, actor="ats", now=self.now)

    def sends_offer(self, candidate_id: str) -> None:
        """The candidate has an offer out."""
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
    with mock_aws():
        dynamodb, kms = _client("dynamodb"), _client("kms")
        dynamodb.create_table(**table_definition(TABLE))
        key_id = kms.create_key()["KeyMetadata"]["KeyId"]
        document = model_document(
            sales=competency("1", 90, rule("refuses", -50, present=["不行"]), topics=("objection_handling",))
        )
        assert CompetencyModel.model_validate(document).pass_score == 80
        Configurations(Table(dynamodb, TABLE), lambda: START).put(
            ConfigurationKind.COMPETENCY_MODEL, "sales", document, actor="test", now=START
        )
        yield Tenant(dynamodb, kms, key_id)
