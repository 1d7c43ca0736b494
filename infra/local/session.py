"""boto3, pointed at an embedded stack and unable to reach anything else."""

from __future__ import annotations

import os
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from infra.local.layout import ACCESS_KEY, REGION, SECRET_KEY


def local_session(
    endpoint_url: str, access_key: str = ACCESS_KEY, secret_key: str = SECRET_KEY, token: str | None = None
) -> boto3.Session:
    """A session whose clients all talk to this endpoint, whatever the caller's environment says; by default the
    account's own, ``token`` and its keys are those of a role that was assumed.
    """
    core = _LocalSession(endpoint_url)
    core.set_credentials(access_key, secret_key, token)
    return boto3.Session(botocore_session=core, region_name=REGION)


class _LocalSession(botocore.session.Session):
    def __init__(self, endpoint_url: str) -> None:
        super().__init__(
            session_vars={
                "profile": (None, None, None, None),
                "config_file": (None, None, os.devnull, None),
                "credentials_file": (None, None, os.devnull, None),
            }
        )
        self._endpoint_url = endpoint_url

    def create_client(self, *args: Any, **options: Any) -> Any:
        options["endpoint_url"] = self._endpoint_url
        # No proxy between this machine and itself.
        direct = Config(proxies={})
        options["config"] = options["config"].merge(direct) if options.get("config") else direct
        return super().create_client(*args, **options)
