"""Time what a cold start of each function does before its first request, in fresh interpreters.

    make bench SUITE=functions ARGS="--rounds 9 --strict"

Two steps: importing the handler's code, and the whole init phase, in which it also makes its AWS
clients, the tracer and whatever else its first request would wait for. Beside them, in turns, what
a function with the usual `boto3.client("dynamodb")` cannot do without. `--against REVISION` takes
the sources of that commit along, to say what has changed since.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.fresh import Start, Taken, start_in_turns
from benchmarks.import_times import where_it_goes
from benchmarks.lambda_environment import (
    assemble_layer,
    function_environment,
    init_phase,
    parameters_at_hand,
)
from benchmarks.machine import describe_machine
from benchmarks.reports import FOLDER, ROOT, Report, results_of, write_report
from benchmarks.timing import ratio_of, spread_of

FUNCTIONS = ("authorizer", "auth", "account", "describe", "recommend", "docs")
PACKAGES = ("aws-lambda-powertools", "pydantic", "botocore", "boto3", "pyjwt", "numpy")
BUDGETS = FOLDER / "budgets.toml"
# The last commit before what starts up was thinned out.
BEFORE = "d341945"
# The network is another suite's subject: `predict` is started with a stand-in for it.
_PREDICT = (
    "import types; stand_in = types.ModuleType('predict.network'); "
    "stand_in.load_network = lambda *_: None; sys.modules['predict.network'] = stand_in; "
    "import predict.handler"
)
_PEERS = {
    "python": "pass",
    "boto3_and_dynamodb": "import boto3; boto3.client('dynamodb')",
}


def starts_of(endpoint: str, layer: Path, earlier: Path | None) -> dict[str, Start]:
    """Return what is started: each function's code, its init phase, and that of `earlier`.

    `layer` is the shared layer of now.
    """
    starts = {
        f"{name}/peer": Start(statement, function_environment(name) | init_phase(endpoint))
        for name, statement in _PEERS.items()
    }
    for name in (*FUNCTIONS, "predict"):
        statement = _PREDICT if name == "predict" else f"import {name}.handler"
        here = function_environment(name, layer=layer)
        starts[f"{name}/import"] = Start(statement, here)
        starts[f"{name}/init"] = Start(statement, here | init_phase(endpoint))
        if earlier is not None:
            there = function_environment(name, earlier)
            # The stacks did not set them then.
            there.pop("PYDANTIC_DISABLE_PLUGINS")
            there.pop("OPENBLAS_NUM_THREADS", None)
            # And the compiled network was one file.
            there["COMPILED_MODEL_PATH"] = there["COMPILED_MODELS"]
            starts[f"{name}/earlier_import"] = Start(statement, there)
            starts[f"{name}/earlier_init"] = Start(statement, there | init_phase(endpoint))
    return starts


def figures_of(taken: dict[str, Taken]) -> Report:
    """Sum up what each took, by function and step, and its ratio to the peer and to before.

    Ratios are of CPU time: starting waits for nobody, and what else the machine does disturbs that
    less.
    """
    figures: Report = {}
    for label, one in taken.items():
        name, _, step = label.partition("/")
        figures.setdefault(name, {})[step] = {
            "wall": asdict(spread_of(one.wall_ms)),
            "cpu": asdict(spread_of(one.cpu_ms)),
            "peak": asdict(spread_of(one.peak_mb, "MB")),
        }
    peer = taken["boto3_and_dynamodb/peer"]
    for name in figures.keys() - _PEERS.keys():
        init = taken[f"{name}/init"]
        figures[name]["init_to_peer"] = asdict(ratio_of(init.cpu_ms, peer.cpu_ms))
        for step in ("import", "init"):
            if f"{name}/earlier_{step}" in taken:
                now, before = taken[f"{name}/{step}"], taken[f"{name}/earlier_{step}"]
                figures[name][f"{step}_to_earlier"] = asdict(ratio_of(now.cpu_ms, before.cpu_ms))
    return figures


def overruns(figures: Report, budgets: Report) -> list[str]:
    """Say which medians are over their budgets."""
    kinds = {
        "import_ms": ("import", "wall"), "init_ms": ("init", "wall"), "peak_mb": ("init", "peak")
    }  # fmt: skip
    return [
        f"{name}: {kind} is {figures[name][step][what]['median']:.0f}, the budget {limit}"
        for kind, (step, what) in kinds.items()
        for name, limit in budgets[kind].items()
        if figures[name][step][what]["median"] > limit
    ]


def unpack_earlier(revision: str) -> Path | None:
    """Unpack the sources of another commit below `build`; None where it is not to be had."""
    folder = ROOT / "build" / "benchmarks" / revision
    archive = folder.with_suffix(".tar")
    folder.mkdir(parents=True, exist_ok=True)
    archived = _run(
        "git", "archive", f"--output={archive}", revision, "functions", "shared_layer/python"
    )
    return folder if archived and _run("tar", "-xf", str(archive), "-C", str(folder)) else None


def _run(*command: str) -> bool:
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0  # noqa: S603 - our own


def main() -> int:
    """Measure and write; with `--strict` return 1 when something is over its budget."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=results_of("functions"))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--against", default=BEFORE, help="a commit, or nothing: --against=")
    parser.add_argument("--strict", action="store_true")
    wanted = parser.parse_args()
    earlier = unpack_earlier(wanted.against) if wanted.against else None
    budgets: dict[str, Any] = tomllib.loads(BUDGETS.read_text(encoding="utf-8"))
    machine = describe_machine(PACKAGES)
    with parameters_at_hand() as endpoint:
        starts = starts_of(
            endpoint, assemble_layer(ROOT / "build" / "benchmarks" / "layer"), earlier
        )
        figures = figures_of(start_in_turns(starts, wanted.rounds))
        where = {
            name: where_it_goes(starts[f"{name}/init"], max(2, wanted.rounds // 2))
            for name in FUNCTIONS
        }
    over = overruns(figures, budgets)
    report: Report = {
        "machine": machine,
        "against": wanted.against if earlier else None,
        "budgets": budgets,
        "functions": figures,
        "where": where,
        "over_budget": over,
        "load_average_at_end": round(os.getloadavg()[0], 1),
    }
    write_report(wanted.out, report)
    sys.stderr.write("".join(f"over budget: {line}\n" for line in over))
    return int(bool(over) and wanted.strict)


if __name__ == "__main__":
    sys.exit(main())
