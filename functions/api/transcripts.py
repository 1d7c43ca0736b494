"""The API about what was said in interviews, and how it was read; API Gateway has checked the token and its scope."""

from functions.interviews import transcripts
from functions.reading import candidate_marks
from rencai.wiring.routes import api_of, serve

api = api_of(transcripts.router, candidate_marks.router)


handler = serve(api)
