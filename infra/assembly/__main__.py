"""``python -m infra.assembly``: writes .local/template.yaml and says how large it is."""

from __future__ import annotations

import sys

from infra.assembly.api import api_body
from infra.assembly.expanding import CLOUDFORMATION, count_resources
from infra.assembly.faults import AssemblyError
from infra.assembly.template import assemble, write
from infra.local.layout import ROOT, TEMPLATE, LocalStackError


def main() -> None:
    write(assemble(ROOT, api_body), ROOT, TEMPLATE)
    count = count_resources(TEMPLATE)
    print(f"{TEMPLATE.relative_to(ROOT)}: {count} resources of CloudFormation's {CLOUDFORMATION}")


if __name__ == "__main__":
    try:
        main()
    except (AssemblyError, LocalStackError) as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
