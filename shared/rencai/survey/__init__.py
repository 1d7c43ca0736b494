"""The monthly survey."""
