"""Codes that are said to people: each with its sentence in both languages."""

from enum import StrEnum
from typing import Self


class Worded(StrEnum):
    """A stable code and how it is said."""

    chinese: str
    english: str

    def __new__(cls, code: str, chinese: str, english: str) -> Self:
        """A code with its sentence in both languages."""
        made = str.__new__(cls, code)
        made._value_ = code
        made.chinese, made.english = chinese, english
        return made

    def text(self, language: str) -> str:
        """The sentence in ``language`` (BCP 47): Chinese for any ``zh``, else English."""
        return self.chinese if language.lower().startswith("zh") else self.english
