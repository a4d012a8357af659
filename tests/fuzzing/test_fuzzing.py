"""Nothing but an answer, or an error for the caller, comes of any bytes."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from common.images import IMAGE_ERRORS, decode_upright
from local.fuzzing import campaign, targets
from local.fuzzing.campaign import run_fuzzer
from local.fuzzing.mutation import mend_checksums
from local.fuzzing.seeds import seeds_of
from local.fuzzing.targets import TARGETS, Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

FOUND = Path(__file__).with_name("found")
# requirements-dev.txt has atheris for these alone, which CI is one of.
ELSEWHERE = (sys.platform, platform.machine()) != ("linux", "x86_64")
FUZZER = pytest.mark.skipif(ELSEWHERE, reason="atheris is published for Linux on x86_64 only")
# Some ten seconds each.
RUNS = {"images": 1_000, "requests": 5_000}


@FUZZER
@pytest.mark.parametrize("target", TARGETS)
def test_fuzzing_finds_nothing(target: str, tmp_path: Path) -> None:
    outcome = run_fuzzer(target, tmp_path, f"-runs={RUNS[target]}", "-seed=1")
    assert outcome.good, outcome.log.read_text(errors="replace")[-3_000:]
    assert outcome.cases >= RUNS[target]


@pytest.mark.parametrize(
    ("target", "data"),
    [
        pytest.param(target, data, id=f"{target}-{name}")
        for target in TARGETS
        for name, data in [
            *seeds_of(target).items(),
            *((file.name, file.read_bytes()) for file in sorted((FOUND / target).glob("*"))),
        ]
    ],
)
def test_what_fuzzing_begins_with_or_has_found_does_no_harm(target: str, data: bytes) -> None:
    TARGETS[target](data)


def _fuzzer_of(program: str) -> Sequence[str]:
    """Return a fuzzer whose target is `broken`, as the program defines it."""
    lines = [
        program,
        "import local.fuzzing.targets",
        "from local.fuzzing.__main__ import main",
        "local.fuzzing.targets.TARGETS['requests'] = broken",
        "main()",
    ]
    return (sys.executable, "-c", "\n".join(lines))


@FUZZER
@pytest.mark.parametrize(
    ("program", "hang_seconds", "kind"),
    [
        ("def broken(data):\n    if data[:1] == b'b': raise KeyError", 60, "crash-"),
        ("import time\ndef broken(data):\n    time.sleep(60)", 2, "timeout-"),
        ("kept = []\ndef broken(data):\n    kept.append(bytearray(b'1') * 2 ** 26)", 60, "oom-"),
    ],
)
def test_an_exception_a_hang_and_a_flood_are_found(
    program: str, hang_seconds: int, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "HANG_SECONDS", hang_seconds)
    outcome = run_fuzzer("requests", tmp_path, "-runs=100", command=_fuzzer_of(program))
    assert not outcome.good
    (found,) = outcome.findings
    assert found.name.startswith(kind)


@pytest.mark.parametrize(
    "picture",
    [Image.new("L", (4, 4)), Image.new("RGB", (0, 4))],
    ids=["not in colour", "without a pixel"],
)
def test_a_picture_that_is_none_is_found(
    picture: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "decode_upright", lambda *_, **__: picture)
    with pytest.raises(Finding):
        TARGETS["images"](b"photo")


def test_metadata_that_comes_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.new("RGB", (4, 4))
    picture.info["comment"] = b"where I live"
    monkeypatch.setattr(targets, "decode_upright", lambda *_, **__: picture)
    with pytest.raises(Finding, match="comment"):
        TARGETS["images"](b"photo")


def test_an_input_that_keeps_a_processor_busy_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "CPU_SECONDS", 0.01)

    def compute(data: bytes) -> None:
        del data
        sum(range(3_000_000))

    with pytest.raises(Finding, match="of a processor"):
        targets.within_cpu_time(compute)(b"")
    targets.within_cpu_time(lambda _: None)(b"")


def test_a_changed_png_gets_right_checksums() -> None:
    png = next(data for data in seeds_of("images").values() if data[1:4] == b"PNG")
    assert mend_checksums(png) == png
    wide = png[:19] + b"\x31" + png[20:]
    assert wide != png
    with pytest.raises(IMAGE_ERRORS):
        decode_upright(wide, 300)
    mended = mend_checksums(wide)
    assert mended[:33] != wide[:33]
    assert len(mended) == len(wide)
