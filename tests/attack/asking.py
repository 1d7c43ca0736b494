"""What is asked for that there is not: it is refused by name, never overlooked, and told to people in one language."""

from typing import Any

import httpx

from tests.attack.attacks import attack, shown_by
from tests.e2e.outsider import Outsider
from tests.said import chinese_only, english_only


def _refused(
    outsider: Outsider, method: str, path: str, client: str | None = "hr", **more: Any
) -> dict[str, Any]:
    """The problem, Chinese; in English it is one too."""
    problem: dict[str, Any] = {}
    for language, whole in (("en", english_only), ("zh-CN", chinese_only)):
        answer = outsider.call(method, path, client, headers={"Accept-Language": language}, **more)
        assert 400 <= answer.status_code < 500, (path, answer.status_code, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        if client:
            for error in problem.get("errors", [{"message": problem["detail"]}]):
                assert error.get("path", "more")
                whole(error["message"])
    return problem


@attack("A list with a filter that it does not have, in the hope of everybody")
def unknown_filters(outsider: Outsider) -> str:
    problem: dict[str, Any] = {}
    for path in (
        "/candidates?name=",
        "/candidates?Stage=signed",
        "/imports?filename=x",
        "/risk/alerts?employee=x",
    ):
        problem = _refused(outsider, "GET", path)
        assert problem["status"] == 400
    return f"400 {problem['detail']}"


@attack("A field that is misspelt, so that a dry run writes")
def misspelt_fields(outsider: Outsider) -> str:
    asked = {"kind": "people", "filename": "x.csv", "dry-run": True}
    problem = _refused(outsider, "POST", "/imports", json=asked)
    return f"{problem['status']} {problem['detail']}"


@attack("Paths and methods that there are not, without a token and with one")
def no_such_path(outsider: Outsider) -> str:
    statuses, problem = set(), {}
    for method, path in (("GET", "/nowhere"), ("DELETE", "/candidates"), ("GET", "/candidates/x/y/z")):
        for client in (None, "hr"):
            answer = outsider.call(method, path, client)
            problem = answer.json()
            assert problem["type"] == "urn:rencai:problem:not_found", answer.text
            statuses.add(answer.status_code)
    return f"{sorted(statuses)} {problem['detail']}"


@attack("The documentation is taken at its word: its token URL, its server, its first operation")
def the_documentation(outsider: Outsider) -> str:
    document = outsider.call("GET", "/openapi.json", None).json()
    flow = document["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]
    client = outsider.stack.clients["hr"]
    with httpx.Client(timeout=60, trust_env=False) as http:
        tokens = http.post(
            flow["tokenUrl"],
            data={"grant_type": "client_credentials", "scope": "rencai/api"},
            auth=(client.client_id, client.client_secret),
        )
        assert tokens.status_code == 200, tokens.text
        authorization = {"Authorization": f"Bearer {tokens.json()['access_token']}"}
        (server,) = document["servers"]
        answer = http.get(f"{server['url']}/candidates", headers=authorization, params={"limit": 1})
    assert answer.status_code == 200, answer.text
    return f"{answer.status_code} from the server it names"


SHOWN = [
    shown_by(
        "A refusal in two languages, a regular expression or a validator's code", "tests/kernel/test_said.py"
    ),
    shown_by("Bodies with one thing wrong each, for every call", "tests/api/test_openapi.py"),
]
