"""What a vendor is asked again is what it was asked first."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rencai.kernel.errors import LostRace
from rencai.store.sealed import Vault
from rencai.store.table import Table, from_item
from rencai.vendors.asked import KEPT_FOR, Request, SharedAsked, asked_key
from tests.keyed import IDS
from tests.racing import Racing

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WHOSE = IDS.candidate_id("aiview", "ats-1001")
URL = "https://esign.example.com/envelopes"
FIRST, SECOND = "周晓 zhou@example.com".encode(), "周晓 xiao@example.com".encode()


@dataclass
class Desk:
    """The calls on record; ``client`` is moto's."""

    client: Any
    vault: Vault

    def asked(self, client: Any = None) -> SharedAsked:
        return SharedAsked(Table(client or self.client, "rencai-test"), self.vault, lambda: NOW)

    def first(self, content: bytes, address: str = URL) -> Request:
        return self.asked().of(WHOSE, "esign", "off_1").first(address, content)

    def refused(self, request: Request, address: str = URL) -> None:
        self.asked().of(WHOSE, "esign", "off_1").refused(address, request)

    def items(self) -> list[dict[str, Any]]:
        return [from_item(item) for item in self.client.scan(TableName="rencai-test")["Items"]]


@pytest.fixture
def desk(dynamodb: Any, vault: Vault) -> Desk:
    return Desk(dynamodb, vault)


def test_what_was_asked_first_is_asked_again(desk: Desk) -> None:
    assert desk.first(FIRST) == desk.first(SECOND) == desk.first(FIRST) == Request("off_1", FIRST)
    assert desk.asked().of(WHOSE, "esign", "off_2").first(URL, SECOND).content == SECOND
    assert desk.asked().of(WHOSE, "background", "off_1").first(URL, SECOND).content == SECOND


def test_another_vendor_was_never_asked(desk: Desk) -> None:
    desk.first(FIRST)
    assert desk.first(SECOND, "https://other.example.com/envelopes") == Request("off_1", SECOND)
    assert desk.first(FIRST, "https://other.example.com/envelopes").content == SECOND


def test_after_a_refusal_other_content_goes_under_another_key(desk: Desk) -> None:
    """What the vendor refused it may hold against its key for ever."""
    desk.refused(desk.first(FIRST))
    assert desk.first(SECOND) == desk.first(FIRST) == Request("off_1.1", SECOND)
    again = desk.first(FIRST)
    desk.refused(again)
    desk.refused(again)
    assert desk.first(FIRST) == Request("off_1.2", FIRST)


def test_a_refusal_that_comes_late_is_one_of_what_was_asked_then(desk: Desk) -> None:
    """Two asked the first content; the second's refusal comes when the other content has been taken."""
    first, late = desk.first(FIRST), desk.first(FIRST)
    desk.refused(first)
    assert desk.first(SECOND) == Request("off_1.1", SECOND)
    desk.refused(late)
    assert desk.first(FIRST) == Request("off_1.1", SECOND)
    # Nor is it one of another vendor, who was asked since.
    other = "https://other.example.com/envelopes"
    now = desk.first(FIRST, other)
    desk.refused(late)
    assert desk.first(SECOND, other) == now


def test_of_two_who_ask_at_one_moment_both_say_the_same(desk: Desk) -> None:
    racing = Racing(desk.client, lambda: desk.first(SECOND))
    assert desk.asked(racing).of(WHOSE, "esign", "off_1").first(URL, FIRST).content == SECOND


def test_of_two_who_ask_anew_at_one_moment_one_is_tried_again(desk: Desk) -> None:
    desk.refused(desk.first(FIRST))
    racing = Racing(desk.client, lambda: None, lambda: desk.first(SECOND))
    with pytest.raises(LostRace):
        desk.asked(racing).of(WHOSE, "esign", "off_1").first(URL, FIRST)
    assert desk.first(FIRST) == Request("off_1.1", SECOND)


def test_it_is_sealed_and_kept_with_the_person_for_a_while(desk: Desk) -> None:
    desk.first(FIRST)
    (item,) = desk.items()
    assert (item["pk"], item["sk"]) == (f"CANDIDATE#{WHOSE}", "ASKED#esign#off_1")
    assert item["forget_at"] == int((NOW + KEPT_FOR).timestamp())
    assert timedelta(days=42) < KEPT_FOR
    assert "example.com" not in str(item).replace(URL, "")
    assert asked_key("emp_1", "lms", "enrol-1").pk == "EMPLOYEE#emp_1"


def test_a_letter_of_twenty_thousand_bytes_is_one_seal(desk: Desk) -> None:
    letter = ("<p>尊敬的周晓,我们很高兴地通知您。</p>" * 400).encode()
    assert len(letter) > 20_000
    desk.first(letter)
    (item,) = desk.items()
    assert len(item["content"]) == 1
    assert desk.first(b"") == Request("off_1", letter)
