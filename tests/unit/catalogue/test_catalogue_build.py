from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from catalogue_build.__main__ import UNIFIED, main
from catalogue_build.build import load_landmarks, write_catalogue
from catalogue_build.region_files import CATALOGUE

if TYPE_CHECKING:
    from pathlib import Path

    from catalogue_build.landmark import Landmark


def write_region(folder: Path, entries: list[dict[str, Any]]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "france.json").write_text(json.dumps(entries), encoding="utf-8")


def test_the_committed_catalogue_is_the_build_of_the_region_files(tmp_path: Path) -> None:
    out = tmp_path / "built.json"
    write_catalogue(load_landmarks(CATALOGUE), out)
    assert out.read_bytes() == UNIFIED.read_bytes()


def test_the_order_of_the_files_does_not_change_the_build(
    tmp_path: Path, landmarks: list[Landmark]
) -> None:
    write_catalogue(landmarks, tmp_path / "forwards.json")
    write_catalogue(reversed(landmarks), tmp_path / "backwards.json")
    forwards = (tmp_path / "forwards.json").read_bytes()
    assert forwards == (tmp_path / "backwards.json").read_bytes()
    assert len(json.loads(forwards)) == len(landmarks)


def test_a_bad_entry_is_refused_with_file_id_and_reason(
    tmp_path: Path, landmarks: list[Landmark], capsys: pytest.CaptureFixture[str]
) -> None:
    tower = next(place for place in landmarks if place.id == "eiffel-tower").model_dump()
    write_region(tmp_path / "europe", [tower, tower, tower | {"id": "abroad", "latitude": -48.0}])
    out = tmp_path / "out.json"
    assert main(["--catalogue", str(tmp_path / "europe"), "--out", str(out)]) == 1
    told = capsys.readouterr().err
    assert "france.json: eiffel-tower: id is there already" in told
    assert "france.json: abroad: -48.0, 2.2945 is outside FR" in told
    assert not out.exists()


@pytest.mark.parametrize("text", ["[{", '{"id": "x"}', "[1]"])
def test_a_file_that_is_no_array_of_objects_is_named(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.json").write_text(text, encoding="utf-8")
    assert main(["--catalogue", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "broken.json" in capsys.readouterr().err
