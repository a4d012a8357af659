"""`make audit`: ask whether anything that we install has a known vulnerability.

Python packages are looked up with pip-audit, all of `constraints.txt`, so that what only builds and
tests is in it, too; packages for npm with `npm audit`. Ends with 0 if all were looked up and none
is vulnerable, 1 if any is, 2 if any could not be looked up: silence of a service is no good news.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.supply_chain.locks import ROOT, read_pins
from local.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    # Runs a command in a folder and returns what it printed.
    Ask = Callable[[Sequence[str], Path], str]

ACCEPTED = Path(__file__).with_name("accepted.toml")
CONSTRAINTS = ROOT / "constraints.txt"
NPM_FOLDERS = (ROOT, ROOT / "examples" / "react", ROOT / "web")
CLEAN, VULNERABLE, NOT_ASKED = 0, 1, 2


@dataclass
class Findings:
    """What an audit found: flaws as (package, advisory, text), and what it could not ask about."""

    looked_up: int = 0
    vulnerable: list[tuple[str, str, str]] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)


def audit_python(ask: Ask, constraints: Path = CONSTRAINTS) -> Findings:
    """Look up every pinned package at the service that pip-audit asks."""
    findings = Findings()
    wanted = read_pins(constraints)
    command = [
        *(str(Path(sys.executable).with_name("pip-audit")), "--requirement", str(constraints)),
        # No pip: nothing is resolved or installed. A text without a service's answer is an error.
        *("--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"),
    ]
    answered = _as_json(ask(command, ROOT)).get("dependencies", [])
    for package in answered:
        name = package["name"]
        if "skip_reason" in package:
            continue
        wanted.pop(name, None)
        findings.looked_up += 1
        findings.vulnerable += [
            (name, flaw["id"], f"{package['version']}, mended in {flaw['fix_versions'] or 'none'}")
            for flaw in package["vulns"]
        ]
    findings.not_asked = sorted(wanted)
    return findings


def audit_npm(ask: Ask, folder: Path) -> Findings:
    """Look up the packages of a lock file at the registry."""
    findings = Findings()
    answer = _as_json(ask(["npm", "audit", "--json", "--package-lock-only"], folder))
    if "auditReportVersion" not in answer:
        findings.not_asked = [f"{folder.name or folder}/package-lock.json"]
        return findings
    findings.looked_up = answer["metadata"]["dependencies"]["total"]
    for name, package in sorted(answer["vulnerabilities"].items()):
        # Other vias name the package that brings the flaw along, which has an entry of its own.
        flaws = [via for via in package["via"] if isinstance(via, dict)]
        findings.vulnerable += [
            (name, flaw["url"].rpartition("/")[2], flaw["title"]) for flaw in flaws
        ]
    return findings


def read_accepted(file: Path = ACCEPTED) -> dict[str, date]:
    """Return until when which advisories are accepted."""
    return {name: entry["until"] for name, entry in tomllib.loads(file.read_text()).items()}


def judge(
    findings: Sequence[Findings], accepted: Mapping[str, date], today: date
) -> tuple[int, list[str]]:
    """Return what to end with, and what to say, a line each."""
    lines = []
    code = CLEAN
    for name, advisory, text in (flaw for one in findings for flaw in one.vulnerable):
        if advisory in accepted and today <= accepted[advisory]:
            lines.append(f"accepted until {accepted[advisory]}: {name}: {advisory} {text}")
        else:
            lines.append(f"{name}: {advisory} {text}")
            code = VULNERABLE
    not_asked = [name for one in findings for name in one.not_asked]
    if not_asked:
        lines.append(f"NOT looked up, since the service does not answer: {_list(not_asked)}")
        code = code or NOT_ASKED
    looked_up = sum(one.looked_up for one in findings)
    flaws = sum(len(one.vulnerable) for one in findings)
    lines.append(f"{looked_up} packages looked up, {len(not_asked)} not, {flaws} vulnerabilities")
    return code, lines


def _list(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _as_json(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _ask(command: Sequence[str], folder: Path) -> str:
    return subprocess.run(  # noqa: S603 - ours
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    ).stdout


def main() -> None:
    """Audit what the checkout installs."""
    findings = [audit_python(_ask), *(audit_npm(_ask, folder) for folder in NPM_FOLDERS)]
    code, lines = judge(findings, read_accepted(), datetime.now(UTC).date())
    for line in lines:
        say(line)
    sys.exit(code)


if __name__ == "__main__":
    main()
