"""A deployment builds the page where its environment hosts it, and nowhere else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
import pytest

from local import deploy, deployed, destroy
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from pathlib import Path

OUTPUTS = {
    "cv-location-classifier-staging-api": {"ApiUrl": "https://api.test"},
    "cv-location-classifier-staging-web": {"WebUrl": "https://page.test"},
}


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what was done, in its order, instead of doing it."""
    done: list[str] = []
    outputs = tmp_path / "outputs.json"

    def run_cdk(what: str, *_arguments: str, **_how: object) -> None:
        done.append(f"cdk {what}")
        outputs.write_text(json.dumps(OUTPUTS))

    monkeypatch.setattr(deployed, "_DEPLOYED", tmp_path / "deployed")
    monkeypatch.setattr(deploy, "_OUTPUTS", outputs)
    for module in (deploy, destroy):
        monkeypatch.setattr(module, "run_cdk", run_cdk)
        monkeypatch.setattr(module, "build_web", lambda: done.append("build"))
    return done


@pytest.mark.parametrize(
    ("options", "hosted"),
    [
        ([], False),
        (["--require-approval", "never"], False),
        (["-c", "web=true"], True),
        (["--context", "web=true", "--require-approval", "never"], True),
        (["--context=web=true"], True),
        (["-c", "dashboards=folded", "-c", "web=false"], False),
    ],
)
def test_settings_are_those_that_the_cdk_will_read(options: list[str], *, hosted: bool) -> None:
    assert deploy.settings_of("staging", options).hosts_web is hosted


def test_a_bad_setting_is_refused_before_anything_is_done(done: list[str]) -> None:
    with pytest.raises(CannotContinueError, match="web: "):
        deploy.deploy("staging", api_only=False, more=["-c", "web=perhaps"])
    assert done == []


@pytest.mark.parametrize(
    ("more", "expected"), [(["-c", "web=true"], ["build", "cdk deploy"]), ([], ["cdk deploy"])]
)
def test_it_is_built_before_the_templates_are_written(
    done: list[str], more: list[str], expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    deploy.deploy("staging", api_only=False, more=more)
    assert done == expected
    assert "The page is at https://page.test" in capsys.readouterr().out


def test_taking_an_environment_down_takes_the_page_along(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hosting = deploy.settings_of("staging", ["-c", "web=true"])
    outputs = {"data": {"UploadsBucketName": "uploads-1"}, "web": {"WebBucketName": "page-1"}}
    monkeypatch.setattr(destroy, "settings_of", lambda _environment: hosting)
    monkeypatch.setattr(
        destroy, "read_outputs", lambda _client, _environment, stack="data": outputs[stack]
    )
    monkeypatch.setattr(destroy, "empty_bucket", lambda _s3, bucket: done.append(f"empty {bucket}"))
    monkeypatch.setattr(destroy, "kept_parameters", lambda _ssm, _environment: [])
    for name in ("client", "resource"):
        monkeypatch.setattr(boto3, name, lambda _service: None)
    monkeypatch.setattr("builtins.input", lambda _question: "staging")
    destroy.destroy("staging")
    assert done == ["build", "empty uploads-1", "empty page-1", "cdk destroy"]
