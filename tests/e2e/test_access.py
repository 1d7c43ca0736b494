"""Nobody gets in without a token that is right: every operation of the deployed API is tried with those that are not.

The operations are asked of API Gateway itself. Tokens that no client can have are made with the key that the embedded
user pool signs with, which it keeps beside its state: so an expired token is the pool's own, and only expired.

Of what stands before a function the embedded API Gateway holds tokens against signature, issuer, times and scopes. It
does not throttle.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from infra.local.stack import Stack
from tests.api.callers import API, CALLERS, INGEST
from tests.e2e.outsider import Outsider

pytestmark = pytest.mark.e2e

PUBLIC: Final = {
    # The documentation.
    "GET /openapi.json",
    "GET /docs",
    # What carries a signature instead of a token: vendors' deliveries, and the links in the survey's letters.
    "POST /webhooks/{vendor}",
    "GET /mentor/{token}",
    "POST /mentor/{token}",
    "GET /survey/{token}",
    "POST /survey/{token}",
}
REFUSED: Final = (401, 403)
NO_SUCH_PATH: Final = "没有这个地址"
"""Begins API Gateway's answer for a path or a method that it does not have."""

Claims = dict[str, Any]


class Pool:
    """The tenant's user pool, with its key."""

    def __init__(self, stack: Stack) -> None:
        real = stack.access_token("hr")
        self.header, self.claims = (_read(part) for part in real.split(".")[:2])
        pem = Path(stack.server_log).parent / "state" / "cognito-pool-keys" / f"{stack.user_pool}-access.pem"
        key = serialization.load_pem_private_key(pem.read_bytes(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        self.key = key
        self.public_pem = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def of(self, scopes: tuple[str, ...], **other: object) -> Claims:
        """What a fresh token of these scopes says, but for what is said otherwise."""
        now = int(time.time())
        return self.claims | {"scope": " ".join(scopes), "iat": now - 60, "exp": now + 600} | other

    def signed(self, claims: Claims, key: rsa.RSAPrivateKey | None = None) -> str:
        """A token as the pool makes it."""
        said = f"{_written(self.header)}.{_written(claims)}"
        return f"{said}.{_base64((key or self.key).sign(said.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _read(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _written(said: dict[str, Any]) -> str:
    return _base64(json.dumps(said).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def pool(stack: Stack) -> Pool:
    return Pool(stack)


@pytest.fixture(scope="module")
def deployed(outsider: Outsider) -> dict[str, str]:
    """Every operation of the deployed API, and what API Gateway asks for before it calls a function."""
    session: Any = outsider.stack.session
    listed = session.client("apigateway").get_resources(
        restApiId=outsider.resource("Api"), embed=["methods"], limit=500
    )
    return {
        f"{method} {resource['path']}": about["authorizationType"]
        for resource in listed["items"]
        for method, about in resource.get("resourceMethods", {}).items()
    }


def _called(outsider: Outsider, operation: str, authorization: str | None) -> httpx.Response:
    method, path = operation.split(" ")
    headers = {} if authorization is None else {"Authorization": authorization}
    return outsider.call(method, re.sub(r"\{\w+\}", "nobody", path), None, headers=headers)


# --- the tokens that are not right; each is given the pool and the scopes that would be -------------------------------


def _expired(pool: Pool, scopes: tuple[str, ...]) -> str:
    now = int(time.time())
    return f"Bearer {pool.signed(pool.of(scopes, iat=now - 3660, exp=now - 60))}"


def _with_its_end_put_off(pool: Pool, scopes: tuple[str, ...]) -> str:
    now = int(time.time())
    header, _, signature = pool.signed(pool.of(scopes, iat=now - 3660, exp=now - 60)).split(".")
    return f"Bearer {header}.{_written(pool.of(scopes))}.{signature}"


def _with_the_other_scope(pool: Pool, scopes: tuple[str, ...]) -> str:
    """The other client's; for what both may call, one that the pool has for its own users."""
    other = {API: INGEST, INGEST: API}.get(scopes, ("aws.cognito.signin.user.admin",))
    return f"Bearer {pool.signed(pool.of(other))}"


def _with_a_scope_of_a_like_name(pool: Pool, scopes: tuple[str, ...]) -> str:
    like = (*(f"{scope}s" for scope in scopes), "rencai", "api", "ingest", "*", "rencai/*")
    return f"Bearer {pool.signed(pool.of(like))}"


def _with_no_scope(pool: Pool, scopes: tuple[str, ...]) -> str:
    claims = pool.of(scopes)
    del claims["scope"]
    return f"Bearer {pool.signed(claims)}"


def _unsigned(pool: Pool, scopes: tuple[str, ...]) -> str:
    return f"Bearer {_written(pool.header | {'alg': 'none'})}.{_written(pool.of(scopes))}."


def _unsigned_with_a_signature(pool: Pool, scopes: tuple[str, ...]) -> str:
    signature = pool.signed(pool.of(scopes)).rpartition(".")[2]
    return (
        f"Bearer {_written(pool.header | {'alg': 'None'})}.{_written(pool.of(scopes, jti='1'))}.{signature}"
    )


def _signed_with_the_public_key(pool: Pool, scopes: tuple[str, ...]) -> str:
    said = f"{_written(pool.header | {'alg': 'HS256'})}.{_written(pool.of(scopes))}"
    return f"Bearer {said}.{_base64(hmac.new(pool.public_pem, said.encode(), hashlib.sha256).digest())}"


def _signed_by_somebody_else(pool: Pool, scopes: tuple[str, ...]) -> str:
    return f"Bearer {pool.signed(pool.of(scopes), _somebody_elses())}"


def _of_another_pool(pool: Pool, scopes: tuple[str, ...]) -> str:
    issuer = f"{pool.claims['iss'].rpartition('/')[0]}/{pool.claims['iss'].rpartition('_')[2][::-1]}"
    return f"Bearer {pool.signed(pool.of(scopes, iss=issuer))}"


def _with_a_broken_signature(pool: Pool, scopes: tuple[str, ...]) -> str:
    said, _, signature = pool.signed(pool.of(scopes)).rpartition(".")
    return f"Bearer {said}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def _without_its_signature(pool: Pool, scopes: tuple[str, ...]) -> str:
    return f"Bearer {pool.signed(pool.of(scopes)).rpartition('.')[0]}"


_KEYS: list[rsa.RSAPrivateKey] = []


def _somebody_elses() -> rsa.RSAPrivateKey:
    if not _KEYS:
        _KEYS.append(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    return _KEYS[0]


WRONG: Final[dict[str, Callable[[Pool, tuple[str, ...]], str | None]]] = {
    "no token": lambda *_: None,
    "rubbish": lambda *_: "Bearer rubbish",
    "rubbish in three parts": lambda *_: "Bearer e30.e30.e30",
    "a password": lambda *_: "Basic aHI6aHI=",
    "the word only": lambda *_: "Bearer",
    "the other scope": _with_the_other_scope,
    "scopes of like names": _with_a_scope_of_a_like_name,
    "no scope": _with_no_scope,
    "expired": _expired,
    "expired, and its end put off": _with_its_end_put_off,
    "alg=none": _unsigned,
    "alg=None, and another's signature": _unsigned_with_a_signature,
    "alg=HS256, with the public key": _signed_with_the_public_key,
    "signed by somebody else": _signed_by_somebody_else,
    "of another pool": _of_another_pool,
    "a broken signature": _with_a_broken_signature,
    "no signature": _without_its_signature,
}


# --- the sweep --------------------------------------------------------------------------------------------------------


def test_the_deployed_api_asks_for_a_token_everywhere_but_where_it_is_listed(
    deployed: dict[str, str],
) -> None:
    assert set(deployed) == set(CALLERS)
    assert {operation for operation, asked in deployed.items() if asked == "NONE"} == PUBLIC
    assert set(deployed.values()) == {"NONE", "COGNITO_USER_POOLS"}


@pytest.mark.parametrize("wrong", WRONG)
def test_every_operation_that_is_not_public_refuses(
    outsider: Outsider, pool: Pool, deployed: dict[str, str], wrong: str
) -> None:
    let_in = {}
    for operation in sorted(set(deployed) - PUBLIC):
        answer = _called(outsider, operation, WRONG[wrong](pool, CALLERS[operation]))
        if answer.status_code not in REFUSED or NO_SUCH_PATH in answer.text:
            let_in[operation] = (answer.status_code, answer.text)
    assert let_in == {}


def test_the_clients_own_tokens_open_what_is_theirs_and_nothing_else(
    outsider: Outsider, deployed: dict[str, str]
) -> None:
    """Nothing that is asked for here exists, and nothing that is sent is complete: asking changes nothing."""
    for client, scope in (("hr", "rencai/api"), ("ingest", "rencai/ingest")):
        authorization = f"Bearer {outsider.stack.access_token(client)}"
        answers = {
            operation: _called(outsider, operation, authorization)
            for operation in sorted(set(deployed) - PUBLIC)
        }
        opened = {name for name, answer in answers.items() if answer.status_code not in REFUSED}
        assert opened == {name for name, scopes in CALLERS.items() if scope in scopes}
        assert [(name, answer.text) for name, answer in answers.items() if NO_SUCH_PATH in answer.text] == []
        assert {name: answer.text for name, answer in answers.items() if answer.status_code >= 500} == {}


def test_a_token_made_here_is_as_good_as_a_clients_until_it_expires(
    outsider: Outsider, pool: Pool, deployed: dict[str, str]
) -> None:
    """So what is refused above is refused for what is wrong with it."""
    made = f"Bearer {pool.signed(pool.of(('rencai/api',)))}"
    for operation in ("GET /candidates", "GET /imports", "GET /uploads"):
        assert operation in deployed
        assert _called(outsider, operation, made).status_code == 200
    made = f"Bearer {pool.signed(pool.of(('rencai/ingest',)))}"
    assert _called(outsider, "GET /uploads", made).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/candidates/x/y/z", 404, "not_found"),
        ("DELETE", "/candidates", 404, "not_found"),
        ("PUT", "/docs", 404, "not_found"),
        ("GET", "/candidates", 401, "unauthorized"),
    ],
)
def test_what_api_gateway_answers_by_itself_is_a_problem_too(
    outsider: Outsider, method: str, path: str, status: int, code: str
) -> None:
    answer = outsider.call(method, path, None)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert problem["type"] == f"urn:rencai:problem:{code}"
    # The tenant reads Chinese.
    assert re.search("[一-鿿]", problem["title"])
    assert re.search("[一-鿿]", problem["detail"])
    assert problem["request_id"]


def test_what_is_public_is_answered_without_a_token(outsider: Outsider) -> None:
    answered = {operation: _called(outsider, operation, None).status_code for operation in sorted(PUBLIC)}
    assert answered == {
        "GET /openapi.json": 200,
        "GET /docs": 200,
        # No vendor and no link of that name.
        "POST /webhooks/{vendor}": 404,
        "GET /mentor/{token}": 404,
        "POST /mentor/{token}": 404,
        "GET /survey/{token}": 404,
        "POST /survey/{token}": 404,
    }
