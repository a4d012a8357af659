"""Measure what requests to each function compute and hold, and what memory sizes mean for them.

    make bench SUITE=sizes ARGS="--times 10"

Handlers run in this interpreter as they do on Lambda, on AWS's stand-in, which answers at once:
what counts is CPU time and memory. `predict` runs the network that is compiled here (`make layers`
and a first `make up` see to that), and the unpacked one where there is none.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.aws_stand_in import StandIn, stand_in
from benchmarks.fresh import run_python
from benchmarks.lambda_environment import assemble_layer, function_environment, init_phase
from benchmarks.machine import describe_machine
from benchmarks.predict_photos import make_photos
from benchmarks.reports import ROOT, Report, results_of, write_report
from benchmarks.sizes_cases import cases_of, seed
from benchmarks.sizes_model import SIZES_MB, estimate, recommend
from benchmarks.timing import spread_of
from local.compiled_model import COMPILED
from local.cost.prices import load_prices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.sizes_cases import Cases

# What is measured: functions, and `predict` once more as it would be with a second core.
TWO_THREADS = "predict, two threads"
MEASURED = (
    *("authorizer", "auth", "account", "describe", "recommend", "docs", "predict"),
    TWO_THREADS,
)
# What the init phase asks for: the keys, or whether there is a token for vision models.
START_CALLS = {"authorizer": {"ssm": 1}, "auth": {"ssm": 1}, "describe": {"ssm": 1}}
PACKAGES = ("bcrypt", "pydantic", "botocore", "pillow", "onnxruntime", "torch")
WORKER = Path(__file__).with_name("sizes_worker.py")
BUILD = ROOT / "build" / "benchmarks"


def measure(name: str, cases: Cases, environment: Mapping[str, str], starts: int) -> Report:
    """Return what starting a function and each of its cases take."""
    begun = [_work(environment, {}) for _ in range(starts)]
    # Where requests are timed, nobody listens for traces.
    run = _work({**environment, "POWERTOOLS_TRACE_DISABLED": "true"}, cases)
    return {
        "start": {
            "cpu": asdict(spread_of([one["start"]["cpu_ms"] for one in begun])),
            "wall": asdict(spread_of([one["start"]["wall_ms"] for one in begun])),
            "peak": asdict(spread_of([one["peak_mb"] for one in begun], "MB")),
            "calls": START_CALLS.get(name, {}),
        },
        "cases": {
            case: {
                "first_cpu_ms": taken["cpu_ms"][0],
                "cpu": asdict(spread_of(taken["cpu_ms"][1:])),
                "wall": asdict(spread_of(taken["wall_ms"][1:])),
                "peak_mb": round(taken["peak_mb"], 1),
                "calls": taken["calls"][-1],
                "threads": int(environment["TORCH_THREADS"]),
            }
            for case, taken in run["cases"].items()
        },
        "peak_mb": round(max(run["peak_mb"], *(one["peak_mb"] for one in begun)), 1),
    }


def _work(environment: Mapping[str, str], cases: Cases) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        plan = Path(folder) / "plan.json"
        plan.write_text(json.dumps({"events": cases}), encoding="utf-8")
        run_python([str(WORKER), str(plan)], environment)
        result: dict[str, Any] = json.loads(plan.read_text(encoding="utf-8"))
        return result


def function_of(measured: str) -> str:
    """Return the function of what is measured."""
    return measured.partition(",")[0]


def environment_of(measured: str, aws: StandIn, layer: Path) -> dict[str, str]:
    """Return what the function finds around it."""
    name = function_of(measured)
    environment = function_environment(name, layer=layer) | init_phase(aws.endpoint)
    return environment | {
        "PYTHONPATH": os.pathsep.join([environment["PYTHONPATH"], str(ROOT)]),
        "COMPILED_MODELS": str(COMPILED),
        "TORCH_THREADS": "2" if measured == TWO_THREADS else "1",
        "ENCODER_THREADS": "1",
    }


def prices_of(name: str) -> dict[str, float]:
    """Return the dollars of a request and of a GB-second: `predict` is x86_64, the others arm64."""
    items = load_prices().items
    seconds = items["lambda_x86_gb_seconds" if name == "predict" else "lambda_arm_gb_seconds"]
    requests = items["lambda_requests"]
    return {
        "request": requests.price / requests.unit_size,
        "gb_second": seconds.price / seconds.unit_size,
    }


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=results_of("sizes"))
    parser.add_argument("--times", type=int, default=21, help="requests of a usual case")
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument("--functions", nargs="+", default=MEASURED, choices=MEASURED)
    wanted = parser.parse_args()
    machine = describe_machine(PACKAGES)
    BUILD.mkdir(parents=True, exist_ok=True)
    photo = make_photos(BUILD / "photos")["12mp"]
    layer = assemble_layer(BUILD / "layer")
    report: Report = {"machine": machine, "compiled": any(COMPILED.glob("*.pt2")), "functions": {}}
    with stand_in() as aws:
        seed(aws)
        for name in wanted.functions:
            sys.stderr.write(f"{name}\n")
            figures = measure(
                function_of(name),
                cases_of(function_of(name), photo, wanted.times),
                environment_of(name, aws, layer),
                wanted.starts,
            )
            prices = prices_of(function_of(name))
            figures["estimates"] = [asdict(estimate(figures, prices, size)) for size in SIZES_MB]
            figures["recommended_mb"] = recommend(function_of(name), figures, prices)
            report["functions"][name] = figures
    report["load_average_at_end"] = round(os.getloadavg()[0], 1)
    write_report(wanted.out, report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
