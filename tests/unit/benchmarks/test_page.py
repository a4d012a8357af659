"""The page says what the measurements say."""

from __future__ import annotations

from copy import deepcopy

import pytest

from benchmarks.compare import Agreement, compare, figures_in
from benchmarks.page import PAGE, images_of, read_reports, render
from benchmarks.timing import ratio_of, spread_of


def test_the_page_is_made_of_the_committed_results() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert render(page, read_reports()) == page


def test_another_figure_makes_another_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    reports = deepcopy(read_reports())
    reports["recommend"]["runs"][0]["times"]["nearby"]["median"] += 1
    assert render(page, reports) != page


def test_the_page_can_be_made_from_nothing_and_keeps_what_stands_between_sections() -> None:
    page = render("# Performance\n", read_reports())
    assert render(page, read_reports()) == page
    noted = page.replace("## Recommend", "## Recommendations") + "\nA note.\n"
    assert render(noted, read_reports()) == page + "\nA note.\n"


def test_every_picture_of_the_page_is_there() -> None:
    images = images_of(PAGE.read_text(encoding="utf-8"))
    assert images
    assert [image for image in images if not image.is_file()] == []


def test_every_figure_of_the_results_has_its_spread() -> None:
    for suite, report in read_reports().items():
        figures = dict(figures_in(report))
        assert figures, suite
        for place, figure in figures.items():
            assert figure["runs"] > 1, place
            assert figure["lower_quartile"] <= figure["median"] <= figure["upper_quartile"], place


def one_figure(lower: float, median: float, upper: float) -> dict[str, object]:
    figure = {"unit": "ms", "lower_quartile": lower, "median": median, "upper_quartile": upper}
    return {"cases": [{"time": figure}]}


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ((9, 10, 11), (10.5, 12, 13), []),
        ((9, 10, 11), (11.5, 12, 13), ["cases[0].time: 10 to 12 ms (+20.0%)"]),
        ((11.5, 12, 13), (9, 10, 11), ["cases[0].time: 12 to 10 ms (-16.7%)"]),
        ((9.99, 10, 10.01), (10.05, 10.1, 10.2), []),
    ],
    ids=["quartiles overlap", "slower", "faster", "by less than 2 %"],
)
def test_runs_agree_within_their_spread(
    before: tuple[float, float, float], after: tuple[float, float, float], moves: list[str]
) -> None:
    count, found = compare(one_figure(*before), one_figure(*after))
    assert count == 1
    assert [str(move) for move in found] == moves


def test_ratios_have_to_agree_and_the_rest_is_only_told() -> None:
    def report(ratio: float, time: float) -> dict[str, object]:
        figures = {"ratio": ("ratio", ratio), "time": ("ms", time)}
        return {
            name: {"unit": unit, "lower_quartile": value, "median": value, "upper_quartile": value}
            for name, (unit, value) in figures.items()
        }

    slower = Agreement.of(report(0.5, 10.0), report(0.5, 12.5))
    assert (slower.ratios, slower.others) == (1, 1)
    assert (len(slower.moved_ratios), len(slower.moved_others)) == (0, 1)
    assert str(slower) == (
        "1 of 1 ratios agree, and 0 of 1 other figures; the rest moved by 25 % (median)"
    )
    other = Agreement.of(report(0.5, 10.0), report(0.6, 10.0))
    assert [move.place for move in other.moved_ratios] == ["ratio"]
    assert str(other) == "0 of 1 ratios agree, and 1 of 1 other figures"


def test_ratios_are_of_the_same_turn() -> None:
    # The machine was busy in the second turn, for both.
    ratio = ratio_of([1.0, 3.0, 1.0], [2.0, 6.0, 2.0])
    assert (ratio.median, ratio.lower_quartile, ratio.upper_quartile) == (0.5, 0.5, 0.5)
    assert spread_of([1.0, 2.0, 4.0]).median == 2.0
