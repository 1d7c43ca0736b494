"""The table's name in the tests; ``tests/aws.py`` makes it as the stack describes it."""

from typing import Final

TABLE: Final = "rencai-test"
