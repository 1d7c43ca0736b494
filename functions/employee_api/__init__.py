"""What HR reads, records and decides over HTTP about employees: the file, training, probation, signals."""

import rencai  # noqa: F401 - first of all imports: it tells the garbage collector to leave them alone
