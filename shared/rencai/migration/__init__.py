"""Employees and their records from files of other systems."""
