"""What AWS calls: a room a capability; a file a trigger, the routes of a thing, or what these share."""

import rencai  # noqa: F401 - first of all imports: it tells the garbage collector to leave them alone
