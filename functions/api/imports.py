"""The API about imports; API Gateway has checked the token and its scope."""

from functions.migration import imports
from rencai.wiring.routes import api_of, serve

api = api_of(imports.router)


handler = serve(api)
