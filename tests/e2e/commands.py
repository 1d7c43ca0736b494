"""The administrator's commands, as they are typed."""

import os
import subprocess
import sys

from infra.local.layout import REGION, ROOT
from tests.e2e.outsider import Outsider


def admin(outsider: Outsider, *command: str) -> str:
    """An admin at the command line."""
    credentials = outsider.stack.session.get_credentials()
    assert credentials is not None
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": outsider.stack.endpoint_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "RENCAI_STACK": outsider.stack.stack_name,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'shared'}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "infra.admin", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
