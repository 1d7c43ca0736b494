"""The API about contact data, and whom a letter did not reach; API Gateway has checked the token and its scope."""

from functions.letters import undelivered
from functions.people import contacts
from rencai.wiring.routes import api_of, serve

api = api_of(contacts.router, undelivered.router)


handler = serve(api)
