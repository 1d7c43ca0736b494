"""Employees' items."""
