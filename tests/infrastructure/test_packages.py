"""What is uploaded is small enough and complete: a handler needs nothing but its files and layers.

These tests read the layers that `make layers` built. What Lambda's processor cannot run here is
replaced by its twin, built from the same requirements for this interpreter.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.layers import ACCOUNT, DESCRIBE, RECOMMEND, SHARED
from stacks.settings import REPOSITORY
from tests.fakes.events import load_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.layers import Layer
    from tests.infrastructure.conftest import Templates

LAYERS = REPOSITORY / "build" / "layers"
# The construct that a layer comes from, and what it is built of.
BUILT = {
    "SharedLayer": SHARED,
    "AccountPackages": ACCOUNT,
    "DescribePackages": DESCRIBE,
    "RecommendPackages": RECOMMEND,
}
FUNCTIONS = sorted(path.parent.name for path in (REPOSITORY / "functions").glob("*/handler.py"))
ZIP_FUNCTIONS = [
    name for name in FUNCTIONS if not (REPOSITORY / "functions" / name / "Dockerfile").exists()
]
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: a function with its
# layers, unzipped.
LARGEST_UNPACKED_BYTES = 250 * 1024**2
MOST_LAYERS = 5
# `e_machine` of AArch64, at its offset in an ELF header.
ELF_MACHINE, AARCH64 = slice(18, 20), b"\xb7\x00"

# Without -S the interpreter would see the packages of the virtual environment.
_ISOLATED = (sys.executable, "-I", "-S", "-B", "-c")
_LOAD = """
import importlib, json, sys
sys.path[:0] = json.loads(sys.argv[2])
module, _, function = sys.argv[1].rpartition(".")
handle = getattr(importlib.import_module(module), function)
"""


@pytest.fixture(scope="module")
def uploaded(synthesise: Callable[..., Templates]) -> Templates:
    """Synthesise for AWS with the layers as they are really built."""
    for layer in BUILT.values():
        for folder in (layer.name, f"{layer.name}-aws"):
            assert (LAYERS / folder).is_dir(), "run `make layers` first"
    return synthesise("staging", layers_directory=str(LAYERS))


@pytest.fixture(scope="module")
def local(synthesise: Callable[..., Templates]) -> Templates:
    """Synthesise for the local cloud, where `predict` is a zip as well."""
    return synthesise("local", layers_directory=str(LAYERS))


def _asset(templates: Templates, code: dict[str, str]) -> Path:
    return templates.directory / f"asset.{Path(code['S3Key']).stem}"


def _code(templates: Templates, name: str) -> Path:
    return _asset(templates, templates.functions()[name]["Properties"]["Code"])


def _layers(templates: Templates, name: str) -> dict[str, Path]:
    """Return the folders of a function's layers, by the logical ids of the layers."""
    resources = templates.resources("AWS::Lambda::LayerVersion")
    ids = [layer["Ref"] for layer in templates.functions()[name]["Properties"]["Layers"]]
    return {one: _asset(templates, resources[one]["Properties"]["Content"]) for one in ids}


def _size_bytes(*folders: Path) -> int:
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def _run_isolated(
    templates: Templates, name: str, program: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run `program` where `handle` is the function's, and nothing can be imported but its own."""
    path, opt = [_code(templates, name)], None
    for logical_id, folder in _layers(templates, name).items():
        built = [layer for construct, layer in BUILT.items() if logical_id.startswith(construct)]
        path += [LAYERS / layer.name / "python" for layer in built]
        opt = opt if built else folder
    properties = templates.functions()[name]["Properties"]
    variables = {
        # A value that only the deployment knows is as good as any.
        variable: value if isinstance(value, str) else "known-after-deployment"
        for variable, value in properties["Environment"]["Variables"].items()
    }
    if variables.get("MODEL_ROOT") == "/opt":
        variables["MODEL_ROOT"] = str(opt)
    paths = json.dumps([str(folder) for folder in path])
    return subprocess.run(  # noqa: S603 - our own interpreter
        [*_ISOLATED, _LOAD + program, properties["Handler"], paths, *arguments],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ZIP_FUNCTIONS)
def test_a_handler_starts_from_its_own_folder_and_its_layers(
    uploaded: Templates, name: str
) -> None:
    outcome = _run_isolated(uploaded, name, "assert callable(handle)")
    assert outcome.returncode == 0, outcome.stderr


def test_account_writes_every_form_with_nothing_but_its_layers(uploaded: Templates) -> None:
    program = """
from account.itineraries import Itinerary, Plan, Stop
from account.presentation import FORMS
stop = Stop("S1", 1, "Colosseum", 41.8902, 12.4922)
time = "2026-01-01T00:00:00.000+00:00"
itinerary = Itinerary("I1", 1, time, time, Plan("Rome", "2026-05-01", None, (stop,)))
print(json.dumps({form: write(itinerary) for form, write in FORMS.values()}))
"""
    outcome = _run_isolated(uploaded, "account", program)
    assert outcome.returncode == 0, outcome.stderr
    written: dict[str, str] = json.loads(outcome.stdout)
    assert set(written) == {"geojson", "gpx", "ics"}
    assert all("Colosseum" in text for text in written.values())


def test_recommend_answers_with_nothing_but_its_layers(uploaded: Templates) -> None:
    program = "print(json.dumps(handle(json.loads(sys.argv[3]), None)))"
    event = json.dumps(load_event("recommend"))
    outcome = _run_isolated(uploaded, "recommend", program, event)
    assert outcome.returncode == 0, outcome.stderr
    answer: dict[str, Any] = json.loads(outcome.stdout.splitlines()[-1])
    assert answer["statusCode"] == 200, answer
    assert len(json.loads(answer["body"])["recommendations"]) == 5


@pytest.mark.parametrize("name", ZIP_FUNCTIONS)
def test_a_function_and_its_layers_are_within_lambdas_limits(
    uploaded: Templates, name: str
) -> None:
    layers = _layers(uploaded, name)
    assert 1 <= len(layers) <= MOST_LAYERS
    assert _size_bytes(_code(uploaded, name), *layers.values()) < LARGEST_UNPACKED_BYTES


def test_every_folder_of_functions_is_deployed(local: Templates) -> None:
    assert set(FUNCTIONS) <= set(local.functions())
    assert len(ZIP_FUNCTIONS) >= 5


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_package_holds_its_own_folder_and_nothing_else(local: Templates, name: str) -> None:
    code = _code(local, name)
    assert [entry.name for entry in code.iterdir()] == [name]
    assert not [*code.rglob("__pycache__"), *code.rglob("requirements*"), *code.rglob("*.lock")]


def test_the_classifier_is_not_in_a_layer(uploaded: Templates) -> None:
    (opt,) = [
        folder
        for logical_id, folder in _layers(uploaded, "recommend").items()
        if logical_id.startswith("TextSearch")
    ]
    assert sorted(entry.name for entry in opt.iterdir()) == ["data", "models"]
    encoders = [str(entry.relative_to(opt)) for entry in opt.glob("models/*/*")]
    assert encoders == ["models/text_encoder/minilm"]


def test_a_layer_brings_bytecode_along(local: Templates) -> None:
    """Layers are read-only: without it, every cold start would compile them anew."""
    (layer,) = _layers(local, "account").values()
    modules = list((layer / "python" / "common").glob("*.py"))
    compiled = {file.name.partition(".")[0] for file in layer.glob("python/common/*/*.pyc")}
    assert {module.stem for module in modules} <= compiled


def _distributions(folder: str) -> set[str]:
    return {path.name.lower() for path in (LAYERS / folder / "python").glob("*.dist-info")}


EVERY_LAYER = pytest.mark.parametrize("layer", BUILT.values(), ids=lambda layer: layer.name)


@EVERY_LAYER
@pytest.mark.usefixtures("uploaded")
def test_the_builds_for_here_and_for_aws_hold_the_same(layer: Layer) -> None:
    assert _distributions(f"{layer.name}-aws") == _distributions(layer.name)
    if layer.sources is not None:
        for source in layer.sources.rglob("*.py"):
            path = source.relative_to(layer.sources)
            built = LAYERS / f"{layer.name}-aws" / "python" / path
            assert built.read_bytes() == source.read_bytes(), path


@EVERY_LAYER
@pytest.mark.usefixtures("uploaded")
def test_the_build_for_aws_runs_on_its_processor(layer: Layer) -> None:
    libraries = list((LAYERS / f"{layer.name}-aws").rglob("*.so*"))
    assert bool(libraries) == (layer is not ACCOUNT)
    for library in libraries:
        with library.open("rb") as file:
            assert file.read(20)[ELF_MACHINE] == AARCH64, library.name
        assert "cpython-" not in library.name or "cpython-313" in library.name, library.name
