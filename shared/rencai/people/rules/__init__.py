"""Pure rules of identity and applications."""
