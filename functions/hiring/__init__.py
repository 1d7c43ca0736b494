"""From the scored interview to the first day: each step reads one queue; the watchdog looks for who stands still."""
