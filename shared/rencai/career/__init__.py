"""The career ladder and the scorecard."""
