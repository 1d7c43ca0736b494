"""What README's deploy steps have the administrator run of Rencai's own, run as it is written there."""

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from typer.testing import CliRunner

from infra.admin.__main__ import app
from rencai.kernel.work_calendar import WORK_CALENDAR
from rencai.store.configurations import Configurations
from rencai.store.table import Table
from rencai.wiring.documents import KINDS
from tests.aws import fresh_table
from tests.shipped import DOCUMENTS
from tests.template import ROOT

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TABLE = "rencai-test"
README = ("README.md", "README.zh-CN.md")
_COMMAND = re.compile(r"^ *\.local/venv/dev/bin/python -m infra\.admin (.+)$", re.MULTILINE)


@pytest.fixture
def configurations(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configurations]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    with fresh_table() as dynamodb, time_machine.travel(NOW, tick=False):
        yield Configurations(Table(dynamodb, TABLE), lambda: NOW)


def steps(name: str) -> list[str]:
    return _COMMAND.findall((ROOT / name).read_text())


def test_both_languages_say_the_same_steps() -> None:
    english, chinese = map(steps, README)
    assert english == chinese
    assert english


@pytest.mark.parametrize("name", README)
def test_a_tenant_deployed_by_the_steps_has_its_documents_and_its_holidays(
    configurations: Configurations, name: str
) -> None:
    for step in steps(name):
        arguments = shlex.split(step.replace("--stack rencai-acme", f"--table {TABLE}"))
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
    there = {(kind.name, one) for kind in KINDS.values() for one in configurations.names(kind)}
    assert there >= {(str(kind), one) for kind, one in DOCUMENTS}
    calendar = configurations.latest(WORK_CALENDAR).document
    assert date(2026, 10, 1) in calendar.days_off, "the first of October is a day like any other"
