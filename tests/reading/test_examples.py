"""A rule given as sentences: paraphrases that share its words are met, the unrelated and the denied are not."""

import random
from collections import Counter
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.reader.corpus import Sentence, training
from rencai.reading.rules.clauses import SCOPE_WORDS, Parsed, Scopes, ScopeWords, plain
from rencai.reading.rules.examples import SURE, UNSURE, Examples, Likeness
from tests.shipped import SHIPPED

WORDS = SHIPPED[SCOPE_WORDS, "default"]
assert isinstance(WORDS, ScopeWords)
SCOPES = Scopes(WORDS)

SAFETY: Final = (
    "开机前我都会检查设备",
    "进车间先戴好安全帽和手套",
    "我每天班前点检设备,有异常就停机",
    "发现安全隐患我会马上上报",
    "劳保用品我从来都穿戴整齐",
)
RECORDS: Final = (
    "我给每个老客户都建了档案",
    "客户的生日和喜好我都记在表格里",
    "每次拜访完我会更新客户档案",
    "我用表格记录客户的采购习惯",
)
BOOKS: Final = (
    "I check every invoice twice before I send it",
    "I reconcile the accounts at the end of each day",
    "I keep receipts for every expense",
    "I compare the invoice with the purchase order",
)
DIALECT: Final = ("我会用方言跟当地客户聊天", "跟老人家我说本地话", "客人讲粤语我就讲粤语")


def parse(text: str) -> Parsed:
    return SCOPES.parsed(plain(text))


def nearest(text: str, examples: tuple[str, ...], against: tuple[str, ...] = ()) -> Likeness | None:
    return Examples(examples, against, parse).nearest(parse(text))


@pytest.mark.parametrize(
    ("examples", "text"),
    [
        (SAFETY, "我习惯开机之前先检查一遍设备"),
        (SAFETY, "那个,进车间之前安全帽手套都要戴好的"),
        (SAFETY, "班前会把设备点检一遍,有异常我先停机"),
        (SAFETY, "看到安全隐患第一时间就上报给班长"),
        (SAFETY, "上岗前劳保用品穿戴整齐是必须的"),
        (RECORDS, "老客户我都一个个建了档案"),
        (RECORDS, "拜访回来当天就更新客户档案"),
        (RECORDS, "客户的采购习惯我都有表格记录"),
        (BOOKS, "Before sending it I always check the invoice twice"),
        (BOOKS, "at the end of the day I reconcile all accounts"),
        (BOOKS, "I kept the receipts for every single expense"),
        (BOOKS, "um I compare purchase orders with the invoice"),
        (DIALECT, "我跟当地客户都是用方言聊天的"),
        (DIALECT, "老人家来了我就说本地话"),
    ],
)
def test_a_paraphrase_that_shares_words_of_content_is_surely_met(
    examples: tuple[str, ...], text: str
) -> None:
    found = nearest(text, examples)
    assert found is not None
    assert found.sure
    assert found.example in examples
    assert found.shared
    assert all(phrase in plain(text) and phrase in plain(found.example) for phrase in found.shared)


@pytest.mark.parametrize(
    ("examples", "text"),
    [
        (SAFETY, "我每天给客户打电话"),
        (SAFETY, "我没有检查设备就开机了"),
        (SAFETY, "同事会检查设备"),
        (SAFETY, "听说车间里要戴安全帽"),
        (SAFETY, "设备部的同事帮我修好了电脑"),
        (SAFETY, "我希望以后开机前检查设备"),
        (RECORDS, "我的档案在人事部"),
        (RECORDS, "我没有给客户建档案"),
        (RECORDS, "每次拜访完我都很累"),
        (BOOKS, "I never check invoices before I send them"),
        (BOOKS, "My boss reconciles the accounts"),
        (BOOKS, "I listen to customers and send a proposal"),
        (DIALECT, "我普通话二级甲等"),
        (DIALECT, "我不会讲粤语"),
        (DIALECT, "客户的意见很重要"),
    ],
)
def test_what_is_unrelated_denied_or_of_others_is_not_met(examples: tuple[str, ...], text: str) -> None:
    found = nearest(text, examples)
    assert found is None or not found.sure


@pytest.mark.parametrize("examples", [SAFETY, RECORDS, BOOKS, DIALECT])
def test_an_example_is_like_itself(examples: tuple[str, ...]) -> None:
    for text in examples:
        found = nearest(text, examples)
        assert found is not None
        assert (found.example, found.sure) == (text, True)
        assert found.certainty > 0.99


def test_who_denies_what_an_example_denies_is_met() -> None:
    calm = ("我从来不跟客户争论", "我绝不跟客户吵架", "我不会打断客户说话")
    found = nearest("再怎么样我都不跟客户争论", calm)
    assert found is not None
    assert (found.sure, found.example) == (True, calm[0])
    assert nearest("我跟客户争论过", calm) is None


def test_what_is_as_like_to_a_counterexample_says_nothing() -> None:
    text = "我每天班前点检设备"
    assert nearest(text, SAFETY) is not None
    assert nearest(text, SAFETY, ("我每天班前点检设备就行",)) is None


def test_the_phrase_is_the_clause_that_is_like_the_example() -> None:
    text = "我干了十年。嗯,进车间先戴好安全帽。别的没什么"
    found = nearest(text, SAFETY)
    assert found is not None
    assert text[found.start : found.end] == "进车间先戴好安全帽"
    assert found.shared[0] in text


@given(st.text(max_size=200), st.sampled_from([SAFETY, RECORDS, BOOKS, DIALECT]))
def test_the_phrase_stands_in_the_text_and_the_certainty_in_its_bounds(
    text: str, examples: tuple[str, ...]
) -> None:
    found = nearest(text + examples[0][:6], examples)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text) + 6
        assert UNSURE <= found.certainty <= 1
        assert found.sure == (found.certainty >= SURE)


@given(st.sampled_from(SAFETY), st.integers(0, 8), st.integers(0, 8))
def test_the_more_of_an_example_is_said_the_surer(example: str, one: int, other: int) -> None:
    fewer, more = sorted((one, other))

    def certainty(cut: int) -> float:
        found = nearest(example[: len(example) - cut], (example, *BOOKS))
        return found.certainty if found else 0.0

    assert certainty(more) <= certainty(fewer) + 0.05


def test_of_labelled_sentences_that_mean_something_else_hardly_any_is_met() -> None:
    chance = random.Random(1)
    sentences = [one for one in training("competency") if _is_chinese(one.text)]
    texts = [(one, parse(one.text)) for one in chance.sample(sentences, 400)]
    counted = Counter(claim for one in sentences for claim in one.says)
    tried = sure = unsure = 0
    for claim in sorted(claim for claim, times in counted.items() if times >= 12):
        meant: list[Sentence] = [one for one in sentences if claim in one.says]
        examples = Examples([one.text for one in chance.sample(meant, 8)], (), parse)
        for one, parsed in texts:
            if claim not in one.says:
                found = examples.nearest(parsed)
                tried += 1
                sure += found is not None and found.sure
                unsure += found is not None and not found.sure
    assert tried > 5_000
    assert sure / tried <= 0.002
    assert unsure / tried <= 0.004


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)
