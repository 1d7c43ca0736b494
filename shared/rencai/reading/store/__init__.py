"""Marks of readings."""
