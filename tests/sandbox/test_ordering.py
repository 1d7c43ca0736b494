"""What holds for every POST to a vendor: the token, the key, the body; and the ledger that tells of it."""

import json
from typing import Any
from unittest.mock import ANY

import pytest

from tests.sandbox.stage import SECRETS, Stage, assessment, check, enrolment, envelope, stage_change

ORDERS = [
    ("/esign/envelopes", envelope(), 201),
    ("/background/checks", check(), 202),
    ("/psychometric/assessments", assessment(), 202),
    ("/ats/applications/app-1/stage", stage_change(), 204),
    ("/lms/enrolments", enrolment(), 201),
]
every_order = pytest.mark.parametrize(
    ("path", "body", "status"), ORDERS, ids=["envelope", "check", "assessment", "stage", "enrolment"]
)


@every_order
def test_the_same_key_again_gets_the_first_answer_and_makes_nothing(
    stage: Stage, path: str, body: Any, status: int
) -> None:
    first = stage.post(path, body)
    stage.later(seconds=5)
    second = stage.post(path, body)
    assert (first.status, second.status) == (status, status)
    assert second.text == first.text
    ledger = stage.get("/ledger").json
    assert [one["requests"] for one in ledger["items"]] == [2]
    assert len(stage.queued) == (1 if status == 202 else 0)


@every_order
def test_the_same_key_with_another_body_is_a_conflict_and_is_counted(
    stage: Stage, path: str, body: Any, status: int
) -> None:
    changed = {**body, "stage": "signed"} if "stage" in body else {**body, "reference": "another"}
    assert [stage.post(path, body).status, stage.post(path, changed).status] == [status, 409]
    assert [one["requests"] for one in stage.get("/ledger").json["items"]] == [2]


def test_the_same_key_for_another_application_is_a_conflict(stage: Stage) -> None:
    stage.post("/ats/applications/app-1/stage", stage_change())
    assert stage.post("/ats/applications/app-2/stage", stage_change()).status == 409


def test_the_order_of_fields_makes_no_other_request(stage: Stage) -> None:
    stage.post("/esign/envelopes", envelope())
    assert stage.post("/esign/envelopes", dict(reversed(envelope().items()))).status == 201


def test_another_key_makes_another_thing(stage: Stage) -> None:
    ids = {stage.post("/background/checks", check(), key=key).json["check_id"] for key in ("a", "b")}
    assert len(ids) == 2


@every_order
@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer nonsense", f"Basic {SECRETS['esign'].token}", "Bearer \u00e9"]
)
def test_no_token_no_service(stage: Stage, path: str, body: Any, status: int, authorization: str) -> None:
    headers = {"Authorization": authorization, "Idempotency-Key": "k"}
    reply = stage.raw("POST", path, headers=headers, body=json.dumps(body))
    assert (reply.status, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert stage.get("/ledger").json["items"] == []


def test_a_token_is_good_for_its_own_vendor_only(stage: Stage) -> None:
    headers = {"Authorization": f"Bearer {SECRETS['ats'].token}"}
    assert stage.raw("GET", "/finance/salary-bands?role=sales", headers=headers).status == 401


@every_order
@pytest.mark.parametrize("key", ["", "  ", "x" * 256])
def test_a_key_is_required(stage: Stage, path: str, body: Any, status: int, key: str) -> None:
    assert stage.post(path, body, key=key).status == 400


@every_order
def test_a_field_missing_unknown_or_wrong_is_named_and_its_value_is_not_repeated(
    stage: Stage, path: str, body: Any, status: int
) -> None:
    for field in body:
        without = {name: value for name, value in body.items() if name != field}
        assert stage.post(path, without).json["errors"] == [{"path": field, "message": "Field required"}]
    surprised = stage.post(path, {**body, "surprise": "机密"})
    assert (surprised.status, [one["path"] for one in surprised.json["errors"]]) == (400, ["surprise"])
    wrong = stage.post(path, {**body, next(iter(body)): 4711})
    assert wrong.status == 400
    assert "机密" not in surprised.text
    assert "4711" not in wrong.text


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"'])
def test_a_body_that_is_no_object_is_refused(stage: Stage, body: str) -> None:
    headers = {"Authorization": f"Bearer {SECRETS['esign'].token}", "Idempotency-Key": "k"}
    assert stage.raw("POST", "/esign/envelopes", headers=headers, body=body).status == 400


@pytest.mark.parametrize(
    "url", ["http://tenant.example/", "ftp://tenant.example/", "https://", "javascript:alert(1)", ""]
)
def test_callbacks_go_over_https_where_the_sandbox_does(stage: Stage, url: str) -> None:
    assert stage.post("/esign/envelopes", envelope(callback_url=url)).status == 400
    assert stage.post("/background/checks", check(callback_url=url)).status == 400


def test_a_check_without_national_id_and_work_history_is_fine(stage: Stage) -> None:
    person: dict[str, Any] = {"name": "李四", "national_id": None, "work_history": []}
    assert stage.post("/background/checks", check(person=person)).status == 202


def test_a_signer_needs_an_email_or_a_phone(stage: Stage) -> None:
    nobody = {"name": "张三", "email": None, "phone": None}
    assert stage.post("/esign/envelopes", envelope(signer=nobody)).status == 400


def test_a_document_larger_than_a_table_item_is_refused(stage: Stage) -> None:
    huge = {"title": "t", "html": "职" * 120_000}
    assert stage.post("/esign/envelopes", envelope(document=huge)).status == 400


def test_the_ats_has_no_applications_of_its_own(stage: Stage) -> None:
    assert stage.get("/ats/applications?since=c").json == {"items": [], "next": None}


def test_the_ledger_pages_through_all_vendors_and_through_one(stage: Stage) -> None:
    for number in range(3):
        stage.post("/esign/envelopes", envelope(), key=f"e{number}")
        stage.post("/background/checks", check(), key=f"c{number}")
    stage.post("/ats/applications/app-1/stage", stage_change(), key="s0")

    def keys(path: str) -> list[list[str]]:
        pages, cursor = [], ""
        while cursor is not None:
            page = stage.get(f"{path}&cursor={cursor}").json
            pages.append([one["idempotency_key"] for one in page["items"]])
            cursor = page["next"]
        return pages

    everything = keys("/ledger?limit=3")
    assert [len(page) for page in everything] == [3, 3, 1]
    assert sorted([key for page in everything for key in page]) == ["c0", "c1", "c2", "e0", "e1", "e2", "s0"]
    assert [sorted(page) for page in keys("/ledger?limit=3&vendor=esign")] == [["e0", "e1", "e2"]]
    assert keys("/ledger?limit=3&vendor=finance") == [[]]


def test_a_row_of_the_ledger(stage: Stage) -> None:
    made = stage.post("/background/checks", check(), key="cause-7").json["check_id"]
    assert stage.get("/ledger?vendor=background").json == {
        "items": [
            {
                "vendor": "background",
                "kind": "check",
                "id": made,
                "idempotency_key": "cause-7",
                "reference": "cand_1",
                "created_at": "2026-11-22T04:00:00Z",
                "requests": 1,
            }
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 400),
        ("limit=101", 400),
        ("limit=x", 400),
        ("cursor=x", 400),
        ("cursor=WzFd", 400),
        ("vendor=x", 404),
    ],
)
def test_the_ledger_refuses_nonsense(stage: Stage, query: str, status: int) -> None:
    assert stage.get(f"/ledger?{query}").status == status


@pytest.mark.parametrize("path", ["/ledger", "/faults", "/deliveries/summary"])
def test_the_testers_paths_take_any_vendors_token_but_need_one(stage: Stage, path: str) -> None:
    assert stage.raw("GET", path).status == 401
    for secret in SECRETS.values():
        assert stage.raw("GET", path, headers={"Authorization": f"bearer {secret.token}"}).status == 200


def test_nothing_of_a_person_to_be_checked_and_no_reason_of_a_stage_change_is_stored(stage: Stage) -> None:
    stage.post("/background/checks", check())
    stage.post("/ats/applications/app-1/stage", stage_change())
    stored = str(stage.table.scan()["Items"])
    assert not [text for text in ("李四", "110101199003071234", "某某公司", "薪资谈妥") if text in stored]


def test_everything_made_is_forgotten_after_30_days(stage: Stage) -> None:
    stage.post("/esign/envelopes", envelope())
    assert [item["forget_at"] for item in stage.table.scan()["Items"]] == [
        int(stage.now.timestamp()) + 30 * 86_400
    ]


def test_a_wrong_path_is_not_found(stage: Stage) -> None:
    reply = stage.get("/esign/envelops")
    assert (reply.status, reply.json) == (
        404,
        {"type": "about:blank", "title": "Not Found", "status": 404, "detail": ANY},
    )
