"""Invented interviews: as many as one likes, the same for the same seed, none of a real person.

    for line in interviews(50_000, seed=7): ...          # lines of a JSONL file
    for candidate in candidates(44, seed=7): ...         # the same, before they are lines

What is said in an answer is put together from sentences; how many good ones a candidate gets depends on an ability
drawn beforehand, so about two in three qualify by the default competency models. Resident ids have the sequence number
000, which is never issued; e-mail addresses are under example.com.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Any, Final

from stdnum.cn import ric

from infra.local.sentences import CHINESE, ENGLISH, TOPICS_OF, Topic

VENDOR: Final = "aiview"
ROLES: Final = ("sales", "marketing", "ecommerce_operations", "general")

_BEIJING: Final = timezone(timedelta(hours=8))
_FIRST_INTERVIEW: Final = datetime(2026, 3, 2, 9, tzinfo=_BEIJING)


class Part(StrEnum):
    """What a candidate of the demo does besides being interviewed."""

    PLAIN = "plain"
    UNCLEAR_CHECK = "unclear_check"
    """The sandbox's background check cannot confirm an employment: a person has to decide."""
    DECLINES = "declines"
    """Does not take the offer."""


class Ability(IntEnum):
    """How good the answers are."""

    WEAK = 0
    NEAR_MISS = 1
    SOLID = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One invented result, ``rencai.interview/1``."""

    interview: dict[str, Any]
    part: Part
    ability: Ability

    @property
    def line(self) -> str:
        """The result as a line of JSONL, without the line end."""
        return json.dumps(self.interview, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that must be rejected, and the field the report must name (empty: the line as a whole)."""

    line: str
    path: str


def interviews(count: int, seed: int, run: str = "") -> Iterator[str]:
    """``count`` JSONL lines. Ids are unique within the seed; give a ``run`` to make the same people new ones."""
    for candidate in candidates(count, seed, run):
        yield candidate.line


def candidates(count: int, seed: int, run: str = "", parts: Sequence[Part] = ()) -> Iterator[Candidate]:
    """``count`` candidates; the first qualified ones get the ``parts``."""
    chance = random.Random(seed)
    run = run or f"s{seed}"
    abilities: list[Ability] = []
    to_play = list(parts)
    for number in range(1, count + 1):
        # Drawn without replacement from twenty at a time: the share who qualify is about the same in every file.
        if not abilities:
            abilities = [ability for ability, times in _ABILITIES.items() for _ in range(times)]
            chance.shuffle(abilities)
        ability = abilities.pop()
        part = Part.PLAIN
        if to_play and ability >= Ability.SOLID:
            part = to_play.pop(0)
        yield _candidate(number, seed, run, ability, part, chance)


def broken_lines(run: str) -> list[BrokenLine]:
    """Three lines that go wrong in three ways: not JSON, a role without a model, an impossible speech rate."""
    cut_off, unknown_role, too_fast = (
        candidate.interview for candidate in candidates(3, seed=4, run=f"{run}-broken")
    )
    unknown_role["position"]["role"] = "astronaut"
    too_fast["answers"][0]["signals"] = {"speech_rate_cps": 35}
    lines = [json.dumps(interview, ensure_ascii=False) for interview in (cut_off, unknown_role, too_fast)]
    lines[0] = lines[0][: len(lines[0]) // 2]
    return [
        BrokenLine(lines[0], ""),
        BrokenLine(lines[1], "position.role"),
        BrokenLine(lines[2], "answers[0].signals.speech_rate_cps"),
    ]


def jsonl(
    people: Sequence[Candidate], broken: Sequence[BrokenLine] = ()
) -> tuple[bytes, dict[int, BrokenLine]]:
    """A file with the broken lines strewn in, and their line numbers (from 1)."""
    lines: list[str] = [candidate.line for candidate in people]
    step = max(1, len(lines) // (len(broken) + 1))
    where: dict[int, BrokenLine] = {}
    for index, bad in enumerate(broken, start=1):
        at = min(len(lines), index * step + index - 1)
        lines.insert(at, bad.line)
        where[at + 1] = bad
    return "".join(f"{line}\n" for line in lines).encode(), where


_ABILITIES: Final[Mapping[Ability, int]] = {
    Ability.STRONG: 7,
    Ability.SOLID: 6,
    Ability.NEAR_MISS: 3,
    Ability.WEAK: 4,
}


_EXCEPTIONAL_TOPICS: Final[Mapping[Ability, int]] = {
    Ability.STRONG: 1,
    Ability.SOLID: 1,
    Ability.NEAR_MISS: 3,
    Ability.WEAK: 2,
}
"""On how many topics somebody is better or worse than usual."""


def _candidate(
    number: int, seed: int, run: str, ability: Ability, part: Part, chance: random.Random
) -> Candidate:
    role = ROLES[(number - 1) % len(ROLES)]
    # Interviews in English: for the roles whose answers we have in English too.
    english = role in ("sales", "general") and part is Part.PLAIN and chance.random() < 0.15
    name, address = _english_name(chance) if english else _chinese_name(chance)
    if part is Part.UNCLEAR_CHECK:
        name += "(待核实)"
    location = chance.choice(list(_PLACES))
    person: dict[str, Any] = {"external_id": f"ats-{run}-{number:05d}", "name": name}
    # Another run's people are other people: nothing they could be recognised by may be the same (A6).
    own = number + int.from_bytes(hashlib.sha256(f"{seed} {run}".encode()).digest()[:4], "big")
    # Some gave only a phone number; there are ten thousand of the invented ones.
    phone = f"+861380000{own % 10_000:04d}" if number < 10_000 else None
    if phone and part is Part.PLAIN and chance.random() < 0.05:
        person["phone"] = phone
    else:
        person["email"] = f"{address}.{number}.{run.lower()}@example.com"
        if phone and chance.random() < 0.9:
            person["phone"] = phone
    if not english and chance.random() < 0.85:
        person["national_id"] = resident_id(own % RESIDENT_IDS)
    person["locale"] = "en" if english else "zh-CN"
    if chance.random() < 0.6:
        person["learning_style"] = chance.choice(("visual", "auditory", "reading", "kinesthetic"))
    if chance.random() < 0.5:
        person["demographics"] = {
            "gender": chance.choice(("female", "male")),
            "age_band": chance.choice(("18-24", "25-34", "35-44", "45-54")),
        }
    started = _FIRST_INTERVIEW + timedelta(minutes=20 * ((number - 1) % 24), days=(number - 1) // 24 % 365)
    answers = _answers(role, ability, english, chance)
    length = timedelta(
        seconds=round(sum(answer["duration_seconds"] for answer in answers) + 15 * len(answers))
    )
    interview = {
        "schema": "rencai.interview/1",
        "interview_id": f"itv-{run}-{number:05d}",
        "vendor": VENDOR,
        "started_at": started.isoformat(),
        "ended_at": (started + length).isoformat(),
        "candidate": person,
        "position": {
            "requisition_id": f"REQ-{role[:5].upper()}-{_PLACES[location]}-{chance.randint(1, 3)}",
            "role": role,
            "location": location,
        },
        "answers": answers,
    }
    return Candidate(interview, part, ability)


RESIDENT_IDS: Final = 80_000


def resident_id(number: int) -> str:
    """A resident id that passes the checks and belongs to nobody: its sequence number is 000.

    Another for each ``number`` below ``RESIDENT_IDS``.
    """
    region = _REGIONS[number // 10_000 % len(_REGIONS)]
    born = date(1975, 1, 1) + timedelta(days=number % 10_000)
    digits = f"{region}{born:%Y%m%d}000"
    return digits + ric.calc_check_digit(digits + "0")


def _answers(role: str, ability: Ability, english: bool, chance: random.Random) -> list[dict[str, Any]]:
    topics = list(TOPICS_OF[role])
    if chance.random() < 0.2:
        topics.remove(chance.choice(topics[1:]))  # no time left for it: not measured
    exceptional = set(chance.sample(topics, _EXCEPTIONAL_TOPICS[ability]))
    answers = []
    for number, topic in enumerate(topics, start=1):
        asked = (ENGLISH if english else CHINESE)[topic]
        transcript = _transcript(asked, ability, topic in exceptional, english, chance)
        if number == 1 and ability >= Ability.SOLID:
            transcript = ("First, let me say this: " if english else "首先说我的看法。") + transcript
        answers.append(_answer(number, topic, asked.question, transcript, ability, english, chance))
    return answers


def _transcript(
    asked: Topic, ability: Ability, exceptional: bool, english: bool, chance: random.Random
) -> str:
    """Each ability has its usual number of good sentences, and a topic or two where it has another."""
    good, weak = {
        Ability.STRONG: (2, 0) if exceptional else (3, 0),
        Ability.SOLID: (1, 0) if exceptional else (2, 0),
        Ability.NEAR_MISS: (0, 0) if exceptional else (1, 0),
        Ability.WEAK: (1, 0) if exceptional else (0, 1),
    }[ability]
    # The first good sentence is the one that makes a good answer; those who just miss do not find it.
    others = chance.sample(asked.good[1:], k=len(asked.good) - 1)
    chosen = [*(asked.good[:1] if ability >= Ability.SOLID else ()), *others][:good]
    said = [*([asked.plain] if good < 2 else []), *chosen, *([asked.weak] if weak else [])]
    return (" " if english else "").join(said)


def _answer(
    number: int,
    topic: str,
    question: str,
    transcript: str,
    ability: Ability,
    english: bool,
    chance: random.Random,
) -> dict[str, Any]:
    fluent = ability >= Ability.NEAR_MISS
    rate = round(chance.uniform(2.3, 3.3) if fluent else chance.uniform(3.3, 4.4), 1)
    longest = 1.4 if fluent else 3.6
    pauses = [round(chance.uniform(0.2, longest), 1) for _ in range(chance.randint(1, 4))]
    spoken = len(transcript) / (14 if english else rate)
    signals: dict[str, Any] = {
        "speech_rate_cps": rate,
        "pause_seconds": pauses,
        "pitch_variation": round(chance.uniform(0.2, 0.6) if fluent else chance.uniform(0.05, 0.3), 2),
        "frown_count": chance.randint(0, 2) if fluent else chance.randint(1, 7),
        "smile_count": chance.randint(0, 5),
        "gaze_away_seconds": round(chance.uniform(0, 4), 1),
    }
    if english:
        del signals["speech_rate_cps"]  # characters a second mean something else in English
    if chance.random() < 0.1:
        for facial in ("frown_count", "smile_count", "gaze_away_seconds"):
            del signals[facial]  # the camera was off
    return {
        "question_id": f"q{number}",
        "topic": topic,
        "question": question,
        "transcript": transcript,
        "duration_seconds": round(spoken + sum(pauses), 1),
        "signals": signals,
    }


def _chinese_name(chance: random.Random) -> tuple[str, str]:
    surname, given = chance.choice(list(_SURNAMES)), chance.choice(list(_GIVEN_NAMES))
    return surname + given, f"{_SURNAMES[surname]}.{_GIVEN_NAMES[given]}"


def _english_name(chance: random.Random) -> tuple[str, str]:
    given, surname = chance.choice(_ENGLISH_GIVEN_NAMES), chance.choice(_ENGLISH_SURNAMES)
    return f"{given} {surname}", f"{given}.{surname}".lower()


# By the names that the finance and benefits systems know them by, also for those who were interviewed in English.
_PLACES: Final = {"上海": "SH", "北京": "BJ", "深圳": "SZ", "广州": "GZ", "杭州": "HZ", "成都": "CD"}
_REGIONS: Final = ("110101", "310101", "440106", "330106", "510107", "320106", "420106", "610113")

# fmt: off
_SURNAMES: Final = {
    "王": "wang", "李": "li", "张": "zhang", "刘": "liu", "陈": "chen", "杨": "yang", "赵": "zhao",
    "黄": "huang", "周": "zhou", "吴": "wu", "徐": "xu", "孙": "sun", "胡": "hu", "朱": "zhu", "高":
    "gao", "林": "lin", "何": "he", "郭": "guo", "马": "ma", "罗": "luo", "梁": "liang", "宋": "song",
    "郑": "zheng", "谢": "xie", "韩": "han", "唐": "tang", "冯": "feng", "董": "dong", "程": "cheng",
    "沈": "shen",
}
# fmt: on
# fmt: off
_GIVEN_NAMES: Final = {
    "晓彤": "xiaotong", "子涵": "zihan", "雨桐": "yutong", "思远": "siyuan", "嘉怡": "jiayi", "浩然":
    "haoran", "梓萱": "zixuan", "俊熙": "junxi", "婉清": "wanqing", "明轩": "mingxuan", "诗涵": "shihan",
    "文博": "wenbo", "静怡": "jingyi", "志强": "zhiqiang", "佳琪": "jiaqi", "宇航": "yuhang", "欣妍":
    "xinyan", "建华": "jianhua", "若曦": "ruoxi", "鹏飞": "pengfei", "丽娜": "lina", "天佑": "tianyou",
    "慧敏": "huimin", "博文": "bowen", "雅琴": "yaqin", "泽宇": "zeyu", "梦琪": "mengqi", "海涛": "haitao",
    "语嫣": "yuyan", "立新": "lixin", "敏": "min", "磊": "lei", "芳": "fang", "强": "qiang", "洁": "jie",
    "帆": "fan",
}
# fmt: on
_ENGLISH_GIVEN_NAMES: Final = (
    "Olivia",
    "Daniel",
    "Priya",
    "Lucas",
    "Hannah",
    "Omar",
    "Sofia",
    "Ethan",
    "Mei",
    "Noah",
)
_ENGLISH_SURNAMES: Final = (
    "Carter",
    "Nguyen",
    "Kowalski",
    "Silva",
    "Rossi",
    "Tan",
    "Okafor",
    "Meyer",
    "Dubois",
)
