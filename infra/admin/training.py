"""Whether what names courses, the course catalogue and competency models know one another, before they are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from rencai.interviews.rules.competency import CompetencyModel
from rencai.training.rules.rules import CourseCatalogue, TrainingRules


class NamesCourses(Protocol):
    """A document that names courses of the catalogue: rules, actions, a ladder, a scorecard."""

    def named_courses(self) -> Iterable[tuple[str, str]]:
        """What names a course, and the course."""


def courses_missing(rules: NamesCourses, catalogue: CourseCatalogue | None) -> list[tuple[str, str]]:
    """What names a course that the catalogue does not have, and the course: ``("gap rule 'negotiation'", "haggling")``.

    Without a catalogue there is no course at all.
    """
    known = catalogue.courses if catalogue else {}
    return [(rule, course) for rule, course in rules.named_courses() if course not in known]


def names_no_model_has(rules: TrainingRules, models: Mapping[str, CompetencyModel]) -> list[str]:
    """Rules for a role, or about a competency of a role, that no competency model has: they would never apply.

    ``models`` by role; what is written for every role is held against all of them.
    """
    roles = [
        *((f"required rule '{rule.id}'", rule.roles) for rule in rules.required),
        *((f"gap rule '{rule.id}'", rule.roles) for rule in rules.gaps),
        *((f"progress rule '{rule.id}'", rule.roles) for rule in rules.progress),
    ]
    errors = [
        f"{rule}: there is no competency model of the role '{role}'; there are {', '.join(sorted(models))}"
        for rule, named in roles
        for role in named
        if role not in models
    ]
    for rule in rules.gaps:
        about = [models[role] for role in rule.roles or sorted(models) if role in models]
        known = sorted({id_ for model in about for id_ in model.competencies})
        if known and rule.competency not in known:
            whose = f"the model of {', '.join(rule.roles)}" if rule.roles else "any model"
            errors.append(
                f"gap rule '{rule.id}': '{rule.competency}' is no competency of {whose}; "
                f"there are {', '.join(known)}"
            )
    return errors
