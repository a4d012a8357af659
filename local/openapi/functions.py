"""Every route that the functions declare.

Handlers read their settings when they are imported, so they get an environment here. Nothing of it
is in the description, and nothing is called.
"""

from __future__ import annotations

import importlib
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING
from unittest import mock

from local.deployment import ROOT
from local.stand_in_environment import VARIABLES

if TYPE_CHECKING:
    from common.http import Route

FUNCTIONS = ROOT / "functions"
# What `predict` loads with its handler, and what is made of it. The description needs no network,
# and holds also while a new one is being made.
_NOT_LOADED = (
    "predict.bundle.read_bundle",
    "predict.network.load_network",
    "predict.embedders.load_embedder",
    "predict.classify.Classifier",
)


def load_routes() -> list[Route]:
    """Import the handlers and return their routes, function by function."""
    os.environ.update({**VARIABLES, "POWERTOOLS_SERVICE_NAME": "openapi"})
    os.environ.pop("AWS_LAMBDA_INITIALIZATION_TYPE", None)
    routes: list[Route] = []
    with ExitStack() as stack:
        for name in _NOT_LOADED:
            stack.enter_context(mock.patch(name))
        for handler in sorted(FUNCTIONS.glob("*/handler.py")):
            module = importlib.import_module(f"{handler.parent.name}.handler")
            # The authorizer stands in front of the routes and has none itself.
            api = getattr(module, "api", None)
            routes += api.routes if api else ()
    return routes
