"""The workflows as they are written, in parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[3]
GITHUB = REPOSITORY / ".github"
FILES = sorted([*(GITHUB / "workflows").glob("*.yml"), *(GITHUB / "actions").glob("*/action.yml")])

Part = dict[str, Any]


def read(path: str) -> Part:
    """Return a file below `.github`."""
    content: Part = yaml.safe_load((GITHUB / path).read_text())
    return content


def events(workflow: Part) -> Part:
    """Return what starts a workflow: YAML 1.1 takes the word `on` for a truth value."""
    started: Part = workflow[True]  # type: ignore[index]
    return started


WORKFLOWS = {path.name: read(f"workflows/{path.name}") for path in (GITHUB / "workflows").iterdir()}
JOBS: dict[str, Part] = {
    f"{file}:{name}": job
    for file, workflow in WORKFLOWS.items()
    for name, job in workflow["jobs"].items()
}
STEPS: dict[str, Part] = {
    f"{name}:{number}": step
    for name, job in JOBS.items()
    for number, step in enumerate(job.get("steps", []))
}
DEPLOYING = JOBS["deploy.yml:deploy"]


def step_that(text: str) -> Part:
    """Return the only step of the deployment that runs or uses this."""
    found: list[Part] = [
        step for step in DEPLOYING["steps"] if text in f"{step.get('run')} {step.get('uses')}"
    ]
    (only,) = found
    return only
