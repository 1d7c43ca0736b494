"""``make bench``: what scoring, a cold start, a journey, the nightly runs and an import cost, measured.

    python -m tests.bench                 everything
    python -m tests.bench score units     only these parts (score, init, units, sync_units, sync,
                                          scan, import, journey)
    python -m tests.bench --imports       what each module costs the heaviest function's cold start

Ratios are of things measured in turns within one run, and medians: machines are noisy and shared. On Lambda the
``rencai`` package comes with the layer; here it is beside us.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if (_shared := str(ROOT / "shared")) not in sys.path:
    sys.path.insert(0, _shared)
