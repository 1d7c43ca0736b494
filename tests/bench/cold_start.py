"""Cold starts: import and init of every function as built for deployment, against a bare handler built by plain SAM.

The baseline is a handler with Powertools Logger and one boto3 client, the same versions as in our locks, built by
``sam build`` from a requirements.txt: no bytecode in it, and Lambda can write none. Both sides run from copies that
nobody rebuilds meanwhile, in fresh processes that write no bytecode (-B), so that no run leaves anything to the next.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.local.build import BUILDS, build_all
from infra.local.layout import ARCHITECTURE, REGION, ROOT, RUNTIME, clean_environment, tool
from infra.local.sam import run_sam
from tests.bench.figures import Figures, median
from tests.template import resources, template

RUNS: Final = 15
SURVEY_RUNS: Final = 3
FINALISTS: Final = 3
"""Functions that are measured in full: the survey is too short to tell the first from the second."""
HOME: Final = BUILDS / "bench"
PROBE: Final = Path(__file__).with_name("cold_start_probe.py")

_BARE_HANDLER: Final = """\
import boto3
from aws_lambda_powertools import Logger

logger = Logger(service="bare")
dynamodb = boto3.client("dynamodb")


@logger.inject_lambda_context
def handler(event, context):
    return {}
"""
_BARE_PACKAGES: Final = frozenset(
    {
        "aws-lambda-powertools",
        "boto3",
        "botocore",
        "jmespath",
        "python-dateutil",
        "s3transfer",
        "six",
        "typing-extensions",
        "urllib3",
    }
)
_BARE_TEMPLATE: Final = f"""\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Bare:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: {RUNTIME}, Architectures: [{ARCHITECTURE}], Handler: app.handler, CodeUri: code/}}
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Something to start: a handler's module, the folders Lambda would find it in, and its environment."""

    name: str
    module: str
    folders: tuple[Path, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Start:
    """One cold start: seconds of import and init, seconds of the whole process, peak memory, modules imported."""

    init: float
    process: float
    rss_mib: float
    modules: int


def measure(runs: int = RUNS) -> Figures:
    """Survey every function, then start the heaviest few, the bare handler, and that with bytecode in turns."""
    built = Artifacts.prepare()
    functions, surveyed = _survey(built)
    *close, bare, bare_warm = (
        (target, starts)
        for target, starts in _starts_in_turns(
            (*functions[:FINALISTS], built.bare(), built.bare_compiled()), runs
        )
    )
    built.check_untouched()
    heaviest, ours = max(close, key=lambda one: median([start.init for start in one[1]]))
    return _figures(built, heaviest, surveyed, ours, bare[1], bare_warm[1])


def _survey(built: Artifacts) -> tuple[list[Target], dict[str, float]]:
    """Every function, the heaviest first, and the seconds each takes at best."""
    surveyed = {
        target.name: min(start.init for start in starts)
        for target, starts in _starts_in_turns(built.functions(), SURVEY_RUNS)
    }
    return sorted(built.functions(), key=lambda target: -surveyed[target.name]), surveyed


def _figures(
    built: Artifacts,
    heaviest: Target,
    surveyed: Mapping[str, float],
    ours: Sequence[Start],
    bare: Sequence[Start],
    bare_warm: Sequence[Start],
) -> Figures:
    def ratio(baseline: Sequence[Start]) -> float:
        return round(median([a.init for a in ours]) / median([b.init for b in baseline]), 3)

    figures = Figures()
    cold, warm = ratio(bare), ratio(bare_warm)
    figures.add(
        "init_ratio", cold, f"{cold:.2f}", f"{heaviest.name}, as deployed ÷ bare handler of plain sam build"
    )
    figures.add("init_ratio_warm", warm, f"{warm:.2f}", "the same, the bare handler with bytecode too")
    for name, starts in ((heaviest.name, ours), ("bare handler", bare), ("bare, compiled", bare_warm)):
        init, process = (median([getattr(start, what) for start in starts]) for what in ("init", "process"))
        rss = median([start.rss_mib for start in starts])
        figures.say(
            f"  {name}",
            f"{init * 1000:.0f} ms",
            f"whole process {process * 1000:.0f} ms, {rss:.0f} MiB at most, {starts[0].modules} modules",
        )
    order = sorted(surveyed, key=lambda name: -surveyed[name])
    figures.say(
        "  all functions", "", ", ".join(f"{name} {surveyed[name] * 1000:.0f}" for name in order) + " ms"
    )
    sizes = {
        "layer": _size(built.layer),
        "functions": _size(built.code),
        "bare handler": _size(built.bare_code),
    }
    for name, (unpacked, packed) in sizes.items():
        figures.say(
            f"  {name} artifact", f"{packed / 1e6:.1f} MB", f"zipped; {unpacked / 1e6:.1f} MB unzipped"
        )

    def about(starts: Sequence[Start]) -> dict[str, float]:
        return {
            "init_ms": round(median([start.init for start in starts]) * 1000, 1),
            "process_ms": round(median([start.process for start in starts]) * 1000, 1),
            "rss_mib": round(median([start.rss_mib for start in starts]), 1),
        }

    figures.values["init"] = {
        "heaviest": heaviest.name,
        "runs": len(ours),
        "function": about(ours),
        "bare": about(bare),
        "bare_compiled": about(bare_warm),
        "functions_ms": {name: round(surveyed[name] * 1000, 1) for name in order},
        "artifact_bytes": {
            name: {"unzipped": unpacked, "zipped": packed} for name, (unpacked, packed) in sizes.items()
        },
    }
    return figures


def import_costs(count: int = 10) -> list[tuple[str, list[tuple[str, float, float]]]]:
    """For the heaviest function, of each package and of each module: name, own milliseconds, with what it imports."""
    (heaviest, *_), _ = _survey(Artifacts.prepare())
    modules = _import_times(heaviest)
    packages: dict[str, float] = {}
    for name, own, _ in modules:
        package = name.partition(".")[0]
        packages[package] = packages.get(package, 0.0) + own
    return [
        (
            f"{heaviest.name}: packages by their own time",
            sorted(((name, own, own) for name, own in packages.items()), key=lambda row: -row[1])[:count],
        ),
        (
            f"{heaviest.name}: modules by their own time",
            sorted(modules, key=lambda row: -row[1])[:count],
        ),
        (
            f"{heaviest.name}: modules with what they import",
            sorted(modules, key=lambda row: -row[2])[:count],
        ),
    ]


def _import_times(target: Target) -> list[tuple[str, float, float]]:
    done = _run(target, "-X", "importtime")
    rows = re.findall(r"^import time: +(\d+) \| +(\d+) \| *(\S+)$", done.stderr, re.MULTILINE)
    return [(name, int(own) / 1000, int(whole) / 1000) for own, whole, name in rows]


# --- starting --------------------------------------------------------------------------------------------------------


def _start(target: Target) -> Start:
    began = time.perf_counter()
    done = _run(target)
    process = time.perf_counter() - began
    told = json.loads(done.stdout.splitlines()[-1])
    return Start(told["seconds"], process, told["rss_mib"], told["modules"])


def _run(target: Target, *options: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-S", *options, PROBE, target.module, *target.folders],
        env=dict(target.environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{target.name} does not start:\n{done.stderr[-3000:]}")
    return done


def _starts_in_turns(targets: Sequence[Target], runs: int) -> Iterator[tuple[Target, list[Start]]]:
    """Each once to fill the disk cache, then round by round, in another order each: a neighbour's beat hits no one."""
    order = random.Random(0)
    starts: list[list[Start]] = [[] for _ in targets]
    for target in targets:
        _start(target)
    for _ in range(runs):
        for index in order.sample(range(len(targets)), len(targets)):
            starts[index].append(_start(targets[index]))
    yield from zip(targets, starts, strict=True)


# --- what is started -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Artifacts:
    """Copies of the deployment's artifacts and of the baseline's."""

    layer: Path
    code: Path
    bare_code: Path
    bare_compiled_code: Path

    @classmethod
    def prepare(cls) -> Artifacts:
        """Build both, unless nothing has changed, and copy them to where no later build touches them."""
        build_all()
        artifacts = cls(HOME / "layer", HOME / "functions", HOME / "bare", HOME / "bare-compiled")
        HOME.mkdir(parents=True, exist_ok=True)
        with (BUILDS / "lock").open("w") as lock:  # the builds' own: nobody builds while we copy
            fcntl.flock(lock, fcntl.LOCK_EX)
            tenant = BUILDS / "tenant"
            _copy(tenant / "SharedLayer", artifacts.layer)
            # All functions share their code, so any one's artifact is every one's.
            _copy(tenant / next(iter(_functions())), artifacts.code)
        _build_bare(artifacts)
        artifacts.check_untouched()
        return artifacts

    def functions(self) -> list[Target]:
        """Every function of the stack."""
        folders = (self.code, self.layer / "python")
        return [
            Target(name, properties["Handler"].rpartition(".")[0], folders, function_environment(name))
            for name, properties in _functions().items()
        ]

    def bare(self) -> Target:
        """The baseline as it would be deployed."""
        return Target("bare", "app", (self.bare_code,), _lambda_environment())

    def bare_compiled(self) -> Target:
        """The baseline with bytecode."""
        return Target("bare compiled", "app", (self.bare_compiled_code,), _lambda_environment())

    def check_untouched(self) -> None:
        """Nothing may have left bytecode where Lambda would have none, nor may ours be without it."""
        if any(self.bare_code.rglob("*.pyc")):
            raise RuntimeError(f"there is bytecode in {self.bare_code}: remove the folder")
        for folder in (self.layer, self.code):
            if not any(folder.rglob("*.pyc")):
                raise RuntimeError(f"{folder} was built without bytecode: see {BUILDS / 'tenant.log'}")


def _functions() -> dict[str, dict[str, Any]]:
    return resources("AWS::Serverless::Function")


def function_environment(name: str) -> dict[str, str]:
    """What the template gives a function, with stand-ins for what only a deployment knows."""
    declared = template()["Globals"]["Function"]["Environment"]["Variables"] | (
        _functions()[name].get("Environment", {}).get("Variables", {})
    )
    return _lambda_environment() | {key: _stand_in(value) for key, value in declared.items()}


def _stand_in(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    parameter = template()["Parameters"].get(value.get("Ref"), {})
    default = parameter.get("Default")
    return str(default) if default else "https://bench.invalid/stand-in"


def _lambda_environment() -> dict[str, str]:
    return {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PATH": os.defpath,
    }


def _build_bare(artifacts: Artifacts) -> None:
    """``sam build`` of the baseline, once for each set of versions."""
    requirements = _locked(_BARE_PACKAGES)
    fingerprint = hashlib.sha256(
        f"{sys.version}{_BARE_TEMPLATE}{_BARE_HANDLER}{requirements}".encode()
    ).hexdigest()
    stamp = HOME / "bare.fingerprint"
    if stamp.exists() and stamp.read_text() == fingerprint and artifacts.bare_compiled_code.exists():
        return
    stamp.unlink(missing_ok=True)
    source = HOME / "bare-source"
    shutil.rmtree(source, ignore_errors=True)
    (source / "code").mkdir(parents=True)
    (source / "template.yaml").write_text(_BARE_TEMPLATE)
    (source / "code" / "app.py").write_text(_BARE_HANDLER)
    (source / "code" / "requirements.txt").write_text(requirements)
    # SAM wants `pythonX.Y` with pip on the PATH: the environment of uv is made by venv, which gives it both.
    path = f"{tool('uv', RUNTIME).parent}{os.pathsep}{clean_environment()['PATH']}"
    mirror = {name: os.environ[name] for name in ("PIP_INDEX_URL", "PIP_CERT") if name in os.environ}
    run_sam(
        *("build", "--template-file", source / "template.yaml", "--build-dir", source / "build"),
        log=HOME / "bare.log",
        environment={"PATH": path, **mirror},
    )
    _copy(source / "build" / "Bare", artifacts.bare_code)
    _copy(source / "build" / "Bare", artifacts.bare_compiled_code)
    subprocess.run(
        [
            *(sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"),
            artifacts.bare_compiled_code,
        ],
        check=True,
    )
    shutil.rmtree(source)
    stamp.write_text(fingerprint)


def _locked(packages: frozenset[str]) -> str:
    """These packages' lines of the lock, hashes and all."""
    kept: list[str] = []
    found: set[str] = set()
    wanted = False
    for line in (ROOT / "requirements" / "dev.txt").read_text().splitlines():
        if pinned := re.match(r"([A-Za-z0-9._-]+)==", line):
            wanted = pinned[1] in packages
            found |= {pinned[1]} & packages
        if wanted and not line.lstrip().startswith("#"):
            kept.append(line)
    if found != packages:
        raise RuntimeError(f"not in requirements/dev.txt: {', '.join(sorted(packages - found))}")
    return "\n".join(kept) + "\n"


def _copy(source: Path, destination: Path) -> None:
    shutil.rmtree(destination, ignore_errors=True)
    shutil.copytree(source, destination)


def _size(folder: Path) -> tuple[int, int]:
    """Bytes unpacked, and as the zip file that is uploaded."""
    unpacked = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    archive = Path(shutil.make_archive(str(HOME / "size"), "zip", folder))
    try:
        return unpacked, archive.stat().st_size
    finally:
        archive.unlink()
