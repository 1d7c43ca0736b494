"""How large a file of another system may be (F1); docs/api.md says the same to those who bring one."""

from typing import Final

MAX_FILE_BYTES: Final = 100 * 1024 * 1024
"""100 MB; a larger file is refused by its size, before a byte of it is read."""
MAX_ROWS: Final = 200_000
"""Rows under the header that hold anything."""
MAX_COLUMNS: Final = 200
MAX_WIDTH: Final = 10_000
"""Cells of a row, those beyond the header too: such a row is rejected, and has to fit a sheet of the error file."""
MAX_CELL: Final = 32_767
"""Characters of a cell, as many as a spreadsheet takes."""
MAX_ROW: Final = 4 * 1024 * 1024
"""Characters of a row, whatever divides them."""
MAX_TEXT: Final = 100 * 1024 * 1024
"""Characters of all cells of an XLSX file, each text counted wherever it stands: as much as a CSV file may have."""
MAX_CELLS: Final = 10_000_000
"""Cells of an XLSX file, from the first column to the last that is filled in each row."""
MAX_SHARED_STRINGS: Final = 1_000_000
MAX_SHARED_CHARACTERS: Final = 32 * 1024 * 1024
"""Texts that the cells of an XLSX file share, of all its sheets, and the characters of them all."""
MAX_UNPACKED_BYTES: Final = 400 * 1024 * 1024
"""What a sheet, or the shared strings, of an XLSX file may unpack to; read up to there, whatever the archive says."""
MAX_SMALL_PART_BYTES: Final = 16 * 1024 * 1024
"""The same of the workbook, its relations and its styles."""
MAX_PARTS: Final = 2_000
"""Parts of an XLSX archive: sheets, drawings and whatever else is in it."""
MAX_NAMES: Final = 1_000
"""Names of elements, and of attributes, that one part of an XLSX file may use."""
MAX_FORMATS: Final = 1_000
"""Number formats that the cells of an XLSX file may have; a spreadsheet takes 250. What others show is not known."""
MAX_MERGES: Final = 200_000
"""Merges of cells in a sheet of an XLSX file: one for each row there may be."""
