"""A file of people is HR's word on where they are reached; what it replaces stays on record (F1)."""

from collections.abc import Iterator

import pytest

from rencai.people.rules.contact import ContactField, SourceKind
from rencai.people.rules.identity import Contact
from tests.aws import client
from tests.keyed import IDS
from tests.migration.import_office import Office, csv, office

ZHOU = IDS.employee_of_number("10001")


@pytest.fixture
def one() -> Iterator[Office]:
    with office() as fresh:
        # By it a correction that comes again is known.
        client("secretsmanager").create_secret(Name="rencai/test/identity", SecretString="secret of the test")
        yield fresh


@pytest.fixture
def known(one: Office) -> Office:
    one.brings(
        "people",
        csv(
            ("工号", "姓名", "岗位", "地点", "入职日期", "邮箱"),
            ("10001", "周晓", "sales", "上海", "2020-01-06", "old@example.com"),
        ),
    )
    return one


def _brings(one: Office, email: str) -> str:
    return one.brings("people", csv(("工号", "姓名", "邮箱"), ("10001", "周晓", email))).import_id


def test_another_address_in_a_file_replaces_the_one_before_on_the_record(known: Office) -> None:
    import_id = _brings(known, "new@example.com")
    file = known.wired.people.contact_desk.contact(ZHOU)
    assert file.contact.email == "new@example.com"
    source = file.held.facts[ContactField.EMAIL]
    assert (source.kind, source.id.partition(":")[0]) == (SourceKind.HR, import_id)
    (before,) = file.before
    assert (before.contact.email, before.contact.name) == ("old@example.com", "周晓")
    assert (before.replaced.actor, before.replaced.by.id.partition(":")[0]) == ("hr", import_id)


def test_a_file_that_says_the_same_keeps_what_was_said_before(known: Office) -> None:
    known.wired.people.contact_desk.correct(
        ZHOU,
        Contact(email="new@example.com", phone="+8613800000001"),
        reason="-",
        request_key="key-1",
        actor="hr-1",
        now=known.now,
    )
    known.brings(
        "people", csv(("工号", "姓名", "地点", "邮箱"), ("10001", "周晓", "北京", "new@example.com"))
    )
    file = known.wired.people.contact_desk.contact(ZHOU)
    assert (file.contact.email, file.contact.phone) == ("new@example.com", "+8613800000001")
    assert file.held.facts[ContactField.EMAIL].id == "hr-1"
    assert len(file.before) == 1


def test_an_undone_import_leaves_what_it_said_on_record(known: Office) -> None:
    import_id = _brings(known, "new@example.com")
    known.undoes(import_id)
    file = known.wired.people.contact_desk.contact(ZHOU)
    assert file.contact.email == "old@example.com"
    assert [before.contact.email for before in file.before] == ["old@example.com", "new@example.com"]


def test_what_hr_corrected_since_is_not_undone(known: Office) -> None:
    import_id = _brings(known, "new@example.com")
    known.wired.people.contact_desk.correct(
        ZHOU, Contact(email="third@example.com"), reason="-", request_key="k", actor="hr-1", now=known.now
    )
    undone = known.undoes(import_id)
    assert undone.undo.refused == 1
    assert known.wired.people.contact_desk.contact(ZHOU).contact.email == "third@example.com"
