"""Pressure warnings and interventions."""
