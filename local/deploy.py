"""`make deploy` and `make diff`: one environment's stacks on AWS, with the CDK's command line tool.

Credentials and region are those of the shell, as every AWS tool finds them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.deployed import ENVIRONMENTS, ROOT, Deployed, version, write_deployed
from local.terminal import CannotContinueError, say
from local.web.build import build_web
from stacks.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_cloudformation import CloudFormationClient

CDK = ROOT / "node_modules" / ".bin" / "cdk"
_OUTPUTS = ROOT / "build" / "outputs.json"


def stack_name(environment: str, stack: str) -> str:
    """Return the name of one stack; of all for `*`."""
    return f"cv-location-classifier-{environment}-{stack}"


def deploy(environment: str, *, api_only: bool, more: Sequence[str]) -> Deployed:
    """Deploy an environment, or only its functions and routes, and return where it answers.

    CloudFormation takes a stack back to what it was when any part of it fails. Raises
    `CannotContinueError` when the CDK's tool fails, which has said why.
    """
    which = (
        (stack_name(environment, "api"), "--exclusively")
        if api_only
        else (stack_name(environment, "*"),)
    )
    build_what_is_hosted(environment, more)
    deployed_version = version()
    _OUTPUTS.parent.mkdir(exist_ok=True)
    _OUTPUTS.unlink(missing_ok=True)
    run_cdk(
        *("deploy", *which, *context(environment, deployed_version)),
        *("--outputs-file", str(_OUTPUTS), *more),
    )
    outputs = json.loads(_OUTPUTS.read_text())
    deployed = Deployed(outputs[stack_name(environment, "api")]["ApiUrl"], deployed_version)
    write_deployed(environment, deployed)
    page = outputs.get(stack_name(environment, "web"), {}).get("WebUrl")
    if page:
        say(f"\nThe page is at {page}")
    return deployed


def compare(environment: str, *, out: Path | None, more: Sequence[str]) -> None:
    """Show what a deployment would change, leaving the version's own change out.

    Templates are compared with each other, which needs no rights but to read the deployed ones.
    """
    build_what_is_hosted(environment, more)
    deployed_version = read_version(boto3.client("cloudformation"), environment) or version()
    run_cdk(
        *("diff", stack_name(environment, "*"), "--method", "template", "--ci", "--no-color"),
        *(*context(environment, deployed_version), *more),
        out=out,
    )


def read_version(cloudformation: CloudFormationClient, environment: str) -> str:
    """Return the version that is deployed, as its functions are told it; "" when none is."""
    name = stack_name(environment, "api")
    try:
        # Of a template in JSON, botocore makes a dictionary.
        template = cloudformation.get_template(StackName=name)["TemplateBody"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return ""
        raise
    versions = {
        str(resource["Properties"]["Environment"]["Variables"]["SERVICE_VERSION"])
        for resource in dict(template).get("Resources", {}).values()
        if resource["Type"] == "AWS::Lambda::Function"
        and "SERVICE_VERSION" in resource["Properties"].get("Environment", {}).get("Variables", {})
    }
    return max(versions, default="")


def context(environment: str, service_version: str) -> list[str]:
    """Return the options that choose an environment and name the version."""
    return [
        *("--context", f"environment={environment}"),
        *("--context", f"service_version={service_version}"),
    ]


def settings_of(environment: str, options: Sequence[str] = ()) -> Settings:
    """Return an environment's settings as the CDK app will read them, given its tool's options.

    Raises `CannotContinueError` when one is refused.
    """
    values = json.loads((ROOT / "cdk.json").read_text())["context"]
    chosen = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    chosen.add_argument("--context", "-c", action="append", default=[])
    for setting in chosen.parse_known_args(list(options))[0].context:
        name, _, value = setting.partition("=")
        values[name] = value
    try:
        return read_settings({**values, "environment": environment})
    except SettingsError as error:
        raise CannotContinueError(str(error)) from error


def build_what_is_hosted(environment: str, options: Sequence[str] = ()) -> None:
    """Build the page where the settings ask for it: the templates are written from what was built.

    Raises `CannotContinueError` when it cannot be built, or a setting is refused.
    """
    if settings_of(environment, options).hosts_web:
        build_web()


def run_cdk(*arguments: str, out: Path | None = None) -> None:
    """Run the CDK's tool in this terminal, or with what it prints in `out`."""
    command = [str(CDK), *arguments]
    if out is None:
        code = subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - ours
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("w") as file:
            code = subprocess.run(command, cwd=ROOT, check=False, stdout=file).returncode  # noqa: S603 - ours
        say(out.read_text())
    if code != 0:
        message = f"`cdk {arguments[0]}` ended with {code}"
        raise CannotContinueError(message)


def main() -> None:
    """Deploy, or compare."""
    # What is not known here is the CDK's, even where it begins like an option of ours.
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("what", choices=("deploy", "diff"))
    parser.add_argument("--environment", choices=ENVIRONMENTS, required=True)
    parser.add_argument("--api-only", action="store_true", help="leave data and alarms as they are")
    parser.add_argument("--out", type=Path, help="write the comparison into this file as well")
    options, more = parser.parse_known_args()
    try:
        if options.what == "diff":
            compare(options.environment, out=options.out, more=more)
            return
        deployed = deploy(options.environment, api_only=options.api_only, more=more)
    except (CannotContinueError, BotoCoreError, ClientError) as error:
        say(f"\n{error}")
        sys.exit(1)
    say(f"\nVersion {deployed.version} answers at {deployed.url}")
    say(f"Try it: make smoke ENVIRONMENT={options.environment}")


if __name__ == "__main__":
    main()
