"""What HR reads and decides over HTTP: candidates, offers, uploads."""
