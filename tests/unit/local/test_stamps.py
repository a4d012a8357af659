"""Skipping work by content."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from local.stamps import content_stamp, is_current, write_stamp

if TYPE_CHECKING:
    from pathlib import Path


def test_a_stamp_follows_content_and_not_dates(tmp_path: Path) -> None:
    file = tmp_path / "sources" / "module.py"
    file.parent.mkdir()
    file.write_text("first")
    before = content_stamp([file.parent])
    os.utime(file, (0, 0))
    assert content_stamp([file.parent]) == before
    file.write_text("second")
    assert content_stamp([file.parent]) != before


def test_a_stamp_notices_new_renamed_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("same")
    stamps = {content_stamp([tmp_path]), content_stamp([tmp_path / "missing"])}
    (tmp_path / "one").rename(tmp_path / "two")
    stamps.add(content_stamp([tmp_path]))
    (tmp_path / "three").touch()
    stamps.add(content_stamp([tmp_path]))
    assert len(stamps) == 4


def test_caches_of_the_interpreter_do_not_count(tmp_path: Path) -> None:
    before = content_stamp([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "module.pyc").touch()
    assert content_stamp([tmp_path]) == before


def test_work_counts_as_done_only_for_the_stamp_it_was_done_for(tmp_path: Path) -> None:
    stamp_file = tmp_path / "below" / "work.stamp"
    assert not is_current(stamp_file, "a")
    write_stamp(stamp_file, "a")
    assert is_current(stamp_file, "a")
    assert not is_current(stamp_file, "b")
