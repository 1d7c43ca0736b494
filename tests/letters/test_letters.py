"""Letters from templates that HR edits: sandboxed, escaped, and loud about what is missing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError, UndefinedError
from jinja2.exceptions import SecurityError

from rencai.letters.rendering import html, plain


class Person:
    """An object with more to it than a letter should show."""

    name = "周晓"

    def __init__(self) -> None:
        self._secret = "s"

    def leave(self) -> str:
        return "left"


def test_values_are_escaped_in_a_body() -> None:
    assert html("<p>{{ name }}</p>", name="<script>alert('x')</script> & \"co\"") == (
        "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;co&#34;</p>"
    )


def test_a_subject_is_one_line_of_plain_text() -> None:
    assert plain("  {{ name }}:\n 欢迎 ", name="A & B\r\nBcc: someone@example.com") == (
        "A & B Bcc: someone@example.com: 欢迎"
    )


@given(st.text())
def test_no_value_breaks_out(value: str) -> None:
    shown = html("<b>{{ value }}</b>", value=value)[3:-4]
    assert "<" not in shown
    assert ">" not in shown
    assert not {"\r", "\n"} & set(plain("{{ value }}", value=value))


@pytest.mark.parametrize(
    "template",
    [
        "{{ nobody }}",
        "{{ person.nothing }}",
        "{% for x in nobody %}{% endfor %}",
        "{% if nobody %}{% endif %}",
    ],
)
@pytest.mark.parametrize("made", [html, plain])
def test_a_missing_value_is_an_error_and_no_gap(made: Any, template: str) -> None:
    with pytest.raises(UndefinedError):
        made(template, person={"name": "x"})


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__') }}",
        "{{ person.__init__.__globals__ }}",
        "{{ person._secret }}",
        "{{ '{0.__class__}'.format('') }}",
        "{{ '%s'.__mod__('x') }}",
        "{{ cycler.__init__.__globals__.os.popen('id') }}",
        "{{ self._TemplateReference__context }}",
        "{{ person.leave.__func__ }}",
    ],
)
@pytest.mark.parametrize("made", [html, plain])
def test_a_template_reaches_nothing_behind_its_values(made: Any, template: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        made(template, person=Person())


def test_a_template_cannot_count_for_ever() -> None:
    with pytest.raises(OverflowError):
        plain("{% for x in range(1000000000) %}{% endfor %}")


@pytest.mark.parametrize("template", ["{{", "{% if %}", "{% include 'x' %}", "{% import 'os' as os %}"])
def test_a_template_that_is_none_is_an_error(template: str) -> None:
    with pytest.raises((TemplateError, TypeError)):
        html(template)


def test_what_letters_do() -> None:
    template = (
        "{% if materials %}<ul>{% for item in materials %}<li>{{ item }}</li>{% endfor %}</ul>{% endif %}"
    )
    assert html(template, materials=["身份证 & 复印件", "照片"]) == (
        "<ul><li>身份证 &amp; 复印件</li><li>照片</li></ul>"
    )
