"""HR's API over imports of other systems' files."""

import rencai  # noqa: F401 - first of all imports: it tells the garbage collector to leave them alone
