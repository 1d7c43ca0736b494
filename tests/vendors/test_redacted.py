"""What of a vendor's answer reaches the log: its structure, and none of its values."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.vendors.http import redacted


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"name": "Wang", "n": 12}', '{"name": "****", "n": **}'),
        (b'{"name":"Wang","ok":true,"none":null}', '{"name": "****", "ok": **, "none": null}'),
        (b'["Wang", "Li"]', '["****", "****"]'),
        (b'{"name":\n   "Wang"}', '{"name": "****"}'),
        (rb'{"name": "a\"Wang"}', '{"name": "****"}'),
        (b'{"people": [{"name": "Wang", "pay": 8000.5}]}', '{"people": [{"name": "****", "pay": **}]}'),
        (b'{"Wang": 1, "110105194912310021": 2}', '{"****": **, "****": **}'),
        (b'"Wang"', '"****"'),
        (b"12.5", "**"),
        (b"NaN", "**"),
        (b"", ""),
        (b"no such person: Wang", "** **** ******: ****"),
        ("没有候选人 周晓".encode(), "***** **"),
        (b'{"name": "Wang', '{"****": "****'),
        (b"<b>Wang</b>", "<*>****</*>"),
        (b"\xff\xfeWang", "��****"),
    ],
)
def test_structure_stays_and_values_go(body: bytes, shown: str) -> None:
    assert redacted(body) == shown


words = st.text(st.characters(categories=["L", "N"]), min_size=3)
values = st.recursive(
    words.map(lambda word: f"秘{word}密") | st.integers(1000) | st.floats(1000, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(["name", "n", "pay"]), inner),
    max_leaves=30,
)


@given(values, st.sampled_from([None, 1, 4]), st.booleans(), st.integers(0, 400))
def test_no_value_is_ever_shown(value: Any, indent: int | None, ascii_only: bool, cut: int) -> None:
    whole = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    for body in (whole, whole[:-1], whole[:cut]):
        shown = redacted(body)
        assert len(shown) <= 200
        assert "秘" not in shown
        assert "密" not in shown
        assert not re.search(r"\d", shown)


@given(st.binary(max_size=400))
def test_no_bytes_are_too_odd(body: bytes) -> None:
    shown = redacted(body)
    assert len(shown) <= 200
    assert not re.search(r"\d", shown)


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 5000, b"1" * 5000, b'{"a":' * 400 + b"1" + b"}" * 400, b"[1]" * 9999]
)
def test_no_depth_or_size_is_too_much(body: bytes) -> None:
    assert len(redacted(body)) <= 200
    assert "1" not in redacted(body)
