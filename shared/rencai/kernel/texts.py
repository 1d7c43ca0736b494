"""What configuration documents are written in: words in both languages, and ids."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .errors import CHINESE, ENGLISH
from .forms import formed

SLUG: Final = formed(
    r"^[a-z][a-z0-9_]{0,63}$",
    "应以小写字母开头,只含小写字母、数字和下划线,最多 64 个字符,例如 sales_manager",
    "should begin with a small letter and have small letters, digits and underscores only, at most 64, "
    "as in sales_manager",
)
SHORT_SLUG: Final = formed(
    r"^[a-z][a-z0-9_]{0,31}$",
    "应以小写字母开头,只含小写字母、数字和下划线,最多 32 个字符,例如 sales_amount",
    "should begin with a small letter and have small letters, digits and underscores only, at most 32, "
    "as in sales_amount",
)
IDENTIFIER: Final = formed(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
    "应以字母或数字开头,只含字母、数字、点、下划线和连字符,最多 64 个字符,例如 leave-2026.07",
    "should begin with a letter or digit and have letters, digits, dots, underscores and hyphens only, at most 64, "
    "as in leave-2026.07",
)
"""What another system calls a thing of its own."""
CURRENCY: Final = formed(
    r"^[A-Z]{3}$",
    "应为币种的三个大写字母(ISO 4217),例如 CNY",
    "should be the three capital letters of a currency (ISO 4217), as in CNY",
)
WEB_ADDRESS: Final = formed(
    r"^https?://[^/?#]+/?$",
    "应为没有路径的网址,例如 https://account.example.com",
    "should be an address of the web without a path, as in https://account.example.com",
)
Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Currency = Annotated[str, StringConstraints(pattern=CURRENCY)]


class LocalizedText(BaseModel):
    """The same words for both audiences; Chinese is what users see first."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    zh_cn: str = Field(alias="zh-CN", min_length=1)
    en: str = Field(min_length=1)

    def text(self, language: str) -> str:
        """The words in ``language`` (BCP 47): Chinese for any ``zh``, else English."""
        return self.zh_cn if self.language(language) == CHINESE else self.en

    @staticmethod
    def language(wanted: str) -> str:
        """Which of the two somebody reads who wants ``wanted`` (BCP 47): ``zh-CN`` or ``en``.

        >>> LocalizedText.language("zh-Hans-HK"), LocalizedText.language("pt")
        ('zh-CN', 'en')
        """
        return CHINESE if wanted.lower().startswith("zh") else ENGLISH
