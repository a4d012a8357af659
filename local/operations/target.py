"""Which deployment a command is for, and how to reach it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore import exceptions

from local.cloud import HOST, LocalCloud
from local.deployment import ROOT
from local.terminal import CannotContinueError, say
from local.up import LOCAL
from stacks.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ENVIRONMENTS = ("local", "staging", "production")


@dataclass(frozen=True)
class Target:
    """One environment of the app, where the shell's credentials lead."""

    settings: Settings
    session: boto3.Session
    endpoint_url: str | None

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """Return a client of an AWS service there."""
        return self.session.client(service, endpoint_url=self.endpoint_url)  # type: ignore[call-overload]

    def table_name(self) -> str:
        """Return the name of the table, which its stack says."""
        stack = f"cv-location-classifier-{self.settings.environment}-data"
        (found,) = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
        name: str = outputs["TableName"]
        return name

    def __str__(self) -> str:
        """Name the environment and the place, for a person to see before it is too late."""
        place = self.endpoint_url or f"AWS, {self.session.region_name}"
        return f"{self.settings.environment} ({place})"


def find_target(environment: str) -> Target:
    """Return the deployment of `environment`, with the names that its settings give to things.

    `local` never leaves this machine: it is the cloud that `AWS_ENDPOINT_URL` names, or the one
    that `make up` started here.

    Raises:
        CannotContinueError: the settings are bad, or nothing runs here.

    """
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    try:
        settings = read_settings({**context, "environment": environment})
    except SettingsError as error:
        raise CannotContinueError(str(error)) from error
    endpoint_url = os.environ.get("AWS_ENDPOINT_URL") or None
    if environment != "local":
        return Target(settings, boto3.Session(), endpoint_url)
    cloud = LocalCloud(LOCAL, port=0)
    port = cloud.running_port()
    if endpoint_url is None and port is None:
        message = "No local cloud runs here: make up, or point AWS_ENDPOINT_URL to one"
        raise CannotContinueError(message)
    return Target(settings, cloud.session(), endpoint_url or f"http://{HOST}:{port}")


@contextmanager
def explained() -> Iterator[None]:
    """Turn what AWS answers into what a person can do about it."""
    try:
        yield
    except exceptions.NoRegionError:
        message = "No region is set: export AWS_REGION=…"
        raise CannotContinueError(message) from None
    except (exceptions.NoCredentialsError, exceptions.TokenRetrievalError):
        message = "There are no credentials for AWS in this shell: aws sso login, or export them"
        raise CannotContinueError(message) from None
    except exceptions.ClientError as error:
        answer = error.response["Error"]
        message = f"AWS refused {error.operation_name}: {answer['Code']}: {answer['Message']}"
        raise CannotContinueError(message) from None
    except exceptions.BotoCoreError as error:
        message = f"AWS is out of reach: {error}"
        raise CannotContinueError(message) from None


@contextmanager
def ending_with(failed: int) -> Iterator[None]:
    """Run a command; where it cannot go on, or is stopped, say why and exit with `failed`."""
    try:
        with explained():
            yield
    except (CannotContinueError, EOFError, KeyboardInterrupt) as error:
        say(f"\n{error}")
        sys.exit(failed)
