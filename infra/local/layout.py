"""Where things are, and the environments that the tools run in. Nothing here starts anything."""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
VENVS = LOCAL / "venv"
TEMPLATE = LOCAL / "template.yaml"
"""The tenant's template as it is built, joined from the root's and the rooms' (infra/assembly)."""

HOST = "127.0.0.1"
REGION: Final = "ap-southeast-1"
# MiniStack's root credentials. They open nothing anywhere else.
ACCESS_KEY = "test"
SECRET_KEY = "test"  # noqa: S105 - a fixed, public value of the emulator

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
"""What the functions run on here: the Python that runs this."""
LAMBDA_RUNTIME = RUNTIME if sys.version_info >= (3, 12) else "python3.12"
"""What the stacks are told. The layer's wheels need a newer Linux than Lambda's 3.11 has; MiniStack runs functions with
its own Python whatever it is told.
"""
ARCHITECTURE = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"


class LocalStackError(RuntimeError):
    """The embedded stack did not start, build or deploy; the message says what, with the end of the log."""


@dataclass(frozen=True)
class Home:
    """The folder of one embedded stack: ``demo`` is for people, ``e2e`` and ``bench`` for their suites."""

    name: str

    @property
    def folder(self) -> Path:
        return LOCAL / self.name

    @property
    def server_file(self) -> Path:
        return self.folder / "server.json"

    @property
    def server_log(self) -> Path:
        return self.folder / "ministack.log"

    @property
    def stack_files(self) -> tuple[Path, ...]:
        """Where the deployed stack is described. The demo's is also where anyone would look first."""
        own = self.folder / "stack.json"
        return (own, LOCAL / "stack.json") if self.name == "demo" else (own,)

    @property
    def secrets_file(self) -> Path:
        return self.folder / "secrets.json"


def tool(environment: str, program: str) -> Path:
    """A program of one of the environments that ``make setup`` installs."""
    path = VENVS / environment / "bin" / program
    if not path.exists():
        raise LocalStackError(f"{path.relative_to(ROOT)} is missing: run `make setup` first")
    return path


def clean_environment() -> dict[str, str]:
    """What every tool and every function gets from the caller's shell: the bare minimum.

    Nothing of AWS (a developer's real credentials must not leak into functions, nor a deployment out to AWS),
    nothing of Python or make, no proxies for calls that stay on this machine.
    """
    kept = (
        "PATH",
        "HOME",
        "USER",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TZ",
        "TERM",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    )
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment["NO_PROXY"] = environment["no_proxy"] = f"{HOST},localhost"
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def tail(log: Path, lines: int = 40) -> str:
    """The end of a log, for error messages."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


def write_json(path: Path, value: object, mode: int = 0o600) -> None:
    """Write whole or not at all: another process may be reading. Private, since most hold secrets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    scratch.touch(mode=mode)
    scratch.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    scratch.replace(path)
