"""Layers: what functions find beside their own code.

They belong to the stack whose functions use them: every build is a new version, and CloudFormation
cannot replace what another stack imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from stacks.settings import MODEL_LAYER, Settings, SettingsError

if TYPE_CHECKING:
    from constructs import Construct


def packages_layer(
    scope: Construct, construct_id: str, *, settings: Settings, folder: str, description: str
) -> lambda_.LayerVersion:
    """Return a layer of Python packages, as `make layers` built it into `folder`.

    Raises `SettingsError` where it is not built.
    """
    directory = settings.layers_directory / folder
    if not (directory / "python").is_dir():
        message = f"layers_directory: {directory} is not built; run `make layers`"
        raise SettingsError(message)
    return lambda_.LayerVersion(
        scope,
        construct_id,
        description=description,
        code=lambda_.Code.from_asset(str(directory)),
        compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
        compatible_architectures=[settings.platform.zip_architecture],
    )


def require_text_encoder(name: str) -> None:
    """Raise `SettingsError` when the model layer lacks the text encoder `name`."""
    if not (MODEL_LAYER / "models" / "text_encoder" / name / "config.json").is_file():
        message = f"text_encoder: {name} is not built; run `make text-encoder ENCODER={name}`"
        raise SettingsError(message)


def catalogue_layer(scope: Construct, construct_id: str) -> lambda_.LayerVersion:
    """Return the part of the model layer that `describe` reads: the catalogue alone."""
    return _model_layer(
        scope,
        construct_id,
        description="The catalogue of landmarks, mounted at /opt",
        keep=["!/data", "/data/*", "!/data/landmarks_unified.json"],
    )


def text_search_layer(
    scope: Construct, construct_id: str, *, settings: Settings
) -> lambda_.LayerVersion:
    """Return the part of the model layer that `recommend` reads: all data, and its encoder."""
    encoder = settings.text_encoder
    return _model_layer(
        scope,
        construct_id,
        description=f"The landmarks and the text encoder {encoder}, mounted at /opt",
        keep=[
            *("!/data", "!/models"),
            *("/models/*", "!/models/text_encoder"),
            *("/models/text_encoder/*", f"!/models/text_encoder/{encoder}"),
        ],
    )


def _model_layer(
    scope: Construct, construct_id: str, *, description: str, keep: list[str]
) -> lambda_.LayerVersion:
    """Return a layer of some of the model layer's files; `keep` is as in a `.gitignore`."""
    return lambda_.LayerVersion(
        scope,
        construct_id,
        description=description,
        code=lambda_.Code.from_asset(
            str(MODEL_LAYER), exclude=["/*", *keep], ignore_mode=cdk.IgnoreMode.GIT
        ),
        compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
    )
