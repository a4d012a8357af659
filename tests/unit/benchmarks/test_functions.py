"""What a start takes is measured in a new interpreter, and held against its budget."""

from __future__ import annotations

import tomllib
from copy import deepcopy

import pytest

from benchmarks.fresh import Start, start_in_turns
from benchmarks.functions import BUDGETS, FUNCTIONS, figures_of, overruns
from benchmarks.functions_page import lines
from benchmarks.import_times import read_import_times
from benchmarks.reports import read_report, results_of

WRITTEN = """import time: self [us] | cumulative | imported package
import time:       120 |        120 |   encodings.aliases
import time:      1500 |       1620 | json
a line of the program's own
"""


def test_starts_take_turns_and_are_measured_each_in_a_new_interpreter() -> None:
    starts = {
        "small": Start("pass", {}),
        "large": Start("import time; time.sleep(0.02); kept = b'x' * 60_000_000", {}),
    }
    taken = start_in_turns(starts, 2)
    assert all(len(one.wall_ms) == len(one.peak_mb) == 2 for one in taken.values())
    assert min(taken["large"].wall_ms) >= 20
    assert min(taken["large"].peak_mb) > max(taken["small"].peak_mb) + 50


def test_a_start_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="no_such_module"):
        start_in_turns({"broken": Start("import no_such_module", {})}, 1)


def test_import_times_are_read_without_what_the_program_writes() -> None:
    aliases, json_module = read_import_times(WRITTEN)
    assert (aliases.name, aliases.self_ms) == ("encodings.aliases", 0.12)
    assert (json_module.self_ms, json_module.cumulative_ms) == (1.5, 1.62)


def test_what_is_over_its_budget_is_named() -> None:
    start = {"wall": {"median": 310.4}, "peak": {"median": 40.0}}
    figures = {"auth": {"import": start, "init": start}}
    budgets = {"import_ms": {"auth": 300}, "init_ms": {"auth": 310}, "peak_mb": {"auth": 40}}
    assert overruns(figures, budgets) == [
        "auth: import_ms is 310, the budget 300",
        "auth: init_ms is 310, the budget 310",
    ]


def test_every_zip_function_has_its_budgets() -> None:
    budgets = tomllib.loads(BUDGETS.read_text(encoding="utf-8"))
    assert set(budgets) == {"import_ms", "init_ms", "peak_mb"}
    assert all(set(named) == set(FUNCTIONS) for named in budgets.values())
    # What the project has set itself, whatever was measured.
    assert set(budgets["import_ms"].values()) == {150, 300}
    assert budgets["import_ms"]["authorizer"] == 150


def test_ratios_are_of_the_cpu_time_of_the_same_turn() -> None:
    statements = ("python/peer", "boto3_and_dynamodb/peer", "auth/import", "auth/init")
    taken = start_in_turns({label: Start("pass", {}) for label in statements}, 2)
    taken["boto3_and_dynamodb/peer"].cpu_ms[:] = [100.0, 300.0]
    taken["auth/init"].cpu_ms[:] = [150.0, 450.0]
    ratio = figures_of(taken)["auth"]["init_to_peer"]
    assert (ratio["median"], ratio["lower_quartile"], ratio["runs"]) == (1.5, 1.5, 2)


def test_the_section_does_without_the_code_of_before() -> None:
    report = deepcopy(read_report(results_of("functions")))
    report["against"] = None
    assert "before |" not in "\n".join(lines(report))
