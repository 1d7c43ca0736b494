"""Pure rules of pressure: the policy, the card, the scan, interventions."""
