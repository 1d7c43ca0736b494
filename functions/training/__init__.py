"""Training plans drafted, reviewed and supported; the learning platform both ways; the probation score."""
