"""The API HR's people and programs call; API Gateway has checked the token and its scope."""

from functions.hiring import candidates, offers
from functions.inbox import deliveries as vendor_inbox
from functions.interviews import uploads
from functions.people import merges
from rencai.wiring.routes import api_of, serve

api = api_of(candidates.router, offers.router, merges.router, vendor_inbox.router, uploads.router)


handler = serve(api)
