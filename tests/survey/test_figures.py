"""What may be shown of a survey's answers (F7)."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.survey.rules.figures import Answered, Cell, Grouping, Tally, figures, mean, shown

BY_DEPARTMENT = (Grouping.DEPARTMENT,)


def said(score: int, *groups: str | None) -> Answered:
    return Answered({"stress": score}, groups)


def groups_shown(answers: Sequence[Answered], size: int = 5) -> dict[str | None, bool]:
    groups = figures(Tally.of(answers), BY_DEPARTMENT, size).groups[Grouping.DEPARTMENT]
    return {group.name: bool(group.questions) for group in groups}


def test_f7_below_five_answers_there_is_nothing_but_how_many() -> None:
    shows = figures(Tally.of([said(1, "ops")] * 4), BY_DEPARTMENT, 5)
    assert (shows.answered, shows.questions) == (4, {})
    assert [(one.name, one.answered, one.questions) for one in shows.groups[Grouping.DEPARTMENT]] == [
        ("ops", 4, {})
    ]


def test_f7_from_five_on_there_are_means_and_distributions() -> None:
    scores = [1, 2, 2, 4, 5]
    shows = figures(Tally.of(said(score, "ops") for score in scores), BY_DEPARTMENT, 5)
    assert shows.questions == {"stress": (1, 2, 0, 1, 1)}
    assert shows.groups[Grouping.DEPARTMENT][0].questions == shows.questions
    assert mean(shows.questions["stress"]) == Decimal("2.80")


@pytest.mark.parametrize(
    ("distribution", "value"),
    [((1, 2, 0, 0, 0), "1.67"), ((0, 0, 0, 1, 7), "4.88"), ((9, 0, 0, 0, 0), "1.00")],
)
def test_means_are_rounded_half_up_to_hundredths(distribution: tuple[int, ...], value: str) -> None:
    assert mean(distribution) == Decimal(value)


def test_f7_a_hidden_group_does_not_follow_from_the_total_less_the_others() -> None:
    answers = [said(3, "ops")] * 9 + [said(4, "sales")] * 6 + [said(1, "legal")] * 2
    # Sales would leave legal's two: the total less operations is eight people's.
    assert groups_shown(answers) == {"legal": False, "ops": True, "sales": False}


def test_hidden_groups_that_are_enough_together_hide_nobody_else() -> None:
    answers = [said(3, "ops")] * 9 + [said(4, "legal")] * 3 + [said(1, None)] * 2
    assert groups_shown(answers) == {"legal": False, "ops": True, None: False}


def test_the_only_large_group_is_hidden_where_it_would_leave_the_rest() -> None:
    assert groups_shown([said(3, "ops")] * 9 + [said(4, "legal")]) == {"legal": False, "ops": False}


def test_who_skips_a_question_is_not_counted_for_it() -> None:
    silent = Answered({"stay": 5}, ("ops",))
    shows = figures(Tally.of([said(2, "ops")] * 4 + [silent] * 5), BY_DEPARTMENT, 5)
    assert (shows.answered, shows.questions) == (9, {"stay": (0, 0, 0, 0, 5)})


def test_a_department_less_its_roles_does_not_leave_two_interns() -> None:
    cells: dict[Cell, int] = {
        ("ops", "agent"): 8,
        ("ops", "intern"): 2,
        ("sales", "intern"): 4,
        ("sales", "seller"): 9,
    }
    # Each role is large enough by itself; operations less its agents would be two people.
    assert shown({(role,): count for role, count in (("agent", 8), ("intern", 6), ("seller", 9))}, 1, 5) == [
        {"agent", "intern", "seller"}
    ]
    assert shown(cells, 2, 5) == [{"ops", "sales"}, set()]


def test_a_grouping_that_tells_nobody_apart_is_shown_whole() -> None:
    cells: dict[Cell, int] = {("ops", "上海"): 8, ("ops", "杭州"): 5, ("sales", "上海"): 6}
    assert shown(cells, 2, 5) == [{"ops", "sales"}, {"上海", "杭州"}]


cells_of = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "c", None]), st.sampled_from(["x", "y", None])),
    st.integers(1, 4),
    min_size=1,
    max_size=5,
)


@given(cells_of, st.integers(2, 4))
def test_f7_no_figure_of_too_few_follows_from_those_shown(cells: dict[Cell, int], size: int) -> None:
    """Whatever is added up or taken from each other: of no set of fewer people is the sum a sum of those shown."""
    people = [cell for cell, count in cells.items() for _ in range(count)]
    allowed = shown(cells, 2, size)
    if allowed is None:
        assert len(people) < size
        return
    sets = [[Fraction(1)] * len(people)]
    for place, names in enumerate(allowed):
        sets += [[Fraction(person[place] == name) for person in people] for name in names]
    assert all(sum(one) >= size for one in sets)
    rows = reduced(sets)
    for count in range(1, size):
        # People of one cell are interchangeable: which of them makes no difference.
        for few in {tuple(sorted(one, key=repr)) for one in combinations(people, count)}:
            assert not follows(marked(few, people), rows)


def marked(few: Sequence[Cell], people: Sequence[Cell]) -> list[Fraction]:
    left = Counter(few)
    marks = []
    for person in people:
        marks.append(Fraction(left[person] > 0))
        left[person] -= 1
    return marks


def reduced(sets: list[list[Fraction]]) -> list[list[Fraction]]:
    """The sets by Gauss's elimination; those that say nothing new are gone."""
    rows: list[list[Fraction]] = []
    for one in sets:
        rest = remainder(one, rows)
        if any(rest):
            first = next(value for value in rest if value)
            rows.append([value / first for value in rest])
    return rows


def remainder(vector: list[Fraction], rows: list[list[Fraction]]) -> list[Fraction]:
    for row in rows:
        lead = next(place for place, value in enumerate(row) if value)
        vector = [value - vector[lead] * other for value, other in zip(vector, row, strict=True)]
    return vector


def follows(vector: list[Fraction], rows: list[list[Fraction]]) -> bool:
    return not any(remainder(vector, rows))


answered_lists = st.lists(
    st.builds(
        Answered,
        st.dictionaries(st.sampled_from(["stress", "stay"]), st.integers(1, 5)),
        st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["x", "y"])),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


@given(answered_lists, st.randoms(use_true_random=False))
def test_figures_do_not_depend_on_the_order_of_answers(answers: list[Answered], random: Any) -> None:
    groupings = (Grouping.DEPARTMENT, Grouping.LOCATION)
    expected = figures(Tally.of(answers), groupings, 5)
    random.shuffle(answers)
    assert figures(Tally.of(answers), groupings, 5) == expected
    for groups in expected.groups.values():
        assert sum(group.answered for group in groups) == expected.answered == len(answers)
        assert all(sum(one) >= 5 for group in groups for one in group.questions.values())


def hidden_one_by_one(
    cells: Mapping[Cell, int], groupings: int, group_size: int, new: Mapping[Cell, int]
) -> list[set[str | None]] | None:
    """``shown`` as it says it does it: everybody looked at again after each group that is hidden."""

    def enough(people: int, lately: int) -> bool:
        return people - lately >= group_size

    if not enough(sum(cells.values()), sum(new.values())):
        return None
    allowed: list[set[str | None]] = []
    for place in range(groupings):
        sizes: Counter[str | None] = Counter()
        lately: Counter[str | None] = Counter()
        for cell, count in cells.items():
            sizes[cell[place]] += count
            lately[cell[place]] += new.get(cell, 0)
        allowed.append({name for name, count in sizes.items() if enough(count, lately[name])})
        while allowed[place]:
            classes: Counter[Any] = Counter()
            its_new: Counter[Any] = Counter()
            for cell, count in cells.items():
                seen = zip(cell, allowed, strict=False)
                one = tuple((name, True) if name in names else (None, False) for name, names in seen)
                classes[one] += count
                its_new[one] += new.get(cell, 0)
            few = [one for one in classes if not enough(classes[one], its_new[one])]
            if not few:
                break
            name, is_shown = min(few, key=lambda one: (classes[one], repr(one)))[place]
            if not is_shown:
                name = min(allowed[place], key=lambda one: (sizes[one], one is None, one or ""))
            allowed[place].remove(name)
    return allowed


companies = st.dictionaries(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e", None]),
        st.sampled_from(["x", "y", "z", None]),
        st.sampled_from(["1", "2", None]),
    ),
    st.integers(1, 7),
    max_size=25,
)


@given(companies, st.integers(2, 8), st.data())
def test_a_class_is_joined_once_and_not_everybody_looked_at_again(
    cells: dict[Cell, int], size: int, data: st.DataObject
) -> None:
    new = {cell: data.draw(st.integers(0, count)) for cell, count in cells.items()}
    assert shown(cells, 3, size, new) == hidden_one_by_one(cells, 3, size, new)
    assert shown(cells, 3, size) == hidden_one_by_one(cells, 3, size, {})


@given(companies, st.integers(2, 8), st.data())
def test_f7_without_those_who_came_lately_nobody_is_told_apart_by_too_few_either(
    cells: dict[Cell, int], size: int, data: st.DataObject
) -> None:
    new = {cell: data.draw(st.integers(0, count)) for cell, count in cells.items()}
    allowed = shown(cells, 3, size, new)
    if allowed is None:
        return
    left: Counter[Any] = Counter()
    for cell, count in cells.items():
        left[tuple(name if name in names else ... for name, names in zip(cell, allowed, strict=True))] += (
            count - new[cell]
        )
    assert all(count >= size for count in left.values())


def test_f7_people_made_up_for_it_do_not_show_what_the_one_among_them_said() -> None:
    lately = [Answered({"stress": 5}, ("legal",), is_new=True, is_made=True)] * 4
    assert groups_shown([said(1, "legal"), *lately, *[said(3, "ops")] * 9]) == {"legal": False, "ops": False}
    # Of all there are ten without them.
    shows = figures(Tally.of([said(1, "legal"), *lately, *[said(3, "ops")] * 9]), BY_DEPARTMENT, 5)
    assert shows.questions == {"stress": (1, 0, 9, 0, 4)}
    # Four who are known, and four who are not: not even the total.
    assert figures(Tally.of([said(1, "legal")] * 4 + lately), BY_DEPARTMENT, 5).questions == {}
    # All of a company that has just been brought.
    assert groups_shown([*lately, *lately]) == {"legal": True}


def test_f7_in_a_group_of_none_but_newcomers_nobody_hides_either() -> None:
    made_up = [Answered({"stress": 5}, ("legal",), is_new=True, is_made=True)] * 4
    long_there = [said(3, "ops")] * 12
    for victim in (
        Answered({"stress": 1}, ("legal",), is_new=True),
        Answered({"stress": 1}, ("legal",), is_new=True, is_made=True),
    ):
        assert groups_shown([victim, *made_up, *long_there]) == {"legal": False, "ops": False}
    # A question that only they were asked, since the form was changed for it.
    asked_later = [
        Answered({"stay": score}, ("legal",), is_new=True, is_made=True) for score in (1, 5, 5, 5, 5)
    ]
    assert figures(Tally.of([*asked_later, *long_there]), BY_DEPARTMENT, 5).questions == {
        "stress": (0, 0, 12, 0, 0)
    }
    # Everybody's file was changed for it, so that all of them are new.
    changed = [Answered({"stress": 3}, ("ops",), is_new=True)] * 12
    victim = Answered({"stress": 1}, ("legal",), is_new=True)
    assert figures(Tally.of([victim, *made_up, *changed]), BY_DEPARTMENT, 5).questions == {}


def test_thousands_of_small_departments_are_hidden_in_no_time() -> None:
    """One that everybody is looked at again for would take the square: minutes, of 29,000 who are nearly alone."""
    chance = Random(7)
    cells: Counter[Cell] = Counter(
        (f"d{chance.randrange(6_000)}", f"l{chance.randrange(40)}", f"r{chance.randrange(60)}")
        for _ in range(29_000)
    )
    began = time.process_time()
    allowed = shown(cells, 3, 5)
    # Some 0.4 s.
    assert time.process_time() - began < 8
    assert allowed is not None
    classes = Counter(
        {
            tuple(name if name in names else None for name, names in zip(cell, allowed, strict=True)): 0
            for cell in cells
        }
    )
    for cell, count in cells.items():
        classes[
            tuple(name if name in names else None for name, names in zip(cell, allowed, strict=True))
        ] += count
    assert min(classes.values()) >= 5


@given(answered_lists, st.integers(0, 30))
def test_tallies_of_parts_add_up_to_that_of_all(answers: list[Answered], cut: int) -> None:
    whole, apart = Tally.of(answers), Tally.of(answers[:cut])
    apart.add(Tally.of(answers[cut:]))
    assert apart == whole
    turned = Tally()
    turned.add(whole, [1])
    assert turned == Tally.of(
        Answered(one.scores, one.groups[1:], one.is_new, one.is_made) for one in answers
    )
