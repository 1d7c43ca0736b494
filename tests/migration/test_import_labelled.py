"""Files labelled by hand, through the import as people use it: no row ends otherwise than a careful person accepts."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest

from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.migration.rules.import_mapping import IMPORT_MAPPING
from rencai.migration.store.imports import Import
from tests.keyed import IDS
from tests.migration.import_office import Office, office
from tests.migration.labelled import Labelled
from tests.migration.labelled_cells import CELLS
from tests.migration.labelled_records import RECORDS, SEQUENCES
from tests.migration.labelled_tables import TABLES
from tests.migration.test_imports_api import Caller
from tests.shipped import DOCUMENTS
from tests.wired import serves

KNOWN: Final = {"10001": "周晓", "10002": "吴敏", "10003": "郑凯", "10004": "冯洁"}


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office() as fresh:
        serves(monkeypatch, fresh.wired)
        for number, name in KNOWN.items():
            fresh.hires(number, name)
        for role in ("sales", "marketing", "general"):
            model = DOCUMENTS[COMPETENCY_MODEL, role].content
            fresh.configurations.put(COMPETENCY_MODEL, role, model, actor="hr", now=fresh.now)
        mapping = DOCUMENTS[IMPORT_MAPPING, "default"].content
        fresh.configurations.put(IMPORT_MAPPING, "default", mapping, actor="hr", now=fresh.now)
        for role in ("sales", "marketing", "general"):
            model = DOCUMENTS[COMPETENCY_MODEL, role].content
            fresh.configurations.put(COMPETENCY_MODEL, role, model, actor="hr", now=fresh.now)
        mapping = DOCUMENTS[IMPORT_MAPPING, "default"].content
        fresh.configurations.put(IMPORT_MAPPING, "default", mapping, actor="hr", now=fresh.now)
        yield fresh


@pytest.mark.parametrize(
    "labelled", [pytest.param(one, id=f"{one.kind}: {one.why}") for one in (*CELLS, *TABLES, *RECORDS)]
)
def test_f1_a_file_ends_as_a_careful_person_accepts(one: Office, labelled: Labelled) -> None:
    assert ends(one, labelled) == []


@pytest.mark.parametrize("files", [pytest.param(files, id=files[0].why) for files in SEQUENCES])
def test_f1_files_of_a_source_end_as_a_careful_person_accepts(one: Office, files: list[Labelled]) -> None:
    mapping: dict[str, Any] = {}
    one.configurations.put(IMPORT_MAPPING, files[0].source, mapping, actor="hr", now=one.now)
    for number, labelled in enumerate(files, start=1):
        one.now += timedelta(minutes=1)
        assert (number, ends(one, labelled)) == (number, [])


def ends(one: Office, labelled: Labelled) -> list[str]:
    """What came of a file that its label does not accept."""
    call = Caller()
    before = one.image()
    said = one.brings(
        labelled.kind,
        labelled.content,
        filename=labelled.filename,
        source=labelled.source,
        confirm=labelled.confirm,
    )
    view = seen(call, said)
    wrong = []
    if {"confirming": "asked"}.get(view["status"], view["status"]) not in labelled.whole:
        wrong.append(f"{view['status']} {asked(view)}")
    if view["status"] == "failed":
        assert view["errors"][0]["message"]
        return wrong
    if view["status"] == "confirming":
        view = finished(one, call, view, labelled)
        if view["status"] != "finished":
            return [*wrong, f"never finished: {view}"]
    _, told = call("GET", f"/imports/{said.import_id}/rows", limit="100")
    errors: dict[int, list[Any]] = {}
    for error in view["errors"]:
        errors.setdefault(error["row"], []).append(error)
    came = {row["row"]: came_of(one, row, errors.get(row["row"], []), labelled.look) for row in told["items"]}
    for row in sorted({*came, *labelled.rows}):
        label, what = labelled.rows.get(row, "skip"), came.get(row, "skip")
        accepted = label.split(" | ")
        if "no" in accepted:
            accepted.append(f"no:{labelled.look}")
        if what not in accepted and (labelled.rows or not what.startswith("no:")):
            wrong.append(f"row {row}: {what!r}, not {label!r} {[e['message'] for e in errors.get(row, [])]}")
    changed = {
        key for key, item in one.image().items() if before.get(key) != item and key[0].startswith("EMPLOYEE#")
    }
    written = [row for row in told["items"] if row["outcome"] in ("created", "updated")]
    if len(changed) > len(written):
        wrong.append(f"more was written than rows say: {changed}")
    return wrong


def seen(call: Caller, said: Import) -> Any:
    status, view = call("GET", f"/imports/{said.import_id}")
    assert status == 200
    return view


def asked(view: Any) -> Any:
    return (
        (view["table"] or {}).get("asked"),
        view["missing"],
        [(one["field"], [(v["value"], v["guess"]) for v in one["values"]]) for one in view["values"] or ()],
        view["asked_scales"],
        view["errors"],
    )


def finished(one: Office, call: Caller, view: Any, labelled: Labelled) -> Any:
    """Whoever is asked says what the label has for it, and takes for the rest what is shown."""
    says = list(labelled.says)
    import_id = view["import_id"]
    for _ in range(4):
        if view["status"] != "confirming":
            break
        status, answer = call(
            "POST", f"/imports/{import_id}/columns", says.pop(0) if says else accepted(view, labelled)
        )
        if status != 200:
            return answer
        one.delivers(partial(one.splits, import_id))
        one.works(import_id)
        _, view = call("GET", f"/imports/{import_id}")
    return view


def accepted(view: Any, labelled: Labelled) -> dict[str, Any]:
    """What somebody answers who has nothing to say: what is shown."""
    answer = {
        "table": {"hidden_rows": "read"} if "hidden_rows" in (view["table"] or {}).get("asked", ()) else {},
        "scales": {one["field"]: {"worst": 1, "best": 5} for one in view["asked_scales"]},
        "by_letter": {} if labelled.rows else free(view),
    }
    return {field: said for field, said in answer.items() if said}


def free(view: Any) -> dict[str, str]:
    """Any column for what is missing: a file that no row is wanted of comes to its end all the same."""
    columns = [
        *(one for one in view["columns"] if not one["field"]),
        *(one for one in view["columns"] if one["field"]),
    ]
    return dict(zip((one["letter"] for one in columns), view["missing"], strict=False))


def came_of(one: Office, row: Any, errors: list[Any], look: str) -> str:
    """What stands on record of a row: the value looked at, or the field that it was refused for."""
    if row["outcome"] == "rejected":
        fields = {error["field"] for error in errors}
        return f"no:{look}" if look in fields else "no:" + ",".join(sorted(map(str, fields)))
    prefix = "ANSWERS#" if ":" in look else "EMPLOYEE#"
    of = [
        item | {"sk": sk}
        for (pk, sk), item in one.items().items()
        if pk == f"{prefix}{row['employee_id']}"
        and (sk.endswith(row["record"]) if row["record"] else sk == "EMPLOYEE")
    ]
    if len(of) != 1:
        return f"{len(of)} records of {row}"
    (item,) = of
    if look in ("week", "month"):
        return str(item["sk"].split("#")[1])
    if look == "sales":
        return next((f"{value} {unit}" for metric, value, _, unit in item["metrics"] if metric == look), "")
    if look.startswith("score:"):
        return str(dict(json.loads(item["scores"]))[look.removeprefix("score:")])
    if look == "employee_no" and row["record"]:
        return next(
            (number for number in KNOWN if IDS.employee_of_number(number) == row["employee_id"]), "nobody's"
        )
    return str(item.get(look, ""))
