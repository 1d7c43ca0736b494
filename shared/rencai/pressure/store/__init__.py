"""Cards, scans and interventions."""
