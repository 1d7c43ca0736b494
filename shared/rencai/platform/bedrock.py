"""A language model on Amazon Bedrock, over its Converse API.

One message of the user, and one tool that the model is made to use, so that its answer is the tool's input and fits the
schema as far as the model keeps to it
(https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html).
"""

from collections.abc import Mapping
from typing import Any, Final

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_MOST_TOKENS: Final = 2_000
_TOOL: Final = "tell"
# It takes its seconds over an answer, and whoever waits for it can do without one.
_CONFIG: Final = Config(connect_timeout=2, read_timeout=12, retries={"total_max_attempts": 1})


def client(region: str | None, url: str | None) -> Any:
    """A client of Bedrock in ``region``, at ``url``; None: the stack's own region, Bedrock's own address."""
    session = botocore.session.get_session()
    return session.create_client("bedrock-runtime", region_name=region, endpoint_url=url, config=_CONFIG)


class ModelUnavailable(Exception):
    """The language model gave no answer, or none that can be read."""


class Converse:
    """The model ``name`` (a model id or the id of an inference profile) through a ``bedrock-runtime`` client."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def fill_in(self, instruction: str, said: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The model's answer; raises ``ModelUnavailable`` for whatever comes instead."""
        try:
            answer = self._client.converse(
                modelId=self.name,
                system=[{"text": instruction}],
                messages=[{"role": "user", "content": [{"text": said}]}],
                inferenceConfig={"maxTokens": _MOST_TOKENS, "temperature": 0},
                toolConfig={
                    "tools": [
                        {
                            "toolSpec": {
                                "name": _TOOL,
                                "description": "Tell what was read.",
                                "inputSchema": {"json": schema},
                            }
                        }
                    ],
                    "toolChoice": {"tool": {"name": _TOOL}},
                },
            )
            content = answer["output"]["message"]["content"]
            filled = next(part["toolUse"]["input"] for part in content if "toolUse" in part)
        except ClientError as error:
            raise ModelUnavailable(str(error.response["Error"]["Code"])) from None
        except BotoCoreError as error:
            raise ModelUnavailable(type(error).__name__) from None
        except (KeyError, StopIteration, TypeError):
            # It ran out of tokens, was stopped by a guardrail, or answered in prose.
            raise ModelUnavailable("no tool was used") from None
        if not isinstance(filled, Mapping):
            raise ModelUnavailable("no tool was used")
        return filled
