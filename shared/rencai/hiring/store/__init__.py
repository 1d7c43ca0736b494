"""Journeys, offers, checks, assessments and chases."""
