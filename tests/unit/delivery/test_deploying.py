"""GitHub's workflows: what they do, in which order, and that a bad deployment is taken back."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.unit.delivery.workflows import (
    DEPLOYING,
    JOBS,
    REPOSITORY,
    STEPS,
    WORKFLOWS,
    events,
    read,
    step_that,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_every_command_is_a_word_that_a_person_can_type_too() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    words = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    typed = {
        word
        for step in STEPS.values()
        for word in re.findall(r"\bmake (?:--silent )?([a-z-]+)", step.get("run", ""))
    }
    assert typed == {
        *("lint", "test", "sbom", "audit"),
        *("layers", "web", "diff", "deploy", "smoke", "last-good", "mark-good"),
    }
    assert typed <= words


def test_both_pythons_and_node_are_set_up() -> None:
    action = read("actions/set-up/action.yml")
    python, node = action["runs"]["steps"]
    # The last is `python`; the other compiles what Lambda reads.
    assert python["with"]["python-version"].split() == ["3.13", "3.11"]
    assert int(node["with"]["node-version"]) >= 22
    for name, job in JOBS.items():
        runs = [step.get("run", "") for step in job.get("steps", [])]
        if any("make " in run for run in runs):
            used = [step.get("uses", "") for step in job["steps"]]
            assert any(use.endswith("/set-up") for use in used), name


def test_what_is_deployed_was_not_made_from_a_cache() -> None:
    assert "with" not in step_that("/set-up")


def test_main_deploys_what_passed_to_staging_and_then_to_production() -> None:
    main = WORKFLOWS["main.yml"]
    assert events(main) == {"push": {"branches": ["main"]}}
    jobs = main["jobs"]
    assert (jobs["staging"]["needs"], jobs["production"]["needs"]) == ("check", "staging")
    for environment in ("staging", "production"):
        assert jobs[environment]["with"] == {"environment": environment}
        assert jobs[environment]["uses"] == "$/.github/workflows/deploy.yml"


@pytest.mark.parametrize(
    ("name", "environment"),
    [("deploy.yml:deploy", "$ENVIRONMENT"), ("pull-request.yml:diff", "staging")],
)
def test_npms_packages_never_run_beside_credentials(name: str, environment: str) -> None:
    steps = JOBS[name]["steps"]
    build = f'make web ARGS="--if-hosted {environment}"'
    (built,) = [place for place, step in enumerate(steps) if step.get("run") == build]
    (trusted,) = [
        place
        for place, step in enumerate(steps)
        if "configure-aws-credentials" in step.get("uses", "")
    ]
    assert built < trusted


def test_two_deployments_of_an_environment_never_overlap() -> None:
    assert DEPLOYING["concurrency"] == {
        "group": "deploy-${{ inputs.environment }}",
        "cancel-in-progress": False,
    }


def test_a_commit_is_good_once_it_answered() -> None:
    names = [step.get("run", "") for step in DEPLOYING["steps"]]
    order = ['make deploy ARGS="--require-approval never"', "make smoke", "make mark-good"]
    places = [names.index(name) for name in order]
    assert places == sorted(places)
    assert all("if" not in DEPLOYING["steps"][place] for place in places)


def test_a_deployment_that_does_not_answer_is_taken_back_and_still_fails() -> None:
    smoke = next(step for step in DEPLOYING["steps"] if step.get("id") == "smoke")
    assert smoke["run"] == "make smoke"
    assert "continue-on-error" not in str(DEPLOYING)
    back = DEPLOYING["steps"][DEPLOYING["steps"].index(step_that("mark-good")) + 1 :]
    fetch, deploy, visit, nothing = back
    known = "steps.before.outputs.commit != ''"
    condition = f"failure() && steps.smoke.outcome == 'failure' && {known}"
    assert [step["if"] for step in (fetch, deploy, visit)] == [condition] * 3
    assert fetch["with"]["ref"] == "${{ steps.before.outputs.commit }}"
    assert deploy["run"] == 'make deploy ARGS="--api-only --require-approval never"'
    assert visit["run"] == "make smoke"
    assert nothing["if"] == condition.replace(known, known.replace("!=", "=="))


@pytest.mark.parametrize(
    ("kept", "told"),
    [("1a2b", "commit=1a2b\n"), ("", "commit=\n"), ("this-one", "")],
)
def test_the_commit_to_go_back_to_is_another_one(tmp_path: Path, kept: str, told: str) -> None:
    """Run the step's own script, with a `make` that prints like ours."""
    make = tmp_path / "make"
    make.write_text(f"#!/bin/sh\necho '  ✓ Python packages (nothing to do)'\necho '{kept}'\n")
    make.chmod(0o755)
    output = tmp_path / "output"
    output.touch()
    subprocess.run(  # noqa: S603 - ours
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step_that("last-good")["run"]],  # noqa: S607
        env={
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_SHA": "this-one",
            "GITHUB_OUTPUT": str(output),
        },
        check=True,
    )
    assert output.read_text() == told


def test_a_long_comparison_is_cut_to_what_a_comment_holds(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "diff.txt").write_text("│ über\n" * 10_000)
    output = tmp_path / "output"
    steps = JOBS["pull-request.yml:diff"]["steps"]
    script = next(step["run"] for step in steps if step.get("id") == "diff")
    subprocess.run(  # noqa: S603 - ours
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # noqa: S607
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "GITHUB_OUTPUT": str(output)},
        check=True,
    )
    first, *lines, last = output.read_text().splitlines()
    assert first == f"diff<<{last}"
    assert "see the job's log" in lines[-1]
    assert sum(len(line) + 5 for line in lines) < 65_536 - 200
