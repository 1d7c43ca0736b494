"""What can be refused by a rule, and how it is said to the person who asked, in their language."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

ENGLISH: Final = "en"
CHINESE: Final = "zh-CN"
LANGUAGES: Final = (CHINESE, ENGLISH)


class Refusal(StrEnum):
    """Stable codes of everything a rule refuses; the texts live in ``refusal_texts``."""

    NOT_FOUND = "not_found"
    ILLEGAL_TRANSITION = "illegal_transition"
    NOTHING_TO_REVIEW = "nothing_to_review"
    INTERVIEW_CHANGED = "interview_changed"
    UNKNOWN_ROLE = "unknown_role"
    BAD_CURSOR = "bad_cursor"
    KEY_REUSED = "key_reused"
    CONFLICT = "conflict"
    INTERNAL = "internal"
    NOT_JSON = "not_json"
    NOT_UTF8 = "not_utf8"
    LINE_TOO_LONG = "line_too_long"
    BODY_TOO_LARGE = "body_too_large"
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    FILE_COMPRESSED = "file_compressed"
    FILE_UTF16 = "file_utf16"
    FILE_TOO_MANY_LINES = "file_too_many_lines"
    FILE_JSON_ARRAY = "file_json_array"
    CONFIGURATION_INVALID = "configuration_invalid"
    NOT_AUTHENTIC = "not_authentic"
    NOT_IN_CONTRACT = "not_in_contract"
    MESSAGE_CHANGED = "message_changed"
    REPLAY_THE_ORIGINAL = "replay_the_original"
    REFERENCE_UNKNOWN = "reference_unknown"
    ANOTHER_ASSESSMENT = "another_assessment"
    OFFER_NOT_ENDED = "offer_not_ended"
    MERGE_NOT_OPEN = "merge_not_open"
    MERGE_UNDER_WAY = "merge_under_way"
    MERGE_RESTS_ON_IT = "merge_rests_on_it"
    MERGE_INTO_WHOM = "merge_into_whom"
    WARNING_NOT_OPEN = "warning_not_open"
    PROPOSAL_UNKNOWN = "proposal_unknown"
    MONTH_TO_COME = "month_to_come"
    SCORE_OUT_OF_RANGE = "score_out_of_range"
    STILL_TO_COME = "still_to_come"
    PERIOD_TO_COME = "period_to_come"
    WEEK_UNKNOWN = "week_unknown"
    OVERTIME_BEYOND_HOURS = "overtime_beyond_hours"
    LEAVE_ENDS_BEFORE_START = "leave_ends_before_start"
    LEAVE_TOO_FAR_AHEAD = "leave_too_far_ahead"
    LEAVE_DAYS_BEYOND = "leave_days_beyond"
    QUESTION_REPEATED = "question_repeated"
    ANSWERS_TOO_LONG = "answers_too_long"
    SIGNAL_REPEATED = "signal_repeated"
    METRIC_REPEATED = "metric_repeated"
    STILL_AHEAD = "still_ahead"
    ALERT_NOT_OPEN = "alert_not_open"
    ACTION_UNKNOWN = "action_unknown"
    DUE_IN_THE_PAST = "due_in_the_past"
    INTERVENTION_CLOSED = "intervention_closed"
    INTERVENTION_OPEN = "intervention_open"
    SKILL_UNKNOWN = "skill_unknown"
    LEVEL_UNKNOWN = "level_unknown"
    PROJECT_REPEATED = "project_repeated"
    ROLE_HAS_NONE = "role_has_none"
    LINK_NOT_VALID = "link_not_valid"
    LINK_EXPIRED = "link_expired"
    SURVEY_CLOSED = "survey_closed"
    GROUPING_UNKNOWN = "grouping_unknown"
    FILE_NOT_READABLE = "file_not_readable"
    FILE_NOT_A_TABLE = "file_not_a_table"
    FILE_OLD_XLS = "file_old_xls"
    FILE_PROTECTED = "file_protected"
    FILE_ENCODING = "file_encoding"
    FILE_QUOTE_OPEN = "file_quote_open"
    FILE_UNPACKS_TOO_LARGE = "file_unpacks_too_large"
    FILE_NO_HEADER = "file_no_header"
    FILE_TOO_MANY_ROWS = "file_too_many_rows"
    FILE_TOO_MANY_COLUMNS = "file_too_many_columns"
    COLUMN_MISSING = "column_missing"
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_TWICE = "column_twice"
    IMPORT_NOT_WAITING = "import_not_waiting"
    IMPORT_NOT_FINISHED = "import_not_finished"
    IMPORT_NOT_UNDOABLE = "import_not_undoable"
    IMPORT_TOO_OLD = "import_too_old"
    SOURCE_UNKNOWN = "source_unknown"
    EMPLOYEE_UNMATCHED = "employee_unmatched"
    EMPLOYEE_NO_TAKEN = "employee_no_taken"
    LEFT_BEFORE_START = "left_before_start"
    CELL_REQUIRED = "cell_required"
    CELL_NOT_A_NUMBER = "cell_not_a_number"
    CELL_NOT_A_DATE = "cell_not_a_date"
    CELL_NOT_A_MONTH = "cell_not_a_month"
    CELL_NOT_A_WEEK = "cell_not_a_week"
    CELL_NOT_AN_OPTION = "cell_not_an_option"
    CELL_NOT_AN_EMAIL = "cell_not_an_email"
    CELL_NOT_AN_IDENTIFIER = "cell_not_an_identifier"
    CELL_DATE_AMBIGUOUS = "cell_date_ambiguous"
    CELL_PERCENT_AMBIGUOUS = "cell_percent_ambiguous"
    CELL_CURRENCY_DIFFERS = "cell_currency_differs"
    CELL_FORMULA_FAILED = "cell_formula_failed"
    CELL_TOO_LONG = "cell_too_long"
    CELL_NOT_VALID = "cell_not_valid"
    ROW_REPEATED = "row_repeated"
    ROW_TOO_LONG = "row_too_long"


class DomainError(Exception):
    """A rule said no. ``code`` is stable, ``params`` fill the text, ``path`` says where in the input."""

    def __init__(self, code: Refusal, path: str = "", **params: object) -> None:
        self.code = code
        self.path = path
        self.params = params
        super().__init__(self.text(ENGLISH))

    def text(self, language: str) -> str:
        """The reason as a sentence in ``language`` (``zh-CN`` or ``en``; anything else reads English)."""
        from .refusal_texts import TEXTS

        chinese, english = TEXTS[self.code]
        return (chinese if language == CHINESE else english).format(**self.params)


class NotFound(DomainError):
    """The thing asked for does not exist (or is not this tenant's)."""

    def __init__(self, kind: str, id_: str) -> None:
        super().__init__(Refusal.NOT_FOUND, kind=kind, id=id_)


class NoneForRole(NotFound):
    """There is no document of a kind for a role; ``known`` are the roles that have one."""

    def __init__(self, kind: str, role: str, known: Sequence[str]) -> None:
        DomainError.__init__(self, Refusal.ROLE_HAS_NONE, kind=kind, role=role, known=", ".join(known) or "-")


class Conflict(DomainError):
    """The request contradicts what is already recorded."""


class LostRace(Conflict):
    """A conditional write lost against another writer; read afresh and decide again."""

    def __init__(self) -> None:
        super().__init__(Refusal.CONFLICT)


class IllegalTransition(Conflict):
    """A fact that the journey's stage does not allow (B9). Refused and recorded, never applied."""

    def __init__(self, stage: str, fact: str, code: Refusal = Refusal.ILLEGAL_TRANSITION) -> None:
        self.stage = stage
        self.fact = fact
        super().__init__(code, stage=stage, fact=fact)


class VendorUnavailable(Exception):
    """A vendor is down, slow, or answers what is not in its contract: to be tried again later. Safe to log.

    ``retry_after_seconds`` is how long the vendor asked us to stay away; None when nothing was said.
    """

    def __init__(self, vendor: str, reason: str, retry_after_seconds: int | None = None) -> None:
        self.vendor = vendor
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"{vendor}: {reason}")


class VendorRefusal(Exception):
    """A vendor refuses this request for good (4xx): a person has to look. Safe to log."""

    def __init__(self, vendor: str, reason: str) -> None:
        self.vendor = vendor
        self.reason = reason
        super().__init__(f"{vendor}: {reason}")
