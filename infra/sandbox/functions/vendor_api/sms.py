"""Text messages: taken, and to nobody. Neither the number nor the words are kept."""

from typing import Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types

from .collaborators import Collaborators, Outcome
from .refusal import Refusal
from .requests import MessageRequest, read_body

UNREACHABLE: Final = "0000"
"""A number that ends so is one that no carrier reaches."""


def add_routes(app: APIGatewayRestResolver, with_: Collaborators) -> None:
    @app.post("/sms/messages")
    def send_message() -> Response[str]:
        body = read_body(MessageRequest, app.current_event.decoded_body or "")
        if body.to.endswith(UNREACHABLE):
            raise Refusal(422, "This number cannot be reached.")
        thing = with_.make_once(
            app,
            body,
            vendor="sms",
            kind="message",
            prefix="sms_",
            reference=body.reference,
            outcome=lambda id_, _now: Outcome(answer={"message_id": id_}, details={"letter": body.letter}),
        )
        return Response(202, content_types.APPLICATION_JSON, thing["answer"])
