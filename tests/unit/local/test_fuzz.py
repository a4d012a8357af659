"""Reading what fuzzers say they did."""

from __future__ import annotations

import pytest

from local.fuzz import read_counts
from local.fuzzing.campaign import TARGETS, count_cases
from local.fuzzing.targets import TARGETS as TRIED


@pytest.mark.parametrize(
    ("output", "counts"),
    [
        ("Test cases:\n  1,234 generated, 1,234 passed\n", (1234, 0)),
        ("Test cases:\n  99 generated, 3 found 2 unique failures\n", (99, 2)),
        ("Test cases:\n  99 generated, 1 found 1 unique failure\n", (99, 1)),
        ("", (0, 0)),
    ],
)
def test_the_counts_of_schemathesis_are_read(output: str, counts: tuple[int, int]) -> None:
    assert read_counts(output) == counts


def test_the_count_of_a_fuzzer_is_read() -> None:
    assert count_cases("#2\tINITED\n#40\tNEW cov\nstat::number_of_executed_units: 41\n") == 41
    assert count_cases("#2\tINITED\n#40\tNEW cov\n== ERROR") == 40
    assert count_cases("no module named atheris") == 0


def test_every_target_has_its_share() -> None:
    assert set(TARGETS) == set(TRIED)
