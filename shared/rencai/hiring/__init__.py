"""The hiring journey: offer, signature, background check, assessment, first day."""
