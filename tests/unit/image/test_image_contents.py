"""Telling what an image is filled with."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from local.image.contents import compare_with_locks, draw_table, measure_parts
from local.supply_chain.locks import Lock

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


def test_the_packages_of_an_image_are_those_of_its_locks(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "requirements.txt")
    lock.path.write_text("torch==2.13.0\npydantic-core==2.50\nidna==3.20\n")
    there = ["torch-2.13.0+cpu", "pydantic_core-2.50", "idna-3.20"]

    def compare(*names: str) -> list[str]:
        files = [f"/var/task/{name}.dist-info/METADATA" for name in names]
        base = "/var/runtime/boto3-1.43.dist-info/METADATA"
        return compare_with_locks([PurePosixPath(file) for file in (*files, base)], [lock])

    assert compare(*there) == []
    assert compare(*there[1:]) == ["torch: none is there, 2.13.0 is locked"]
    assert compare(*there[:2], "idna-3.19") == ["idna: 3.19 is there, 3.20 is locked"]
    assert compare(*there, "more-1.0") == ["more: 1.0 is there, none is locked"]
