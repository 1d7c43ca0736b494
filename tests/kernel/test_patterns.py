"""HR's patterns: what they may be, that they mean what HR means, and that many are found as each alone."""

import re

import pytest
import re2
from hypothesis import assume, given
from hypothesis import strategies as st

from rencai.kernel import patterns
from rencai.kernel.clauses import ClauseRule, ClauseRules
from rencai.kernel.patterns import MOST_STEPS_TOGETHER, Patterns, checked, checked_together


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(?=团)队", "looks ahead or behind"),
        ("(?!团)队", "looks ahead or behind"),
        ("(?<=团)队", "looks ahead or behind"),
        ("(?<!团)队", "looks ahead or behind"),
        (r"(团)\1", "refers back"),
        (r"(团)(队)\12", "refers back"),
        ("(?P<x>团)(?P=x)", "refers back"),
        (r"\bteam\b", "ASCII"),
        (r"团\B队", "ASCII"),
        ("[[:alpha:]]", "ASCII"),
        ("[^团[:^digit:]]", "ASCII"),
        (r"[\w-z]", "a range cannot"),
        (r"[^\s-～]", "a range cannot"),
        (r"[+-\d]", "a range cannot"),
        (r"[\x00-\s]", "a range cannot"),
        (r"[\w-，。]", "a range cannot"),
        (r"\Q团.队\E", "not read"),
        (r"\C团", "not read"),
        ("(?>a)b", "not a regular expression"),
        ("(?x) a", "not a regular expression"),
        ("(?(1)a|b)", "not a regular expression"),
        (r"\N{DIGIT ONE}", "not a regular expression"),
        (r"\u12", "not a regular expression"),
        (r"\hb", "not a regular expression"),
        (r"[\b]", "not a regular expression"),
        ("[[:]x[:]]", "not a regular expression"),
        (r"[a-\d]", "a range cannot"),
        ("团(", "not a regular expression"),
        ("团)", "not a regular expression"),
        ("[团", "not a regular expression"),
        ("团{3}{4}", "not a regular expression"),
        ("a*+b", "not a regular expression"),
        (".{0,2000}团", "use shorter gaps"),
        ("((a{99}){99}){99}", "use shorter gaps"),
        (".{0,99}.{0,99}.{0,99}队", "use shorter gaps"),
        ("(?:团{1,30}){1,30}队", "use shorter gaps"),
        (r"\w{600}", "use shorter gaps"),
        ("*团", "not a regular expression"),
        ("{,3}团", "not a regular expression"),
        ("团\\", "not a regular expression"),
        (".*", "always hold"),
        ("团?", "always hold"),
        ("团|", "always hold"),
        (r"\Z", "always hold"),
        ("(?:^|$)", "always hold"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)) as caught:
        checked(pattern)
    assert f"'{pattern}'" in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\d{1,3} ?%", "增长１２%", "１２%"),
        (r"\w+", "\x00团éШω가かａ_９", "团éШω가かａ_９"),
        (r"[\W_]{2}", "团_，队", "_，"),
        (r"[\s\S]+", "团\n，队", "团\n，队"),
        (r"[^\S]", "团　队", "　"),
        (r"[\w-]+", "，团-队", "团-队"),
        (r"[-\w]+", "，团-队", "团-队"),
        (r"[^-\d]", "1-团", "团"),
        (r"a\-[\d\-]+", "a-1-2", "a-1-2"),
        (r"\101", "A", "A"),
        (r"[\101]\x42\x{43}", "ABC", "ABC"),
        ("a{,３}", "aa{,３}", "a{,３}"),
        ("a{0,３}", "a{0,３}", "a{0,３}"),
        (r"\D+", "1２团3", "团"),
        (r"\w+", "，团队_Ｔ1！", "团队_Ｔ1"),
        (r"\W+", "团，！队", "，！"),
        (r"团\s队", "团　队", "团　队"),
        (r"团\s队", "团\xa0队", "团\xa0队"),
        (r"\S+", "　团队　", "团队"),
        (r"[\d%]+", "约１2%", "１2%"),
        (r"[^\w，]", "团，队！", "！"),
        (r"[\s，]队", "团　队", "　队"),
        (r"[^\s]{2}", "　团队", "团队"),
        (r"[^\D]", "团９", "９"),
        ("队{,2}长", "队队队长", "队队长"),
        ("团{,}长", "团团长", "团团长"),
        (r"\u56e2[\u961f\u957f]", "团长", "团长"),
        (r"\U0001F600", "好😀", "😀"),
        (r"，\，", "好，，", "，，"),
        (r"好\Z", "好不好", "好"),
        ("好$", "好不好", "好"),
        ("(?i)TEAM", "our Team", "Team"),
        ("(?i)ｔｅａｍ", "ＴＥＡＭ", "ＴＥＡＭ"),
        (r"\p{Han}+", "abc团队abc", "团队"),
        ("(?P<who>团队)好", "团队好", "团队好"),
        ("团.*队", "团一二三队四队", "团一二三队四队"),
        ("团.*?队", "团一二三队四队", "团一二三队"),
        ("团.*队", "团\n队", None),
        ("[]*]", "A]", "]"),
        ("[a[]b", "[b", "[b"),
        (r"[\]*]", "*", "*"),
        (r"10万\+", "阅读10万+", "10万+"),
        ("{团}", "{团}", "{团}"),
        ("带领.{0,6}团队", "我带领一二三四五六七团队", None),
        ("😀", "a😀b", "😀"),
    ],
)
def test_a_pattern_means_what_it_says_in_chinese_too(pattern: str, text: str, found: str | None) -> None:
    made = Patterns([checked(pattern)])
    assert made.found_in(text) == ([] if found is None else [0])
    if found is not None:
        start, end = made.first([0], text)
        assert text[start:end] == found


_atoms = st.sampled_from(
    [
        "a",
        "团",
        "队",
        ".",
        r"\d",
        r"\D",
        r"\w",
        r"\W",
        r"\s",
        r"\S",
        "[ab]",
        r"[^\s团]",
        r"[\d队]",
        r"\+",
        "[^a]",
        "é",
        r"[\W队]",
        r"[^\S]",
        r"[\s\S]",
        r"[^\Dé]",
        r"[\w-]",
    ]
)
_suffixes = st.sampled_from(["", "", "", "?", "+", "{2}", "{,2}", "{1,2}", "??", "+?", "{1,}"])
_grammar = st.recursive(
    st.builds(str.__add__, _atoms, _suffixes),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        st.builds("(?:{})".format, inner),
        st.builds("({})?".format, inner),
        st.builds("^{}".format, inner),
        st.builds("(?:{})$".format, inner),
    ),
    max_leaves=6,
)
_texts = st.text(alphabet="ab团队é１2 　，\n+_😀", max_size=12)


@given(st.lists(_grammar, min_size=1, max_size=5), st.lists(_texts, min_size=1, max_size=4))
def test_many_at_once_are_found_where_each_alone_is_found(written: list[str], texts: list[str]) -> None:
    """Python's own matcher, which tries one after the other, is what is held against."""
    sound: list[str] = []
    for pattern in written:
        try:
            sound.append(checked(pattern))
        except ValueError:
            assert re.search(pattern, ""), pattern
    assume(sound)
    together = Patterns(sound)
    for text in texts:
        # To `re`, a `$` also stands before a line break at the end; nobody who writes one means that.
        assume(not (text.endswith("\n") and any("$" in pattern for pattern in sound)))
        alone = [re.search(pattern, text) for pattern in sound]
        found = [place for place, match in enumerate(alone) if match]
        assert together.found_in(text) == found
        either = re.search("|".join(f"(?:{pattern})" for pattern in sound), text)
        if either:
            assert together.first(found, text) == either.span()


def test_nothing_to_look_for_is_nowhere() -> None:
    assert Patterns([]).found_in("团队") == []


@pytest.mark.parametrize("pattern", ["团队", "团.{0,3}队", r"团\s+队"])
def test_the_place_of_what_is_not_there_is_an_error(pattern: str) -> None:
    with pytest.raises((LookupError, ValueError), match="not"):
        Patterns([pattern]).first([0], "团长")


@pytest.mark.parametrize(
    "pattern",
    [
        ".{0,40}.{0,40}队",
        "[^队长]{0,40}[^队长]{30,30}队",
        "[^队]{0,100}队",
        "(团|团)(团|团)(团|团)(团|团)(团|团)(团|团)(团|团)(团|团)(团|团)(团|团)队",
        "团?团?团?团?团?团?团?团?团?团?团?团?团?团?团?团?团?团?团?团?队",
        "(?:团{1,15}){1,15}队",
        "(团|团团){1,30}队",
        "(团+)+队",
        "(团?){30}队",
        "(?:团|团){9}(?:团|团){9}(?:团|团){9}队",
        "(((团|团)?)?(团|团)?)?(((团|团)?)?(团|团)?)?(((团|团)?)?(团|团)?)?队",
    ],
)
def test_the_place_too_is_found_in_no_time(pattern: str) -> None:
    """Its end is half of its assertion: what tries every way runs into the suite's time limit."""
    text = ("团" * 60 + "长") * 300 + "团队"
    made = Patterns([checked(pattern)])
    if made.found_in(text):
        assert made.first([0], text)[1] == len(text)


def test_of_two_that_begin_at_once_the_one_written_first_is_it() -> None:
    assert Patterns(["团队", "团队长"]).first([0, 1], "好团队长") == (1, 3)
    assert Patterns(["团队长", "团队"]).first([0, 1], "好团队长") == (1, 4)
    assert Patterns(["队", "团队"]).first([0, 1], "好团队长") == (1, 3)


# --- more than one set's memory holds -----------------------------------------------------------------------


@pytest.fixture(params=[20_000, 40_000, 100_000, 400_000])
def little_memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Sets with so many bytes; a pattern alone has what it always has."""
    real = re2.Set.SearchSet

    def small(options: re2.Options) -> re2.Set:
        options.max_mem = request.param
        return real(options)

    monkeypatch.setattr(re2.Set, "SearchSet", small)
    return int(request.param)


def test_what_does_not_fit_one_set_is_found_all_the_same(little_memory: int) -> None:
    """A set that has no memory left says that it found nothing."""
    written = [f"甲.{{0,{gap}}}乙{gap}" for gap in range(1, 60)] + ["丙", "没有的"]
    text = "甲一二三乙3。" + "甲一乙" * 300 + "乙9丙"
    expected = [place for place, pattern in enumerate(written) if re.search(pattern, text)]
    assert expected == [2, 8, 59]
    assert Patterns(written).found_in(text) == expected


def test_little_memory_is_little(little_memory: int) -> None:
    """Or the test above would show nothing: without what stands in for a set, patterns would be missed, or not fit."""
    written = [f"甲.{{0,{gap}}}乙{gap}" for gap in range(1, 60)]
    together = re2.Set.SearchSet(patterns._options())
    for pattern in written:
        together.Add(pattern)
    try:
        together.Compile()
    except re2.error:
        return
    if little_memory > 100_000:
        pytest.skip("fits")
    assert together.Match("甲一二三乙3。" + "甲一乙" * 300 + "乙9丙") is None


# --- how much may be looked for ----------------------------------------------------------------------------


def test_what_is_too_much_together_is_refused() -> None:
    """Each by itself is small enough."""
    gaps = [checked(f"团.{{0,99}}队{number}") for number in range(100)]
    checked_together(gaps[:30])
    with pytest.raises(ValueError, match=f"at most {MOST_STEPS_TOGETHER} are accepted"):
        checked_together(gaps)


def test_what_comes_to_the_most_is_found_in_time() -> None:
    """Its end is half of its assertion, as above."""
    written = [checked(f"团.{{0,40}}目.{{0,40}}标.{{0,20}}x{number}") for number in range(50)]
    checked_together(written)
    assert Patterns(written).found_in("团目标队目团标" * 2_900 + "x7") == [7]


# --- clauses ------------------------------------------------------------------------------------------------


def test_rules_of_words_are_met_clause_by_clause() -> None:
    rules = ClauseRules(
        [
            ClauseRule(id="pressed", present=("压力",), unless=("没", "不大")),
            ClauseRule(id="tired", present=("累", "[Tt]ired")),
            ClauseRule(id="denied", present=("没",)),
        ]
    )
    assert rules.met_by("压力大，没睡好") == [0, 2]
    assert rules.met_by("没压力，很累") == [1, 2]
    assert rules.met_by("压力不大。Tired!") == [1]
    assert rules.met_by("") == []
    assert ClauseRules([]).met_by("压力") == []
