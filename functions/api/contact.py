"""The API about contact data; API Gateway has checked the token and its scope."""

from functions.people import contacts
from rencai.wiring.routes import api_of, serve

api = api_of(contacts.router)


handler = serve(api)
