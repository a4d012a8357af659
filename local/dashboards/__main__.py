"""Run the local cloud for some minutes and draw its dashboards; with `--again`, the last run's."""

from __future__ import annotations

import argparse
import random
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local.cloud import LocalCloud, free_port
from local.dashboards.draw import draw
from local.dashboards.measurements import read_run
from local.dashboards.recording import Recording, record
from local.deployment import ROOT, Deployment
from local.layers import build_local_layer
from local.terminal import say, step
from tests.stand_ins.chat_server import TOKEN, ChatServer, Say, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIRECTORY = ROOT / ".local" / "dashboards"
PICTURES = ROOT / "docs" / "dashboards"
POINTS = 24
DESCRIBE = "cv-location-classifier-local-describe"


def run(seconds: float) -> Recording:
    """Start a cloud, deploy the app, let travellers use it, and stop the cloud again."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    cloud = LocalCloud(DIRECTORY, free_port())
    build_local_layer()
    try:
        with step("Local cloud, with the app"):
            cloud.start()
            deployment = Deployment.to_empty(cloud)
        with _remote_model(cloud), step(f"Travellers, for {seconds:.0f} s"):
            return record(cloud, deployment, seconds=seconds)
    finally:
        cloud.stop()


@contextmanager
def _remote_model(cloud: LocalCloud) -> Iterator[None]:
    """Let `describe` call a stand-in for a remote model, which fails one time in four."""
    session = cloud.session()
    functions = session.client("lambda", endpoint_url=cloud.url)
    deployed = functions.get_function_configuration(FunctionName=DESCRIBE)
    variables = deployed["Environment"]["Variables"]
    chance = random.Random(1)  # noqa: S311 - nothing secret
    answers = [
        chance.choices((Say("A place worth seeing."), Status(503), Status(429)), (6, 1, 1))[0]
        for _ in range(1_000)
    ]
    with ChatServer() as server:
        server.script(*answers)
        session.client("ssm", endpoint_url=cloud.url).put_parameter(
            Name=variables["VISION_TOKEN_PARAMETER"], Type="SecureString", Value=TOKEN
        )
        functions.update_function_configuration(
            FunctionName=DESCRIBE,
            Environment={"Variables": variables | {"VISION_BASE_URL": server.base_url}},
        )
        yield


def draw_all(recording: Recording, directory: Path) -> list[Path]:
    """Draw every dashboard of a run; return the pictures."""
    directory.mkdir(parents=True, exist_ok=True)
    measured = read_run(recording)
    span_seconds = max(1.0, round((recording.ended - recording.began) / POINTS))
    files = []
    for name, body in recording.dashboards.items():
        files.append(directory / f"{name}.png")
        draw(body, measured, files[-1], span_seconds=span_seconds)
    return files


def main() -> None:
    """Draw the pictures of `docs/dashboards.md`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=240, help="how long travellers come")
    parser.add_argument("--again", action="store_true", help="draw the last run again")
    options = parser.parse_args()
    file = DIRECTORY / "recording.json"
    if options.again:
        recording = Recording.read(file)
    else:
        recording = run(options.seconds)
        recording.write(file)
    for picture in draw_all(recording, PICTURES):
        size_kb = picture.stat().st_size / 1000
        say(f"  {picture.relative_to(ROOT)}: {size_kb:.0f} kB")


if __name__ == "__main__":
    main()
