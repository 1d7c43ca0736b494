"""What both functions must agree on: the vendors' secrets and the callbacks on the queue."""
