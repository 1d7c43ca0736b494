"""Bedrock's Converse as the sandbox speaks it, asked by the very client of the functions over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from rencai.platform.bedrock import Converse, ModelUnavailable, client
from rencai.reading.rules.asking import INSTRUCTION, SCHEMA
from tests.sandbox.stage import Stage

MODEL = "eu.maker.model-v1:0"
SAID = """Claims:
- empathy: Empathy (同理心), takes the customer's worries seriously

Text 1, asked about: empathy
<text>
I listen first, then I take their worries one by one.
</text>

Text 2, asked about: empathy
<text>
I repeat the price.
</text>"""


@contextmanager
def served(stage: Stage) -> Iterator[str]:
    """The sandbox on a port of this machine."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the base class's own name
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = stage.raw("POST", self.path, headers=headers, body=body)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.end_headers()
            self.wfile.write(answer.text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/bedrock"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@contextmanager
def asking(stage: Stage) -> Iterator[Converse]:
    with served(stage) as url:
        yield Converse(client("eu-central-1", url), MODEL)


def test_what_it_tells_is_the_tools_input(stage: Stage) -> None:
    with asking(stage) as model:
        answer = model.fill_in(INSTRUCTION, SAID, SCHEMA)
    first, second = answer["readings"]
    assert (first["text"], first["made"], first["quote"]) == (1, True, "then I take their worries one by one")
    assert (second["text"], second["made"], second["quote"]) == (2, False, "")


def test_prose_in_place_of_the_tool_is_no_answer(stage: Stage) -> None:
    with asking(stage) as model, pytest.raises(ModelUnavailable, match="no tool was used"):
        model.fill_in(INSTRUCTION, f"{SAID}\n[[prose]]", SCHEMA)


@pytest.mark.parametrize("mode", ["down", "garbage"])
def test_an_outage_is_no_answer(stage: Stage, mode: str) -> None:
    assert stage.put("/faults/bedrock", {"mode": mode}).status == 200
    with asking(stage) as model, pytest.raises(ModelUnavailable):
        model.fill_in(INSTRUCTION, SAID, SCHEMA)


def test_nobody_is_answered_who_does_not_sign(stage: Stage) -> None:
    answer = stage.raw(
        "POST", f"/bedrock/model/{MODEL}/converse", headers={"authorization": "Bearer x"}, body="{}"
    )
    assert answer.status == 403


def test_nobody_there_is_no_answer() -> None:
    model = Converse(client("eu-central-1", "http://127.0.0.1:9"), MODEL)
    with pytest.raises(ModelUnavailable, match="EndpointConnectionError"):
        model.fill_in(INSTRUCTION, SAID, SCHEMA)
