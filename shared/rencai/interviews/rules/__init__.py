"""Pure rules of interviews."""
