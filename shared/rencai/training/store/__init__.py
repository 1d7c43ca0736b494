"""Training plans and enrolments."""
