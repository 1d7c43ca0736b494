"""Carriers of text messages: our own contract, and Alibaba Cloud's, against a server on loopback."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.letters.sms import NotTaken, ShortMessage, Sms
from rencai.vendors.aliyun_sms import (
    AliyunSettings,
    AliyunSms,
    RequestStamp,
    canonical_query,
    signature_headers,
)
from rencai.vendors.auth import bearer
from rencai.vendors.http import Line, NotNow, VendorHttp
from rencai.vendors.sms import GenericSms
from tests.vendors.http_client import Forgetful
from tests.vendors.loopback import Log, Said, Vendor

MESSAGE = ShortMessage(
    addressee="cand_01ABC",
    to="+8613800000001",
    letter="onboarding",
    language="zh-CN",
    reference="onboarding-c0ffee",
    text="周晓,您好!欢迎加入。",
    values={"name": "周晓", "starts_on": datetime(2026, 3, 30, tzinfo=UTC).date()},
)
SETTINGS = AliyunSettings.model_validate(
    {
        "sign_name": "阿里云",
        "templates": {
            "onboarding": {
                "zh-CN": {
                    "code": "SMS_1234567",
                    "params": {
                        "name": "{{ name }}",
                        "day": "{{ starts_on.month }} 月 {{ starts_on.day }} 日",
                    },
                }
            }
        },
    }
)


# --- our own contract ------------------------------------------------------------------------------------------------


@pytest.fixture
def generic(vendor: Vendor, line: Line) -> Sms:
    return GenericSms(VendorHttp(line, vendor.url, bearer(lambda: "t")), Forgetful())


def test_a_message_is_sent_once_by_its_reference(vendor: Vendor, generic: Sms) -> None:
    vendor.says({"POST /messages": Said({"message_id": "sms_1"}, 202)})
    assert generic.send(MESSAGE) == "sms_1"
    (asked,) = vendor.asked
    assert asked.json == {
        "to": "+8613800000001",
        "text": "周晓,您好!欢迎加入。",
        "letter": "onboarding",
        "language": "zh-CN",
        "reference": "onboarding-c0ffee",
    }
    assert asked.headers["idempotency-key"] == "onboarding-c0ffee"


@pytest.mark.parametrize("status", [400, 422])
def test_a_number_that_cannot_be_reached_is_nothing_to_try_again(
    vendor: Vendor, generic: Sms, status: int
) -> None:
    vendor.says({"POST /messages": Said({}, status)})
    with pytest.raises(NotTaken):
        generic.send(MESSAGE)


@pytest.mark.parametrize(
    ("status", "raised"), [(401, VendorRefusal), (403, VendorRefusal), (503, VendorUnavailable)]
)
def test_what_is_not_the_messages_fault_loses_no_letter(
    vendor: Vendor, generic: Sms, status: int, raised: type[Exception]
) -> None:
    vendor.says({"POST /messages": Said({}, status)})
    with pytest.raises(raised):
        generic.send(MESSAGE)


# --- Alibaba Cloud ---------------------------------------------------------------------------------------------------


@pytest.fixture
def aliyun(vendor: Vendor, line: Line) -> Sms:
    return AliyunSms(SETTINGS, line, vendor.url, lambda: "key:secret", lambda: "n0nce")


def test_the_signature_is_the_one_of_the_developer_guides_example() -> None:
    """Values and signature of "V3 request structure and signature", the example with fixed parameters."""
    query = canonical_query(
        {
            "RegionId": "cn-shanghai",
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        }
    )
    stamp = RequestStamp(
        "ecs.cn-shanghai.aliyuncs.com",
        datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        "3156853299f313e23d1673dc12e1703d",
    )
    headers = signature_headers(
        "YourAccessKeyId", "YourAccessKeySecret", "RunInstances", "2014-05-26", query, stamp
    )
    assert headers["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_a_message_names_its_approved_template(vendor: Vendor, aliyun: Sms) -> None:
    vendor.says({"POST /": Said({"Code": "OK", "Message": "OK", "BizId": "9006^0", "RequestId": "r"})})
    assert aliyun.send(MESSAGE) == "9006^0"
    (asked,) = vendor.asked
    parameters = asked.query
    assert json.loads(parameters.pop("TemplateParam")) == {"name": "周晓", "day": "3 月 30 日"}
    assert parameters == {
        "PhoneNumbers": "8613800000001",
        "SignName": "阿里云",
        "TemplateCode": "SMS_1234567",
        "OutId": "onboarding-c0ffee",
    }
    assert (asked.headers["x-acs-action"], asked.headers["x-acs-version"]) == ("SendSms", "2017-05-25")
    assert asked.body == b""


def test_what_is_sent_is_what_was_signed(vendor: Vendor, aliyun: Sms, line: Line) -> None:
    vendor.says({"POST /": Said({"Code": "OK", "BizId": "1"})})
    aliyun.send(MESSAGE)
    (asked,) = vendor.asked
    host = urlsplit(vendor.url).netloc
    assert asked.headers["host"] == host
    # As the other side does it: from what came over the wire.
    query = canonical_query(dict(parse_qsl(urlsplit(asked.path).query)))
    assert urlsplit(asked.path).query == query
    stamp = RequestStamp(host, line.clock(), "n0nce")
    assert (
        asked.headers["authorization"]
        == signature_headers("key", "secret", "SendSms", "2017-05-25", query, stamp)["Authorization"]
    )


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_any_parameter_comes_out_as_it_went_in(parameters: dict[str, str]) -> None:
    parsed = parse_qsl(canonical_query(parameters), keep_blank_values=True)
    assert dict(parsed) == parameters


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", NotTaken),
        ("isv.SMS_CONTENT_ILLEGAL", NotTaken),
        ("isv.BLACK_KEY_CONTROL_LIMIT", NotTaken),
        ("isv.BUSINESS_LIMIT_CONTROL", NotNow),
        ("isp.SYSTEM_ERROR", NotNow),
        ("Throttling.User", NotNow),
        # An admin mends these, and then the message is taken.
        ("isv.OUT_OF_SERVICE", VendorRefusal),
        ("isv.SMS_TEMPLATE_ILLEGAL", VendorRefusal),
        ("isv.SMS_SIGNATURE_ILLEGAL", VendorRefusal),
        ("isp.RAM_PERMISSION_DENY", VendorRefusal),
        ("what nobody knows", VendorRefusal),
    ],
)
def test_what_a_code_is_about(vendor: Vendor, aliyun: Sms, code: str, raised: type[Exception]) -> None:
    vendor.says({"POST /": Said({"Code": code, "Message": "13800000001", "RequestId": "r"})})
    with pytest.raises(raised) as refused:
        aliyun.send(MESSAGE)
    assert "138" not in str(refused.value)


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (400, {"Code": "Throttling.User"}, NotNow),
        (400, {"Code": "SignatureDoesNotMatch"}, VendorRefusal),
        (404, {"Code": "InvalidAccessKeyId.NotFound"}, VendorRefusal),
        (400, b"<html>", VendorRefusal),
        (503, {"Code": "ServiceUnavailable"}, VendorUnavailable),
        (200, b"<html>", VendorUnavailable),
        (200, {"no": "code"}, VendorUnavailable),
    ],
)
def test_an_answer_that_is_none_loses_no_letter(
    vendor: Vendor, aliyun: Sms, status: int, body: Any, raised: type[Exception]
) -> None:
    vendor.says({"POST /": Said(body, status)})
    with pytest.raises(raised):
        aliyun.send(MESSAGE)


def test_a_letter_without_a_template_in_its_language_is_not_taken(vendor: Vendor, aliyun: Sms) -> None:
    for message in (
        ShortMessage("cand_1", "+861", "talent_pool", "zh-CN", "r", "t", {}),
        ShortMessage("cand_1", "+861", "onboarding", "en", "r", "t", {}),
    ):
        with pytest.raises(NotTaken):
            aliyun.send(message)
    assert vendor.asked == []


def test_a_parameter_is_cut_to_what_one_may_have(vendor: Vendor, aliyun: Sms) -> None:
    vendor.says({"POST /": Said({"Code": "OK", "BizId": "1"})})
    aliyun.send(
        ShortMessage("cand_1", "+861", "onboarding", "zh-CN", "r", "t", {**MESSAGE.values, "name": "长" * 80})
    )
    assert json.loads(vendor.asked[0].query["TemplateParam"])["name"] == "长" * 35


def test_a_template_that_does_not_render_is_a_persons_to_mend(vendor: Vendor, aliyun: Sms) -> None:
    with pytest.raises(VendorRefusal, match="SMS_1234567"):
        aliyun.send(ShortMessage("cand_1", "+861", "onboarding", "zh-CN", "r", "t", {"name": "周晓"}))
    assert vendor.asked == []


def test_nothing_personal_is_logged(vendor: Vendor, aliyun: Sms, log: Log) -> None:
    vendor.says({"POST /": Said({"Code": "isv.X", "Message": "周晓 13800000001"}, 400)})
    with pytest.raises(VendorRefusal):
        aliyun.send(MESSAGE)
    assert "周晓" not in str(log.lines)
    assert "138" not in str(log.lines)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"sign_name": "阿里云", "templates": {"onboarding": {"zh-CN": {"code": "1234"}}}},
        {"sign_name": "阿里云", "templates": {"onboarding": {"de": {"code": "SMS_1"}}}},
        {"sign_name": "阿", "templates": {}},
    ],
)
def test_settings_that_could_not_be_used_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AliyunSettings.model_validate(settings)
