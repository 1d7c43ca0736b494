"""How large a file of another system may be (F1); docs/employees.md says the same to those who bring one."""

from typing import Final

MAX_FILE_BYTES: Final = 100 * 1024 * 1024
"""100 MB; a larger file is refused by its size, before a byte of it is read."""
MAX_ROWS: Final = 200_000
"""Rows under the header that hold anything."""
MAX_COLUMNS: Final = 200
MAX_CELL: Final = 32_767
"""Characters of a cell, as many as a spreadsheet takes."""
