"""What a hired candidate reads and writes, by the benchmark's own meter, on moto's table."""

from collections import Counter
from typing import Any, Final

import botocore.session
import pytest
from moto import mock_aws

from tests.bench.capacity import Call
from tests.bench.figures import TARGETS
from tests.bench.request_units import metered

MOST_WRITTEN: Final = 83


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    def client() -> Any:
        return botocore.session.get_session().create_client("dynamodb", region_name="ap-southeast-1")

    with mock_aws():
        return metered(client(), client()).calls


def test_a_journey_reads_and_writes_no_more_than_it_has_to(calls: list[Call]) -> None:
    assert sum(call.read for call in calls if not call.reader) <= TARGETS["journey_read_units"]
    assert sum(call.write + call.index_write for call in calls) <= MOST_WRITTEN


def test_no_run_of_a_function_reads_a_document_twice(calls: list[Call]) -> None:
    """A query of one kind's newest, and its version by number, are the same document."""
    read = Counter((call.step, call.run, call.key.split()[0]) for call in calls if call.configuration)
    assert [key for key, times in read.items() if times > 1] == []


def test_every_document_that_a_journey_reads_fits_in_one_unit_of_a_read(calls: list[Call]) -> None:
    large = [call for call in calls if call.configuration and call.read > 0.5]
    assert {call.key: call.size for call in large if not call.reader} == {}


def test_a_journey_reads_the_readers_documents_for_its_interview_alone(calls: list[Call]) -> None:
    """One function reads words, and once: what it costs is what ``docs/reading.md`` says."""
    read = [call for call in calls if call.reader]
    assert len({(call.step, call.run) for call in read}) == 1
    assert len(read) == 2
    assert sum(call.read for call in read) <= TARGETS["journey_reader_units"]
