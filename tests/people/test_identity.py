"""Who is who (A6): what counts as an identifier, and when two are one, by rule or by a person."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rencai.people.rules import phone
from rencai.people.rules.identity import (
    Ask,
    Contact,
    Decision,
    Different,
    IdentifierKind,
    Identity,
    Same,
    agreeing,
    decide,
    identity_of,
    normalised_email,
    normalised_name,
    normalised_national_id,
    united,
)

ID, PHONE, EMAIL = IdentifierKind.NATIONAL_ID, IdentifierKind.PHONE, IdentifierKind.EMAIL


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (" 11010519491231002x ", "11010519491231002X"),
        ("110105 19491231 002X", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("e3141-5926", "E31415926"),
        ("A314159(2)", "A3141592"),
        ("军字第3141592号", "军字第3141592号"),
        # Eighteen characters, but no resident id.
        ("RSSMRA85T10A562S12", "RSSMRA85T10A562S12"),
        ("110105194912310021", None),
        ("11010519491331002X", None),
        ("123456789012345678", None),
        *[
            (filler, None)
            for filler in (
                *("", " ", "-", "无", "没有", "N/A", "none", "null", "unknown", "not given", "xxxxxx"),
                *("0", "1", "31415", "3-1-4", "000000", "0000000000", "111111", "00-00-00", "E00000000"),
                *("123456", "123456789", "1234567890", "0123456789", "654321", "A123456789", "NUMBER1"),
            )
        ],
    ],
)
def test_a_national_id_is_one_somebody_can_have_or_nothing(written: str, number: str | None) -> None:
    assert normalised_national_id(written) == number


@given(st.text() | st.from_regex(r"[A-Z0-9 -]{5,12}", fullmatch=True))
@example("ǰ31415")
def test_a_usable_national_id_is_long_enough_and_has_a_digit(text: str) -> None:
    number = normalised_national_id(text)
    if number is not None:
        assert len(number) >= 6
        assert number.isalnum()
        assert any(character.isdigit() for character in number)
        assert len(set(number)) > 1


@given(st.from_regex(r"[A-Z]?[0-9]{4,17}", fullmatch=True), st.sampled_from(" -‐ 　"), st.integers(0, 18))
def test_spaces_and_dashes_do_not_make_another_national_id(number: str, noise: str, at: int) -> None:
    assert normalised_national_id(number[:at] + noise + number[at:]) == normalised_national_id(number)


@given(
    st.from_regex(r"[A-Z]{0,2}", fullmatch=True), st.integers(0, 9), st.integers(-1, 1), st.integers(1, 20)
)
def test_digits_that_only_count_or_repeat_are_no_national_id(
    letters: str, first: int, step: int, length: int
) -> None:
    counting = "".join(str((first + step * number) % 10) for number in range(length))
    assert normalised_national_id(letters + counting) is None


@given(st.integers(0, 10**17 - 1))
def test_of_all_check_digits_at_most_one_makes_a_resident_id(body: int) -> None:
    usable = [check for check in "0123456789X" if normalised_national_id(f"{body:017}{check}")]
    assert len(usable) <= 1


@given(st.text())
@example("ǰ31415")
def test_normalising_again_changes_nothing(text: str) -> None:
    for normalised in (
        phone.compared,
        phone.international,
        normalised_email,
        normalised_name,
        normalised_national_id,
    ):
        once = normalised(text)
        assert once is None or normalised(once) == once


def test_what_is_no_identifier_is_ignored() -> None:
    said = Contact(name="周晓", email="none", phone="-", national_id=" ")
    assert said.identifiers() == {}
    whole = Contact(email=" A@B.cn", phone="13800000001", national_id=" 11010519491231002x ")
    assert whole.identifiers() == {
        EMAIL: "a@b.cn",
        PHONE: "+8613800000001",
        ID: "11010519491231002X",
    }


def test_a_value_is_marked_with_its_kind() -> None:
    marked: list[tuple[str, str]] = []

    def mark(kind: str, value: str) -> int:
        marked.append((kind, value))
        return len(marked)

    identity_of("cand_1", Contact("周 晓", "A@b.cn", "13800000001", "x314159"), mark)
    assert sorted(marked) == [
        ("email", "a@b.cn"),
        ("name", "周晓"),
        ("national_id", "X314159"),
        ("phone", "+8613800000001"),
    ]


def someone(owner: str, *, id_: int = 0, phone: int = 0, email: int = 0, name: int = 0) -> Identity:
    """Somebody with these marks; 0 is unknown."""
    marks = {ID: id_, PHONE: phone, EMAIL: email}
    return Identity(
        owner,
        {kind: frozenset({mark}) for kind, mark in marks.items() if mark},
        frozenset({name} if name else ()),
    )


A = someone("A", id_=1, phone=1, email=1, name=1)
B = someone("B", id_=2, phone=2, email=2, name=2)
NO_ID = someone("N", phone=3, email=3, name=3)


@pytest.mark.parametrize(
    ("newcomer", "known", "decision"),
    [
        (someone("x", phone=9), [], Different()),
        (someone("x", phone=9, email=9, name=1), [A, B], Different()),
        # The national id and anything else decide, whatever differs or is shared with others.
        (someone("x", id_=1, phone=1), [A, B], Same("A")),
        (someone("x", id_=1, email=1, phone=9, name=9), [A, B], Same("A")),
        (someone("x", id_=1, name=1, phone=2, email=2), [A, B], Same("A")),
        # The national id alone is a question, of all who share something.
        (someone("x", id_=1), [A, B], Ask(("A",))),
        (someone("x", id_=1, phone=9, email=9, name=9), [A, B], Ask(("A",))),
        (someone("x", id_=1, phone=2, email=2, name=2), [A, B], Ask(("A", "B"))),
        (someone("x", id_=1), [A, someone("A2", id_=1)], Ask(("A", "A2"))),
        (someone("x", id_=1, phone=1, name=1), [A, someone("A2", id_=1)], Ask(("A", "A2"))),
        # Two different national ids are never one person by rule.
        (someone("x", id_=9, phone=1, email=1, name=1), [A], Ask(("A",))),
        (someone("x", id_=9, name=1), [A], Different()),
        # Phone and e-mail together; one of them with the name; one of them alone.
        (someone("x", phone=3, email=3, name=9), [NO_ID], Same("N")),
        (someone("x", id_=9, phone=3, email=3), [NO_ID], Same("N")),
        (someone("x", phone=3, name=3), [NO_ID], Same("N")),
        (someone("x", email=3, name=3), [NO_ID], Same("N")),
        (someone("x", phone=3, name=9), [NO_ID], Ask(("N",))),
        (someone("x", phone=3), [NO_ID], Ask(("N",))),
        (someone("x", email=3), [someone("N", email=3)], Ask(("N",))),
        # More than one.
        (someone("x", phone=1, email=2), [A, B], Ask(("A", "B"))),
        (someone("x", phone=3, email=3, name=3), [NO_ID, someone("M", phone=3)], Ask(("M", "N"))),
    ],
)
def test_a6_the_rule(newcomer: Identity, known: Sequence[Identity], decision: Decision) -> None:
    assert decide(newcomer, known) == decision
    assert decide(newcomer, [*reversed(known)]) == decision


marks = st.frozensets(st.integers(1, 3), max_size=2)
identities = st.builds(
    lambda owner, ids, phones, emails, names: Identity(
        owner, {k: m for k, m in ((ID, ids), (PHONE, phones), (EMAIL, emails)) if m}, names
    ),
    st.text("abc", min_size=1, max_size=2),
    marks,
    marks,
    marks,
    marks,
)
people = st.lists(identities, max_size=4, unique_by=lambda person: person.owner)


@given(identities, people)
def test_only_somebody_who_shares_an_identifier_is_ever_named(
    newcomer: Identity, known: list[Identity]
) -> None:
    sharing = {person.owner for person in known if agreeing(newcomer, person)}
    match decide(newcomer, known):
        case Same(owner):
            assert owner in sharing
        case Ask(owners):
            assert owners
            assert set(owners) <= sharing
            assert list(owners) == sorted(set(owners))
        case Different():
            assert not sharing


@given(identities, people, st.randoms())
def test_the_order_they_are_known_in_does_not_matter(
    newcomer: Identity, known: list[Identity], order: object
) -> None:
    shuffled = sorted(known, key=lambda person: hash((person.owner, str(order))))
    assert decide(newcomer, shuffled) == decide(newcomer, known)


@given(identities, people)
def test_different_national_ids_are_never_one_by_rule(newcomer: Identity, known: list[Identity]) -> None:
    decision = decide(newcomer, known)
    if isinstance(decision, Same):
        (same,) = (person for person in known if person.owner == decision.owner)
        both = newcomer.of(ID) and same.of(ID)
        assert not both or newcomer.of(ID) & same.of(ID)


@given(identities, people)
def test_nobody_is_one_with_another_for_a_single_reason(newcomer: Identity, known: list[Identity]) -> None:
    decision = decide(newcomer, known)
    if isinstance(decision, Same):
        (same,) = (person for person in known if person.owner == decision.owner)
        assert len(agreeing(newcomer, same)) + bool(newcomer.names & same.names) >= 2


@given(identities, people)
def test_without_the_national_id_nobody_is_chosen_among_several(
    newcomer: Identity, known: list[Identity]
) -> None:
    sharing = [agreeing(newcomer, person) for person in known if agreeing(newcomer, person)]
    if len(sharing) > 1 and not any(ID in kinds for kinds in sharing):
        assert isinstance(decide(newcomer, known), Ask)


@given(identities, identities)
def test_between_two_it_does_not_matter_who_came_first(one: Identity, other: Identity) -> None:
    assert type(decide(one, [other])) is type(decide(other, [one]))


@given(st.lists(identities, min_size=1, max_size=3))
def test_a_persons_sources_together_know_what_each_knows(parts: list[Identity]) -> None:
    whole = united("P", parts)
    for kind in IdentifierKind:
        assert whole.of(kind) == frozenset[int]().union(*(part.of(kind) for part in parts))
