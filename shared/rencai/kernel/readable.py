"""The words of an HTML letter for whoever reads it as plain text: the same words, and every link."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

_UNREAD: Final = frozenset({"head", "style", "script", "title"})
_BLOCKS: Final = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "section", "header", "footer", "hr"}
)
_LINES: Final = frozenset({"br", "li", "tr"})
_CELLS: Final = frozenset({"td", "th"})
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")


def as_text(html: str) -> str:
    """Plain text of what an HTML document shows: a paragraph a block, a line an item or a row, a number before each of
    a numbered list; after the words of a link its address, in angle brackets, where they are another.

    >>> as_text('<p>Hello &amp; welcome</p><p><a href="https://a.example/x">Sign</a></p><ol><li>one<li>two</ol>')
    'Hello & welcome\\n\\nSign <https://a.example/x>\\n\\n1. one\\n2. two\\n'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(reader.read).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read: list[str] = []
        self._unread = 0
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread += 1
        elif tag in _BLOCKS:
            self.read.append("\n\n")
        elif tag in _LINES:
            self.read.append("\n")
        elif tag in _CELLS and self._in_a_row():
            self.read.append(": ")
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self.read.append(self._mark())
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.read)))
        elif tag == "img":
            self.read.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(self._unread - 1, 0)
        elif tag in _BLOCKS:
            self.read.append("\n\n")
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "a" and self._links:
            address, began = self._links.pop()
            if address and address != "".join(self.read[began:]).strip():
                self.read.append(f" <{address}>")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            # A line break of the source is none of the page.
            self.read.append(_SPACES.sub(" ", data))

    def _in_a_row(self) -> bool:
        """Whether a cell stands before this one."""
        return next((text for text in reversed(self.read) if text.strip(" ")), "\n")[-1] != "\n"

    def _mark(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "
