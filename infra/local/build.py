"""`sam build` of both stacks into .local/build, skipped while nothing that goes into them has changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local.layout import (
    ARCHITECTURE,
    LAMBDA_RUNTIME,
    LOCAL,
    REGION,
    ROOT,
    RUNTIME,
    TEMPLATE,
    LocalStackError,
    clean_environment,
    tool,
)
from infra.local.sam import run_sam

BUILDS = LOCAL / "build"


@dataclass(frozen=True)
class Source:
    """One template, and everything that it and its artifacts are made of."""

    name: str
    template: Path
    inputs: tuple[Path, ...]
    assembled: bool = False
    """Whether the template itself is made (infra/assembly)."""


TENANT = Source(
    "tenant",
    TEMPLATE,
    (
        *(ROOT / "template.yaml", ROOT / "infra" / "assembly", ROOT / "functions"),
        *(ROOT / "shared", ROOT / "requirements" / "layer.txt"),
    ),
    assembled=True,
)
SANDBOX = Source("sandbox", ROOT / "infra" / "sandbox" / "template.yaml", (ROOT / "infra" / "sandbox",))


@dataclass(frozen=True)
class Built:
    template: Path
    fingerprint: str
    fresh: bool
    """Whether this call built it, rather than finding it."""


def build_all() -> tuple[Built, Built]:
    """Tenant and sandbox, side by side."""
    with _one_at_a_time(), ThreadPoolExecutor(2) as pool:
        tenant, sandbox = pool.map(_build, (TENANT, SANDBOX))
    return tenant, sandbox


def validate_all() -> str:
    """`sam validate --lint` of both templates; answers with how large the tenant's is.

    Raises:
        LocalStackError: with what the assembler or the linter says.
    """
    with _one_at_a_time():
        size = _assemble()

    def validate(source: Source) -> None:
        run_sam(
            *("validate", "--lint", "--region", REGION, "--template-file", source.template),
            log=BUILDS / f"{source.name}.lint.log",
            environment={},
        )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(validate, (TENANT, SANDBOX)))
    return size


def _build(source: Source) -> Built:
    folder = BUILDS / source.name
    stamp = BUILDS / f"{source.name}.fingerprint"
    fingerprint = _fingerprint(source)
    built = folder / "template.yaml"
    if built.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return Built(built, fingerprint, fresh=False)
    stamp.unlink(missing_ok=True)
    if source.assembled:
        _assemble()
    run_sam(
        *("build", "--parallel", "--template-file", source.template, "--build-dir", folder),
        *("--parameter-overrides", f"Runtime={LAMBDA_RUNTIME} Architecture={ARCHITECTURE}"),
        log=BUILDS / f"{source.name}.log",
        environment={
            "RUNTIME": RUNTIME,
            "ARCHITECTURE": ARCHITECTURE,
            # The embedded stack runs functions as processes of this machine: its wheels, its Python.
            "BUILD_PLATFORM": "native",
            "BUILD_PYTHON": sys.executable,
            "PYTHON": sys.executable,  # the sandbox's name for it
            "UV": str(tool("uv", "uv")),
            "UV_PYTHON_DOWNLOADS": "never",
            **({"UV_DEFAULT_INDEX": mirror} if (mirror := os.environ.get("UV_DEFAULT_INDEX")) else {}),
        },
    )
    stamp.write_text(fingerprint)
    return Built(built, fingerprint, fresh=True)


def _assemble() -> str:
    """Writes the tenant's template, in a process of its own: the API's body is made by importing the functions."""
    done = subprocess.run(
        [sys.executable, "-m", "infra.assembly"],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LocalStackError(f"the template could not be assembled:\n{done.stderr.strip()}")
    return done.stdout.strip()


def _fingerprint(source: Source) -> str:
    digest = hashlib.sha256(f"{sys.version} {RUNTIME} {ARCHITECTURE} native".encode())
    tools = (ROOT / "requirements" / "sam.txt", ROOT / "requirements" / "bootstrap.txt")
    for path in sorted({*tools, *(file for root in source.inputs for file in _files(root))}):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for path in root.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and ".aws-sam" not in path.parts:
            yield path


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """`make demo` and `make e2e` in two terminals must not build into the same folder at once."""
    BUILDS.mkdir(parents=True, exist_ok=True)
    with (BUILDS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
