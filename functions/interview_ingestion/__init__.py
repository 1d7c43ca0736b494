"""Interview results in: by POST /interviews (``app``) and by files (``split`` cuts them, ``part`` reads the pieces)."""
