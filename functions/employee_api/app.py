"""The API about employees; API Gateway has checked the token and its scope."""

from typing import Any

from rencai.platform.api import Api
from rencai.platform.observability import logger
from rencai.platform.settings import settings

from . import career, employees, lifecycle, probation, scorecard, signals, training

api = Api(settings().language)
app = api.resolver
for routes in (employees, signals, training, probation, career, scorecard, lifecycle):
    app.include_router(routes.router)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway calls this."""
    return api.handle(event, context)
