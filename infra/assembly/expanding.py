"""How many resources CloudFormation will see: SAM makes several of one."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from infra.local.layout import REGION, LocalStackError, clean_environment, tool

CLOUDFORMATION: Final = 500
"""What CloudFormation takes in one stack."""
MOST: Final = 450
"""What we let it grow to: past that, the next capability would be the one that does not fit."""


def count_resources(template: Path) -> int:
    """After SAM's expansion. Raises LocalStackError for what SAM refuses, and for more than MOST."""
    done = subprocess.run(
        [tool("sam", "python"), Path(__file__).with_name("sam_expansion.py"), template],
        env=clean_environment() | {"AWS_DEFAULT_REGION": REGION},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LocalStackError(f"SAM does not expand {template}:\n{done.stderr}")
    count = int(done.stdout)
    if count > MOST:
        raise LocalStackError(
            f"{template} has {count} resources after SAM's expansion; CloudFormation takes {CLOUDFORMATION} in one "
            f"stack, and more than {MOST} is too near to that"
        )
    return count
