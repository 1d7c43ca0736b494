"""The administrator's tools: configuration into a tenant, dead letters back to work.

    python -m infra.admin --help

They run from a checkout, on any machine with AWS credentials. On Lambda the ``rencai`` package comes with the layer;
here it is beside us.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFAULTS = ROOT / "infra" / "defaults"
"""The configuration shipped with the product."""

if (_shared := str(ROOT / "shared")) not in sys.path:
    sys.path.insert(0, _shared)
