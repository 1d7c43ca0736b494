"""Vendors: outbound clients, and the dialects in which they call us back."""
