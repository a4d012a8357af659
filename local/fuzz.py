"""`make fuzz`: try at random what strangers reach: the running API, and what reads their bytes.

Half of the time the local API gets requests that its document allows or forbids (schemathesis), and
is held to the document; a quarter each go to photos and to requests with photos in them (atheris,
`local/fuzzing`). The end says how many cases each tried, and what it found.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from local.demo import sign_up
from local.deployment import ROOT
from local.fuzzing.campaign import TARGETS, run_fuzzer
from local.terminal import say, step
from local.up import API_FILE, LOCAL

CONFIGURATION = ROOT / "tests" / "end_to_end" / "schemathesis.toml"
DOCUMENT = ROOT / "docs" / "openapi.json"
FUZZING = LOCAL / "fuzzing"
HTTP = "http"
_SHARES = {HTTP: 2, **dict.fromkeys(TARGETS, 1)}


@dataclass(frozen=True)
class Tried:
    """What was tried: how many cases, how many findings, and whether it ended well."""

    what: str
    cases: int
    findings: int
    good: bool


def fuzz_command(url: str, token: str, *options: str) -> list[str | Path]:
    """Return the command that tries the API at `url` with schemathesis, signed in."""
    return [
        *(Path(sys.executable).with_name("st"), "--config-file", CONFIGURATION),
        *("run", DOCUMENT, "--url", url, "--header", f"Authorization: Bearer {token}"),
        # One worker: two threads that compile at once stumble over each other in Python 3.11
        # ("AST constructor recursion depth mismatch").
        *("--workers", "1", "--max-examples", "10", *options),
    ]


def read_counts(output: str) -> tuple[int, int]:
    """Return the cases and the different failures that schemathesis counts where it ends."""
    return _number(r"([\d,]+) generated", output), _number(r"([\d,]+) unique failure", output)


def _number(pattern: str, output: str) -> int:
    found = re.search(pattern, output)
    return int(found[1].replace(",", "")) if found else 0


def main() -> None:
    """Try everything, or what is asked for, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=900)
    parser.add_argument("--only", nargs="+", choices=_SHARES, default=list(_SHARES))
    options, others = parser.parse_known_args()
    if HTTP in options.only and not API_FILE.is_file():
        say("The local cloud is not running: make up; or ARGS='--only images requests'")
        sys.exit(1)
    second = options.seconds / sum(_SHARES[what] for what in options.only)
    tried = [
        _try_http(int(second * _SHARES[what]), others)
        if what == HTTP
        else _try_bytes(what, int(second))
        for what in options.only
    ]
    say("")
    for one in tried:
        say(f"  {one.what}: {one.cases:,} cases, {one.findings} findings")
    sys.exit(not all(one.good for one in tried))


def _try_http(seconds: int, others: list[str]) -> Tried:
    url = json.loads(API_FILE.read_text())["url"]
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        token = sign_up(client)
    command = fuzz_command(url, token, "--max-time", str(seconds), "--no-color", *others)
    lines = []
    with subprocess.Popen(command, cwd=LOCAL, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - ours
        for line in running.stdout or ():
            lines.append(line)
            say(line.rstrip("\n"))
    cases, findings = read_counts("".join(lines))
    return Tried(HTTP, cases, findings, good=running.returncode == 0)


def _try_bytes(target: str, seconds: int) -> Tried:
    folder = FUZZING / target
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    cases, ended_well = 0, True
    findings: list[Path] = []
    with step(f"Bytes of {target}", folder / "log.txt"):
        # The first finding ends a fuzzer: the time that is left goes to another.
        while (left := int(seconds - (time.monotonic() - started))) > 0:
            outcome = run_fuzzer(target, folder, f"-max_total_time={left}")
            cases += outcome.cases
            findings += outcome.findings
            ended_well &= outcome.good
            if not outcome.findings:
                break
    for file in findings:
        say(f"  found: {file.relative_to(ROOT)}")
    return Tried(target, cases, len(findings), good=ended_well)


if __name__ == "__main__":
    main()
