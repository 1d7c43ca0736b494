"""Every kind of configuration document: what the admin command stores and `infra/defaults` ships."""

from collections.abc import Mapping
from typing import Any, Final

from rencai.career.rules.ladder import CAREER_LADDER
from rencai.career.rules.scorecard import SCORECARD
from rencai.hiring.rules.documents import HIRING_POLICY, ONBOARDING_KIT
from rencai.hiring.rules.offer import SALARY_POLICY
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.interviews.rules.speakers import INTERVIEW_VENDORS
from rencai.kernel.configuration import Kind
from rencai.kernel.work_calendar import WORK_CALENDAR
from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.migration.rules.import_mapping import IMPORT_MAPPING
from rencai.pressure.rules.intervention import INTERVENTION_CATALOGUE
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.reading.rules.asking import READING_MODEL
from rencai.reading.rules.classifier import CLASSIFIER
from rencai.reading.rules.clauses import SCOPE_WORDS
from rencai.reading.rules.lexicon import LEXICON
from rencai.survey.rules.survey import SURVEY_FORM
from rencai.training.rules.probation import PROBATION_POLICY
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES
from rencai.vendors.documents import VENDOR_CONNECTION

KINDS: Final[Mapping[str, Kind[Any]]] = {
    kind.name: kind
    for kind in (
        CAREER_LADDER,
        CLASSIFIER,
        COMPETENCY_MODEL,
        COURSE_CATALOGUE,
        HIRING_POLICY,
        IMPORT_MAPPING,
        INTERVENTION_CATALOGUE,
        INTERVIEW_VENDORS,
        LEXICON,
        NOTICE_TEMPLATE,
        ONBOARDING_KIT,
        PROBATION_POLICY,
        READING_MODEL,
        RISK_POLICY,
        SALARY_POLICY,
        SCOPE_WORDS,
        SCORECARD,
        SURVEY_FORM,
        TRAINING_RULES,
        VENDOR_CONNECTION,
        WORK_CALENDAR,
    )
}
