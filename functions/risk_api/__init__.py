"""Pressure warnings and what is done about them, over HTTPS (F4, F5)."""
