"""Pure rules of the career ladder and the scorecard."""
