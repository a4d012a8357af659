"""The image of `predict` is tried as it is deployed, and built without anything of this machine."""

from __future__ import annotations

import json
import re
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


def test_the_image_takes_no_package_without_its_hash() -> None:
    dockerfile = (REPOSITORY / "functions" / "predict" / "Dockerfile").read_text()
    steps = re.sub(r"\\\n\s*", "", dockerfile).splitlines()
    installing = [step for step in steps if "pip install" in step]
    assert len(installing) == 2
    for step in installing:
        assert "--require-hashes" in step
        assert "--no-deps" in step
        named = re.findall(r"--requirement ([\w./-]+)", step)
        assert len(named) >= 4
        assert all(name.endswith(".lock") for name in named)
