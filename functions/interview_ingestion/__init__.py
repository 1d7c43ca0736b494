"""Interview results in: by POST /interviews (``app``) and by files (``split`` cuts them, ``part`` reads the pieces)."""

import rencai  # noqa: F401 - first of all imports: it tells the garbage collector to leave them alone
