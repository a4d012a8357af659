"""The section of `docs/performance.md` on `predict`: warm, and how near to the limit."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from benchmarks.cells import cell, describe_load, describe_versions
from benchmarks.predict_page_cold import accuracy_lines, cold_lines
from benchmarks.predict_prose import ANSWERS, INTRODUCTION, LIMIT, TRIED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from benchmarks.reports import Report

NETWORKS = {"b3": "EfficientNet-B3 at 300 px", "lite2": "the shipped EfficientNet-Lite2 at 260 px"}
SETS = {"bf16": "ours, bfloat16", "avx512": "ours, AVX-512", "avx2": "ours, AVX2"}
PEERS = {
    "timm": "eager timm",
    "torchscript": "TorchScript",
    "onnx_timm": "ONNX Runtime, timm's transforms",
    "onnx_ours": "ONNX Runtime, all else ours",
    "litserve": "LitServe with eager timm, by HTTP",
}
TITLES = SETS | PEERS
TASKS = {"12mp": "12 megapixels", "1mp": "1 megapixel", "network": "network alone"}
# What the fastest package that this processor has is to be, of each peer.
TARGETS = {"timm": 0.45, "onnx_ours": 1.0}


def lines(report: Report) -> Iterator[str]:
    """Write the section."""
    yield "## Predict"
    yield ""
    sizes = ", ".join(
        f"{photo['megabytes']} MB for {TASKS[name]}" for name, photo in report["photos"].items()
    )
    yield INTRODUCTION.format(sizes=sizes, generations=report["generations"])
    yield "### Warm"
    yield ""
    for name, network in report["warm"].items():
        for threads, figures in network["threads"].items():
            yield from _times(name, threads, figures)
    yield "![A photo from its bytes to the answer](performance/predict-warm.svg)"
    yield ""
    yield from _ratios(report)
    yield from _verdict(report)
    yield TRIED
    yield from _answers(report)
    yield from _limit(report)
    yield from cold_lines(report)
    yield from accuracy_lines(report["accuracy"])
    yield f"Machine: load average {describe_load(report)}; {describe_versions(report)}."


def _threads(threads: str) -> str:
    return f"{threads} thread" + ("" if threads == "1" else "s")


def _times(name: str, threads: str, figures: Report) -> Iterator[str]:
    tasks = figures["tasks"]
    yield f"{NETWORKS[name]}, {_threads(threads)}; milliseconds:"
    yield ""
    yield "| | 12 megapixels | 1 megapixel | network alone |"
    yield "|---|--:|--:|--:|"
    for contender, title in TITLES.items():
        if contender in tasks["12mp"]["times"]:
            row = [_time(tasks[task]["times"].get(contender)) for task in TASKS]
            yield f"| {title} | {' | '.join(row)} |"
    yield ""


def _time(spread: Mapping[str, Any] | None) -> str:
    return "" if spread is None else cell(spread)


def _ratios(report: Report) -> Iterator[str]:
    yield "What ours takes, of eager timm and of ONNX Runtime with all else ours:"
    yield ""
    yield (
        "| | threads | package | ÷ timm, 12 MP | 1 MP | network | "
        "÷ ONNX Runtime, 12 MP | 1 MP | network |"
    )
    yield "|---|--:|---|--:|--:|--:|--:|--:|--:|"
    for name, network in report["warm"].items():
        for threads, figures in network["threads"].items():
            for package in report["sets"]:
                ratios = [
                    cell(figures["tasks"][task]["ratios"][package][peer], 2)
                    for peer in TARGETS
                    for task in TASKS
                ]
                title = SETS[package].removeprefix("ours, ")
                yield f"| {NETWORKS[name]} | {threads} | {title} | {' | '.join(ratios)} |"
    yield ""


def misses(report: Report, package: str, peer: str) -> dict[str, float]:
    """Return, by case, the medians of a package's ratio to a peer that are above the target."""
    return {
        f"{NETWORKS[name]}, {_threads(threads)}, {TASKS[task]}": ratio["median"]
        for name, network in report["warm"].items()
        for threads, figures in network["threads"].items()
        for task in TASKS
        if (ratio := figures["tasks"][task]["ratios"][package][peer])["median"] > TARGETS[peer]
    }


def _verdict(report: Report) -> Iterator[str]:
    wanted = {
        "timm": "at most 0.45 of eager timm",
        "onnx_ours": "no slower than ONNX Runtime on the same network",
    }
    for peer, target in wanted.items():
        yield f"To reach: {target}."
        yield ""
        for package in report["sets"]:
            served = " (what is served on this machine)" if package == report["sets"][0] else ""
            told = _tell(misses(report, package, peer), every=bool(served))
            yield f"- {SETS[package].removeprefix('ours, ')}{served}: {told}."
        yield ""


def _tell(missed: Mapping[str, float], *, every: bool) -> str:
    if not missed:
        return "reached in every case"
    named = [f"{case}: {ratio:.2f}" for case, ratio in missed.items()]
    if every:
        return f"missed by {'; '.join(named)}"
    worst = max(missed, key=lambda case: missed[case])
    return f"missed in {len(missed)} cases, the furthest {worst}: {missed[worst]:.2f}"


def _answers(report: Report) -> Iterator[str]:
    yield ANSWERS
    yield ""
    for name, network in report["warm"].items():
        same = network["same_answers"]
        pixels = max(same["same_pixels"][package] for package in report["sets"])
        whole = {
            title: same["same_bytes"][contender]
            for contender, title in TITLES.items()
            if contender in same["same_bytes"]
        }
        furthest = max(whole, key=lambda title: whole[title])
        yield (
            f"- {NETWORKS[name]}: ours {pixels:.3f} on the same pixels; on the same bytes at most "
            f"{whole[furthest]:.3f} ({furthest})."
        )
    yield ""


def _limit(report: Report) -> Iterator[str]:
    yield "### How near to the limit"
    yield ""
    yield LIMIT
    yield ""
    yield "| | threads | float32 product, GFLOP/s | bfloat16 product, GFLOP/s | of it: " + (
        " | ".join(TITLES[name] for name in _runs_alone(report)) + " |"
    )
    yield "|---|--:|--:|--:|" + "--:|" * len(_runs_alone(report))
    for name, network in report["warm"].items():
        for threads, figures in network["threads"].items():
            peaks = [_time(figures["gemm_gflops"].get(dtype)) for dtype in ("float32", "bfloat16")]
            shares = [
                f"{100 * figures['of_peak'][one]['median']:.0f} %" for one in _runs_alone(report)
            ]
            yield (
                f"| {NETWORKS[name]}, {network['gflop']:.2f} GFLOP | {threads} | "
                f"{' | '.join([*peaks, *shares])} |"
            )
    yield ""
    yield "![Share of the peak](performance/predict-limit.svg)"
    yield ""


def _runs_alone(report: Report) -> list[str]:
    first = next(iter(report["warm"].values()))["threads"]
    shares = next(iter(first.values()))["of_peak"]
    return [name for name in chain(SETS, PEERS) if name in shares]
