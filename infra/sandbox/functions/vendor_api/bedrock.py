"""A language model on Amazon Bedrock, as far as the Converse API shows one: a message in, and the tool's input out.

What it answers is made of what it is asked: a claim is made where a clause of the text shares a word with the claim's
own line. Nothing of it is kept. A text with ``NO_ANSWER`` in it gets prose in place of the tool, as models do now and
then.
"""

import json
import re
from typing import Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types

from .refusal import Refusal
from .requests import ConverseRequest, read_body

PATH: Final = "/bedrock/"
NO_ANSWER: Final = "[[prose]]"
_CLAIM: Final = re.compile(r"^- ([a-z0-9_]+): (.*)$", re.MULTILINE)
_TEXT: Final = re.compile(
    r"^Text ([0-9]+), asked about: ([a-z0-9_, ]+)\n<text>\n(.*?)\n</text>$", re.MULTILINE | re.DOTALL
)
_WORDS: Final = re.compile(r"[a-z]{4,}|[\u4e00-\u9fff]{2}")


def add_routes(app: APIGatewayRestResolver) -> None:
    @app.post("/bedrock/model/<model_id>/converse")
    def converse(model_id: str) -> Response[str]:
        signed = app.current_event.headers.get("authorization") or ""
        if not (signed.startswith("AWS4-HMAC-SHA256 ") and "/bedrock/aws4_request" in signed):
            raise Refusal(403, f"Calls of {model_id} are to be signed (Signature Version 4, bedrock).")
        asked = read_body(ConverseRequest, app.current_event.decoded_body or "")
        said = "\n".join(part.text for message in asked.messages for part in message.content)
        tool = asked.toolConfig.tools[0].toolSpec.name
        content: list[dict[str, object]] = [{"text": "I would rather talk about it."}]
        if NO_ANSWER not in said:
            used = {"toolUseId": "tooluse_1", "name": tool, "input": {"readings": _readings(said)}}
            content = [{"toolUse": used}]
        answer = {
            "output": {"message": {"role": "assistant", "content": content}},
            "stopReason": "tool_use" if NO_ANSWER not in said else "end_turn",
            "usage": {"inputTokens": len(said) // 3, "outputTokens": 60, "totalTokens": len(said) // 3 + 60},
            "metrics": {"latencyMs": 1},
        }
        return Response(200, content_types.APPLICATION_JSON, json.dumps(answer, ensure_ascii=False))


def _readings(said: str) -> list[dict[str, object]]:
    lines = dict(_CLAIM.findall(said))
    readings: list[dict[str, object]] = []
    for number, asked, text in _TEXT.findall(said):
        for claim in asked.split(", "):
            words = set(_WORDS.findall(lines.get(claim, "").lower()))
            clauses = re.split(r"[,.;!?\uff0c\u3002]", text)
            quote = next((one.strip() for one in clauses if words & set(_WORDS.findall(one.lower()))), "")
            readings.append(
                {"text": int(number), "claim": claim, "made": bool(quote), "certainty": 0.9, "quote": quote}
            )
    return readings
