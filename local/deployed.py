"""What was deployed: the last time from this checkout, and the last time that it answered well.

`python -m local.deployed last-good|mark-good --environment staging`; the second is kept in the
account, in a parameter of SSM.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.terminal import CannotContinueError, say
from stacks.last_good import last_good_parameter

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = ("staging", "production")

_DEPLOYED = ROOT / "build" / "deployed"


@dataclass(frozen=True)
class Deployed:
    """Where an API answers, and what it calls itself in `/info`."""

    url: str
    version: str


def write_deployed(environment: str, deployed: Deployed) -> None:
    """Remember a deployment for `read_deployed`."""
    _DEPLOYED.mkdir(parents=True, exist_ok=True)
    (_DEPLOYED / f"{environment}.json").write_text(json.dumps(asdict(deployed)) + "\n")


def read_deployed(environment: str) -> Deployed:
    """Return what this checkout deployed last.

    Raises `CannotContinueError` when that is nothing.
    """
    try:
        text = (_DEPLOYED / f"{environment}.json").read_text()
    except FileNotFoundError as error:
        message = (
            f"Nothing was deployed to {environment or 'AWS'} from this checkout: name the address "
            "that `make deploy` printed, as in make smoke URL=https://…"
        )
        raise CannotContinueError(message) from error
    return Deployed(**json.loads(text))


def commit() -> str:
    """Return the hash of the commit that is checked out; "" outside a repository."""
    return _git("rev-parse", "HEAD")


def version() -> str:
    """Return the project's version with the commit: `0.1.0+1a2b3c4d`, `….dirty` with changes."""
    project = str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
    if not commit():
        return project
    changed = ".dirty" if _git("status", "--porcelain", "--untracked-files=no") else ""
    return f"{project}+{_git('rev-parse', '--short=8', 'HEAD')}{changed}"


def last_good(ssm: SSMClient, environment: str) -> str:
    """Return the last commit that was marked good; "" when none was."""
    try:
        found = ssm.get_parameter(Name=last_good_parameter(environment))
    except ssm.exceptions.ParameterNotFound:
        return ""
    return found["Parameter"]["Value"]


def mark_good(ssm: SSMClient, environment: str, good: str) -> None:
    """Remember `good` as the commit to go back to."""
    ssm.put_parameter(
        Name=last_good_parameter(environment),
        Description="The commit that a deployment goes back to when its successor does not answer",
        Value=good,
        Type="String",
        Overwrite=True,
    )


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            ["git", *arguments],  # noqa: S607 - wherever it is on this machine
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def main() -> None:
    """Print the last good commit, or mark the one that is checked out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("last-good", "mark-good"))
    parser.add_argument("--environment", choices=ENVIRONMENTS, required=True)
    options = parser.parse_args()
    try:
        ssm = boto3.client("ssm")
        if options.what == "mark-good":
            mark_good(ssm, options.environment, commit())
            say(f"{options.environment} goes back to {commit()} from now on")
        else:
            say(last_good(ssm, options.environment))
    except (BotoCoreError, ClientError) as error:
        say(f"\n{error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
