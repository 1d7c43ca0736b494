"""Routes of the API: what a route finds of the call it answers, and the Lambda handler of several of them."""

from collections.abc import Callable
from inspect import unwrap
from typing import TYPE_CHECKING, Any, Final, cast

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import BaseModel

from rencai import wiring
from rencai.platform.api import Api
from rencai.platform.observability import logger
from rencai.platform.settings import settings

from . import Wired

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.api_gateway import Route
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from rencai.store.file_requests import FileRequest


Security = list[dict[str, list[str]]]
"""Who may call an operation, as OpenAPI says it: any one of these will do."""

OAUTH: Final = "oauth"
"""What the tokens of the tenant's user pool are called in a requirement."""

API: Final[Security] = [{OAUTH: ["rencai/api"]}]
"""Who reads and decides."""
INGEST: Final[Security] = [{OAUTH: ["rencai/ingest"]}]
"""Who hands in interviews, and can read no one."""
INGEST_OR_API: Final[Security] = [*INGEST, *API]
PUBLIC: Final[Security] = [{}]
"""Anybody: the documentation, and what carries a signature instead of a token."""


_READS: Final = frozenset(scope for one in API for scope in one[OAUTH])

UNSAID: Final = (
    "does not say who may call it; add security=API, INGEST, INGEST_OR_API or PUBLIC (rencai.wiring.routes)"
)


class UnsaidCallers(TypeError):
    """A route does not say who may call it. ``place``: the file and the line where it begins; ``text``: what to do."""

    def __init__(self, route: "Route") -> None:
        self.place = place_of(route)
        self.text = f"{route.method} {route.openapi_path} {UNSAID}"
        super().__init__(f"{self.place[0]}:{self.place[1]}: {self.text}")


class Routes(Router):
    """Routes of one thing. While a call is answered: what it is answered with, and who calls."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

    @property
    def event(self) -> "APIGatewayProxyEvent":
        """The call as API Gateway hands it over."""
        return cast("APIGatewayProxyEvent", self.current_event)

    @property
    def wired(self) -> Wired:
        """The collaborators."""
        return cast("Wired", self.context["wired"])

    @property
    def language(self) -> str:
        """What the caller reads: ``zh-CN`` or ``en``."""
        return str(self.context["language"])

    @property
    def actor(self) -> str:
        """Who calls."""
        return str(self.context["actor"])

    @property
    def client_id(self) -> str:
        """The OAuth client whose token the call carries; empty where it carries none."""
        return str(self.context["client_id"])

    @property
    def only_of(self) -> str | None:
        """Whose things a caller may see who hands in and can read no one: their own client's. None: everybody's."""
        return None if self.context["scopes"] & _READS else self.client_id

    @property
    def idempotency_key(self) -> str | None:
        """The caller's, where one was sent."""
        return cast("str | None", self.context["idempotency_key"])

    @property
    def request_key(self) -> str:
        """Names this call: the idempotency key with whose it is, else API Gateway's request id."""
        return str(self.context["request_key"])

    @property
    def call_id(self) -> str:
        """API Gateway's id of this call: no other call has it, whatever its keys."""
        return self.event.request_context.request_id or ""

    def file_request(self, filename: str, size: int | None, body: BaseModel) -> "FileRequest":
        """This call, as one for a URL to PUT ``filename`` of ``size`` bytes to (None: it does not say); ``body`` is all
        of what it asks for.
        """
        from rencai.store.file_requests import FileRequest

        return FileRequest(
            filename,
            self.language,
            self.actor,
            self.request_key,
            self.idempotency_key,
            self.wired.ids.request_digest(body.model_dump_json()),
            size,
            self.client_id,
        )


def api_of(*routes: Routes, links: bool = False, as_sent: bool = False) -> Api:
    """An API of these routes, in the tenant's language unless a caller asks for another. ``links``, ``as_sent``: see
    ``Api``.

    Raises ``UnsaidCallers`` for a route without ``security``: forgotten, it would be open to anybody.
    """
    api = Api(settings().language, links, as_sent=as_sent)
    for one in routes:
        api.resolver.include_router(one)
    for route in api.routes:
        if not route.security:
            raise UnsaidCallers(route)
    return api


def place_of(route: "Route") -> tuple[str, int]:
    """The file and the line where a route begins."""
    code = unwrap(route.func).__code__
    return code.co_filename, code.co_firstlineno


def serve(api: Api) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The handler that answers API Gateway with the routes of ``api``."""
    wiring.container()

    @logger.inject_lambda_context(clear_state=True)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        api.resolver.append_context(wired=wiring.container())  # type: ignore[no-untyped-call]  # untyped in Powertools
        return api.handle(event, context)

    return handler
