"""What CloudFormation would find out late, or never: each is a fault with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from infra.assembly.code import defined, module_file
from infra.assembly.faults import AssemblyError, Fault
from infra.assembly.joining import FUNCTION, QUEUE, Joined, owner
from infra.assembly.reading import Word, place_of

_SUBSTITUTED: Final = re.compile(r"\$\{([^!}][^}]*)\}")


def check_said(joined: Joined, root: Path) -> None:
    """What root and rooms say, before anything follows from it. Raises AssemblyError with all faults there are."""
    _raise(
        [
            *_dangling(joined),
            *_left_out(joined),
            *_taken_by_sam(joined),
            *_sources(joined),
            *_handlers(joined, root),
        ]
    )


def check_completed(joined: Joined) -> None:
    """What holds of the whole. Raises AssemblyError with all faults there are."""
    _raise(_unadmitted(joined))


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise AssemblyError(*sorted(faults, key=lambda fault: (fault.place.file, fault.place.line)))


# --- references ---------------------------------------------------------------------------------------------


def _dangling(joined: Joined) -> list[Fault]:
    template = joined.template
    known = {*template["Parameters"], *template["Resources"]}
    conditions = template.get("Conditions", {})
    faults = []
    for section in ("Conditions", "Globals", "Resources", "Outputs"):
        for kind, said in _references(template.get(section, {})):
            given = conditions if kind == "condition" else known
            name = _named(kind, said)
            if name not in given and not (kind in ("Ref", "Sub") and name.startswith("AWS::")):
                what = "condition" if kind == "condition" else "resource or parameter"
                faults.append(Fault(place_of(said), f"there is no {what} {name}{_near(name, given)}"))
    return faults


def _left_out(joined: Joined) -> list[Fault]:
    """Sayings of what may not be there, for which nothing stands in."""
    optional = {
        name: resource["Otherwise"] for name, resource in joined.resources.items() if "Otherwise" in resource
    }
    faults = []
    for section in ("Globals", "Resources", "Outputs"):
        for kind, said in _references(joined.template.get(section, {})):
            name = _named(kind, said)
            attributes = optional.get(name, {})
            if not attributes or kind == "DependsOn":
                continue
            if kind != "GetAtt" or said.partition(".")[2] not in attributes:
                text = (
                    f"{name} may be left out, and only its {', '.join(attributes)} has something in its place: "
                    f"say `!GetAtt {name}.{next(iter(attributes))}`"
                )
                faults.append(Fault(place_of(said), text))
    return faults


def _taken_by_sam(joined: Joined) -> list[Fault]:
    """Names of the resources that SAM makes of events, which something else has: CloudFormation refuses it when it is
    deployed, the linter does not see it, and the embedded stack does not mind.
    """
    faults = []
    for name, properties in joined.of_type(FUNCTION):
        for event in properties.get("Events", {}):
            for section in ("Parameters", "Resources"):
                for first in (one for one in joined.template[section] if one == f"{name}{event}"):
                    text = f"SAM makes {first} of {name}'s event {event}, and that name is given at {place_of(first)}"
                    faults.append(Fault(place_of(event), f"{text}: call the event otherwise"))
    return faults


def _named(kind: str, said: str) -> str:
    """The resource, parameter or condition that a reference says, whatever of it."""
    return said.partition(".")[0] if kind in ("GetAtt", "Sub") and not said.startswith("AWS::") else said


def _references(value: Any) -> Iterator[tuple[str, Word]]:
    """Everything that names something else: how, and what it says: of an attribute ``Table.Arn``."""
    if isinstance(value, list):
        for one in value:
            yield from _references(one)
    if not isinstance(value, dict):
        return
    for key, said in value.items():
        if key == "Ref":
            yield "Ref", said
        elif key == "Fn::GetAtt":
            yield "GetAtt", said
        elif key == "Fn::Sub":
            text, variables = said if isinstance(said, list) else (said, {})
            yield from _references(list(variables.values()))
            for name in _SUBSTITUTED.findall(text):
                if name not in variables:
                    yield "Sub", _word(name, text)
        elif key == "DependsOn":
            yield from (("DependsOn", name) for name in (said if isinstance(said, list) else [said]))
        elif key == "Fn::If":
            yield "condition", said[0]
            yield from _references(said[1:])
        elif key == "Condition" and isinstance(said, str):
            yield "condition", _word(said, said)
        else:
            yield from _references(said)


def _word(text: str, at: Any) -> Word:
    word = Word(text)
    word.place = place_of(at)
    return word


def _near(name: str, given: Collection[str]) -> str:
    near = difflib.get_close_matches(name, [str(one) for one in given], 1)
    return f": did you mean {near[0]}?" if near else ""


# --- queues -------------------------------------------------------------------------------------------------


def _sources(joined: Joined) -> list[Fault]:
    faults = []
    for name, event in joined.events("SQS"):
        source = event.get("Properties", {}).get("Queue")
        queue = joined.resources.get(owner(source), {})
        if queue.get("Type") != QUEUE:
            text = f"{name} reads no queue of this template: say `Queue: !GetAtt <queue>.Arn`"
        elif not owner(queue.get("Properties", {}).get("RedrivePolicy", {}).get("deadLetterTargetArn")):
            text = (
                f"{name} reads {owner(source)}, which keeps no dead letters: give the queue a RedrivePolicy with "
                "`deadLetterTargetArn: !GetAtt DeadLetters.Arn`"
            )
        else:
            continue
        faults.append(Fault(place_of(source or event), text))
    return faults


def _unadmitted(joined: Joined) -> list[Fault]:
    fed = [
        (arn, f"the rule {rule}", "events.amazonaws.com", queue) for rule, arn, queue in joined.rule_queues()
    ]
    fed += [
        (arn, f"the bucket {name}", "s3.amazonaws.com", queue) for name, arn, queue in joined.bucket_queues()
    ]
    return [
        Fault(
            place_of(arn),
            f"{sender} sends to {queue}, and no queue policy lets it: name {queue} in the Queues of an "
            f"AWS::SQS::QueuePolicy that allows {service} sqs:SendMessage",
        )
        for arn, sender, service, queue in fed
        if not any(
            _admits(properties, service, queue) for _, properties in joined.of_type("AWS::SQS::QueuePolicy")
        )
    ]


def _admits(policy: dict[str, Any], service: str, queue: str) -> bool:
    return {"Ref": queue} in policy.get("Queues", []) and any(
        statement.get("Effect") == "Allow"
        and service in _listed(statement.get("Principal", {}).get("Service"))
        and {"sqs:SendMessage", "sqs:*"} & {*_listed(statement.get("Action"))}
        and any(
            arn == "*" or arn == {"Fn::GetAtt": f"{queue}.Arn"} for arn in _listed(statement.get("Resource"))
        )
        for statement in policy["PolicyDocument"]["Statement"]
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# --- code ---------------------------------------------------------------------------------------------------


def _handlers(joined: Joined, root: Path) -> list[Fault]:
    faults = []
    for function, properties in joined.of_type(FUNCTION):
        handler = properties.get("Handler", "")
        module, _, name = handler.rpartition(".")
        file = module_file(root, module)
        if not module:
            text = f"{function} has no handler: say `Handler: functions.<capability>.<module>.handler`"
        elif not file.exists():
            text = f"the handler's module {module} does not exist: there is no {file.relative_to(root)}"
        elif name not in defined(file):
            text = f"{file.relative_to(root)} defines no {name}: end it with `{name} = on_event(act)` or the like"
        else:
            continue
        faults.append(Fault(place_of(handler or function), text))
    return faults
