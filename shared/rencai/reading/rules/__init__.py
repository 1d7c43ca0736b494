"""The rules of reading: pure."""
