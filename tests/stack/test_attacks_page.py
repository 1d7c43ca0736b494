"""docs/attacks.md lists what `make attack` tries: all of it, and nothing else."""

import re

from tests.attack.attacks import all_attacks
from tests.template import ROOT


def test_every_attack_stands_on_the_page_as_held() -> None:
    page = (ROOT / "docs" / "attacks.md").read_text()
    listed = re.findall(r"^\| ([^|]+) \| ([^|]+) \| (held) \| [^|]+ \|$", page, re.MULTILINE)
    assert sorted(listed) == sorted((one.kind, one.what, "held") for one in all_attacks())
