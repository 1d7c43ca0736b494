"""HR's office over careers, with the shipped documents, and what earlier systems told of somebody."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from functions.career import ladder as career
from functions.career import scorecard
from infra.admin import DEFAULTS
from infra.admin.configuration import read
from rencai.employees.rules.employee import Employee
from rencai.employees.rules.records import LearningRecord
from rencai.employees.store.employees import employee_told
from rencai.employees.store.records import learning_told
from rencai.kernel.configuration import Kind
from rencai.pressure.rules.company import MonthFigures
from rencai.store.corrections import record
from tests.keyed import IDS
from tests.training.training_office import Caller, Office

ROLE: Final = "ecommerce_operations"
LI: Final = "emp_0002"


class CareerCaller(Caller):
    """HR's API with the routes over careers."""

    def __init__(self) -> None:
        super().__init__()
        self._api.include(career.router, scorecard.router)


class Company:
    """What the scans found of the company."""

    def __init__(self) -> None:
        self.months: dict[str, MonthFigures] = {}

    def month(self, month: str) -> MonthFigures | None:
        return self.months.get(month)


def shipped(kind: Kind[Any], name: str) -> dict[str, Any]:
    return read(DEFAULTS / kind.name / f"{name}.yaml").content


def moves_in(one: Office, **more: Any) -> None:
    """Somebody who was not hired through Rencai, and has no training plan."""
    employee = Employee(LI, "李四", ROLE, "深圳", date(2025, 6, 2), one.now)
    record(one.table, employee_told(replace(employee, **more)), "import", one.now)


def learnt(one: Office, course: str, percent: int) -> None:
    told = LearningRecord(course, Decimal(percent), None, None)
    record(one.table, learning_told(LI, told, IDS), "import", one.now)


def performs(call: Caller, month: str, *metrics: dict[str, Any]) -> None:
    assert call("PUT", f"/employees/{LI}/performance/{month}", {"metrics": list(metrics)})[0] == 200
