"""Pressure warnings: the card an employee, the nightly scan in parts, and what HR does about alerts."""
