"""The pages behind a link: one column, for the phone; no scripts, nothing loaded from elsewhere."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from html import escape
from typing import Final
from urllib.parse import parse_qsl

from rencai.kernel.errors import CHINESE, ENGLISH, LANGUAGES

Both = tuple[str, str]
"""Words in Chinese and in English."""
MAX_BODY: Final = 256 * 1024
"""Bytes of a form that was sent: more than what the longest texts take, so that one too long can be said to be."""
HTML: Final = "text/html; charset=utf-8"
_MAX_FIELDS: Final = 100
_STYLE: Final = """
* { box-sizing: border-box }
body { font: 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #1d2433; background: #f5f6f8;
  max-width: 40rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.35rem; line-height: 1.3 }
h2 { font-size: 1rem; margin: 0 }
nav { text-align: right }
a { color: #1747c9 }
section, fieldset { background: #fff; border: 1px solid #d9dee8; border-radius: 8px; margin: 0 0 1rem; padding: 1rem }
fieldset { min-width: 0 }
legend { float: left; width: 100%; font-weight: 600; padding: 0 }
legend + * { clear: both }
ul { margin: .5rem 0 0; padding-left: 1.2rem }
.scale { display: flex; gap: .4rem; padding-top: .75rem }
.scale label { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center;
  min-height: 3.5rem; border: 1px solid #c9ced8; border-radius: 6px; cursor: pointer }
.scale label:has(:checked) { border-color: #1f5eff; background: #eaf0ff; font-weight: 600 }
.scale label:focus-within { outline: 3px solid #8fb0ff }
.levels { display: grid; gap: .5rem; padding-top: .75rem }
.levels label { display: grid; grid-template-columns: auto 1fr; gap: 0 .6rem; padding: .7rem .8rem;
  border: 1px solid #c9ced8; border-radius: 6px; cursor: pointer }
.levels label:has(:checked) { border-color: #1f5eff; background: #eaf0ff }
.levels label:focus-within { outline: 3px solid #8fb0ff }
.levels span { grid-column: 2; color: #5b6475; font-size: .875rem }
.ends { display: flex; justify-content: space-between; gap: 1rem; color: #5b6475; font-size: .875rem;
  margin: .4rem 0 0 }
textarea { width: 100%; font: inherit; padding: .6rem; border: 1px solid #8a93a5; border-radius: 6px;
  margin-top: .75rem }
.wrong { color: #a3231f; margin: .5rem 0 0 }
section.wrong { border-color: #a3231f; margin: 0 0 1rem }
button { font: inherit; font-weight: 600; width: 100%; min-height: 3rem; border: 0; border-radius: 6px;
  background: #1f5eff; color: #fff }
"""

HEADERS: Final[Mapping[str, str]] = {
    # The address is a credential: no copy in a cache, none in a Referer, none in a search engine.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


def asked_for(query: Mapping[str, str] | None) -> str | None:
    """The language chosen on a page."""
    chosen = (query or {}).get("lang")
    return chosen if chosen in LANGUAGES else None


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of a form that was sent; none of what is no form."""
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS))
    except ValueError:
        return {}


def said(both: Both, language: str) -> str:
    """Words in ``language``."""
    return both[0 if language == CHINESE else 1]


def day_of(day: date, language: str) -> str:
    """A day as people write it."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if language == CHINESE else f"{day.day} {day:%B %Y}"


def other_language(language: str) -> str:
    """The way to the same page in the other language."""
    other, name = (ENGLISH, "English") if language == CHINESE else (CHINESE, "中文")
    return f'<nav><a href="?lang={other}" lang="{other}" hreflang="{other}">{name}</a></nav>'


def page(title: str, language: str, body: str, before: str = "") -> str:
    """A whole page; ``body`` and ``before`` are HTML."""
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
{before}
<main>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""
