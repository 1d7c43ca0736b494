"""What configuration documents are written in: words in both languages, and ids."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class LocalizedText(BaseModel):
    """The same words for both audiences; Chinese is what users see first."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    zh_cn: str = Field(alias="zh-CN", min_length=1)
    en: str = Field(min_length=1)

    def text(self, language: str) -> str:
        """The words in ``language`` (BCP 47): Chinese for any ``zh``, else English."""
        return self.zh_cn if language.lower().startswith("zh") else self.en
