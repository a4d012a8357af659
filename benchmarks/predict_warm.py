"""`predict` when it is warm: a whole request, and the network alone, ours beside others'."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.predict_networks import THREADS
from benchmarks.predict_peers import GEMM_FLOPS, GEMM_TYPES, PEERS, TOP
from benchmarks.predict_photos import PHOTOS
from benchmarks.predict_worker import workers
from benchmarks.timing import interleave, ratio_of, spread_of
from predict.instruction_sets import FASTEST_FIRST, usable_here

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.predict_networks import Case
    from benchmarks.predict_worker import Worker
    from benchmarks.reports import Report

OVER_HTTP = "litserve"
NETWORK = "network"
# What a process makes of its memory and its weights is settled when it starts, and differs by more
# than its own rounds do: so much of the spread is seen with several.
GENERATIONS = 4
# How far down the reference's own ranking an answer may be, in standard deviations of its logits:
# of the same pixels, where bfloat16 moves each logit by 0.04 of that (root mean square) and so may
# change places with a near one, and of the same bytes, which some decode at a fraction of the size,
# and others whole.
SAME_PIXELS, SAME_BYTES = 0.15, 0.4


def measure_warm(cases: Mapping[str, Case], rounds: int) -> Report:
    """Return milliseconds, ratios and shares of the machine's peak, by network and threads.

    `rounds` are divided among `GENERATIONS` of processes, at least one for each.
    """
    sets = tuple(instructions.name for instructions in usable_here())
    figures: Report = {}
    for name, case in cases.items():
        figures[name] = {"gflop": round(case.flops / 1e9, 3), "threads": {}}
        for threads in THREADS:
            times: dict[str, list[float]] = defaultdict(list)
            for _ in range(GENERATIONS):
                answers, taken = _one_generation(name, sets, threads, -(-rounds // GENERATIONS))
                for label, milliseconds in taken.items():
                    times[label] += milliseconds
            figures[name]["same_answers"] = answers
            figures[name]["threads"][str(threads)] = figures_of(times, sets, case.flops)
    return figures


def _one_generation(
    case: str, sets: Sequence[str], threads: int, rounds: int
) -> tuple[Report, dict[str, list[float]]]:
    """Start every process, compare their answers, and time them in turns."""
    with workers(case, (*sets, *PEERS, OVER_HTTP, "gemm"), threads) as running:
        answers = check_same_answers(running)
        return answers, interleave(turns_of(running, sets), rounds=rounds)


def turns_of(running: Mapping[str, Worker], sets: Sequence[str]) -> dict[str, Callable[[int], Any]]:
    """Return what is timed, named `<photo or network>/<contender>` or `gemm/<type>`."""
    turns: dict[str, Callable[[int], Any]] = {}
    for photo in PHOTOS:
        for name in (*sets, *PEERS, OVER_HTTP):
            turns[f"{photo}/{name}"] = _turn(running[name], "answer", photo)
    for name in (*sets, *PEERS):
        turns[f"{NETWORK}/{name}"] = _turn(running[name], NETWORK, "12mp")
    for dtype in GEMM_TYPES:
        # A processor without bfloat16 would take seconds.
        if dtype == "float32" or any(_in_bfloat16(name) for name in sets):
            turns[f"gemm/{dtype}"] = _turn(running["gemm"], "answer", dtype)
    return turns


def _turn(worker: Worker, do: str, photo: str) -> Callable[[int], Any]:
    return lambda _: worker.tell(do, photo)


def figures_of(times: Mapping[str, Sequence[float]], sets: Sequence[str], flops: int) -> Report:
    """Sum up: by task, each contender's time, and each of our packages' ratio to each peer."""
    tasks: Report = {}
    by_task: dict[str, dict[str, Sequence[float]]] = defaultdict(dict)
    for label, milliseconds in times.items():
        task, _, name = label.partition("/")
        by_task[task][name] = milliseconds
    gemm = by_task.pop("gemm")
    for task, taken in by_task.items():
        tasks[task] = {
            "times": {name: asdict(spread_of(one)) for name, one in taken.items()},
            "ratios": {
                ours: {
                    peer: asdict(ratio_of(taken[ours], taken[peer]))
                    for peer in taken
                    if peer not in sets
                }
                for ours in sets
            },
        }
    return {
        "tasks": tasks,
        "gemm_gflops": {
            dtype: asdict(spread_of([GEMM_FLOPS / ms / 1e6 for ms in taken], "GFLOP/s"))
            for dtype, taken in gemm.items()
        },
        "network_gflops": {
            name: asdict(spread_of([flops / ms / 1e6 for ms in taken], "GFLOP/s"))
            for name, taken in by_task[NETWORK].items()
        },
        # Of the peak in the type that it computes in, turn by turn.
        "of_peak": {
            name: asdict(_share(taken, gemm[_type_of(name)], flops))
            for name, taken in by_task[NETWORK].items()
        },
    }


def _share(network_ms: Sequence[float], gemm_ms: Sequence[float], flops: int) -> Any:  # noqa: ANN401 - a Spread
    return spread_of(
        [
            (flops / one) / (GEMM_FLOPS / other)
            for one, other in zip(network_ms, gemm_ms, strict=True)
        ],
        "ratio",
    )


def _type_of(name: str) -> str:
    return "bfloat16" if _in_bfloat16(name) else "float32"


def _in_bfloat16(name: str) -> bool:
    return any(name == one.name and one.bfloat16 for one in FASTEST_FIRST)


def check_same_answers(running: Mapping[str, Worker]) -> Report:
    """Have every contender name every photo, and compare with eager timm.

    Returns the largest step down in eager timm's ranking that each took (`step_down`), by network
    alone on the same pixels, and by whole answers to the same bytes.

    Raises:
        AssertionError: one is more than `SAME_PIXELS` or `SAME_BYTES`.

    """
    pixels: dict[str, float] = {}
    whole: dict[str, float] = {}
    for photo in PHOTOS:
        logits = {
            name: np.array(worker.tell("logits", photo))
            for name, worker in running.items()
            if name not in {OVER_HTTP, "gemm"}
        }
        reference = logits["timm"]
        for name, given in logits.items():
            step = step_down(reference, np.argsort(-given)[:TOP].tolist())
            pixels[name] = max(step, pixels.get(name, 0))
        for name, worker in running.items():
            if name != "gemm":
                step = step_down(reference, worker.tell("answer", photo))
                whole[name] = max(step, whole.get(name, 0))
    if max(pixels.values()) > SAME_PIXELS or max(whole.values()) > SAME_BYTES:
        message = f"not the same answers: {pixels} of the same pixels, {whole} of the same bytes"
        raise AssertionError(message)
    return {
        "same_pixels": {name: round(step, 3) for name, step in pixels.items()},
        "same_bytes": {name: round(step, 3) for name, step in whole.items()},
    }


def step_down(reference: np.ndarray[Any, np.dtype[Any]], five: Sequence[int]) -> float:
    """Return by how much what is ranked n-th falls short of the reference's n-th, at most.

    In standard deviations of `reference` `(classes,)`; 0 where the five are the same.
    """
    wanted = np.sort(reference)[::-1][: len(five)]
    return float(np.max(wanted - reference[list(five)]) / reference.std())
