"""What the suite `predict` makes of its measurements."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from benchmarks import predict_cold, predict_photos, predict_warm
from benchmarks.fresh import Taken
from benchmarks.predict_page import lines, misses
from benchmarks.predict_page_cold import losses
from benchmarks.predict_peers import GEMM_FLOPS, PEERS
from benchmarks.predict_photos import SAMPLES, make_photos
from benchmarks.predict_warm import OVER_HTTP, check_same_answers, step_down
from predict.classify import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETS = ("bf16", "avx2")
FLOPS = 2_000_000_000
PHOTOS = tuple(predict_photos.PHOTOS)


class FakeWorker:
    """Ranks landmarks as its logits say, in both ways."""

    def __init__(self, logits: list[float]) -> None:
        self._logits = logits

    def tell(self, do: str, _photo: str) -> list[Any]:
        if do == "logits":
            return self._logits
        ranked: list[int] = np.argsort([-logit for logit in self._logits])[:5].tolist()
        return ranked


def times(**milliseconds: float) -> dict[str, list[float]]:
    """Return two turns of everything: one second each, but for those that are named."""
    labels = [f"{photo}/{name}" for photo in PHOTOS for name in (*SETS, *PEERS, OVER_HTTP)]
    labels += [f"network/{name}" for name in (*SETS, *PEERS)]
    labels += ["gemm/float32", "gemm/bfloat16"]
    return {
        label: [milliseconds.get(label.partition("/")[2], 1000.0)] * 2 for label in labels
    }  # fmt: skip


def report(**milliseconds: float) -> dict[str, Any]:
    """Return a whole report of two networks."""
    figures = predict_warm.figures_of(times(**milliseconds), SETS, FLOPS)
    same = dict.fromkeys((*SETS, *PEERS), 0.0)
    warm = {
        "gflop": 2.0,
        "same_answers": {"same_pixels": same, "same_bytes": {**same, OVER_HTTP: 0.1}},
        "threads": {"1": figures, "2": figures},
    }
    taken = {
        name: Taken([1000.0, 1000.0], [900.0, 900.0], [300.0, 300.0])
        for name in (predict_cold.OURS, *predict_cold.PEERS)
    }
    cold = predict_cold.figures_of(taken)
    return {
        "machine": {
            "load_average_at_start": 1.0, "system": "Linux", "python": "3", "packages": {}
        },
        "load_average_at_end": 1.0,
        "sets": list(SETS),
        "photos": {name: {"megabytes": 1.0} for name in PHOTOS},
        "generations": predict_warm.GENERATIONS,
        "warm": {"b3": warm, "lite2": warm},
        "cold": {"b3": cold, "lite2": cold},
        "cold_without_files": None,
        "accuracy": None,
    }  # fmt: skip


def accuracy(**own: float) -> dict[str, Any]:
    """Return what was measured of accuracy: bfloat16 as eager, but for `own`."""
    names = ("top1", "top5", "macro", "recognised", "accepted_unknown", "accepted_plain")
    eager = dict.fromkeys((*names, "same_first", "same_verdict"), 90.0)
    return {
        "date": "2026-11-28",
        "pictures": {"known": 3, "unknown": 2, "plain": 1},
        "tolerance_points": 0.2,
        "figures": {"eager": eager, "bf16": eager | own},
    }


def test_the_share_of_the_peak_is_of_the_type_that_is_computed_in() -> None:
    figures = predict_warm.figures_of(times(bf16=100, float32=200, bfloat16=50), SETS, FLOPS)
    assert figures["network_gflops"]["bf16"]["median"] == 20.0
    assert figures["gemm_gflops"]["float32"]["median"] == pytest.approx(
        GEMM_FLOPS / 0.2 / 1e9, 1e-4
    )
    shares = {name: share["median"] for name, share in figures["of_peak"].items()}
    assert shares["bf16"] == pytest.approx((FLOPS / 100) / (GEMM_FLOPS / 50), abs=1e-3)
    assert shares["avx2"] == pytest.approx((FLOPS / 1000) / (GEMM_FLOPS / 200), abs=1e-3)


def test_ratios_are_ours_to_each_peer() -> None:
    figures = predict_warm.figures_of(times(bf16=300, timm=600), SETS, FLOPS)
    ratios = figures["tasks"]["12mp"]["ratios"]
    assert ratios["bf16"]["timm"]["median"] == 0.5
    assert ratios["avx2"]["onnx_ours"]["median"] == 1.0
    assert "avx2" not in ratios["bf16"]
    assert OVER_HTTP not in figures["tasks"]["network"]["ratios"]["bf16"]


def test_the_page_names_what_misses_its_target() -> None:
    quick = report(bf16=400, timm=1000, onnx_ours=400)
    assert misses(quick, "bf16", "timm") == {}
    assert misses(quick, "bf16", "onnx_ours") == {}
    slow = report(bf16=500, timm=1000, onnx_ours=400)
    assert misses(slow, "bf16", "timm")["EfficientNet-B3 at 300 px, 1 thread, 12 megapixels"] == 0.5
    assert len(misses(slow, "bf16", "onnx_ours")) == 12
    page = "\n".join(lines(slow))
    assert "missed by EfficientNet-B3 at 300 px, 1 thread, 12 megapixels: 0.50;" in page
    assert "- AVX2: missed in 12 cases, the furthest EfficientNet-B3 at 300 px, 1 thread" in page
    assert "reached in every case" not in page
    assert "reached in every case" in "\n".join(lines(quick))


def test_the_page_says_what_starting_misses() -> None:
    given = report()
    assert "missed: 1.00 of eager timm (1.00, 1.00, 300 MB)" in "\n".join(lines(given))
    given["cold"]["b3"]["starts"]["ours"]["peak"]["median"] = 351.0
    assert "missed: 1.00 of eager timm, 351 MB" in "\n".join(lines(given))


def test_accuracy_is_shown_as_it_was_measured_last() -> None:
    given = report()
    assert "Not measured" in "\n".join(lines(given))
    given["accuracy"] = accuracy()
    page = "\n".join(lines(given))
    assert "on 3 photos" in page
    assert "2026-11-28" in page
    assert "Reached by every package." in page
    given["accuracy"] = accuracy(top1=89.7, accepted_unknown=90.1)
    assert "Missed: bfloat16, first right by 0.30." in "\n".join(lines(given))


def test_accepting_more_strangers_is_worse_and_fewer_is_not() -> None:
    assert losses(accuracy(accepted_plain=91)["figures"])["bfloat16, plain scenes accepted"] == 1
    assert losses(accuracy(accepted_plain=89)["figures"])["bfloat16, plain scenes accepted"] == -1
    assert losses(accuracy(recognised=89)["figures"])["bfloat16, recognised"] == 1


def test_places_in_the_ranking_count_by_how_far_apart_they_are() -> None:
    reference = np.array([5.0, 4.0, 3.0, 2.0, 1.0, 0.0])
    apart = float(reference.std())
    assert step_down(reference, [0, 1, 2]) == 0
    assert step_down(reference, [1, 0, 2]) == pytest.approx(1 / apart)
    assert step_down(reference, [0, 1, 5]) == pytest.approx(3 / apart)


def test_other_answers_stop_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predict_warm, "PHOTOS", {"12mp": None})
    reference = [float(logit) for logit in range(10)]
    running: dict[str, Any] = {"timm": FakeWorker(reference), "bf16": FakeWorker(reference)}
    assert check_same_answers(running)["same_pixels"] == {"timm": 0.0, "bf16": 0.0}
    running["bf16"] = FakeWorker(reference[::-1])
    with pytest.raises(AssertionError, match="not the same answers"):
        check_same_answers(running)


def test_rounds_are_divided_among_processes_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    @contextmanager
    def workers(
        _case: str, names: tuple[str, ...], threads: int
    ) -> Iterator[dict[str, FakeWorker]]:
        started.append(threads)
        yield {name: FakeWorker([1.0, 0.0]) for name in names}

    sets = [SimpleNamespace(name=name) for name in SETS]
    monkeypatch.setattr(predict_warm, "workers", workers)
    monkeypatch.setattr(predict_warm, "usable_here", lambda: sets)
    case: Any = SimpleNamespace(flops=FLOPS)
    figures = predict_warm.measure_warm({"lite2": case}, rounds=9)
    assert started == [1] * predict_warm.GENERATIONS + [2] * predict_warm.GENERATIONS
    # Nine are not divided by four: three for each.
    timm = figures["lite2"]["threads"]["2"]["tasks"]["1mp"]["times"]["timm"]
    assert timm["runs"] == 3 * predict_warm.GENERATIONS


def test_photos_are_the_same_every_time_and_upright_once_turned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict_photos, "PHOTOS", {"small": ("colosseum.jpg", (1200, 780))})
    made = make_photos(tmp_path / "one")["small"]
    again = make_photos(tmp_path / "two")["small"]
    assert made.read_bytes() == again.read_bytes()
    with Image.open(made) as lying:
        assert lying.size == (1200, 780)
        assert lying.getexif()[0x0112] == 3
        assert ImageOps.exif_transpose(lying).getexif().get(0x0112) is None
    sample = prepare((SAMPLES / "colosseum.jpg").read_bytes(), 64).astype(int)
    upright = prepare(made.read_bytes(), 64).astype(int)
    assert np.abs(sample - upright).mean() < 5
    assert np.abs(sample - upright[::-1, ::-1]).mean() > 20
