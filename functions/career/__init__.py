"""The career ladder and the scorecard of an employee."""
