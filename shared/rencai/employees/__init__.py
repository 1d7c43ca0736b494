"""Employees, and what is told of their work: attendance, leave, performance, surveys."""
