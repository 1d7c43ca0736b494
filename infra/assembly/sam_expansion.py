"""Prints how many resources a template has after SAM's expansion. Run by the Python of SAM's own environment."""

import sys
from pathlib import Path

# No environment of ours has them, and this file is imported by none of it.
from samcli.yamlhelper import yaml_parse  # type: ignore[import-not-found]
from samtranslator.translator.transform import transform  # type: ignore[import-not-found]


class ManagedPolicies:
    """SAM asks AWS for the ARNs of managed policies; here nothing is asked for."""

    def load(self) -> dict[str, str]:
        """No policy by its name."""
        return {}


def main() -> None:
    template = yaml_parse(Path(sys.argv[1]).read_text())
    functions = template.get("Globals", {}).get("Function", {})
    for properties in (functions, *(one.get("Properties", {}) for one in template["Resources"].values())):
        for path in ("CodeUri", "ContentUri"):
            if path in properties:
                properties[path] = "s3://bucket/artifact"  # as `sam package` leaves it
    # With CodeDeploy, which is the larger of the two.
    print(len(transform(template, {"GradualDeployment": "true"}, ManagedPolicies())["Resources"]))


if __name__ == "__main__":
    main()
