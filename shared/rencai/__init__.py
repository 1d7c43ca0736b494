"""Rencai (人才): everything the functions share, shipped as one layer.

Arrows point inward: ``wiring`` -> (``vendors``, ``store``, ``platform``) -> ``domain``.
"""

import gc

# An import makes objects that stay. Python's default looks through them for rubbish two hundred times during a cold
# start, a tenth of its time (`make bench`).
gc.set_threshold(100_000)
