"""An employee's first day, corrected by HR (F1). It stands here because it needs their training, two floors up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rencai.employees.rules.employee import Employee, check_first_day
from rencai.employees.rules.employment import Told, check_employed
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import Survey, SurveyAnswers
from rencai.employees.store.employees import Employees
from rencai.employees.store.first_days import FirstDayCorrection, FirstDays
from rencai.employees.store.performances import Performances
from rencai.employees.store.signals import WorkSignals
from rencai.kernel.errors import CommonRefusal, Conflict, DomainError, NotFound
from rencai.store.table import decided
from rencai.training.rules.plan import PlanStatus
from rencai.training.store.plans import TrainingFile, TrainingPlans
from rencai.wiring import Wired


@dataclass(frozen=True, slots=True)
class FirstDayFile:
    """An employee, the corrections of their first day, and their plan, which follows it."""

    employee: Employee
    corrections: list[FirstDayCorrection]
    plan: TrainingFile | None


@dataclass(frozen=True, slots=True)
class FirstDayDesk:
    """The use case and its collaborators."""

    employees: Employees
    first_days: FirstDays
    plans: TrainingPlans
    signals: WorkSignals
    performances: Performances
    zone: ZoneInfo

    def look(self, employee_id: str) -> FirstDayFile:
        """The first day, and what it was before; raises ``NotFound``."""
        employee = self._employee(employee_id)
        return FirstDayFile(employee, self.first_days.corrections(employee_id), self.plans.find(employee_id))

    def correct(
        self, employee_id: str, starts_on: date, reason: str, *, decision_id: str, actor: str, now: datetime
    ) -> FirstDayFile:
        """Have this be the first day. The plan and the probation follow, as the event of it is heard. The same request
        again changes nothing.

        Raises ``NotFound``; ``DomainError``: FIRST_DAY_SAME, FIRST_DAY_OUT_OF_RANGE, FIRST_DAY_AFTER_LAST,
        WORK_BEFORE_FIRST_DAY; ``Conflict``: PROBATION_DECIDED once the probation's score is final, KEY_REUSED.
        """
        decided(lambda: self._correct(employee_id, starts_on, reason, decision_id, actor, now))
        return self.look(employee_id)

    def _correct(
        self, employee_id: str, starts_on: date, reason: str, decision_id: str, actor: str, now: datetime
    ) -> None:
        # Looked at anew after a lost race: it may have been this very request that won it.
        said = self.first_days.said(employee_id, decision_id)
        if said and said != starts_on:
            raise Conflict(CommonRefusal.KEY_REUSED)
        if said:
            return
        employee = self._employee(employee_id)
        check_first_day(starts_on, now.astimezone(self.zone).date())
        plan = self.plans.find(employee_id)
        # A file of people may have given them this day, and the plan has not heard of it.
        behind = plan and plan.plan.status is PlanStatus.ASSIGNED and plan.plan.starts_on != starts_on
        if starts_on == employee.starts_on and not behind:
            raise DomainError(EmployeeRefusal.FIRST_DAY_SAME, "starts_on", starts_on=starts_on.isoformat())
        if not employee.works_on(starts_on):
            left_on = str(employee.left_on)
            raise DomainError(EmployeeRefusal.FIRST_DAY_AFTER_LAST, "starts_on", left_on=left_on)
        if plan and plan.scored and plan.scored.final:
            raise Conflict(EmployeeRefusal.PROBATION_DECIDED, "starts_on")
        if starts_on > employee.starts_on:
            self._refuse_work_before(replace(employee, starts_on=starts_on))
        self.first_days.correct(employee_id, starts_on, reason, decision_id=decision_id, actor=actor, now=now)

    def _refuse_work_before(self, after: Employee) -> None:
        for told in self._told(after.employee_id):
            try:
                check_employed(after, told)
            except DomainError as refusal:
                if refusal.code is EmployeeRefusal.BEFORE_FIRST_DAY:
                    raise DomainError(
                        EmployeeRefusal.WORK_BEFORE_FIRST_DAY, "starts_on", **refusal.params
                    ) from None

    def _told(self, employee_id: str) -> Iterator[Told]:
        """All that is on record of their work: it is all after the first day of before."""
        for week, _ in self.signals.attendance_history(employee_id):
            yield week
        yield from (leave for leave, _ in self.signals.leave_history(employee_id))
        yield from self.performances.of(employee_id)
        for month, _ in self.signals.survey_history(employee_id):
            yield SurveyAnswers(Survey(month, ()), {})

    def _employee(self, employee_id: str) -> Employee:
        employee = self.employees.get(employee_id)
        if employee is None:
            raise NotFound("employee", employee_id)
        return employee


def is_assigned(file: FirstDayFile) -> bool:
    """Whether there is a plan whose courses the learning platform was told of."""
    return file.plan is not None and file.plan.plan.status is PlanStatus.ASSIGNED


def first_day_desk_of(wired: Wired) -> FirstDayDesk:
    """The use case with the tenant's collaborators."""
    return FirstDayDesk(
        wired.employees.employees,
        wired.employees.first_days,
        wired.training.plans,
        wired.employees.signals,
        wired.employees.performances,
        wired.zone,
    )
