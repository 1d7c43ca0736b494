"""Spreadsheets whose cells show another thing than they hold, or hold what they were not."""

from tests.attack.attacks import shown_by

SHOWN = [
    shown_by("Number formats that make another number of a value", "tests/migration/test_import_shown.py"),
    shown_by(
        "Codes that became days or numbers, formulas nobody calculated, merged cells",
        "tests/migration/test_import_damaged.py",
    ),
]
