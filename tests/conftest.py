"""What every test stands on: the environment template.yaml would give, and Hypothesis without a clock."""

import os

# Before any function is imported: they read their environment once. Nothing here reaches AWS.
os.environ.update(
    {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "ap-southeast-1",
        "TENANT_ID": "test",
        "TENANT_LANGUAGE": "zh-CN",
        "TABLE_NAME": "rencai-test",
        "BUCKET_NAME": "rencai-test",
        "BUS_NAME": "rencai-test",
        "KEY_ID": "alias/rencai-test",
        "FACIAL_SIGNALS": "use",
        "TIME_ZONE": "Asia/Shanghai",
        "TOKEN_URL": "https://login.example.com/oauth2/token",
        "SENDER_ADDRESS": "hr@example.com",
        "POWERTOOLS_DEV": "false",
    }
)
for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
    os.environ.pop(name, None)

from hypothesis import settings  # noqa: E402 - the environment comes first

# Machines are shared and noisy: a deadline would test the neighbours. Derandomised, a red run is red again.
settings.register_profile("rencai", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("rencai")
