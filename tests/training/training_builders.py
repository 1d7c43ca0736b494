"""What the training tests start from: a small catalogue, small rules, a table in memory, and an LMS that may refuse."""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from functions.relay.relay import told_by
from rencai.kernel.configuration import DEFAULT, Kind, Model
from rencai.kernel.errors import LostRace, NotFound, VendorRefusal
from rencai.kernel.page import Page
from rencai.kernel.work_calendar import WorkCalendar
from rencai.store.configurations import Configurations, Versioned
from rencai.store.sealed import Sealed, Vault
from rencai.store.table import ABSENT, Condition, Index, Item, Key, Table, from_item, to_item
from rencai.training.reading import meant_with, read_with
from rencai.training.rules.courses import Enrolment, progressed
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.plan import Calendar, Gap, Learner, PlanStatus, TrainingPlan, make_plan
from rencai.training.rules.probation import ProbationPolicy
from rencai.training.rules.ratings import Rated, RatedBy, Rating, ReadWith, WordsRead
from rencai.training.rules.rules import CourseCatalogue, TrainingRules
from rencai.wiring.events import DATA_MODELS
from tests.builders import EMPLOYEE
from tests.keyed import IDS
from tests.training.known_reader import known_readers

ZONE: Final = ZoneInfo("Asia/Shanghai")
STARTS_ON: Final = date(2026, 3, 2)
"""A Monday, and the first day of work."""
CALENDAR: Final = Calendar(WorkCalendar(), ZONE)


def texts(words: str) -> dict[str, str]:
    """The same words in both languages."""
    return {"zh-CN": words, "en": words}


def local(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    """A moment of 2026 by the tenant's clock, in UTC as the functions have it."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def _online(name: str, lessons: int, **more: Any) -> dict[str, Any]:
    return {"name": texts(name), "kind": "online", "lessons": lessons, **more}


_COURSES: Final[dict[str, dict[str, Any]]] = {
    "orientation": _online("公司介绍", 2),
    "product-knowledge": _online("产品知识", 10),
    "product-basics": _online("产品入门", 4),
    "product-cases": {"name": texts("产品案例分析"), "kind": "workshop", "days": "1"},
    "product-mind-maps": {"name": texts("产品思维导图"), "kind": "material"},
    "negotiation": _online("快消品谈判技巧实战", 20, weight="2"),
    "role-play": {"name": texts("角色扮演工作坊"), "kind": "workshop", "days": "1"},
    "excel": _online("Excel高级函数与数据可视化", 15),
    "market-report": {"name": texts("市场数据报告"), "kind": "mentoring", "sessions_per_week": 1},
    "offline-coaching": {"name": texts("线下辅导"), "kind": "coaching", "days": "0.5"},
    "extra-material": {"name": texts("补充资料"), "kind": "material"},
    "exam-clinic": {"name": texts("考前答疑"), "kind": "coaching", "days": "0.5"},
}


def assign(course: str, due: int, starts: int = 0) -> dict[str, Any]:
    """An assignment, in working days."""
    return {"course": course, "due_after_days": due, "starts_after_days": starts}


def _rule(id_: str, **content: Any) -> dict[str, Any]:
    return {"id": id_, "why": texts(id_), **content}


RULES_DOCUMENT: Final[dict[str, Any]] = {
    "required": [
        _rule("everyone", add=[assign("orientation", 3)]),
        _rule(
            "for_sales", roles=["sales"], add=[assign("product-knowledge", 10), assign("product-basics", 20)]
        ),
    ],
    "gaps": [
        _rule(
            "can_not_negotiate",
            competency="negotiation",
            roles=["sales"],
            at_most=75,
            add=[assign("negotiation", 15), assign("role-play", 20, starts=16)],
        ),
        _rule(
            "can_not_analyse",
            competency="data_analysis",
            roles=["marketing"],
            add=[assign("excel", 10), assign("market-report", 30, starts=5)],
        ),
    ],
    "progress": [
        _rule(
            "cases",
            course="product-knowledge",
            completion_at_least=80,
            add=[assign("product-cases", 5, starts=2)],
        ),
        _rule("basics_known", course="product-knowledge", completion_at_least=60, remove=["product-basics"]),
        _rule(
            "mind_maps",
            course="product-knowledge",
            completion_at_least=40,
            styles=["visual"],
            add=[assign("product-mind-maps", 5)],
        ),
        _rule("negotiator", course="negotiation", completion_at_least=50, add=[assign("product-cases", 3)]),
        _rule(
            "seasoned",
            course="negotiation",
            completion_at_least=100,
            remove=["product-cases", "role-play", "offline-coaching"],
        ),
    ],
    "warnings": {
        "proposals": [
            {"id": "coach", "name": texts("线下辅导"), "add": assign("offline-coaching", 5)},
            {"id": "read_more", "name": texts("补充资料"), "add": assign("extra-material", 3)},
            {
                "id": "clinic",
                "name": texts("考前答疑"),
                "causes": ["exam"],
                "courses": ["negotiation"],
                "add": assign("exam-clinic", 4, starts=1),
            },
        ]
    },
    "learning_styles": {"visual": [{"id": "video", "name": texts("视频")}]},
}
CATALOGUE: Final = CourseCatalogue.model_validate({"courses": _COURSES})
RULES: Final = TrainingRules.model_validate(RULES_DOCUMENT)
POLICY: Final = ProbationPolicy.model_validate(
    {
        "mentor": {
            "rules": [
                {"id": "no_better", "present": ["没有.{0,4}提升", "no progress"], "score": "40"},
                {"id": "much_better", "present": ["明显提升", "great progress"], "score": "100"},
                {"id": "better", "present": ["有所提升"], "score": "80"},
            ]
        }
    }
)
IMPROVED: Final = "谈判技巧有明显提升"
READER: Final[ReadWith] = (3, 2, 1, None)


def marked(enrolment_id: str, review: str) -> str:
    """An enrolment's review as it is known without its words."""
    return IDS.digest("review", enrolment_id, review)


def read(words: str) -> WordsRead | None:
    """What the reader of these tests makes of words."""
    return read_with(known_readers(), words)


def meant(words: str) -> Callable[[int], bool] | None:
    """What of words the reader of these tests takes as meant."""
    return meant_with(known_readers(), words)


def rate(review: str) -> Rated:
    """What a review counts by version 1 of the policy."""
    return POLICY.mentor.rate(review, 1, read, meant)


def by_rule(rule: str, score: int, version: int = 1) -> Rating:
    """What a rule of HR's own says."""
    return Rating(Decimal(score), RatedBy.RULE, version, rule=rule)


def learner(
    *gaps: tuple[str, int], role: str = "sales", style: Any = None, employee_id: str = EMPLOYEE
) -> Learner:
    """Who a plan is for; ``gaps`` are competencies and their scores."""
    return Learner(employee_id, role, "aiview/itv-1", tuple(Gap(*gap) for gap in gaps), style)


def made(
    *gaps: tuple[str, int], role: str = "sales", style: Any = None, rules: TrainingRules = RULES
) -> TrainingPlan:
    """An assigned plan by version 1 of everything."""
    who = learner(*gaps, role=role, style=style)
    return make_plan(who, rules, (1, 1), STARTS_ON, PlanStatus.ASSIGNED, CALENDAR)


def fact(
    item_id: str,
    at: datetime,
    percent: Any = None,
    exam: Any = None,
    review: str | None = None,
) -> CourseProgressed:
    """What an LMS tells of the enrolment ``enr-<item>``."""
    return CourseProgressed(
        f"enr-{item_id}",
        at,
        Decimal(str(percent)) if percent is not None else None,
        Decimal(str(exam)) if exam is not None else None,
        review,
    )


def enrolled(plan: TrainingPlan, *facts: CourseProgressed) -> dict[str, Enrolment]:
    """The plan's courses by item id, after these facts."""
    enrolments = {
        item.item_id: Enrolment(plan.employee_id, item.item_id, f"enr-{item.item_id}", item.due_at)
        for item in plan.items
    }
    for one in facts:
        item_id = one.enrolment_id.removeprefix("enr-")
        enrolments[item_id] = progressed(enrolments[item_id], one, rate, marked)
    return enrolments


class MemoryTable(Table):
    """The table as far as training needs it: whole items, conditions on a version, one index.

    ``before_put``: what somebody else does, or what goes wrong, right before our next writes. ``told`` is what the
    stream carried, each event in the shape it promises.
    """

    def __init__(self) -> None:
        super().__init__(cast(Any, None), "memory")
        self._items: dict[Key, Item] = {}
        self.before_put: deque[Callable[[], object]] = deque()
        self.told: list[tuple[str, str, dict[str, Any]]] = []
        self.writes = 0

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        return from_item(self._items[key]) if key in self._items else None

    def get_all(self, keys: Collection[Key], *, consistent: bool = True) -> dict[Key, Item]:
        return {key: from_item(self._items[key]) for key in keys if key in self._items}

    def put(self, key: Key, item: Mapping[str, Any], condition: Condition | None = None) -> None:
        if self.before_put:
            self.before_put.popleft()()
        known = self.get(key)
        if condition is not None and not _holds(condition, known):
            raise LostRace
        stored = to_item({**key.attributes(), **item})
        self._items[key] = stored
        self.writes += 1
        for subject, event in told_by({"dynamodb": {"NewImage": stored}}):
            DATA_MODELS[event.name].model_validate(event.data)
            self.told.append((subject.id, event.name.value, dict(event.data)))

    def put_action(self, key: Key, item: Mapping[str, Any], condition: Condition | None = None) -> Item:
        return {"put": (key, item, condition)}

    def transact(self, *writes: Item) -> None:
        """All or nothing, where only the first has a condition."""
        for write in writes:
            self.put(*write["put"])

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        limit: int,
        start: Mapping[str, Any] | None = None,
        newest_first: bool = False,
        index: Index | None = None,
        consistent: bool = False,
    ) -> tuple[list[Item], dict[str, Any] | None]:
        hash_key, range_key = (index.pk, index.sk) if index else ("pk", "sk")
        items = [item for item in map(from_item, self._items.values()) if item.get(hash_key) == pk]
        items = sorted(
            (item for item in items if item[range_key].startswith(prefix)),
            key=lambda item: str(item[range_key]),
        )
        after = [item for item in items if not start or item[range_key] > start[range_key]]
        found = after[:limit]
        more = len(after) > len(found)
        return found, {name: found[-1][name] for name in {"pk", "sk", hash_key, range_key}} if more else None

    def names(self) -> list[str]:
        """The names of the events, in order."""
        return [name for _, name, _ in self.told]


def _holds(condition: Condition, known: Item | None) -> bool:
    """A condition as the stores make them: that there is no such item, or that one attribute is as it was read."""
    if condition == ABSENT:
        return known is None
    name, _, placeholder = condition.expression.partition(" = ")
    expected = condition.values[placeholder]
    return known is not None and known.get(condition.names.get(name, name)) == expected


class OpenVault(Vault):
    """Seals by writing whose it is beside it, so that a test can look for what was not sealed at all."""

    def __init__(self) -> None:
        super().__init__(cast(Any, None), "key", "test")

    def seal(self, plain: str, *, owner: str, field: str) -> Sealed:
        return [f"{owner}|{field}|".encode() + plain.encode()[::-1]]

    def open(self, sealed: Sealed, *, owner: str, field: str) -> str:
        (piece,) = sealed
        head = f"{owner}|{field}|".encode()
        assert piece.startswith(head), "sealed for somebody else"
        return piece.removeprefix(head)[::-1].decode()


class KnownConfigurations(Configurations):
    """Documents by kind, their versions counted from 1; the last is the newest."""

    def __init__(self, **documents: Sequence[BaseModel]) -> None:
        super().__init__(cast(Any, None), lambda: datetime(2026, 3, 2, tzinfo=UTC))
        self.documents: dict[str, list[BaseModel]] = {
            kind: list(versions) for kind, versions in documents.items()
        }

    def stored(self, kind: Kind[Model], name: str = DEFAULT) -> Versioned[Model]:
        known = self.documents.get(kind.name, [])
        if not known:
            raise NotFound(kind.name, name)
        return self.of_version(kind, len(known), name)

    def of_version(self, kind: Kind[Model], version: int | None, name: str = DEFAULT) -> Versioned[Model]:
        if not version:
            return super().of_version(kind, version, name)
        known = self.documents.get(kind.name, [])
        if version > len(known):
            raise NotFound(kind.name, f"{name} version {version}")
        return Versioned(name, version, cast("Model", known[version - 1]))


@dataclass
class RefusingLms:
    """An LMS that knows courses; those in ``refuses`` it does not. The same key gives the same enrolment."""

    asked_by_enrolment: bool = False
    refuses: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, datetime, str, str]] = field(default_factory=list)

    def enrol(
        self, *, learner: str, course_id: str, due_at: datetime, reference: str, idempotency_key: str
    ) -> str:
        self.asked.append((learner, course_id, due_at, reference, idempotency_key))
        if course_id in self.refuses:
            raise VendorRefusal("lms", "has no such course")
        return f"enr-{reference.partition('/')[2]}"

    def progress(self, since: str | None, enrolments: Sequence[str] = ()) -> Page[CourseProgressed]:
        return Page((), None, more=False)
