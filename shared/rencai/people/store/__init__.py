"""People, identities, merges and applications."""
