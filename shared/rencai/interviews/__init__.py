"""Interviews: the contract, competency models, scoring, profiles."""
