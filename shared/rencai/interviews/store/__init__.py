"""Interview results and uploaded files."""
