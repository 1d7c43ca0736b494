"""The life cycle of an employee: every system's entries in one order of time, and what they come to."""
