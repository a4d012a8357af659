"""Telling what an image is filled with."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from local.image.contents import draw_table, measure_parts

MB = 1_000_000


def test_every_file_counts_once_where_it_belongs_most_closely() -> None:
    parts = measure_parts(
        (PurePosixPath(path), megabytes * MB)
        for path, megabytes in {
            "/usr/bin/python3": 7,
            "/var/runtime/boto3/session.py": 1,
            "/var/task/torch/lib/libtorch_cpu.so": 300,
            "/var/task/torch/__init__.py": 2,
            "/var/task/torchgen/model.py": 4,
            "/var/task/predict/handler.py": 3,
            "/opt/models/classifier/compiled/classifier.avx2.pt2": 28,
        }.items()
    )
    assert parts == {
        "PyTorch: libraries": pytest.approx(300),
        "the model": pytest.approx(28),
        "the base: system, Python, SDK": pytest.approx(8),
        "other packages": pytest.approx(4),
        "our code": pytest.approx(3),
        "PyTorch: Python": pytest.approx(2),
    }


def test_the_table_ends_with_the_sum() -> None:
    assert draw_table({"one": 1.5, "two": 0.25})[-1].split() == ["1.8", "MB", "unpacked"]
