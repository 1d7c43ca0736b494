"""An employee's file, and what HR's systems tell of their work."""
