"""HR's office over imports, on moto's table, bucket and key: the real use cases, queues that deliver again what died,
and every call to AWS may crash.
"""

import io
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

import openpyxl
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from functions.relay.relay import told_by
from rencai.employees.rules.employee import Employee
from rencai.kernel.errors import LostRace
from rencai.kernel.events import Event
from rencai.migration.part import import_part
from rencai.migration.rules.fields import ImportKind
from rencai.migration.split import split_import
from rencai.migration.store.imports import Import
from rencai.migration.store.objects import upload_object_key
from rencai.migration.undo import begin_undo, check_part, restore_part
from rencai.platform.consumer import Retry
from rencai.store.configurations import Configurations
from rencai.store.table import Item, Table, from_item
from rencai.wiring.events import DATA_MODELS
from tests.aws import client, fresh_table, key_id
from tests.journey.faults import Crash, Faults, Faulty
from tests.keyed import IDS
from tests.wired import wired_with

START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, 9:00 in Shanghai."""
REGION: Final = "ap-southeast-1"
TABLE: Final = "rencai-test"
BUCKET: Final = "rencai-test"
_OURS: Final = ("IMPORTS", "CONFIG#", "REQUEST#", "ATTEMPTS#")
Cells = Sequence[object]


def csv(*rows: Cells, encoding: str = "utf-8") -> bytes:
    """Rows of a file, the header first."""
    return "\r\n".join(",".join("" if one is None else str(one) for one in row) for row in rows).encode(
        encoding
    )


def xlsx(*rows: Cells) -> bytes:
    """The same as a spreadsheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@dataclass
class Office:
    """One tenant; ``faults`` sees every call to AWS."""

    faults: Faults = field(default_factory=Faults)
    now: datetime = START
    queue: deque[Callable[[], None]] = field(default_factory=deque)
    calls: int = 0
    _asked: int = 0
    _tries: int = 0

    def __post_init__(self) -> None:
        def seen(service: str) -> Any:
            return Faulty(service, client(service), self.faults)

        self.wired = wired_with(seen, lambda: self.now, {"KEY_ID": key_id()})
        self.wired.configurations = Configurations(Table(client("dynamodb"), TABLE), lambda: self.now)
        self.table = self.wired.table
        self.bucket = self.wired.bucket
        self.configurations = self.wired.configurations
        self.employees = self.wired.employees.employees
        self.signals = self.wired.employees.signals
        self.performances = self.wired.employees.performances
        self.records = self.wired.employees.records
        self.imports = self.wired.migration.imports
        self.import_objects = self.wired.migration.objects
        self.importing = self.wired.migration.importing

    # --- what happens

    def hires(self, number: str = "10001", name: str = "周晓") -> str:
        """Somebody is on record under a number of the tenant's own; whose id that makes."""
        employee_id = IDS.employee_of_number(number)
        employee = Employee(
            employee_id, name, "sales", "上海", date(2020, 1, 6), self.now, employee_no=number
        )
        self.employees.hire(employee)
        return employee_id

    def asks(
        self,
        kind: str,
        *,
        dry_run: bool = False,
        filename: str = "file.csv",
        language: str = "zh-CN",
        source: str = "default",
        confirm: bool = False,
    ) -> Import:
        """HR asks for a URL."""
        self._asked += 1
        import_id = IDS.import_id(self.now, str(self._asked))
        return self.imports.create(
            Import(
                import_id,
                ImportKind(kind),
                filename,
                dry_run,
                source,
                upload_object_key(import_id, filename),
                self.now,
                language,
                "hr",
                confirm=confirm,
            )
        )

    def puts(self, made: Import, content: bytes) -> None:
        """The file is put there, and S3 tells of it."""
        version = client("s3").put_object(Bucket=BUCKET, Key=made.object_key, Body=content)["VersionId"]
        self.delivers(partial(self.splits, made.import_id, version))

    def brings(self, kind: str, content: bytes, **asked: Any) -> Import:
        """A whole import, to its end."""
        made = self.asks(kind, **asked)
        self.puts(made, content)
        return self.works(made.import_id)

    def undoes(self, import_id: str) -> Import:
        """HR wants it taken back."""
        self.imports.undo_asked(self.imports.get(import_id), "hr", self.now)
        self.delivers(partial(self._begin_undo, import_id))
        return self.works(import_id)

    def delivers(self, act: Callable[[], None]) -> None:
        """Something lands on a queue."""
        self.queue.append(act)

    def works(self, import_id: str) -> Import:
        """The queues are worked off; what died, or lost a race, is delivered again."""
        while self.queue:
            self.takes()
        self.faults.at = None  # whoever looks at the outcome is not to die of it
        self.calls = len(self.faults.calls)
        return self.imports.get(import_id)

    def takes(self) -> None:
        """The first message, delivered until it is done."""
        act = self.queue.popleft()
        while True:
            try:
                return act()
            except (Crash, Retry, LostRace):
                self._tries += 1
                assert self._tries < 10, "it fails whenever it is tried"

    def splits(self, import_id: str, version: str | None = None) -> None:
        split_import(
            import_id,
            version,
            importing=self.importing,
            send=lambda of, part: self.delivers(partial(self._part, of, part)),
            now=self.now,
        )

    def _part(self, import_id: str, part: int) -> None:
        import_part(import_id, part, importing=self.importing, now=self.now)

    def _begin_undo(self, import_id: str) -> None:
        begin_undo(import_id, importing=self.importing, send=self._undo_part, now=self.now)

    def _undo_part(self, import_id: str, step: str, part: int) -> None:
        self.delivers(partial(self._checks if step == "check" else self._restores, import_id, part))

    def _checks(self, import_id: str, part: int) -> None:
        check_part(import_id, part, importing=self.importing, send=self._undo_part, now=self.now)

    def _restores(self, import_id: str, part: int) -> None:
        restore_part(import_id, part, importing=self.importing, now=self.now)

    # --- what a test looks at

    def items(self) -> dict[tuple[str, str], Item]:
        """The whole table."""
        found: dict[tuple[str, str], Item] = {}
        start: dict[str, Any] = {}
        while True:
            answer = client("dynamodb").scan(TableName=TABLE, **start)
            for item in map(from_item, answer["Items"]):
                found[item["pk"], item["sk"]] = item
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def image(self) -> dict[tuple[str, str], Item]:
        """The table but for imports themselves, versions, what rides on an item for one image only, and where people
        were reached before: that stays on record, also of what was taken back.
        """
        return {
            (pk, sk): {k: v for k, v in item.items() if k not in {"version", "events"}}
            for (pk, sk), item in self.items().items()
            if not pk.startswith(_OURS) and not sk.startswith("CONTACT#")
        }

    def told(self) -> list[Event]:
        """The events the stream carried, once each, in the shape they promise."""
        shard = dynamodb_backends[ACCOUNT_ID][REGION].tables[TABLE].stream_shard
        assert shard is not None
        found = {event.id: event for record in shard.items for _, event in told_by(record.to_json())}
        for event in found.values():
            DATA_MODELS[event.name].model_validate(event.data)
        return list(found.values())

    def report(self, import_id: str) -> list[dict[str, Any]]:
        content = self.bucket.get(f"imports/{import_id}/report.jsonl").decode()
        return [json.loads(line) for line in content.splitlines()]


@contextmanager
def account() -> Iterator[None]:
    """A fresh tenant's table and bucket."""
    with fresh_table():
        client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield


@contextmanager
def office(faults: Faults | None = None) -> Iterator[Office]:
    """A fresh tenant."""
    with account():
        yield Office(faults or Faults())
