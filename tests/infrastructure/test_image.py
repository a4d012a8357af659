"""The image of `predict` is tried as it is deployed, and built without anything of this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.image.function_environment import OWN_VARIABLES
from stacks.settings import REPOSITORY

if TYPE_CHECKING:
    from tests.infrastructure.conftest import Templates

# What the stacks make up for each environment.
NAMES = {
    "ENVIRONMENT",
    "POWERTOOLS_METRICS_NAMESPACE",
    "SERVICE_VERSION",
    "TABLE_NAME",
    "UPLOADS_BUCKET",
}


def test_a_trial_gives_the_image_the_variables_of_its_function(staging: Templates) -> None:
    deployed = staging.functions()["predict"]["Properties"]["Environment"]["Variables"]
    assert set(OWN_VARIABLES) == set(deployed)
    tried = {name: value for name, value in OWN_VARIABLES.items() if name not in NAMES}
    assert tried == {name: value for name, value in deployed.items() if name not in NAMES}


def test_deploying_asks_for_no_folder_of_packages(staging: Templates) -> None:
    (assets,) = staging.directory.glob("*-api.assets.json")
    (image,) = json.loads(assets.read_text())["dockerImages"].values()
    assert "dockerBuildContexts" not in image["source"]
    assert "PIP_NO_INDEX" not in image["source"]["dockerBuildArgs"]


def test_the_image_runs_as_nobody() -> None:
    dockerfile = (REPOSITORY / "functions" / "predict" / "Dockerfile").read_text()
    final = dockerfile[dockerfile.rindex("\nFROM ") :]
    assert "\nUSER 65534:65534\n" in final
    assert "RUN" not in final
