"""Other systems' files in: ``split`` looks at one and cuts it, ``part`` reads and writes the pieces, ``undo`` takes
back what they wrote.
"""

import rencai  # noqa: F401 - first of all imports: it tells the garbage collector to leave them alone
