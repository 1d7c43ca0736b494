"""The API about pressure warnings; API Gateway has checked the token and its scope."""

from functions.pressure import alerts, interventions
from rencai.wiring.routes import api_of, serve

api = api_of(alerts.router, interventions.router)


handler = serve(api)
