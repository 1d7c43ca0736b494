"""The MiniStack process: start it detached, find it again, stop it and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path

from infra.local import unpacking
from infra.local.layout import (
    ACCESS_KEY,
    HOST,
    REGION,
    ROOT,
    SECRET_KEY,
    Home,
    LocalStackError,
    clean_environment,
    tail,
    tool,
    write_json,
)

PREFERRED_PORT = 4566
START_DEADLINE_SECONDS = 180.0
STOP_DEADLINE_SECONDS = 30.0
# Linux; elsewhere `ps` is asked, which a small Linux image may lack.
PROC = Path("/proc")


# Python warns of a child that is forgotten while it runs; these are meant to outlive us.
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Server:
    """A started MiniStack. ``started_at`` tells one life of it from the next on the same port."""

    pid: int
    port: int
    started_at: float

    @property
    def endpoint_url(self) -> str:
        return f"http://{HOST}:{self.port}"


def find(home: Home) -> Server | None:
    """The recorded server, if its process still lives and is the one we started."""
    try:
        server = Server(**json.loads(home.server_file.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return server if _is_ours(server.pid, home) else None


def start(home: Home, port: int | None = None) -> Server:
    """The running server of this home, started if need be; it may not answer yet, see wait_until_healthy."""
    running = find(home)
    if running:
        return running
    _forget_deployment(home)
    scratch = home.folder / "tmp"
    scratch.mkdir(parents=True)
    port = port or _free_port(PREFERRED_PORT if home.name == "demo" else 0)
    environment = clean_environment() | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        # Verify signatures and enforce the functions' IAM policies: a missing permission fails here already.
        "AUTH": "true",
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "TMPDIR": str(scratch),
        "STATE_DIR": str(home.folder / "state"),
        "S3_DATA_DIR": str(home.folder / "state" / "s3"),
        # Listeners on fixed ports that nothing here uses.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Extra workers of a burst go after this many idle seconds; the first of each function stays.
        "LAMBDA_WARM_TTL_SECONDS": "120",
    }
    with home.server_log.open("wb") as log:
        process = subprocess.Popen(
            # Python ignores -X options it does not know; this one is how we know the process again. -P: the folder that
            # the script stands in is none of its business.
            [tool("ministack", "python"), "-X", _mark(home), "-P", unpacking.__file__],
            cwd=home.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _started.append(process)
    server = Server(process.pid, port, time.time())
    write_json(home.server_file, asdict(server))
    return server


def wait_until_healthy(home: Home, server: Server) -> None:
    """Returns as soon as the server answers. Raises when it died or takes longer than three minutes."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if not _is_alive(server.pid):
            raise LocalStackError(f"the embedded stack died while starting:\n{tail(home.server_log)}")
        try:
            with opener.open(f"{server.endpoint_url}/_ministack/health", timeout=2) as answer:
                if answer.status == HTTPStatus.OK and _is_ours(server.pid, home):
                    return
        except OSError:
            time.sleep(0.05)
    raise LocalStackError(
        f"the embedded stack did not answer within {START_DEADLINE_SECONDS:.0f} s:\n{tail(home.server_log)}"
    )


def stop(home: Home) -> bool:
    """Stop the server of this home with its function workers. False when none ran."""
    server = find(home)
    if server:
        # It leads a session of its own, so its process group is the server and its workers.
        os.killpg(server.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_DEADLINE_SECONDS
        while _is_alive(server.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        if _is_ours(server.pid, home):
            os.killpg(server.pid, signal.SIGKILL)
    home.server_file.unlink(missing_ok=True)
    _forget_deployment(home)
    return server is not None


def _forget_deployment(home: Home) -> None:
    """What a server held goes with it; what was written about it would now mislead."""
    for file in home.stack_files:
        file.unlink(missing_ok=True)
    shutil.rmtree(home.folder / "tmp", ignore_errors=True)


def _mark(home: Home) -> str:
    return f"rencai={home.folder}"


def _is_alive(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:  # our own child has ended, and is a zombie until asked
            return False
    except ChildProcessError:
        pass  # started by an earlier run
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_ours(pid: int, home: Home) -> bool:
    """Whether this process is the server we started: its number may since have gone to somebody else's."""
    if not _is_alive(pid):
        return False
    if (PROC / "self" / "cmdline").exists():
        try:
            arguments = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return _mark(home).encode() in arguments
    command = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return f"-X {_mark(home)} -P " in command.stdout


def _free_port(preferred: int) -> int:
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise LocalStackError(f"no free port on {HOST}; checked from {ROOT}")
