"""GitHub's workflows: what they may do, and whose code they run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.delivery.workflows import (
    DEPLOYING,
    FILES,
    GITHUB,
    JOBS,
    REPOSITORY,
    STEPS,
    WORKFLOWS,
    events,
    read,
)

# Owners whose code runs beside our credentials.
OWNERS = {"actions", "aws-actions"}
# A fork's pull request could have these run with the rights of main.
DANGEROUS_EVENTS = {"pull_request_target", "workflow_run", "issue_comment"}


def test_the_workflows_are_found() -> None:
    assert set(WORKFLOWS) == {
        *("audit.yml", "check.yml", "deploy.yml", "main.yml", "pull-request.yml")
    }
    assert len(FILES) == 6


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_action_of_others_is_pinned_by_its_hash_and_named_by_its_version(file: Path) -> None:
    used = re.findall(r"^\s*(?:- )?uses: (.+)$", file.read_text(), flags=re.MULTILINE)
    assert used
    for reference in used:
        if reference.startswith("$/"):
            assert (REPOSITORY / reference.removeprefix("$/")).exists()
            continue
        pinned = re.fullmatch(r"([\w-]+)/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", reference)
        assert pinned, f"{reference} is not pinned"
        assert pinned[1] in OWNERS


def test_an_action_has_the_same_hash_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for file in FILES:
        for action, pin in re.findall(r"uses: ([\w-]+/[\w-]+)@(.+)\n", file.read_text()):
            pins.setdefault(action, set()).add(pin)
    assert all(len(found) == 1 for found in pins.values()), pins


def test_zizmor_finds_nothing() -> None:
    done = subprocess.run(  # noqa: S603 - ours
        [
            *(Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", "--pedantic"),
            *("--strict-collection", GITHUB),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_workflow_starts_with_rights_for_what_others_wrote(name: str) -> None:
    assert not DANGEROUS_EVENTS & set(events(WORKFLOWS[name]))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_no_rights_but_those_of_its_jobs(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}
    for job in WORKFLOWS[name]["jobs"].values():
        assert job["permissions"], "a job without any of its own has those of the workflow"


def test_each_job_may_do_what_it_needs() -> None:
    reading = {"contents": "read"}
    deploying = {"contents": "read", "id-token": "write"}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "check.yml:lint": reading,
        "check.yml:test": reading,
        "check.yml:supply-chain": reading,
        "audit.yml:audit": reading,
        "pull-request.yml:check": reading,
        "pull-request.yml:diff": deploying,
        "pull-request.yml:comment": {"pull-requests": "write"},
        "main.yml:check": reading,
        "main.yml:staging": deploying,
        "main.yml:production": deploying,
        "deploy.yml:deploy": deploying,
    }


def test_there_is_no_key_of_aws_nor_any_secret() -> None:
    for file in FILES:
        text = file.read_text()
        assert "secrets." not in text
        assert "secrets: inherit" not in text
        assert not re.search(r"aws[-_](access[-_]key[-_]id|secret)", text, flags=re.IGNORECASE)
        assert not re.search(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b", text)


def test_credentials_come_from_a_role_that_the_delivery_makes() -> None:
    roles = {
        name.rpartition(":")[0]: step["with"]["role-to-assume"].rpartition("/")[2]
        for name, step in STEPS.items()
        if "configure-aws-credentials" in step.get("uses", "")
    }
    assert roles == {
        "pull-request.yml:diff": "cv-location-classifier-diff",
        "deploy.yml:deploy": "cv-location-classifier-deploy-${{ inputs.environment }}",
    }
    # GitHub signs `environment:<name>` for a job that names its environment, and for no other.
    assert DEPLOYING["environment"] == "${{ inputs.environment }}"
    assert "environment" not in JOBS["pull-request.yml:diff"]


@pytest.mark.parametrize(
    "name",
    [
        *("check.yml:lint", "check.yml:test", "check.yml:supply-chain", "audit.yml:audit"),
        "pull-request.yml:diff",
    ],
)
def test_a_checkout_leaves_no_token_behind(name: str) -> None:
    (checkout,) = [step for step in JOBS[name]["steps"] if "checkout" in step.get("uses", "")]
    assert checkout["with"]["persist-credentials"] is False


def test_nothing_from_outside_becomes_a_part_of_a_command() -> None:
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")


def test_a_forks_pull_request_is_checked_and_gets_no_credentials() -> None:
    assert "if" not in JOBS["pull-request.yml:check"]
    condition = JOBS["pull-request.yml:diff"]["if"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in condition
    # It runs only after the other, and would be skipped with it.
    assert JOBS["pull-request.yml:comment"]["needs"] == "diff"
    assert "if" not in JOBS["pull-request.yml:comment"]


def test_what_may_comment_runs_nothing_of_the_pull_request() -> None:
    assert [set(step) for step in JOBS["pull-request.yml:comment"]["steps"]] == [{"env", "run"}]


def test_known_vulnerabilities_are_asked_for_with_every_change_and_without_one() -> None:
    for job in ("check.yml:supply-chain", "audit.yml:audit"):
        assert "make audit" in [step.get("run") for step in JOBS[job]["steps"]]
        assert "continue-on-error" not in JOBS[job]
    assert events(WORKFLOWS["audit.yml"])["schedule"]


def test_dependabot_looks_at_every_kind_of_dependency() -> None:
    updates = read("dependabot.yml")["updates"]
    folders = {
        str(folder.relative_to(REPOSITORY))
        for update in updates
        for pattern in update["directories"]
        for folder in ([REPOSITORY] if pattern == "/" else REPOSITORY.glob(pattern.lstrip("/")))
    }
    assert {one["package-ecosystem"] for one in updates} == {
        *("docker", "github-actions", "npm", "pip")
    }
    files = subprocess.run(
        ["git", "ls-files", "*requirements*.txt", "*package.json", "*Dockerfile"],  # noqa: S607
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    # One that only takes a base that is made here.
    watched = [file for file in files if file != "local/image/base.Dockerfile"]
    assert len(watched) > 10
    assert {str(Path(file).parent) for file in watched} <= folders


def test_every_job_ends_at_last() -> None:
    for name, job in JOBS.items():
        assert "uses" in job or 0 < job["timeout-minutes"] <= 90, name
