"""A file as sheets of rows: bytes, encodings, formats and marks; nothing of fields or people."""
