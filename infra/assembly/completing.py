"""What follows from what is said, so that no block has to say it.

- **Defaults** of the root: merged under every resource, and every event of a function, of that type, and under every
  target of a rule, and every function that serves the API. Mappings are merged at any depth, anything else is the
  resource's own word; ``null`` takes a default out.
- **A function's role** may touch of the tenant's data what access.yaml says, and its policies are of 2012, the only
  version with all of IAM's words.
- **A function that reads a queue** is told QUEUE_URL and DEAD_LETTER_URL, may put a message back and put it aside, and
  has the row QueueReaders of access.yaml; the queue hides a message for six times the timeout, as AWS asks.
- **The bus's policy**, the one queue policy that names no queues, gets every queue that a rule feeds and that has no
  policy of its own.
- **The schedules' role** may invoke the functions that are scheduled with it.
- **A rule** is named by its logical id, which is its name among the metrics: the bus is the tenant's own.
- **Alarms of the rooms**: what every queue, function and rule is watched for (alarming.py).
- **The roll call** is told what the others have of schedules, rules and streams: SCHEDULES, RULES and STREAMS.
- **HR's notices** of the rooms become events of the rule HrNoticesRule.
- **A resource that a parameter may stand for** (``Otherwise``, beside its ``Condition``): wherever one of its
  attributes is said, the parameter is said instead when the condition leaves the resource out.
- **A function that serves the API**, since its handler's module has an ``api``, may be called by it, and the API's body
  is made from the routes. It is called by its alias, and what parameters tell it is in the description of its version:
  SAM publishes one when the block changes, and a parameter's value is not in it.
- **The API** answers by itself what gateway.py says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from infra.assembly.access import grant, policy_of
from infra.assembly.alarming import rooms_watched
from infra.assembly.code import defined, module_file
from infra.assembly.faults import AssemblyError, Fault
from infra.assembly.gateway import gateway_responses
from infra.assembly.joining import FUNCTION, RULE, Joined, owner
from infra.assembly.reading import place_of

HR_RULE: Final = "HrNoticesRule"
ROLL_CALL: Final = "RollCall"
_VERSION: Final = "2012-10-17"
_SAM_TIMEOUT: Final = 3
"""Seconds a function has that says nothing, nor Globals."""

Body = Callable[[Mapping[str, str]], dict[str, Any]]
"""An API's OpenAPI document, from the functions that serve it: logical id and the module of its handler."""


def apply_defaults(joined: Joined, root: Path) -> None:
    """Root's defaults under every resource and event. Raises AssemblyError for defaults that nothing has."""
    for name in _serving(joined, root):
        joined.resources[name] = _merged(joined.api_defaults, joined.resources[name])
    for name, resource in joined.resources.items():
        joined.resources[name] = _merged(joined.defaults.get(resource["Type"], {}), resource)
    for _, properties in joined.of_type(FUNCTION):
        for name, event in properties.get("Events", {}).items():
            properties["Events"][name] = _merged(joined.event_defaults.get(event.get("Type"), {}), event)
    for rule, properties in joined.of_type(RULE):
        if not isinstance(properties.get("Targets", []), list):
            raise AssemblyError(Fault(place_of(properties["Targets"]), f"the Targets of {rule} are no list"))
        properties["Targets"] = [
            _merged(joined.target_defaults, target) for target in properties.get("Targets", [])
        ]
    unused = [kind for kind in joined.defaults if not any(joined.of_type(kind))]
    unused += [kind for kind in joined.event_defaults if not any(joined.events(kind))]
    if joined.target_defaults and not any(joined.targets()):
        raise AssemblyError(
            Fault(place_of(joined.target_defaults), "no rule has a target: take these defaults out")
        )
    if unused:
        raise AssemblyError(
            *(Fault(place_of(kind), f"nothing is of type {kind}: take these defaults out") for kind in unused)
        )


def complete(joined: Joined, root: Path, body: Body | None) -> None:
    """Everything else of the list above. Without ``body`` the APIs have no paths yet."""
    grant(joined, root)
    for name, event in joined.events("SQS"):
        _let_it_read(joined, name, owner(event["Properties"]["Queue"]))
    _let_the_bus_send(joined)
    _let_schedules_invoke(joined)
    _tell_hr(joined)
    for name, rule in joined.of_type(RULE):
        if "Name" in rule:
            text = f"{name} is named by its logical id, which its metrics have: take its Name out"
            raise AssemblyError(Fault(place_of(name), text))
        rule["Name"] = str(name)
    _tell_the_roll_call(joined)
    for name, alarm in rooms_watched(joined).items():
        _add(joined, name, alarm)
    for _, properties in joined.of_type(FUNCTION):
        for policy in properties.get("Policies", []):
            policy.setdefault("Version", _VERSION)
    _let_parameters_stand_in(joined)
    _let_it_serve(joined, root, body)


def _merged(default: Any, own: Any) -> Any:
    if not _is_mapping(default) or not _is_mapping(own):
        return own
    merged = {key: _merged(default.get(key), value) for key, value in own.items()}
    merged |= {key: value for key, value in default.items() if key not in own}
    # Copied, since what is completed for one resource is nothing to the next.
    return {key: _copied(value) for key, value in merged.items() if value is not None}


def _is_mapping(value: Any) -> bool:
    """Whether it can be merged: ``!Ref`` and its like are one value each."""
    return isinstance(value, dict) and not any(key == "Ref" or key.startswith("Fn::") for key in value)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _let_it_read(joined: Joined, name: str, queue: str) -> None:
    properties = joined.resources[name]["Properties"]
    about = joined.resources[queue].setdefault("Properties", {})
    dead_letters = about["RedrivePolicy"]["deadLetterTargetArn"]
    variables = properties.setdefault("Environment", {}).setdefault("Variables", {})
    variables.setdefault("QUEUE_URL", {"Ref": queue})
    variables.setdefault("DEAD_LETTER_URL", {"Ref": owner(dead_letters)})
    policy_of(properties)["Statement"] += [
        _allowed("sqs:ChangeMessageVisibility", {"Fn::GetAtt": f"{queue}.Arn"}),
        _allowed("sqs:SendMessage", dead_letters),
    ]
    globally = joined.template.get("Globals", {}).get("Function", {}).get("Timeout", _SAM_TIMEOUT)
    timeout = properties.get("Timeout", globally)
    if not isinstance(timeout, int):
        raise AssemblyError(
            Fault(place_of(name), f"{name} reads {queue} and needs a Timeout that is a number of seconds")
        )
    about.setdefault("VisibilityTimeout", 6 * timeout)


def _let_the_bus_send(joined: Joined) -> None:
    policies = [properties for _, properties in joined.of_type("AWS::SQS::QueuePolicy")]
    admitted = [
        queue["Ref"] for properties in policies for queue in properties.get("Queues", []) if "Ref" in queue
    ]
    fed = dict.fromkeys(queue for _, _, queue in joined.rule_queues() if queue not in admitted)
    for properties in policies:
        if "Queues" not in properties:
            properties["Queues"] = [{"Ref": queue} for queue in fed]


def _let_schedules_invoke(joined: Joined) -> None:
    invoked: dict[str, list[Any]] = {}
    for name, event in joined.events("ScheduleV2"):
        invoked.setdefault(owner(event["Properties"].get("RoleArn")), []).append(
            {"Fn::GetAtt": f"{name}.Arn"}
        )
    for role, functions in invoked.items():
        for policy in joined.resources.get(role, {}).get("Properties", {}).get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                statement.setdefault("Resource", functions)


def _tell_the_roll_call(joined: Joined) -> None:
    if ROLL_CALL not in joined.resources:
        return
    properties = joined.resources[ROLL_CALL]["Properties"]
    variables = properties.setdefault("Environment", {}).setdefault("Variables", {})
    # By the names that SAM gives: of the function and its event. Itself it cannot call.
    schedules = [
        f"{function}{event}=${{{function}}}"
        for function, event in _named_events(joined, "ScheduleV2")
        if function != ROLL_CALL
    ]
    streams = [
        f"{function}{event}=${{{function}{event}}}" for function, event in _named_events(joined, "DynamoDB")
    ]
    variables.setdefault("SCHEDULES", {"Fn::Sub": " ".join(schedules)})
    variables.setdefault("RULES", " ".join(rule["Name"] for _, rule in joined.of_type(RULE)))
    variables.setdefault("STREAMS", {"Fn::Sub": " ".join(streams)})


def _named_events(joined: Joined, kind: str) -> list[tuple[str, str]]:
    """Function and event of every event of a type."""
    return [
        (str(function), str(event))
        for function, properties in joined.of_type(FUNCTION)
        for event, about in properties.get("Events", {}).items()
        if about.get("Type") == kind
    ]


def _tell_hr(joined: Joined) -> None:
    if not joined.hr_notices:
        return
    rule = joined.resources.get(HR_RULE)
    if rule is None:
        raise AssemblyError(
            Fault(joined.hr_notices[0].place, f"there is no {HR_RULE} in template.yaml to tell HR with")
        )
    told = rule["Properties"].setdefault("EventPattern", {}).setdefault("detail-type", [])
    for event in joined.hr_notices:
        if event in told:
            raise AssemblyError(Fault(event.place, f"HR is told of {event} already: take one of the two out"))
        told.append(event)


def _let_it_serve(joined: Joined, root: Path, body: Body | None) -> None:
    served = _serving(joined, root)
    for name in served:
        _describe_version(joined, joined.resources[name]["Properties"])
    for api, about in list(joined.of_type("AWS::Serverless::Api")):
        for name in served:
            _add(joined, f"{name}Permission", _called_by(api, name))
        about.setdefault("GatewayResponses", gateway_responses())
        if body is not None:
            about["DefinitionBody"] = body(served)
            if "Name" in about:
                # The title becomes the API's name, whatever Name says, and its metrics have that.
                about["DefinitionBody"].setdefault("info", {})["title"] = about["Name"]


def _serving(joined: Joined, root: Path) -> dict[str, str]:
    """The functions that serve the API, and the module that has the ``api`` of each."""
    modules = {
        name: properties.get("Handler", "").rpartition(".")[0]
        for name, properties in joined.of_type(FUNCTION)
    }
    return {
        name: module
        for name, module in modules.items()
        if (file := module_file(root, module)).is_file() and "api" in defined(file)
    }


def _describe_version(joined: Joined, properties: dict[str, Any]) -> None:
    everywhere = joined.template.get("Globals", {}).get("Function", {})
    own = {
        name: said for name, said in properties.items() if name not in ("DeploymentPreference", "Policies")
    }
    told = sorted({*_parameters(joined, everywhere), *_parameters(joined, own)})
    if told:
        properties["VersionDescription"] = {"Fn::Sub": " ".join(f"${{{name}}}" for name in told)}


def _parameters(joined: Joined, value: Any) -> Iterator[str]:
    """The parameters whose values are in it."""
    if isinstance(value, list):
        for one in value:
            yield from _parameters(joined, one)
    elif isinstance(value, dict):
        for key, said in value.items():
            if key == "Ref":
                yield from (name for name in joined.template["Parameters"] if name == said)
            elif key == "Fn::Sub":
                text, variables = said if isinstance(said, list) else (said, {})
                yield from (name for name in joined.template["Parameters"] if f"${{{name}}}" in text)
                yield from _parameters(joined, variables)
            else:
                yield from _parameters(joined, said)


def _called_by(api: str, function: str) -> dict[str, Any]:
    calls = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{api}}}/*"
    return {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "FunctionName": {"Ref": f"{function}.Alias"},
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": {"Fn::Sub": calls},
        },
    }


def _let_parameters_stand_in(joined: Joined) -> None:
    instead: dict[str, dict[str, Any]] = {}
    for name, resource in joined.resources.items():
        if "Otherwise" not in resource:
            continue
        if "Condition" not in resource:
            text = f"{name} has Otherwise and no Condition: nothing ever leaves it out"
            raise AssemblyError(Fault(place_of(name), text))
        for attribute, value in resource.pop("Otherwise").items():
            said = f"{name}.{attribute}"
            instead[said] = {"Fn::If": [resource["Condition"], {"Fn::GetAtt": said}, value]}
    for section in ("Globals", "Resources", "Outputs"):
        joined.template[section] = _standing_in(joined.template.get(section, {}), instead)


def _standing_in(value: Any, instead: Mapping[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_standing_in(one, instead) for one in value]
    if not isinstance(value, dict):
        return value
    got = value.get("Fn::GetAtt")
    if isinstance(got, str) and got in instead:
        return instead[got]
    return {key: _standing_in(one, instead) for key, one in value.items()}


def _add(joined: Joined, name: str, resource: dict[str, Any]) -> None:
    for taken in (one for one in joined.resources if one == name):
        raise AssemblyError(Fault(place_of(taken), f"the assembler makes {name} itself: take this one out"))
    joined.resources[name] = resource


def _allowed(action: str, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}
