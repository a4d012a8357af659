"""`predict` behind the entry point that it has in its container image, without the container.

The same events that `make image-test` sends to the image: what Lambda's runtime client makes of
the function shows here too where no image can be built.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from local.compiled_model import COMPILED, MODEL_ROOT
from local.image.function_environment import function_environment
from local.image.running import RunningFunction
from local.image.runtime_api import FunctionFailedError, RuntimeApi
from local.image.trial import START_SECONDS, table_with_a_traveller, try_function
from stacks.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    Start = Callable[..., RunningFunction]

SOURCES = (REPOSITORY / "functions", REPOSITORY / "shared_layer" / "python")


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    with RuntimeApi() as api:
        yield api


@pytest.fixture
def start(api: RuntimeApi, cloud: dict[str, str], tmp_path: Path) -> Start:
    """Return a function that describes the process, with other variables if asked."""

    def start(**variables: str) -> RunningFunction:
        environment = {
            **function_environment(api.address, cloud),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(str(folder) for folder in SOURCES),
            "MODEL_ROOT": str(MODEL_ROOT),
            "COMPILED_MODELS": str(COMPILED),
            **variables,
        }
        command = [sys.executable, "-m", "awslambdaric", "predict.handler.handle"]
        log = tmp_path / "log"
        return RunningFunction(command, log=log, environment=environment, directory=tmp_path)

    return start


def test_the_entry_point_serves_what_comes(
    api: RuntimeApi, start: Start, make_client: Callable[[str], Any]
) -> None:
    dynamodb = make_client("dynamodb")
    with table_with_a_traveller(dynamodb), start() as function:
        trial = try_function(function, api, dynamodb)
    assert trial.init_seconds > 0
    assert trial.peak_memory_mb > 100


def test_a_function_that_cannot_start_says_why(
    api: RuntimeApi, start: Start, tmp_path: Path
) -> None:
    with (
        start(MODEL_ROOT=str(tmp_path)) as function,
        pytest.raises(FunctionFailedError, match=r"BundleError: .* cannot be read"),
    ):
        api.wait_until_ready(START_SECONDS, function.is_alive)
