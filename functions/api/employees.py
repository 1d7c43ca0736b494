"""The API about employees; API Gateway has checked the token and its scope."""

from functions.career import ladder as career
from functions.career import scorecard
from functions.employees import files as employees
from functions.employees import first_days, signals
from functions.lifecycle import lifecycle
from functions.reading import employee_marks
from functions.training import mentors, probation, rating
from functions.training import plans as training
from rencai.wiring.routes import api_of, serve

api = api_of(
    employees.router,
    first_days.router,
    signals.router,
    training.router,
    rating.router,
    mentors.router,
    probation.router,
    career.router,
    scorecard.router,
    lifecycle.router,
    employee_marks.router,
)


handler = serve(api)
