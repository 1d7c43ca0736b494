"""Vendor webhooks in: ``app`` verifies and keeps a delivery, ``apply`` acts on it afterwards."""
