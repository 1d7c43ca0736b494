"""A classifier that no reader can be made of is refused when it is put, and not by the first text."""

from typing import Any

import pytest

from infra.admin.claims import classifier_errors
from rencai.reading.rules.classifier import CLASSIFIER, Classifier
from tests.shipped import SHIPPED

JUDGED = {"bias": 0, "slope": 1, "intercept": 0}


@pytest.mark.parametrize("name", ["competency", "mentor", "survey"])
def test_the_shipped_ones_are_taken(name: str) -> None:
    classifier = SHIPPED[CLASSIFIER, name]
    assert isinstance(classifier, Classifier)
    assert classifier_errors(name, classifier) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"coefficients": {"困": "7:1.0"}},
            "coefficients.困: '7:1.0' should be claims by their place, 0 to 0",
        ),
        ({"coefficients": {"困": "0:1e12"}}, "coefficients.困"),
        ({"coefficients": {"困": "0:1 0:2"}}, "each once"),
        ({"coefficients": {"困": "0=1"}}, "coefficients.困"),
        ({"coefficients": {"困": ""}}, "coefficients.困"),
        ({"simplified": "壓"}, "simplified: should be pairs"),
    ],
)
def test_what_no_reader_is_made_of_is_refused(changes: dict[str, Any], said: str) -> None:
    document = {"claims": {"tired": JUDGED}, "coefficients": {}} | changes
    (error,) = classifier_errors("survey", Classifier.model_validate(document))
    assert said in error


def test_a_mentors_classifier_without_levels_is_refused() -> None:
    classifier = Classifier.model_validate({"claims": {"rated": JUDGED}, "coefficients": {}})
    (error,) = classifier_errors("mentor", classifier)
    assert "at_least_2, at_least_3, at_least_4, at_least_5" in error
