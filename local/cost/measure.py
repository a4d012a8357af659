"""Measure what requests take: every function's handler, over the local cloud's table and bucket.

Only CPU time is taken over, and how often other services are asked: how long those take to answer
says nothing of AWS. `measured.py` turns both into what Lambda bills.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from local.cloud import LocalCloud, free_port
from local.compiled_model import COMPILED, compile_model
from local.cost.events import EventMaker
from local.cost.measured import MEASURED
from local.cost.page_weight import measure_page
from local.deployment import ROOT, Deployment
from local.docs_site import build_docs_site
from local.layers import BUILD, build_local_layer
from local.terminal import CannotContinueError, step
from stacks.settings import AWS

if TYPE_CHECKING:
    from collections.abc import Mapping

FUNCTIONS = ("authorizer", "auth", "account", "predict", "describe", "recommend", "docs")
WORKER = Path(__file__).with_name("function_worker.py")
STARTS = 5
PHOTO = ROOT / "tests" / "photos" / "colosseum.jpg"
# As on AWS; the local platform has a second one.
THREADS = {"predict": AWS.torch_threads}
# What one prediction leaves in the table, which is most of what requests leave.
TABLE_BYTES_A_REQUEST = 1_000

# The most that it may be unpacked; compressed it is less.
_IMAGE_UNKNOWN = {"compressed_gb": 0.9, "source": "not measured: what it may be unpacked, at most"}

Figures = dict[str, Any]


def measure() -> None:
    """Measure everything anew and write it to `measured.json`; sizes of the image stay.

    Raises `CannotContinueError` when a handler does not answer as it should.
    """
    build_local_layer()
    build_docs_site()
    compile_model()
    known: Figures = json.loads(MEASURED.read_text()) if MEASURED.is_file() else {}
    with tempfile.TemporaryDirectory() as folder:
        cloud = LocalCloud(Path(folder), free_port())
        cloud.start()
        try:
            with step("Local cloud for measuring"):
                deployment = Deployment.to_empty(cloud)
            figures = _measure(cloud, deployment, Path(folder))
        finally:
            cloud.stop()
    figures |= {
        "threads": THREADS,
        "image": known.get("image", _IMAGE_UNKNOWN),
        "packages_gb": round(_packages_bytes() / 1024**3, 3),
        "table_bytes_a_request": TABLE_BYTES_A_REQUEST,
        "page": measure_page(),
    }
    _write(figures)


def measure_page_alone() -> None:
    """Measure what a visit of the page loads, and leave the other figures as they are."""
    _write({**json.loads(MEASURED.read_text()), "page": measure_page()})


def _write(figures: Figures) -> None:
    MEASURED.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _measure(cloud: LocalCloud, deployment: Deployment, folder: Path) -> Figures:
    with httpx.Client(base_url=deployment.url, timeout=60, trust_env=False) as api:
        events = EventMaker(api, PHOTO).events()
    requests: Figures = {}
    starts: Figures = {}
    for name in FUNCTIONS:
        environment = _environment(cloud, name)
        with step(f"Start of {name}"):
            cold = [_work(folder, environment, {}) for _ in range(STARTS)]
        starts[name] = {
            "cpu_ms": round(statistics.median(one["start_cpu_ms"] for one in cold), 1),
            # Read in the init phase, so that no request waits for it.
            "calls": {"ssm": 1} if name in {"authorizer", "auth"} else {},
        }
        with step(f"Requests to {name}"):
            routes = _work(folder, environment, events[name])["routes"]
        for route, one in routes.items():
            example = events[name][route][-1]
            requests[route] = {
                "function": name,
                "authorised": "authorizer" in example.get("requestContext", {}),
                "work": {"cpu_ms": one["cpu_ms"], "calls": one["calls"]},
                "sent_bytes": _sent_bytes(example),
                **{figure: one[figure] for figure in ("answered_bytes", "log_bytes", "log_lines")},
            }
    return {"machine": _machine(), "requests": requests, "starts": starts}


def _sent_bytes(event: Figures) -> int:
    body = str(event.get("body") or "")
    return len(base64.b64decode(body)) if event.get("isBase64Encoded") else len(body)


def _environment(cloud: LocalCloud, name: str) -> dict[str, str]:
    client = cloud.session().client("lambda", endpoint_url=cloud.url)
    function = client.get_function_configuration(
        FunctionName=f"cv-location-classifier-local-{name}"
    )
    client.close()
    return {
        **cloud.client_environment(),
        **function["Environment"]["Variables"],
        "LOG_LEVEL": "INFO",
        **({"TORCH_THREADS": str(THREADS[name])} if name in THREADS else {}),
        "PYTHONPATH": os.pathsep.join(
            str(ROOT / folder) for folder in ("functions", "shared_layer/python")
        ),
    }


def _work(folder: Path, environment: Mapping[str, str], events: Mapping[str, Any]) -> Figures:
    plan = folder / f"{secrets.token_hex(4)}.json"
    plan.write_text(json.dumps({"events": events}), encoding="utf-8")
    # The start as on Lambda, where it makes clients and reads secrets; requests without tracing.
    init = {} if events else {"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand"}
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-P", str(WORKER), str(plan)],
        env={**environment, **init},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"Measuring failed:\n{done.stderr[-2_000:]}"
        raise CannotContinueError(message)
    figures: Figures = json.loads(plan.read_text(encoding="utf-8"))
    return figures


def _machine() -> dict[str, Any]:
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].partition(":")[2].strip() if names else processor
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": processor,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": round(os.getloadavg()[0], 1),
        "compiled_network": any(COMPILED.glob("*.pt2")),
        "photo_bytes": PHOTO.stat().st_size,
    }


def _packages_bytes() -> int:
    """Return the size of what one deployment puts into the CDK's bucket, before it is zipped."""
    folders = [folder for folder in BUILD.glob("*-aws") if folder.is_dir()]
    folders += [ROOT / "functions", ROOT / "model_layer" / "opt"]
    return sum(
        file.stat().st_size for folder in folders for file in folder.rglob("*") if file.is_file()
    )
