"""Root and rooms become one template; nothing is added yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from infra.assembly.faults import AssemblyError, Fault
from infra.assembly.reading import Word, place_of, read

FUNCTION: Final = "AWS::Serverless::Function"
QUEUE: Final = "AWS::SQS::Queue"
RULE: Final = "AWS::Events::Rule"

_ROOT_SECTIONS = (
    *(
        "AWSTemplateFormatVersion",
        "Transform",
        "Description",
        "Metadata",
        "Parameters",
        "Mappings",
        "Conditions",
    ),
    *("Rules", "Globals", "Defaults", "EventDefaults", "TargetDefaults", "ApiDefaults"),
    *("RoomAlarms", "Resources", "Outputs"),
)
_ROOM_SECTIONS = ("Resources", "Outputs", "HrNotices", "RoomAlarms")


@dataclass
class Joined:
    """``template`` holds root and rooms; the rest is what only the assembler reads."""

    template: dict[str, Any]
    defaults: dict[str, Any]
    """By resource type: what every resource of it says unless it says otherwise."""
    event_defaults: dict[str, Any]
    """By event type: the same for the events of functions."""
    target_defaults: dict[str, Any] = field(default_factory=dict)
    """The same for the targets of rules."""
    room_alarms: dict[str, Any] = field(default_factory=dict)
    """By the last word of its name: what every room is watched for (alarming.py)."""
    rooms_alarms: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By room and that word: values of the room's own."""
    api_defaults: dict[str, Any] = field(default_factory=dict)
    """The same for the functions that serve the API."""
    hr_notices: list[Word] = field(default_factory=list)

    @property
    def resources(self) -> dict[str, Any]:
        """By logical id."""
        resources: dict[str, Any] = self.template["Resources"]
        return resources

    def of_type(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Logical id and properties of every resource of a type; the properties may be changed."""
        for name, resource in self.resources.items():
            if resource["Type"] == kind:
                yield name, resource.setdefault("Properties", {})

    def events(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every event of a type, with the function that is woken by it."""
        for name, properties in self.of_type(FUNCTION):
            for event in properties.get("Events", {}).values():
                if event.get("Type") == kind:
                    yield name, event

    def targets(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every target of a rule, with the rule; it may be changed."""
        for rule, properties in self.of_type(RULE):
            for target in properties.get("Targets", []):
                yield rule, target

    def rule_queues(self) -> Iterator[tuple[str, Any, str]]:
        """Who feeds which queue of this template: the rule, the queue's ARN as it is written, the queue.

        Fed is also the queue on which a target keeps what could not be delivered.
        """
        for rule, target in self.targets():
            yield from self._queue(rule, target.get("Arn"))
            yield from self._queue(rule, target.get("DeadLetterConfig", {}).get("Arn"))

    def bucket_queues(self) -> Iterator[tuple[str, Any, str]]:
        """The same of buckets that tell of their objects."""
        for bucket, properties in self.of_type("AWS::S3::Bucket"):
            for told in properties.get("NotificationConfiguration", {}).get("QueueConfigurations", []):
                yield from self._queue(bucket, told.get("Queue"))

    def _queue(self, sender: str, arn: Any) -> Iterator[tuple[str, Any, str]]:
        queue = owner(arn)
        if self.resources.get(queue, {}).get("Type") == QUEUE:
            yield sender, arn, queue


def owner(arn: Any) -> str:
    """The resource whose ARN it is; "" if it is not said as ``!GetAtt Queue.Arn``."""
    got = arn.get("Fn::GetAtt") if isinstance(arn, dict) else None
    return got.rpartition(".")[0] if isinstance(got, str) else ""


def join(root: Path) -> Joined:
    """The template.yaml in the folder ``root`` and every functions/<capability>/stack.yaml below it.

    Raises:
        AssemblyError: for a section that is not known, a logical id that is given twice, and a resource without a type.
    """
    template = _known(read(root / "template.yaml", root), _ROOT_SECTIONS)
    joined = Joined(
        template,
        template.pop("Defaults", {}),
        template.pop("EventDefaults", {}),
        template.pop("TargetDefaults", {}),
        template.pop("RoomAlarms", {}),
        api_defaults=template.pop("ApiDefaults", {}),
    )
    for section in ("Parameters", "Resources", "Outputs"):
        template[section] = template.get(section) or {}
    for file in sorted((root / "functions").glob("*/stack.yaml")):
        room = _known(read(file, root), _ROOM_SECTIONS)
        for section in ("Resources", "Outputs"):
            for name, said in (room.get(section) or {}).items():
                _add(template, section, name, said)
        joined.hr_notices += room.get("HrNotices", [])
        joined.rooms_alarms[file.parent.name] = room.get("RoomAlarms", {})
    for name, resource in joined.resources.items():
        if not isinstance(resource, dict) or "Type" not in resource:
            raise AssemblyError(
                Fault(place_of(name), f"{name} has no Type: a resource begins with `Type: AWS::...`")
            )
    return joined


def _add(template: dict[str, Any], section: str, name: Word, said: Any) -> None:
    # Parameters and resources share their names: a Ref may mean either.
    taken = ("Parameters", "Resources") if section == "Resources" else (section,)
    for first in (one for other in taken for one in template[other] if one == name):
        raise AssemblyError(
            Fault(name.place, f"{name} is already given at {first.place}: one of the two needs another name")
        )
    template[section][name] = said


def _known(content: dict[str, Any], sections: tuple[str, ...]) -> dict[str, Any]:
    for section in content:
        if section not in sections:
            raise AssemblyError(
                Fault(place_of(section), f"{section} is no section here; there are {', '.join(sections)}")
            )
    return content
