"""Build the image of `predict` from the Dockerfile that `cdk deploy` builds."""

from __future__ import annotations

import http.client
from pathlib import Path
from typing import TYPE_CHECKING

from local.image.debian_base import PYTHON, build_debian_base
from local.image.recipes import Recipe
from local.image.wheels import fetch_wheels
from local.terminal import say, step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.image.builders import Builder

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "functions" / "predict" / "Dockerfile"
TAG = "localhost/cv-location-classifier/predict:latest"
DEBIAN = "debian"
"""Asks for the base that is made here."""
_AWS_REGISTRY = "public.ecr.aws"
_TIMEOUT_SECONDS = 5.0


def build_image(builder: Builder, base: str, text_encoder: str) -> str:
    """Build the image and return its tag.

    `base` is "" for the Dockerfile's default, AWS's, as long as its registry can be reached, and
    else the one on Debian; `debian` for that one; or any image.

    Raises:
        CannotContinueError: something that it is built of is missing, or a step fails.

    """
    if not base and not _answers(_AWS_REGISTRY):
        say(f"  - {_AWS_REGISTRY} does not answer: on Debian, as like AWS's base as can be")
        base = DEBIAN
    arguments = {"TEXT_ENCODER": text_encoder}
    contexts: Mapping[str, Path] = {}
    if base == DEBIAN:
        arguments |= {"BASE_IMAGE": build_debian_base(builder), "PIP_NO_INDEX": "1"}
        contexts = {"wheelhouse": fetch_wheels(PYTHON)}
    elif base:
        arguments["BASE_IMAGE"] = base
    log = ROOT / ".local" / "image.log"
    with step(f"Image of predict, by {builder.name}", log):
        builder.build(Recipe(TAG, DOCKERFILE, ROOT, arguments, contexts), log)
    return TAG


def _answers(registry: str) -> bool:
    connection = http.client.HTTPSConnection(registry, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/v2/")
        # Whoever has no token is refused, which is an answer.
        return connection.getresponse().status in {http.client.OK, http.client.UNAUTHORIZED}
    except OSError:
        return False
    finally:
        connection.close()
