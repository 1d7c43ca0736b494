"""MiniStack, whose Lambda workers share what a function's code and layers are unpacked to.

On Lambda `/var/task` and `/opt` are read-only, so nobody can tell one copy from many. MiniStack unpacks both anew for
each worker: of our layer 1,900 files, for some sixty workers in a run of the end-to-end tests, all by one interpreter.
Runs in MiniStack's environment, in the place of `-m ministack`, and tells it what conditions.py and gateway.py say.
"""

import hashlib
import runpy
import tempfile
import threading
import zipfile
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_one_at_a_time = threading.Lock()


class SharedZip(zipfile.ZipFile):
    """A worker's own file. What it holds is unpacked once; whoever asks again gets a link to that."""

    @cached_property
    def _file(self) -> Path:
        return Path(str(self.filename))

    @cached_property
    def _copy(self) -> Path:
        return Path(tempfile.gettempdir(), "unpacked", hashlib.sha256(self._file.read_bytes()).hexdigest())

    def namelist(self) -> list[str]:
        """What is yet to be unpacked, which is what MiniStack looks through for names that lead elsewhere."""
        return [] if self._copy.exists() else super().namelist()

    def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
        """Puts a link in the place of the (empty) folder ``path``, and away with the file, which nobody reads again."""
        with _one_at_a_time:
            if not self._copy.exists():
                scratch = self._copy.with_suffix(".part")
                super().extractall(scratch, members, pwd)
                scratch.rename(self._copy)
        Path(path).rmdir()
        Path(path).symlink_to(self._copy)
        self._file.unlink()


if __name__ == "__main__":
    workers: Any = import_module("ministack.core.lambda_runtime")
    workers.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": SharedZip})
    # No package of ours is on this Python's path.
    for lesson in ("conditions.py", "gateway.py"):
        runpy.run_path(str(Path(__file__).with_name(lesson)))["teach"]()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
