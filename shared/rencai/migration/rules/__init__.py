"""Pure rules of reading files, columns, cells and rows."""
