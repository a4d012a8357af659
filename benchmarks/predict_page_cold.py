"""What the page says of `predict` when it is cold, and of what speed costs in accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.cells import cell
from benchmarks.predict_prose import ACCURACY, COLD, SPARED, WITHOUT_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.reports import Report

STARTS = {
    "ours": "ours: the whole function, one event answered",
    "classifier_alone": "ours: the classifier alone, no function",
    "ours_by_pytorch": "ours, the whole function, by way of `import torch`",
    "bare_torch": "`import torch` and nothing else",
    "timm": "eager timm",
    "onnx": "ONNX Runtime, no function",
}
NETWORKS = {"b3": "EfficientNet-B3", "lite2": "the shipped network"}
# Of a bare `import torch` and of the plain way with timm; and in MB.
TIME_TARGETS = {"bare_torch": 1.3, "timm": 1 / 3}
PEAK_TARGET_MB = 350
_FIGURES = {
    "top1": "first right",
    "top5": "among five",
    "macro": "mean of landmarks",
    "recognised": "recognised",
    "accepted_unknown": "unknown accepted",
    "accepted_plain": "plain scenes accepted",
    "same_first": "same first",
    "same_verdict": "same verdict",
}
_HELD = ("top1", "top5", "macro", "recognised")
_WORSE_IF_HIGHER = ("accepted_unknown", "accepted_plain")
_NETWORK_TITLES = {
    "eager": "eager, float32", "bf16": "bfloat16", "avx512": "AVX-512", "avx2": "AVX2"
}  # fmt: skip


def cold_lines(report: Report) -> Iterator[str]:
    """Write what starting takes, with files in memory and without."""
    yield "### Cold"
    yield ""
    yield COLD
    yield ""
    yield from _table(report["cold"])
    yield "![Time to the first answer](performance/predict-cold.svg)"
    yield ""
    yield from _verdict(report["cold"])
    yield SPARED
    forgetful = report["cold_without_files"]
    if forgetful is None:
        yield "What a start without files in memory takes has not been measured here."
        yield ""
    else:
        yield WITHOUT_FILES.format(date=forgetful["date"])
        yield ""
        yield from _table(forgetful["networks"])


def _table(networks: Report) -> Iterator[str]:
    yield "| | start | first answer, ms | CPU, ms | peak, MB | ours ÷ its time | ÷ its memory |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for name, figures in networks.items():
        for start, title in STARTS.items():
            one, ratio = figures["starts"][start], figures["ratios"].get(start)
            cells = [cell(one[what], 0) for what in ("wall", "cpu", "peak")]
            cells += ["", ""] if ratio is None else [cell(ratio["wall"], 2), cell(ratio["peak"], 2)]
            yield f"| {NETWORKS[name]} | {title} | {' | '.join(cells)} |"
    yield ""


def _verdict(networks: Report) -> Iterator[str]:
    yield (
        "To reach: at most 1.3 of a bare `import torch`, a third of the plain way with timm, and "
        "350 MB."
    )
    yield ""
    for name, figures in networks.items():
        ratios = {peer: figures["ratios"][peer]["wall"]["median"] for peer in TIME_TARGETS}
        peak = figures["starts"]["ours"]["peak"]["median"]
        missed = [
            f"{ratio:.2f} of {STARTS[peer]}"
            for peer, ratio in ratios.items()
            if ratio > TIME_TARGETS[peer]
        ]
        missed += [f"{peak:.0f} MB"] if peak > PEAK_TARGET_MB else []
        told = f"missed: {', '.join(missed)}" if missed else "all three reached"
        yield (
            f"- {NETWORKS[name]}: {told} ({ratios['bare_torch']:.2f}, {ratios['timm']:.2f}, "
            f"{peak:.0f} MB)."
        )
    yield ""


def accuracy_lines(accuracy: Report | None) -> Iterator[str]:
    """Write what the packages cost in accuracy, as it was measured last."""
    yield "### What speed costs in accuracy"
    yield ""
    if accuracy is None:
        yield "Not measured: it needs a collection of photos (`ARGS=--photos=FOLDER`)."
        yield ""
        return
    yield ACCURACY.format(date=accuracy["date"], **accuracy["pictures"])
    yield ""
    yield f"| network | {' | '.join(_FIGURES.values())} |"
    yield "|---|" + "--:|" * len(_FIGURES)
    for name, figures in accuracy["figures"].items():
        row = " | ".join(f"{figures[figure]:.2f}" for figure in _FIGURES)
        yield f"| {_NETWORK_TITLES[name]} | {row} |"
    yield ""
    lost = losses(accuracy["figures"])
    limit = accuracy["tolerance_points"]
    over = [f"{what} by {points:.2f}" for what, points in lost.items() if points > limit]
    yield f"To reach: no accuracy worse by more than {limit} points. " + (
        f"Missed: {'; '.join(over)}." if over else "Reached by every package."
    )
    yield ""


def losses(figures: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return by how many points each figure of each package is worse than the eager network's."""
    eager = figures["eager"]
    lost = {}
    for name, own in figures.items():
        for figure in (*_HELD, *_WORSE_IF_HIGHER):
            worse = own[figure] - eager[figure]
            lost[f"{_NETWORK_TITLES[name]}, {_FIGURES[figure]}"] = round(
                worse if figure in _WORSE_IF_HIGHER else -worse, 2
            )
    return lost
