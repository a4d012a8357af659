"""What a function finds around it on Lambda, as far as starting up looks for it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from benchmarks.reports import ROOT
from local.aws_models import write_aws_models
from local.stand_in_environment import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIGNING_KEYS = json.dumps(
    {"current": "k", "keys": {"k": base64.b64encode(bytes(32)).decode("ascii")}}
)
_VARIABLES = {
    **VARIABLES,
    "LOG_LEVEL": "INFO",
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_LAMBDA_FUNCTION_NAME": "benchmark",
    "LAMBDA_TASK_ROOT": "/var/task",
}


def assemble_layer(folder: Path) -> Path:
    """Put into `folder` what the shared layer has of ours, as it is built; return `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "shared_layer" / "python", folder)
    write_aws_models(folder / "aws_models")
    return folder


def function_environment(
    name: str, sources: Path = ROOT, layer: Path | None = None
) -> dict[str, str]:
    """Return the variables of the function `name`, whose sources lie below `sources`.

    `layer` is the shared layer, where it is not read from the sources.
    """
    # As the stacks set it where NumPy is.
    blas = {"OPENBLAS_NUM_THREADS": "1"} if name in {"predict", "recommend"} else {}
    paths = (sources / "functions", layer or sources / "shared_layer" / "python")
    return {
        **_VARIABLES,
        **blas,
        "POWERTOOLS_SERVICE_NAME": name,
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
    }


def init_phase(endpoint: str) -> dict[str, str]:
    """Return what tells a function that this is its init phase, and where AWS is."""
    return {"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_ENDPOINT_URL": endpoint}


class _Parameters(BaseHTTPRequestHandler):
    """Answers for SSM, at once: how far away it is is not the subject."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        value = SIGNING_KEYS if asked["Name"].endswith("jwt-keys") else "unset"
        body = json.dumps({"Parameter": {"Name": asked["Name"], "Value": value}}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def parameters_at_hand() -> Iterator[str]:
    """Serve the parameters that functions read in their init phase; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Parameters)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
