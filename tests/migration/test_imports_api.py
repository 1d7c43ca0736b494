"""HR's API over imports: a URL, what came of the file, its columns, its undo (F1)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.api.imports import handler
from rencai.migration.desk import UNDOABLE
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.import_mapping import IMPORT_MAPPING
from rencai.migration.store.imports import Counts, Import, ImportStatus
from rencai.store.file_requests import FileRequest
from tests.keyed import IDS
from tests.migration.import_office import Office, csv, office
from tests.template import ROOT, routes
from tests.wired import serves

EVENT = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office() as fresh:
        serves(monkeypatch, fresh.wired)
        yield fresh


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


class Caller:
    """HR's API."""

    def __call__(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: str
    ) -> tuple[int, Any]:
        event = json.loads(json.dumps(EVENT))
        event |= {"httpMethod": method, "path": path, "resource": path}
        event["body"] = json.dumps(body) if body is not None else None
        event["queryStringParameters"] = query or None
        event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} if query else None
        event["headers"].pop("Idempotency-Key", None)
        if key:
            event["headers"]["Idempotency-Key"] = key
        answer = handler(event, Context())
        return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def call() -> Caller:
    return Caller()


def test_f1_a_url_is_asked_for_and_the_same_request_names_the_same_import(one: Office, call: Caller) -> None:
    asked = {"kind": "people", "filename": "人员.csv", "dry_run": True}
    status, ticket = call("POST", "/imports", asked, key="key-1")
    assert (status, ticket["method"]) == (201, "PUT")
    assert ticket["headers"] == {"Content-Type": "application/octet-stream", "If-None-Match": "*"}
    assert f"imports/uploads/{ticket['import_id']}/" in ticket["url"]
    one.now += timedelta(seconds=5)
    assert call("POST", "/imports", asked, key="key-1")[1]["import_id"] == ticket["import_id"]
    status, problem = call("POST", "/imports", {**asked, "dry_run": False}, key="key-1")
    assert (status, problem["type"]) == (409, "urn:rencai:problem:key_reused")

    status, sized = call("POST", "/imports", {**asked, "size": 12}, key="key-2")
    assert (status, sized["headers"]["Content-Length"]) == (201, "12")
    for size in (0, -1, 100 * 1024 * 1024 + 1, "1e3"):
        status, problem = call("POST", "/imports", {**asked, "size": size})
        assert (status, problem["errors"][0]["path"]) == (400, "size")

    status, view = call("GET", f"/imports/{ticket['import_id']}")
    assert (status, view["status"], view["dry_run"], view["counts"]["rows"]) == (200, "waiting", True, None)
    assert view["progress"] == {"parts_done": 0, "parts_total": None}
    assert view["report_url"] is view["error_file_url"] is view["undo"] is None


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"kind": "money", "filename": "x.csv"}, 400, "malformed"),
        ({"kind": "people", "filename": "../x.csv"}, 400, "malformed"),
        ({"kind": "people", "filename": "x.csv", "source": "oracle"}, 422, "source_unknown"),
    ],
)
def test_what_cannot_be_imported_is_refused(
    one: Office, call: Caller, asked: dict[str, Any], status: int, code: str
) -> None:
    answered, problem = call("POST", "/imports", asked)
    assert (answered, problem["type"]) == (status, f"urn:rencai:problem:{code}")


def test_f1_what_came_of_a_file_is_shown(one: Office, call: Caller) -> None:
    one.hires("10001")
    done = one.brings(
        "attendance",
        csv(("工号", "周", "工时", "心情"), ("10001", "2026-W08", "55", ""), ("10009", "2026-W08", "多", "")),
    )
    status, view = call("GET", f"/imports/{done.import_id}")
    assert (status, view["status"]) == (200, "finished")
    assert view["counts"] == {
        "rows": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
        "unmatched": 0,
    }
    assert [(column["header"], column["field"]) for column in view["columns"]] == [
        ("工号", "employee_no"),
        ("周", "week"),
        ("工时", "hours"),
        ("心情", None),
    ]
    (error,) = view["errors"]
    assert (error["row"], error["column"], error["value"], error["rule"]) == (
        3,
        "工时",
        "多",
        "cell_not_a_number",
    )
    assert f"imports/{done.import_id}/report.jsonl" in view["report_url"]
    assert f"imports/{done.import_id}/errors.xlsx" in view["error_file_url"]
    as_csv = call("GET", f"/imports/{done.import_id}", error_file="csv")[1]
    assert f"imports/{done.import_id}/errors.csv" in as_csv["error_file_url"]
    assert call("GET", f"/imports/{done.import_id}", error_file="xls")[0] == 400


def test_imports_are_listed_newest_first(one: Office, call: Caller) -> None:
    made = []
    for _ in range(3):
        made.append(one.asks("people").import_id)
        one.now += timedelta(seconds=1)
    _, page = call("GET", "/imports", limit="2")
    assert [item["import_id"] for item in page["items"]] == [made[2], made[1]]
    _, rest = call("GET", "/imports", limit="2", cursor=page["next"])
    assert [item["import_id"] for item in rest["items"]] == [made[0]]
    assert call("GET", "/imports/imp_none")[0] == 404


def test_a_file_that_cannot_be_read_says_why(one: Office, call: Caller) -> None:
    done = one.brings("people", b"PK\x03\x04 no spreadsheet")
    _, view = call("GET", f"/imports/{done.import_id}")
    assert (view["status"], view["errors"][0]["row"], view["errors"][0]["rule"]) == (
        "failed",
        0,
        "file_not_readable",
    )


# --- columns


ODD = csv(("谁", "周", "工时"), ("10001", "2026-W08", "55"))


def confirming(one: Office) -> Import:
    one.hires("10001")
    waits = one.brings("attendance", ODD)
    assert waits.status is ImportStatus.CONFIRMING
    return waits


def test_f1_columns_nobody_knows_are_confirmed_by_a_person(one: Office, call: Caller) -> None:
    waits = confirming(one)
    _, view = call("GET", f"/imports/{waits.import_id}")
    assert view["status"] == "confirming"
    assert view["missing"]
    path = f"/imports/{waits.import_id}/columns"
    status, problem = call("POST", path, {"columns": {"谁": "nothing"}})
    assert (status, problem["type"]) == (422, "urn:rencai:problem:column_unknown")
    status, view = call("POST", path, {"columns": {"谁": "employee_no"}})
    assert (status, view["status"]) == (200, "reading")
    assert view["columns"][0] == {
        "letter": "A",
        "header": "谁",
        "field": "employee_no",
        "how": "confirmed",
        "sample": [],
    }
    (event,) = [event for event in one.told() if event.name == "import.confirmed"]
    assert event.data == {"kind": "attendance"}

    one.delivers(lambda: one.splits(waits.import_id))
    done = one.works(waits.import_id)
    assert (done.status, done.counts) == (ImportStatus.FINISHED, Counts(created=1))
    status, problem = call("POST", path, {"columns": {"谁": "employee_no"}})
    assert (status, problem["type"]) == (409, "urn:rencai:problem:import_not_waiting")
    # The next file of this source waits again: nobody asked to have it remembered.
    assert one.brings("attendance", ODD).status is ImportStatus.CONFIRMING


def test_f1_what_a_person_chose_is_remembered_for_the_next_file(one: Office, call: Caller) -> None:
    waits = confirming(one)
    path = f"/imports/{waits.import_id}/columns"
    # HR edits the same document meanwhile, in another container.
    one.configurations.latest(IMPORT_MAPPING, "default")
    document = {"roles": {"sales": ["销售"]}}
    other = type(one.configurations)(one.table, lambda: one.now)
    other.put(IMPORT_MAPPING, "default", document, actor="hr", now=one.now)
    status, _ = call("POST", path, {"columns": {"谁": "employee_no"}, "remember": True})
    assert status == 200
    one.delivers(lambda: one.splits(waits.import_id))
    assert one.works(waits.import_id).counts == Counts(created=1)
    assert one.brings("attendance", ODD).counts == Counts(unchanged=1)
    learnt = one.configurations.latest(IMPORT_MAPPING, "default").document
    assert learnt.roles == {"sales": ("销售",)}
    assert learnt.columns == {ImportKind.ATTENDANCE: {"employee_no": ("谁",)}}


def waits(one: Office, kind: str, *rows: tuple[object, ...]) -> str:
    made = one.brings(kind, csv(*rows), confirm=True)
    assert made.status is ImportStatus.CONFIRMING
    return f"/imports/{made.import_id}/columns"


def test_a_further_figure_is_remembered(one: Office, call: Caller) -> None:
    one.hires("10001")
    rows = (("工号", "月份", "得分", "上新数甲"), ("10001", "2026-02", 80, 12))
    path = waits(one, "performance", *rows)
    chosen = {"columns": {"上新数甲": "metric:listings"}, "remember": True}
    status, view = call("POST", path, chosen)
    assert (status, view["columns"][3]["field"]) == (200, "metric:listings")
    assert one.configurations.latest(IMPORT_MAPPING).document.metrics == {"listings": ("上新数甲",)}
    assert one.brings("performance", csv(*rows)).counts == Counts(created=1)
    (month,) = one.performances.of(IDS.employee_of_number("10001"))
    assert "listings" in {metric.id for metric in month.metrics}


def test_a_remembered_header_is_corrected(one: Office, call: Caller) -> None:
    one.hires("10001")
    rows = (("工号", "自定义"), ("10001", "甲"))
    for chosen in ("department", "level", None, "department"):
        path = waits(one, "people", *rows)
        status, _ = call("POST", path, {"columns": {"自定义": chosen}, "remember": True})
        assert status == 200
        document = one.configurations.latest(IMPORT_MAPPING).document
        assert document.columns == ({ImportKind.PEOPLE: {chosen: ("自定义",)}} if chosen else {})
        assert document.ignored == ({} if chosen else {ImportKind.PEOPLE: ("自定义",)})


def test_a_file_whose_columns_are_known_waits_where_somebody_wants_to_look(one: Office, call: Caller) -> None:
    asked = {"kind": "people", "filename": "x.csv", "confirm": True}
    status, ticket = call("POST", "/imports", asked)
    assert status == 201
    made = one.imports.get(ticket["import_id"])
    one.hires("10001")
    one.puts(made, csv(("工号", "部门"), ("10001", "运营部")))
    assert one.works(made.import_id).status is ImportStatus.CONFIRMING
    status, view = call("POST", f"/imports/{made.import_id}/columns", {})
    assert (status, view["status"]) == (200, "reading")
    one.delivers(lambda: one.splits(made.import_id))
    assert one.works(made.import_id).counts == Counts(updated=1)


def test_what_was_remembered_counts_for_the_very_next_file(one: Office, call: Caller) -> None:
    """Whoever splits files has read the mapping within the minute, in a container of its own."""
    one.hires("10001")
    rows = (("工号", "自定义"), ("10001", "甲"))
    one.configurations.put(IMPORT_MAPPING, "default", {"currency": "USD"}, actor="hr", now=one.now)
    path = waits(one, "people", *rows)
    splitting = one.configurations
    one.wired.migration.desk = replace(
        one.wired.migration.desk, configurations=type(splitting)(one.table, lambda: one.now)
    )
    assert call("POST", path, {"columns": {"自定义": "level"}, "remember": True})[0] == 200
    known = one.brings("people", csv(*rows))
    assert [column.field for column in known.columns or ()] == ["employee_no", "level"]


def test_what_cannot_be_remembered_confirms_nothing(one: Office, call: Caller) -> None:
    path = waits(one, "people", ("工号", "Grade A", "grade-a"), ("10001", "1", "2"))
    chosen = {"columns": {"Grade A": "level", "grade-a": None}, "remember": True}
    status, problem = call("POST", path, chosen)
    assert (status, problem["type"]) == (422, "urn:rencai:problem:column_not_memorable")
    assert one.configurations.names(IMPORT_MAPPING) == []
    assert call("GET", path.removesuffix("/columns"))[1]["status"] == "confirming"
    assert call("POST", path, {**chosen, "remember": False})[0] == 200


class Overtaken:
    """A client behind whose back somebody acts just before the first transaction."""

    def __init__(self, target: Any, act: Callable[[], object]) -> None:
        self._target = target
        self._acts = [act]

    def transact_write_items(self, **asked: Any) -> Any:
        if self._acts:
            self._acts.pop()()
        return self._target.transact_write_items(**asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)


def test_of_two_who_confirm_at_once_only_the_first_is_remembered(one: Office, call: Caller) -> None:
    path = waits(one, "people", ("工号", "自定义"), ("10001", "甲"))

    def meanwhile() -> None:
        assert call("POST", path, {"columns": {"自定义": "level"}, "remember": True})[0] == 200

    one.table._client = Overtaken(one.table._client, meanwhile)  # type: ignore[assignment]
    status, problem = call("POST", path, {"columns": {"自定义": "department"}, "remember": True})
    assert (status, problem["type"]) == (409, "urn:rencai:problem:import_not_waiting")
    document = one.configurations.latest(IMPORT_MAPPING).document
    assert document.columns == {ImportKind.PEOPLE: {"level": ("自定义",)}}


def test_two_who_remember_at_once_are_both_remembered(one: Office, call: Caller) -> None:
    first = waits(one, "people", ("工号", "甲"), ("10001", "1"))
    second = waits(one, "people", ("工号", "乙"), ("10001", "1"))

    def meanwhile() -> None:
        assert call("POST", first, {"columns": {"甲": "level"}, "remember": True})[0] == 200

    one.table._client = Overtaken(one.table._client, meanwhile)  # type: ignore[assignment]
    assert call("POST", second, {"columns": {"乙": "department"}, "remember": True})[0] == 200
    document = one.configurations.latest(IMPORT_MAPPING).document
    assert document.columns == {ImportKind.PEOPLE: {"level": ("甲",), "department": ("乙",)}}


# --- undo


def test_f1_an_import_is_taken_back(one: Office, call: Caller) -> None:
    one.hires("10001")
    before = one.image()
    done = one.brings("attendance", csv(("工号", "周", "工时"), ("10001", "2026-W08", "55")))
    path = f"/imports/{done.import_id}/undo"
    status, view = call("POST", path)
    assert (status, view["status"]) == (202, "undoing")
    assert call("POST", path)[0] == 409
    one.delivers(lambda: one._begin_undo(done.import_id))
    one.works(done.import_id)
    _, view = call("GET", f"/imports/{done.import_id}")
    assert (view["status"], view["undo"]["restored"], view["kept_rows"]) == ("undone", 1, [])
    assert one.image() == before


def test_f1_rows_that_stand_against_an_undo_are_named(one: Office, call: Caller) -> None:
    people = one.brings(
        "people",
        csv(
            ("工号", "姓名", "岗位", "工作地点", "入职日期"),
            ("10001", "张三", "sales", "深圳", "2025-03-03"),
        ),
    )
    one.brings("attendance", csv(("工号", "周", "工时"), ("10001", "2026-W08", "55")))
    one.undoes(people.import_id)
    _, view = call("GET", f"/imports/{people.import_id}")
    assert (view["status"], view["undo"]["refused"], view["refused_rows"]) == ("undo_refused", 1, [2])
    assert one.employees.get(IDS.employee_of_number("10001"))


def test_f1_what_cannot_be_undone_says_why(one: Office, call: Caller) -> None:
    content = csv(("工号", "周", "工时"), ("10001", "2026-W08", "55"))
    one.hires("10001")

    def refused(made: Import) -> tuple[int, str]:
        status, problem = call("POST", f"/imports/{made.import_id}/undo")
        return status, problem["type"].removeprefix("urn:rencai:problem:")

    assert refused(one.asks("people")) == (409, "import_not_finished")
    assert refused(one.brings("attendance", content, dry_run=True)) == (409, "import_not_undoable")
    old = one.brings("attendance", content)
    one.now += timedelta(days=61)
    assert refused(old) == (409, "import_too_old")


def test_f1_an_import_can_be_undone_up_to_its_last_moment(one: Office, call: Caller) -> None:
    one.hires("10001")
    made = one.brings("attendance", csv(("工号", "周", "工时"), ("10001", "2026-W08", "55")))
    one.now = made.created_at + UNDOABLE + timedelta(milliseconds=1)
    assert call("POST", f"/imports/{made.import_id}/undo")[0] == 409
    one.now -= timedelta(milliseconds=1)
    assert call("POST", f"/imports/{made.import_id}/undo")[0] == 202


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=5)], ids=["at the same moment", "later"])
def test_an_idempotency_key_is_its_clients_own(one: Office, later: timedelta) -> None:
    """Two clients that count their requests come to the same keys: neither is given the other's import."""

    def asked(client_id: str, at: timedelta) -> Import:
        request = FileRequest("x.csv", "en", client_id, "key-1", "key-1", "digest")
        return desk.ask(request, ImportKind.PEOPLE, "default", one.now + at, dry_run=True)[0]

    desk = one.wired.migration.desk
    mine, theirs = asked("client-a", timedelta(0)), asked("client-b", later)
    assert mine.import_id != theirs.import_id
    assert [mine.actor, theirs.actor] == ["client-a", "client-b"]
    again = timedelta(hours=1)
    assert [asked("client-a", again), asked("client-b", again)] == [mine, theirs]


def test_openapi_has_every_route_of_the_template_with_its_answer_and_scope() -> None:
    from functions.api.document import document

    paths = document()["paths"]
    documented = {(method, path) for path in paths if path.startswith("/imports") for method in paths[path]}
    assert {f"{method.upper()} {path}" for method, path in documented} == routes("ImportApi")
    answers = {("post", "/imports"): "201", ("post", "/imports/{import_id}/undo"): "202"}
    for method, path in documented:
        operation = paths[path][method]
        assert operation["security"] == [{"oauth": ["rencai/api"]}]
        assert [one for one in operation["responses"] if one < "400"] == [answers.get((method, path), "200")]
    schemas = document()["components"]["schemas"]
    assert schemas["ImportKind"]["enum"] == [member.value for member in ImportKind]
    assert schemas["ImportStatus"]["enum"] == [member.value for member in ImportStatus]
