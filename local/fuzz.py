"""`make fuzz`: send the local API random requests and hold every answer to the document."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import httpx

from local.demo import sign_up
from local.deployment import ROOT
from local.terminal import say
from local.up import API_FILE, LOCAL

CONFIGURATION = ROOT / "tests" / "end_to_end" / "schemathesis.toml"
DOCUMENT = ROOT / "docs" / "openapi.json"


def fuzz_command(url: str, token: str, *options: str) -> list[str | Path]:
    """Return the command that tries the API at `url` with schemathesis, signed in."""
    return [
        *(Path(sys.executable).with_name("st"), "--config-file", CONFIGURATION),
        *("run", DOCUMENT, "--url", url, "--header", f"Authorization: Bearer {token}"),
        # One worker: two threads that compile at once stumble over each other in Python 3.11
        # ("AST constructor recursion depth mismatch").
        *("--workers", "1", "--max-examples", "10", *options),
    ]


def main() -> None:
    """Try the API that `make up` started."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=900)
    options, others = parser.parse_known_args()
    if not API_FILE.is_file():
        say("The local cloud is not running: make up")
        sys.exit(1)
    url = json.loads(API_FILE.read_text())["url"]
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        token = sign_up(client)
    command = fuzz_command(url, token, "--max-time", str(options.seconds), *others)
    sys.exit(subprocess.run(command, check=False, cwd=LOCAL).returncode)  # noqa: S603 - ours


if __name__ == "__main__":
    main()
