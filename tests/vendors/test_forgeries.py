"""The forgery suite: no bad delivery is authentic, whatever the dialect, and the genuine one is."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from rencai.inbox.dialect import Delivered, NotAuthentic
from rencai.inbox.dialects import HEADERS, MODULES, dialect_named, kept_headers
from rencai.inbox.facts import NotActedOn
from tests.vendors.forgeries import Forgery, forgeries, genuine

NOW = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
FORGERIES = forgeries(NOW)


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_g4_a_forgery_is_refused(forgery: Forgery) -> None:
    with pytest.raises(NotAuthentic) as caught:
        dialect_named(forgery.dialect).verify(forgery.delivered, forgery.keys, NOW)
    # The reason is logged: it names the header and quotes nothing of it.
    assert len(str(caught.value)) < 100
    assert str(caught.value).isascii()


@pytest.mark.parametrize("name", MODULES)
def test_the_genuine_delivery_is_authentic_and_acted_on(name: str) -> None:
    """Or the suite would prove nothing: everything is refused by a door that is walled up."""
    real = genuine(name, NOW)
    spoken = dialect_named(name)
    assert spoken.verify(real.delivered, real.keys, NOW).message_id
    assert spoken.verify(real.delivered, ("", "a key of somebody else", *real.keys), NOW).message_id
    assert real.vendor in spoken.VENDORS
    (fact,) = spoken.parse(real.vendor, real.delivered.body)
    assert not isinstance(fact, NotActedOn)


@pytest.mark.parametrize("name", MODULES)
def test_what_is_kept_of_a_delivery_verifies_it_again(name: str) -> None:
    """But for xAPI, whose signature is a password."""
    real = genuine(name, NOW)
    kept = Delivered(real.delivered.body, kept_headers(real.delivered, name))
    if name == "xapi":
        with pytest.raises(NotAuthentic):
            dialect_named(name).verify(kept, real.keys, NOW)
    else:
        whole = dialect_named(name).verify(real.delivered, real.keys, NOW)
        assert dialect_named(name).verify(kept, real.keys, NOW) == whole


def test_of_every_dialect_it_is_said_what_is_kept() -> None:
    assert HEADERS.keys() == MODULES.keys()


def test_there_are_enough_of_each_dialect() -> None:
    count = Counter(forgery.dialect for forgery in FORGERIES)
    assert set(count) == set(MODULES)
    assert min(count.values()) >= 100
    assert count.total() >= 250


def test_each_forgery_has_its_own_name_and_is_not_the_genuine_delivery() -> None:
    assert len({forgery.name for forgery in FORGERIES}) == len(FORGERIES)
    for forgery in FORGERIES:
        real = genuine(forgery.dialect, NOW)
        assert (forgery.delivered, forgery.keys) != (real.delivered, real.keys), forgery.name


def test_they_are_the_same_every_time() -> None:
    assert forgeries(NOW) == FORGERIES
