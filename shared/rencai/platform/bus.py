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


class PublishFailed(Exception):
    """The bus did not take every event of a call. ``event_ids`` were not taken."""

    def __init__(self, event_ids: Sequence[str]) -> None:
        self.event_ids = tuple(event_ids)
        super().__init__(f"{len(self.event_ids)} events were not taken")


class Bus:
    """The tenant's event bus."""

    def __init__(self, client: "EventBridgeClient", name: str, tenant_id: str) -> None:
        self._client = client
        self._name = name
        self._tenant_id = tenant_id

    def publish(self, told: Sequence[tuple[Subject, Event]]) -> None:
        """Publish events in order; raises ``PublishFailed`` when the bus did not take all of them."""
        for first in range(0, len(told), _ENTRIES):
            batch = told[first : first + _ENTRIES]
            answer = self._client.put_events(
                Entries=[self._entry(subject, event) for subject, event in batch]
            )
            if answer["FailedEntryCount"]:
                failed = [
                    event.id
                    for (_, event), entry in zip(batch, answer["Entries"], strict=True)
                    if "ErrorCode" in entry
                ]
                raise PublishFailed(failed)

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
