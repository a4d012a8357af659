"""Known vulnerabilities fail, and so does a service that does not answer."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from local.supply_chain.audit import (
    CLEAN,
    NOT_ASKED,
    VULNERABLE,
    Findings,
    audit_npm,
    audit_python,
    judge,
    read_accepted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TODAY = date(2026, 6, 1)
FLAW = {"id": "PYSEC-1", "fix_versions": ["3.21"], "aliases": []}
NPM_CLEAN = {
    "auditReportVersion": 2,
    "vulnerabilities": {},
    "metadata": {"dependencies": {"total": 3}},
}
NPM_FLAW = {
    "auditReportVersion": 2,
    "vulnerabilities": {
        "brings-it": {"via": ["bad"]},
        "bad": {"via": [{"url": "https://github.com/advisories/GHSA-1", "title": "Bad"}]},
    },
    "metadata": {"dependencies": {"total": 3}},
}


class Service:
    """Prints what it is told to, whatever is asked."""

    def __init__(self, prints: object) -> None:
        self.prints = prints if isinstance(prints, str) else json.dumps(prints)
        self.commands: list[Sequence[str]] = []

    def __call__(self, command: Sequence[str], folder: Path) -> str:
        del folder
        self.commands.append(command)
        return self.prints


@pytest.fixture
def constraints(tmp_path: Path) -> Path:
    file = tmp_path / "constraints.txt"
    file.write_text("idna==3.20\ntorch==2.13.0\n")
    return file


def _package(name: str, *flaws: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "1", "vulns": list(flaws)}


def test_all_looked_up_and_nothing_found_is_good(constraints: Path) -> None:
    told = {"dependencies": [_package("idna"), _package("torch")]}
    found = audit_python(Service(told), constraints)
    assert judge([found], {}, TODAY)[0] == CLEAN
    assert found.looked_up == 2


def test_a_known_vulnerability_fails(constraints: Path) -> None:
    told = {"dependencies": [_package("idna", FLAW), _package("torch")]}
    code, lines = judge([audit_python(Service(told), constraints)], {}, TODAY)
    assert code == VULNERABLE
    assert lines[0].startswith("idna: PYSEC-1")


@pytest.mark.parametrize(
    "prints",
    [
        # What pip-audit prints, and ends with 0, where its service knows nothing.
        {
            "dependencies": [
                {"name": "idna", "skip_reason": "not found"},
                {"name": "torch", "skip_reason": "not found"},
            ]
        },
        {"dependencies": [_package("idna")]},
        {"dependencies": []},
        "",
        "Traceback",
        [],
    ],
)
def test_what_was_not_looked_up_fails(constraints: Path, prints: object) -> None:
    code, lines = judge([audit_python(Service(prints), constraints)], {}, TODAY)
    assert code == NOT_ASKED
    assert "torch" in lines[0]


def test_packages_of_npm_are_looked_up(tmp_path: Path) -> None:
    assert judge([audit_npm(Service(NPM_CLEAN), tmp_path)], {}, TODAY)[0] == CLEAN
    code, lines = judge([audit_npm(Service(NPM_FLAW), tmp_path)], {}, TODAY)
    assert code == VULNERABLE
    assert lines[0] == "bad: GHSA-1 Bad"


@pytest.mark.parametrize("prints", [{"message": "405 Method Not Allowed"}, "", "npm error"])
def test_a_registry_that_does_not_audit_fails(tmp_path: Path, prints: object) -> None:
    assert judge([audit_npm(Service(prints), tmp_path)], {}, TODAY)[0] == NOT_ASKED


@pytest.mark.parametrize(
    ("until", "code"), [(date(2026, 6, 1), CLEAN), (date(2026, 5, 31), VULNERABLE)]
)
def test_an_accepted_vulnerability_passes_until_its_day(until: date, code: int) -> None:
    found = Findings(1, [("idna", "PYSEC-1", "")])
    assert judge([found], {"PYSEC-1": until}, TODAY)[0] == code
    assert judge([found], {"PYSEC-2": until}, TODAY)[0] == VULNERABLE


def test_a_vulnerability_counts_more_than_silence() -> None:
    found = Findings(1, [("idna", "PYSEC-1", "")], ["torch"])
    assert judge([found], {}, TODAY)[0] == VULNERABLE


def test_every_accepted_vulnerability_has_its_day() -> None:
    assert all(isinstance(until, date) for until in read_accepted().values())
