"""What is uploaded is complete: every handler starts from its own files and the layer alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stacks.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates

LAYERS = REPOSITORY / "build" / "layers"
LOCAL_LAYER, AWS_LAYER = LAYERS / "shared" / "python", LAYERS / "shared-aws" / "python"
FUNCTIONS = sorted(path.parent.name for path in (REPOSITORY / "functions").glob("*/handler.py"))
ZIP_FUNCTIONS = [
    name for name in FUNCTIONS if not (REPOSITORY / "functions" / name / "Dockerfile").exists()
]
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LARGEST_UNPACKED_BYTES = 250 * 1024**2
# `e_machine` of AArch64, at its offset in an ELF header.
ELF_MACHINE, AARCH64 = slice(18, 20), b"\xb7\x00"

# Without -S the interpreter would see the packages of the virtual environment.
_ISOLATED = (sys.executable, "-I", "-S", "-B", "-c")
_IMPORT = """
import importlib, sys
sys.path[:0] = sys.argv[2:]
module, _, function = sys.argv[1].rpartition(".")
assert callable(getattr(importlib.import_module(module), function))
"""


@pytest.fixture(scope="module")
def packaged(synthesise: Callable[..., Templates]) -> Templates:
    """Synthesise with the layer as it is really built."""
    assert LOCAL_LAYER.is_dir(), "run `make layers` first"
    return synthesise("local", layers_directory=str(LAYERS))


def _asset(templates: Templates, code: dict[str, str]) -> Path:
    return templates.directory / f"asset.{Path(code['S3Key']).stem}"


@pytest.mark.parametrize("name", ZIP_FUNCTIONS)
def test_a_handler_starts_from_its_own_folder_and_the_layer(packaged: Templates, name: str) -> None:
    function = packaged.functions()[name]
    code = _asset(packaged, function["Properties"]["Code"])
    layer = _asset(packaged, packaged.one("AWS::Lambda::LayerVersion")["Properties"]["Content"])
    variables = {
        # A value that only the deployment knows is as good as any.
        variable: value if isinstance(value, str) else "known-after-deployment"
        for variable, value in function["Properties"]["Environment"]["Variables"].items()
    }
    outcome = subprocess.run(  # noqa: S603 - our own interpreter
        [*_ISOLATED, _IMPORT, function["Properties"]["Handler"], code, layer / "python"],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr


def test_every_folder_of_functions_is_deployed(packaged: Templates) -> None:
    assert set(FUNCTIONS) <= set(packaged.functions())
    assert len(ZIP_FUNCTIONS) >= 4


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_package_holds_its_own_folder_and_nothing_else(packaged: Templates, name: str) -> None:
    code = _asset(packaged, packaged.functions()[name]["Properties"]["Code"])
    assert [entry.name for entry in code.iterdir()] == [name]
    assert not list(code.rglob("__pycache__"))


def _distributions(layer: Path) -> set[str]:
    return {path.name.lower() for path in layer.glob("*.dist-info")}


def test_the_layers_for_here_and_for_aws_hold_the_same() -> None:
    assert _distributions(AWS_LAYER) == _distributions(LOCAL_LAYER)
    sources = REPOSITORY / "shared_layer" / "python"
    for source in sources.rglob("*.py"):
        path = source.relative_to(sources)
        assert (AWS_LAYER / path).read_bytes() == source.read_bytes(), path


def test_the_layer_for_aws_runs_on_its_processor() -> None:
    libraries = list(AWS_LAYER.rglob("*.so"))
    assert libraries
    for library in libraries:
        with library.open("rb") as file:
            assert file.read(20)[ELF_MACHINE] == AARCH64, library.name
        assert "cpython-313" in library.name or "abi3" in library.name, library.name


def test_the_layer_leaves_room_for_the_functions() -> None:
    size = sum(file.stat().st_size for file in AWS_LAYER.rglob("*") if file.is_file())
    assert size < LARGEST_UNPACKED_BYTES / 5
