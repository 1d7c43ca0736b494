"""Pure rules of reading files, columns, cells and rows; of a file as bytes and formats in ``sheet``."""
