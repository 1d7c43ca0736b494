"""Pure rules: no SDK, no clock, no randomness, no environment. ``now`` and ids come in as arguments."""
