"""The life cycle of an employee, as it is read."""
