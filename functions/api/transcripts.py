"""The API about what was said in interviews; API Gateway has checked the token and its scope."""

from functions.interviews import transcripts
from rencai.wiring.routes import api_of, serve

api = api_of(transcripts.router)


handler = serve(api)
