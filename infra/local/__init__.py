"""The embedded stack: MiniStack as the AWS endpoint, and the real SAM CLI building and deploying to it.

from infra.local import bring_up, stop

stack = bring_up("e2e")                    # builds, starts, deploys what is not yet there
stack.session.client("dynamodb")           # boto3, pointed at it
stack.access_token("hr")
stop("e2e")
"""

from infra.local.stack import Stack, bring_up, load, stop

__all__ = ["Stack", "bring_up", "load", "stop"]
