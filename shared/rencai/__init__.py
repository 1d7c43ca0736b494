"""Rencai (人才): everything the functions share, shipped as one layer. A room a capability; layers inside.

Arrows point inward: ``wiring`` -> ``vendors`` -> capabilities -> ``store``, ``platform`` -> ``kernel``.
"""

import gc

# An import makes objects that stay. Python's default looks through them for rubbish two hundred times during a cold
# start, a tenth of its time (`make bench`).
gc.set_threshold(100_000)
