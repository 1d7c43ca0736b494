"""Delivers the simulated vendors' callbacks."""
