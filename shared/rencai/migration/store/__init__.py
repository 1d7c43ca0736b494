"""Imports, their parts and what they replaced."""
