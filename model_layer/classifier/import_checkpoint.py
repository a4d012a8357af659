"""Make a bundle of somebody's own checkpoint.

    python -m classifier.import_checkpoint --checkpoint model.pth --names landmark_names.json

A checkpoint is a state dict of a timm network with its own classifier, alone or under
`model_state_dict`, `state_dict` or `model`. Names are a JSON list in the order of the classes, or
an object `{index: name}` or `{name: index}`. Such a bundle has no scene tags and no references:
the probability alone decides what is recognised.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from classifier.backbone import DEFAULT_ARCH, input_size
from classifier.bundle_files import (
    PROBABILITY_ALONE,
    write_config,
    write_json,
    write_no_references,
    write_weights,
)
from classifier.classes import describe_classes, read_catalogue
from predict.eager import LandmarkNetwork

DEFAULT_OUT = Path(__file__).resolve().parents[1] / "opt" / "models" / "classifier"
WRAPPERS = ("model_state_dict", "state_dict", "model")
HEADS = ("classifier", "fc", "head", "head.fc")


def read_names(path: Path) -> list[str]:
    """Read class names in order.

    Raises:
        ValueError: they are not a list, nor an object that numbers them from 0 without gaps.

    """
    given: Any = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(given, list):
        return [str(name) for name in given]
    if not isinstance(given, dict):
        message = f"{path} must hold a list or an object"
        raise ValueError(message)  # noqa: TRY004 - the file's content, not an argument's type
    if all(str(value).isdigit() for value in given.values()):
        given = {str(index): name for name, index in given.items()}
    try:
        return [str(given[str(index)]) for index in range(len(given))]
    except KeyError as error:
        message = f"{path} has no name for class {error}"
        raise ValueError(message) from None


def read_state(path: Path) -> dict[str, torch.Tensor]:
    """Read a state dict, out of its wrapper and without `module.` prefixes."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    for wrapper in WRAPPERS:
        if isinstance(state.get(wrapper), dict):
            state = state[wrapper]
    return {name.removeprefix("module."): value for name, value in state.items()}


def import_checkpoint(checkpoint: Path, names: list[str], arch: str, px: int, out: Path) -> None:
    """Write a bundle to `out`.

    Raises:
        ValueError: the checkpoint is of another network or has another number of classes.

    """
    state = read_state(checkpoint)
    head = next((head for head in HEADS if f"{head}.weight" in state), None)
    if head is None:
        message = f"{checkpoint} has no classifier: none of {', '.join(HEADS)}"
        raise ValueError(message)
    if len(state[f"{head}.weight"]) != len(names):
        message = f"{len(state[f'{head}.weight'])} classes in the checkpoint, {len(names)} names"
        raise ValueError(message)
    network = LandmarkNetwork(arch, len(names), scenes=0)
    backbone = {k: v for k, v in state.items() if not k.startswith(f"{head}.")}
    try:
        network.backbone.load_state_dict(backbone)
    except RuntimeError as error:
        message = (
            f"{checkpoint} is not a checkpoint of {arch}: {str(error).splitlines()[1].strip()}"
        )
        raise ValueError(message) from None
    network.landmarks.load_state_dict(
        {"weight": state[f"{head}.weight"], "bias": state[f"{head}.bias"]}
    )
    out.mkdir(parents=True, exist_ok=True)
    classes = describe_classes(names, read_catalogue(), allow_unknown=True)
    write_json(out / "classes.json", classes)
    write_json(out / "scene_labels.json", [])
    write_weights(out, network.state_dict())
    write_no_references(out, network.landmarks.in_features)
    _, mean, std = input_size(arch)
    write_config(
        out,
        arch=arch,
        px=px,
        mean=mean,
        std=std,
        calibration=PROBABILITY_ALONE,
        provenance={"imported_from": checkpoint.name},
        name=f"{arch}-{len(names)}",
    )


def main() -> None:
    """Import what the command line names."""
    parser = argparse.ArgumentParser(description="Make a bundle of a .pth checkpoint.")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True, help="JSON with the class names")
    parser.add_argument("--arch", default=DEFAULT_ARCH, help="timm network (default %(default)s)")
    parser.add_argument("--px", type=int, help="pixels a side (default: what timm states)")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="bundle to write")
    given = parser.parse_args()
    px = given.px or input_size(given.arch)[0]
    try:
        import_checkpoint(given.checkpoint, read_names(given.names), given.arch, px, given.out)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(f"bundle of {given.arch} at {px} px written")  # noqa: T201 - the command's answer


if __name__ == "__main__":
    main()
