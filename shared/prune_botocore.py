"""Cuts botocore's data down to what the functions read; run by the layer's build on the installed copy.

    python prune_botocore.py <botocore/data> <service>...

What is kept says the same as before: where our services are (1.25 MB of endpoints for all of AWS, parsed by
the first client of every cold start), and their models without the prose of the manual, unpacked. The Makefile removes
the folders of the other services.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any


def without_documentation(node: Any) -> Any:
    """A service model with an empty manual; a member that happens to be called ``documentation`` is not text."""
    if isinstance(node, dict):
        return {
            name: "" if name == "documentation" and isinstance(value, str) else without_documentation(value)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [without_documentation(value) for value in node]
    return node


def prune(data: Path, services: set[str]) -> None:
    """Rewrite the files in place."""
    endpoints = data / "endpoints.json"
    known = json.loads(endpoints.read_text())
    for partition in known["partitions"]:
        partition["services"] = {name: at for name, at in partition["services"].items() if name in services}
    endpoints.write_text(json.dumps(known, separators=(",", ":")))
    for packed in sorted(data.glob("*/*/*.json.gz")):
        plain = without_documentation(json.loads(gzip.decompress(packed.read_bytes())))
        packed.with_suffix("").write_text(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))
        packed.unlink()


if __name__ == "__main__":
    # SES calls itself "email" in there.
    prune(Path(sys.argv[1]), {*sys.argv[2:], "email"})
