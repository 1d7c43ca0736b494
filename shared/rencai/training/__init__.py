"""Training: plans from an interview's gaps, enrolments, warnings, the probation score."""
