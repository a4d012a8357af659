"""`docs/reliability.md` names tests that there are, and all of these."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
TEST = re.compile(r"^ *def (test_\w+)", re.MULTILINE)


def attacks() -> str:
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    return text.partition("\n## Attacks\n")[2].partition("\n## ")[0]


def names_in(*files: Path) -> set[str]:
    return {name for file in files for name in TEST.findall(file.read_text(encoding="utf-8"))}


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", attacks()))
    assert len(named) > 50
    assert named - names_in(*(ROOT / "tests").rglob("test_*.py")) == set()


def test_every_kind_of_attack_that_is_tried_is_named() -> None:
    files = [*HERE.glob("test_*.py"), ROOT / "tests" / "end_to_end" / "test_attacks.py"]
    for file in files:
        if file != Path(__file__):
            share = len(names_in(file) & set(re.findall(r"`(test_\w+)`", attacks())))
            assert share >= len(names_in(file)) / 2, file.name


def test_the_model_of_threats_leads_there() -> None:
    assert "docs/reliability.md#attacks" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
