"""What one fresh process pays to import a handler; run by path, knowing nothing of the project:

    python -I -B -S cold_start_probe.py <handler module> <folder>...

The folders come before the standard library, as /var/task and /opt/python do on Lambda, and nothing else is
importable. Prints one line of JSON: ``seconds`` from before the import to after it (module-level init included),
``rss_mib`` at its highest, ``modules`` imported.
"""

import sys
import time
from importlib import import_module


def main() -> None:
    """Import, then tell."""
    module, *folders = sys.argv[1:]
    # -I leaves out this script's own folder, -S every site-packages.
    sys.path[:0] = folders
    before = len(sys.modules)
    began = time.perf_counter()
    import_module(module)
    seconds = time.perf_counter() - began
    modules = len(sys.modules) - before

    import json

    print(json.dumps({"seconds": seconds, "rss_mib": peak_mib(), "modules": modules}))


def peak_mib() -> float:
    """The most memory this process ever had. Linux's getrusage would include its parent's, from before the exec."""
    try:
        with open("/proc/self/status") as status:  # noqa: PTH123 - pathlib would be one more import
            (line,) = (line for line in status if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    except FileNotFoundError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)  # bytes, on macOS


main()
