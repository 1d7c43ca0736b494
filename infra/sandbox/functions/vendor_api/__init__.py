"""The simulated vendors' HTTP side."""
