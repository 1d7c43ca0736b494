"""What HR recorded of a career: level, skills, projects (F3)."""

from datetime import date, datetime

from rencai.career.rules.known import CareerRecord, ProjectDone
from rencai.career.rules.ladder import ProjectRole
from rencai.kernel.events import EventName
from rencai.store.corrections import Correctable, record
from rencai.store.table import Item, Key, Table


def career_key(employee_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``CAREER``."""
    return Key(f"EMPLOYEE#{employee_id}", "CAREER")


def career_told(employee_id: str, career: CareerRecord) -> Correctable:
    """A career about to go on record; it replaces what was there."""
    return Correctable(
        career_key(employee_id),
        f"{employee_id}_career",
        EventName.CAREER_RECORDED,
        {},
        lambda known: _from_item(known) == career,
        lambda _: {
            "level": career.level,
            "skills": list(career.skills) or None,
            "projects": [[one.project_id, one.kind, one.role, one.on.isoformat()] for one in career.projects]
            or None,
        },
    )


class Careers:
    """Employees' careers. The same again changes nothing and tells nothing."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def record(self, employee_id: str, career: CareerRecord, actor: str, now: datetime) -> bool:
        """Put a career on record, or replace what is; False when it was so already."""
        return record(self._table, career_told(employee_id, career), actor, now)

    def get(self, employee_id: str) -> CareerRecord:
        """What HR recorded; empty where nothing was."""
        item = self._table.get(career_key(employee_id))
        return _from_item(item) if item else CareerRecord()


def _from_item(item: Item) -> CareerRecord:
    return CareerRecord(
        item.get("level"),
        tuple(item.get("skills", ())),
        tuple(
            ProjectDone(id_, kind, ProjectRole(role), date.fromisoformat(on))
            for id_, kind, role, on in item.get("projects", ())
        ),
    )
