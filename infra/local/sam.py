"""The SAM CLI as a subprocess, cut off from the caller's AWS settings, home folder and the network."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from infra.local.layout import (
    ACCESS_KEY,
    LOCAL,
    REGION,
    ROOT,
    SECRET_KEY,
    LocalStackError,
    clean_environment,
    tail,
    tool,
)


def run_sam(*arguments: str | Path, log: Path, environment: Mapping[str, str]) -> None:
    """Run it with all its output in ``log``. Raises LocalStackError with the end of that log."""
    with log.open("wb") as output:
        done = subprocess.run(
            [tool("sam", "sam"), *arguments],
            cwd=ROOT,
            env={**_sam_environment(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise LocalStackError(f"sam {arguments[0]} failed, see {log}:\n{tail(log)}")


def _sam_environment() -> dict[str, str]:
    folder = LOCAL / "sam"
    folder.mkdir(parents=True, exist_ok=True)
    # Telling it that it has just looked for a newer version is the only way to keep it from looking.
    about = {"installationId": "local", "telemetryEnabled": False, "lastVersionCheck": time.time()}
    (folder / "metadata.json").write_text(json.dumps(about))
    return clean_environment() | {
        "__SAM_CLI_APP_DIR": str(folder),
        "SAM_CLI_TELEMETRY": "0",
        # Seconds between two looks at a change set; the default of 5 is made for a remote region.
        "SAM_CLI_POLL_DELAY": "0.2",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
