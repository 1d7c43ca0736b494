"""How vendors are connected: a document that the functions could not use is refused before it is stored."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from functions.inbox.receive import VENDORS
from infra.admin.configuration import InvalidConfiguration, read
from infra.admin.vendors import SETTINGS, dialects_of
from rencai.inbox.dialects import MODULES, dialect_spoken
from rencai.kernel.errors import NotFound

DOCUSIGN = {
    "account_id": "1f1c6e0e-0b5c-4d0e-8d0a-0d9a5f6f3c11",
    "user_id": "2f1c6e0e-0b5c-4d0e-8d0a-0d9a5f6f3c22",
    "integration_key": "3f1c6e0e-0b5c-4d0e-8d0a-0d9a5f6f3c33",
}


def aliyun(letter: str, parameter: str) -> dict[str, Any]:
    templates = {letter: {"zh-CN": {"code": "SMS_1", "params": {"a": parameter}}}}
    return {"dialect": "aliyun", "settings": {"sign_name": "人才", "templates": templates}}


def put(folder: Path, vendor: str, document: dict[str, Any]) -> None:
    path = folder / f"{vendor}.yaml"
    path.write_text(yaml.safe_dump(document))
    read(path, "vendor_connection", vendor)


def test_every_vendor_that_may_call_can_be_connected() -> None:
    assert all("generic" in dialects_of(vendor) for vendor in VENDORS)
    assert dialects_of("finance") == []


def test_every_dialect_can_be_chosen_by_a_vendor_that_speaks_it() -> None:
    offered = {name for vendor in (*VENDORS, "sms") for name in dialects_of(vendor)}
    assert offered == {*MODULES, "moodle", "aliyun"}
    assert set(SETTINGS) <= offered


@pytest.mark.parametrize(
    ("vendor", "document", "says"),
    [
        (
            "esign",
            {"dialect": "checkr"},
            "dialect: esign does not speak 'checkr'; it may speak generic, docusign",
        ),
        ("esign", {"dialect": "docusing"}, "dialect: esign does not speak 'docusing'"),
        ("esign", {"dialect": "generic", "settings": {"a": 1}}, "settings: generic has none"),
        ("esign", {"dialect": "docusign"}, "settings.account_id: is required"),
        ("esign", {"dialect": "docusign", "settings": {**DOCUSIGN, "acount": 1}}, "settings.acount"),
        (
            "sms",
            aliyun("onbording", "{{ name }}"),
            "templates.onbording.zh-CN: there is no letter 'onbording'",
        ),
        ("sms", aliyun("onboarding", "{{ starts }}"), "onboarding.zh-CN: params.a: 'starts' is undefined"),
        ("sms", aliyun("onboarding", "{{ name + 1 }}"), "onboarding.zh-CN: params.a: "),
        ("sms", aliyun("onboarding", "{{ name"), "onboarding.zh-CN: params.a: "),
        ("finance", {"dialect": "generic"}, "'finance' is no vendor that is connected by a document"),
    ],
)
def test_what_could_not_be_used_is_refused(tmp_path: Path, vendor: str, document: Any, says: str) -> None:
    with pytest.raises(InvalidConfiguration) as refused:
        put(tmp_path, vendor, document)
    assert says in str(refused.value)


def test_what_can_be_used_is_not(tmp_path: Path) -> None:
    put(tmp_path, "esign", {"dialect": "docusign", "settings": DOCUSIGN})
    put(tmp_path, "lms", {"dialect": "xapi"})
    put(tmp_path, "sms", {"dialect": "generic"})
    templates = {"onboarding": {"zh-CN": {"code": "SMS_1", "params": {"name": "{{ name }}"}}}}
    put(tmp_path, "sms", {"dialect": "aliyun", "settings": {"sign_name": "人才", "templates": templates}})


@pytest.mark.parametrize(("name", "vendor"), [("moodle", "lms"), ("checkr", "esign"), ("pigeon", "ats")])
def test_who_cannot_call_is_not_there(name: str, vendor: str) -> None:
    """Found in review: a webhook for it was answered 500, and anybody could send one."""
    with pytest.raises(NotFound):
        dialect_spoken(name, vendor)
