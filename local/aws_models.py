"""Descriptions of AWS's services, as botocore carries them, cut down to what functions call.

botocore reads a service's whole description to make a client, and those of all endpoints to make
the first: 2.5 MB of JSON for one call to SSM. The cut ones lie in the shared layer, where
`common.aws_session` looks before botocore's own folder; where they are missing all is as ever.

They are those of the botocore that is installed here. Lambda's own is another version: it takes
these as it would any service's, with its own endpoint rules. S3 and SES are not among them: no
init phase makes their clients, and botocore signs upload forms by an operation of its choice.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore
from botocore.loaders import Loader

if TYPE_CHECKING:
    from collections.abc import Mapping

# What functions and the shared layer call. A test sees to it that nothing is missing.
OPERATIONS: Mapping[str, frozenset[str]] = {
    "dynamodb": frozenset(
        {
            "BatchWriteItem",
            "DeleteItem",
            "GetItem",
            "PutItem",
            "Query",
            "TransactWriteItems",
            "UpdateItem",
        }
    ),
    "lambda": frozenset({"Invoke"}),
    "ssm": frozenset({"GetParameter"}),
}
# What decides whether what was written is still good: this file, and botocore's version in its.
INPUTS = (Path(__file__), Path(botocore.__file__))
# Every service that functions make a client of, as the list of endpoints calls it.
ENDPOINTS = frozenset({"dynamodb", "email", "lambda", "s3", "ssm"})


def write_aws_models(folder: Path) -> None:
    """Write the cut descriptions below `folder`, laid out as botocore lays out its own."""
    loader = Loader()
    for service, operations in OPERATIONS.items():
        version = loader.determine_latest_version(service, "service-2")
        whole = loader.load_service_model(service, "service-2", version)
        _write(folder / service / version / "service-2.json", cut_service(whole, operations))
    _write(folder / "endpoints.json", cut_endpoints(loader.load_data("endpoints")))


def cut_service(model: Mapping[str, Any], operations: frozenset[str]) -> dict[str, Any]:
    """Return `model` with these operations, the shapes they need, and no documentation."""
    kept = {name: model["operations"][name] for name in sorted(operations)}
    names: set[str] = set()
    _collect_shapes(kept, model["shapes"], names)
    shapes = {name: shape for name, shape in model["shapes"].items() if name in names}
    cut: dict[str, Any] = _without_documentation({**model, "operations": kept, "shapes": shapes})
    return cut


def cut_endpoints(endpoints: Mapping[str, Any]) -> dict[str, Any]:
    """Return the list of endpoints with the services that functions use."""
    partitions = [
        {
            **partition,
            "services": {
                name: service
                for name, service in partition["services"].items()
                if name in ENDPOINTS
            },
        }
        for partition in endpoints["partitions"]
    ]
    return {**endpoints, "partitions": partitions}


def _collect_shapes(part: object, shapes: Mapping[str, Any], names: set[str]) -> None:
    """Add the names of all shapes that `part` refers to, and those refer to, to `names`."""
    if isinstance(part, list):
        for one in part:
            _collect_shapes(one, shapes, names)
    elif isinstance(part, dict):
        name = part.get("shape")
        if isinstance(name, str) and name in shapes and name not in names:
            names.add(name)
            _collect_shapes(shapes[name], shapes, names)
        for one in part.values():
            _collect_shapes(one, shapes, names)


def _without_documentation(part: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(part, list):
        return [_without_documentation(one) for one in part]
    if isinstance(part, dict):
        return {
            name: _without_documentation(one)
            for name, one in part.items()
            # A member of that name is no text.
            if not (name == "documentation" and isinstance(one, str))
        }
    return part


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
