"""`make image` and `make image-test`: `python -m local.image build|test [--base …]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from local.cloud import LocalCloud, free_port
from local.commands import last_lines
from local.image.build import build_image
from local.image.builders import find_builder
from local.image.contents import compare_with_locks, draw_table, measure_parts
from local.image.function_environment import function_environment
from local.image.runtime_api import FunctionFailedError, RuntimeApi
from local.image.trial import TrialFailedError, table_with_a_traveller, try_function
from local.supply_chain.locks import CLIP, SHIPPED
from local.terminal import CannotContinueError, say, step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePosixPath

    from local.image.builders import Builder
    from local.image.trial import Trial

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / ".local" / "image-function.log"
_CACHES = Path("/proc/sys/vm/drop_caches")


def main() -> None:
    """Build the image and, when asked, try it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["build", "test"])
    parser.add_argument("--builder", default="", help="docker, podman or buildah")
    parser.add_argument("--base", default="", help="an image, or debian; AWS's where possible")
    parser.add_argument("--encoder", default="minilm", choices=["minilm", "clip"])
    parser.add_argument("--starts", type=int, default=3, help="how often a test starts it")
    parser.add_argument("--cold", action="store_true", help="with nothing of it in memory (root)")
    asked = parser.parse_args()
    try:
        builder = find_builder(asked.builder)
        tag = build_image(builder, asked.base, asked.encoder)
        files = list(builder.files(tag))
        for line in draw_table(measure_parts(files)):
            say(line)
        _check_packages([path for path, _ in files], asked.encoder)
        if asked.what == "test":
            _test(builder, tag, starts=asked.starts, cold=asked.cold)
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


def _check_packages(files: Sequence[PurePosixPath], encoder: str) -> None:
    locks = [*SHIPPED["predict-image"], *([CLIP] if encoder == "clip" else [])]
    if amiss := compare_with_locks(files, locks):
        message = "the image's packages are not those of its locks:\n" + "\n".join(amiss)
        raise CannotContinueError(message)


def _test(builder: Builder, tag: str, *, starts: int, cold: bool) -> None:
    config = builder.config(tag)
    if config.get("User", "").partition(":")[0] in {"", "0", "root"}:
        message = "the image would run as root"
        raise CannotContinueError(message)
    with tempfile.TemporaryDirectory() as folder:
        cloud = LocalCloud(Path(folder), free_port())
        with step("Local cloud for its table"):
            cloud.start()
        try:
            for number in range(1, starts + 1):
                title = f"Started by its own entry point, without any right to write ({number})"
                with step(title):
                    trial = _try_once(builder, tag, cloud, cold=cold)
                say(_describe(trial))
        finally:
            cloud.stop()


def _try_once(builder: Builder, tag: str, cloud: LocalCloud, *, cold: bool) -> Trial:
    dynamodb = cloud.session().client("dynamodb", endpoint_url=cloud.url)
    try:
        with table_with_a_traveller(dynamodb), RuntimeApi() as api:
            environment = function_environment(api.address, cloud.client_environment())
            if cold:
                _drop_caches()
            with builder.started(tag, environment, LOG) as function:
                return try_function(function, api, dynamodb)
    except (FunctionFailedError, TrialFailedError) as error:
        message = f"{error}\n\nWhat the function logged:\n\n{last_lines(LOG)}\n\nAll of it: {LOG}"
        raise CannotContinueError(message) from error


def _drop_caches() -> None:
    try:
        _CACHES.write_text("3")
    except OSError as error:
        message = f"what is in memory cannot be dropped here: {error}"
        raise CannotContinueError(message) from error


def _describe(trial: Trial) -> str:
    return (
        f"    init {trial.init_seconds:.2f} s, first photo {trial.first_seconds * 1000:.0f} ms,"
        f" next photo {trial.warm_seconds * 1000:.0f} ms, at most {trial.peak_memory_mb:.0f} MB"
    )


if __name__ == "__main__":
    main()
