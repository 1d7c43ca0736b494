"""One logger: JSON lines with ids and stages, never personal data (no names, contacts, ids of state, pay, bodies)."""

from aws_lambda_powertools import Logger

logger = Logger(log_uncaught_exceptions=False, utc=True)


def described(error: BaseException) -> str:
    """An unknown error as its type and place. Its message is left out: it may quote what was being handled."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
    operation, response = getattr(error, "operation_name", ""), getattr(error, "response", None)
    if operation and isinstance(response, dict):
        # An AWS error's operation and code are the template's business, not a person's.
        place = f"{place}, {operation}: {response.get('Error', {}).get('Code', '?')}"
    return f"{type(error).__module__}.{type(error).__qualname__} at {place}"
