"""The watchdog (B7): ``app`` finds who is late, ``chase`` does something about it."""
