"""What both functions must agree on: the vendors' secrets and faults, the callbacks on the queue, and their tally."""
