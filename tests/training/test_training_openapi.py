"""The documentation of HR's API over training: its routes, and the values the domain has."""

import re

from rencai.reading.rules.reader import By
from rencai.training.rules.courses import Cause
from rencai.training.rules.plan import PlanStatus, ReasonKind, WarningStatus
from rencai.training.rules.probation import Standing
from rencai.training.rules.ratings import AskedFor, RatedBy
from rencai.training.rules.rules import CourseKind
from rencai.training.rules.wording import ItemStatus
from tests.template import routes

_OURS = re.compile(r"/(training|probation|performance)\b")


def let_through() -> set[tuple[str, str]]:
    """What the template lets through to HR's API about training and probation."""
    found = (route.split() for route in routes("EmployeeApi"))
    return {(method.lower(), path) for method, path in found if _OURS.search(path)}


def test_openapi_has_every_route_of_the_template_with_its_answer_and_scope() -> None:
    from functions.api.document import document

    paths = document()["paths"]
    documented = {
        (method, path) for path, operations in paths.items() for method in operations if _OURS.search(path)
    }
    assert documented == let_through()
    assert len(documented) == 12
    for method, path in documented:
        operation = paths[path][method]
        assert operation["security"] == [{"oauth": ["rencai/api"]}]
        assert [one for one in operation["responses"] if one < "400"] == ["200"]
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                assert parameter["required"]
                assert {"maxLength", "pattern"} & set(parameter["schema"])


def test_openapi_names_the_values_the_domain_has() -> None:
    from functions.api.document import document

    schemas = document()["components"]["schemas"]
    for view, field, of in (
        ("TrainingPlanView", "status", PlanStatus),
        ("PlanItemView", "kind", CourseKind),
        ("PlanItemView", "status", ItemStatus),
        ("ReasonView", "kind", ReasonKind),
        ("TrainingWarningView", "cause", Cause),
        ("TrainingWarningView", "status", WarningStatus),
        ("CourseScoreView", "standing", Standing),
        ("RatingView", "by", RatedBy),
        ("ReadingView", "by", By),
        ("RatingAskedView", "cause", AskedFor),
        ("WaitingView", "cause", AskedFor),
    ):
        assert schemas[view]["properties"][field]["enum"] == [member.value for member in of]
    assert schemas["PerformanceReport"]["properties"] == {
        "score": {"anyOf": [{"type": "number"}, {"type": "null"}], "title": "Score"},
        "out_of": {
            "type": "number",
            "title": "Out Of",
            "default": 100,
            "exclusiveMinimum": 0,
            "maximum": 1000,
        },
        "metrics": {
            "type": "array",
            "title": "Metrics",
            "default": [],
            "items": {"$ref": "#/components/schemas/MetricReport"},
            "maxItems": 30,
        },
    }
    assert schemas["MetricReport"]["required"] == ["id", "value"]
