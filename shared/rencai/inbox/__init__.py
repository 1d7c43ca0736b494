"""The vendor inbox: webhooks kept raw, verified by dialect, acted on, replayed."""
