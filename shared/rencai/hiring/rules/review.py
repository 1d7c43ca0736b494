"""Why a candidate waits for a person, in the words that the person reads."""

from collections.abc import Mapping
from typing import Final

from rencai.interviews.rules.profile import Profile
from rencai.kernel.texts import LocalizedText

_COVERAGE: Final = LocalizedText(
    zh_cn="面试只测到模型权重的 {coverage},要求至少 {minimum}",
    en="The interview covers {coverage} of the model, and at least {minimum} is asked for",
)
_MISSING: Final = LocalizedText(
    zh_cn="必测的胜任力“{name}”没有测到",
    en="The required competency '{name}' was not measured",
)
_CHECK: Final = LocalizedText(
    zh_cn="背景调查结果不能自动判定为通过,见调查发现",
    en="The background check is not plainly clear; see its findings",
)


def of_interview(profile: Profile, names: Mapping[str, LocalizedText], language: str) -> list[str]:
    """What the interview lacks, a sentence each, in ``language``; ``names`` are those of the model's competencies."""
    found = []
    if profile.coverage < profile.minimum_coverage:
        shares = {"coverage": f"{profile.coverage:.2f}", "minimum": f"{profile.minimum_coverage:.2f}"}
        found.append(_COVERAGE.text(language).format(**shares))
    missing = _MISSING.text(language)
    return found + [missing.format(name=names[id_].text(language)) for id_ in profile.missing]


def of_check(language: str) -> list[str]:
    """That the check was flagged, in ``language``; what was found stands beside it."""
    return [_CHECK.text(language)]
