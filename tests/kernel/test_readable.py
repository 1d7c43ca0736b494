"""The text part of a letter says what the HTML part says: every word, every value, every link."""

import re
from html import unescape
from itertools import product
from typing import Any, Final

import pytest

from infra.admin.letters import SAMPLES
from rencai.kernel.errors import LANGUAGES
from rencai.kernel.readable import as_text
from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.letters.rendering import html
from tests.shipped import DOCUMENTS

LETTERS: Final = sorted(name for kind, name in DOCUMENTS if kind is NOTICE_TEMPLATE)


def _letter(name: str, language: str) -> str:
    template = NOTICE_TEMPLATE.model.model_validate(DOCUMENTS[NOTICE_TEMPLATE, name].content)
    values: Any = SAMPLES[name]
    return html(template.body.text(language), **values)


def _words(shown: str) -> list[str]:
    """In their order; punctuation and numbers of lists are each part's own."""
    return re.findall(r"\w+", re.sub(r"<https?://[^>]*>", "", re.sub(r"(?m)^(- |\d+\. )", "", shown)))


@pytest.mark.parametrize(("name", "language"), list(product(LETTERS, LANGUAGES)))
def test_both_parts_of_every_letter_say_the_same(name: str, language: str) -> None:
    page = _letter(name, language)
    text = as_text(page)
    body = page[page.index("<body") :]
    shown = unescape(re.sub(r"<[^>]*>", " ", re.sub(r"</?(strong|a|em|span)\b[^>]*>", "", body)))
    assert _words(text) == _words(shown)
    links = [unescape(one) for one in re.findall(r'href="([^"]+)"', body)]
    assert all(link in text for link in links)
    assert not re.search(r"</?(?!https?:)\w+|&\w+;|\n\n\n", text)


def test_some_letters_have_links() -> None:
    """Without them the test above would look at none."""
    assert sum("href=" in _letter(name, "en") for name in LETTERS) >= 2


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>one\ntwo</p>three", "one two\n\nthree\n"),
        ("a<br>b<br/>c", "a\nb\nc\n"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b\n"),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n\n- b\n\n2. c\n"),
        (
            "<table><tr><th>Pay</th><td>CNY 1</td></tr><tr><td>x</td><td>y</td></tr></table>",
            "Pay: CNY 1\nx: y\n",
        ),
        ('<a href="https://a.example/?x=1&amp;y=2">Sign</a>', "Sign <https://a.example/?x=1&y=2>\n"),
        ('<a href="https://a.example/">https://a.example/</a>', "https://a.example/\n"),
        ("<a>no link</a>", "no link\n"),
        ("<head><title>t</title><style>p {}</style></head><p>x</p>", "x\n"),
        ("1 &lt; 2 &amp; 3&nbsp;&#169;", "1 < 2 & 3\xa0©\n"),
        ('<img alt="logo" src="x">', "logo\n"),
        ("", "\n"),
        ("</a></ul></style>", "\n"),
    ],
)
def test_what_a_page_shows(page: str, text: str) -> None:
    assert as_text(page) == text
