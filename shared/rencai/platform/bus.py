"""Publishing: the relay's side of the event bus."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rencai.kernel.events import SOURCE, Envelope, Event, Subject

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef

_ENTRIES: Final = 10
"""PutEvents takes at most ten; our events are far below its 1 MB."""
_FOR_GOOD: Final = frozenset({"InvalidArgument", "MalformedDetail", "RedactionFailure"})
"""Refusals of an entry for what it is. AWS calls those of rights and accounts final too: an admin mends them."""


class PublishFailed(Exception):
    """The bus did not take every event of a call: not ``event_ids``. ``for_good``: for what they are, each of them, so
    that no retry helps. The text is safe to log.
    """

    def __init__(self, refusals: Sequence[tuple[str, str]]) -> None:
        """``refusals``: each event's id, and AWS's code of why."""
        self.event_ids = tuple(event_id for event_id, _ in refusals)
        codes = {code for _, code in refusals}
        self.for_good = bool(codes) and codes <= _FOR_GOOD
        super().__init__(f"{len(self.event_ids)} events were not taken: {', '.join(sorted(codes))}")


class Bus:
    """The tenant's event bus."""

    def __init__(self, client: "EventBridgeClient", name: str, tenant_id: str) -> None:
        self._client = client
        self._name = name
        self._tenant_id = tenant_id

    def publish(self, told: Sequence[tuple[Subject, Event]]) -> None:
        """Publish events in order; raises ``PublishFailed`` when the bus did not take all of them.

        What may be taken another time holds up what follows; what never will be does not.
        """
        refused: list[tuple[str, str]] = []
        for first in range(0, len(told), _ENTRIES):
            batch = told[first : first + _ENTRIES]
            answer = self._client.put_events(
                Entries=[self._entry(subject, event) for subject, event in batch]
            )
            if answer["FailedEntryCount"]:
                refused += [
                    (event.id, entry["ErrorCode"])
                    for (_, event), entry in zip(batch, answer["Entries"], strict=True)
                    if "ErrorCode" in entry
                ]
                if not PublishFailed(refused).for_good:
                    break
        if refused:
            raise PublishFailed(refused)

    def _entry(self, subject: Subject, event: Event) -> "PutEventsRequestEntryTypeDef":
        envelope = Envelope(
            event_id=event.id,
            tenant_id=self._tenant_id,
            occurred_at=event.at,
            correlation_id=subject.id,
            subject=subject,
            data=dict(event.data),
        )
        return {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": event.name.value,
            "Time": event.at,
            "Detail": json.dumps(envelope.model_dump(mode="json"), ensure_ascii=False),
        }
