"""The language of Logs Insights, as far as the dashboards speak it."""

from __future__ import annotations

import json

import pytest

from local.dashboards.insights import QueryError, answer, fields_read, read_line

REPORT = (
    "REPORT RequestId: R1\tDuration: 15.74 ms\tBilled Duration: 16 ms\tMemory Size: 512 MB\t"
    "Max Memory Used: 56 MB"
)
MINUTE_MS = 60_000
GROUP = "0:/aws/lambda/f"


def line(at_ms: int = 0, **fields: object) -> dict[str, object]:
    return read_line(json.dumps(fields), at_ms, GROUP)


def test_a_report_has_its_fields_and_an_init_duration_on_a_cold_start_alone() -> None:
    warm = read_line(REPORT, 5, GROUP)
    assert (warm["@type"], warm["@duration"], warm["@maxMemoryUsed"]) == ("REPORT", 15.74, 56e6)
    assert "@initDuration" not in warm
    assert read_line(f"{REPORT}\tInit Duration: 130.61 ms\t", 5, GROUP)["@initDuration"] == 130.61


def test_a_json_line_has_its_fields_by_their_paths_and_nothing_for_null() -> None:
    found = line(a={"b": [1, {"c": 2}]}, gone=None)
    assert (found["a.b.0"], found["a.b.1.c"]) == (1, 2)
    assert "gone" not in found


def test_what_is_no_json_is_a_message_alone() -> None:
    for text in ("{broken", "Traceback (most recent call last):"):
        assert read_line(text, 0, GROUP).keys() == {"@message", "@timestamp", "@log"}


def test_lines_are_counted_by_field_and_by_value() -> None:
    lines = [line(kind="a", bad="x"), line(kind="a"), line(kind="b"), line(other=1)]
    query = "filter ispresent(kind)\n| stats count(*) as all, count(bad) as bad by kind"
    assert list(answer(query, lines).rows) == [
        {"kind": "a", "all": 2, "bad": 1},
        {"kind": "b", "all": 1, "bad": 0},
    ]


def test_numbers_are_summed_up() -> None:
    lines = [line(ms=value) for value in (1, 2, 3, 4, 100)]
    query = (
        "filter ispresent(ms)\n| stats min(ms) as least, max(ms / 10) as most, avg(ms) as mean,"
        " sum(ms) as total, pct(ms, 50) as middle, pct(ms, 95) as slow by unknown"
    )
    (row,) = answer(query, lines).rows
    assert row == {
        "unknown": None,
        "least": 1,
        "most": 10,
        "mean": 22,
        "total": 110,
        "middle": 3,
        "slow": 100,
    }


def test_points_in_time_are_in_order_and_as_far_apart_as_asked() -> None:
    lines = [line(at, n=1) for at in (7 * MINUTE_MS, 6 * MINUTE_MS, 2 * MINUTE_MS)]
    query = "filter ispresent(n)\n| stats count(*) as lines by bin(5m)"
    found = answer(query, lines)
    assert found.in_time
    assert list(found.rows) == [{"bin": 0, "lines": 1}, {"bin": 300, "lines": 2}]
    assert [row["bin"] for row in answer(query, lines, bin_seconds=60).rows] == [120, 360, 420]


def test_rows_are_chosen_named_sorted_and_cut() -> None:
    lines = [line(at, level=level, n=at) for at, level in enumerate(("ERROR", "INFO", "WARNING"))]
    lines.append(read_line("Task timed out after 3.00 seconds", 9, GROUP))
    query = (
        'filter level = "ERROR" or level = "WARNING" or @message like /Task timed out|exited/\n'
        "| fields @timestamp, coalesce(level, @message) as what\n| sort @timestamp desc\n| limit 2"
    )
    found = answer(query, lines)
    assert found.columns == ("@timestamp", "what")
    assert [row["what"] for row in found.rows] == ["Task timed out after 3.00 seconds", "WARNING"]


@pytest.mark.parametrize(("condition", "kept"), [("n = 0", [0]), ("n >= 500", [500, 503])])
def test_numbers_are_compared_as_numbers_also_where_they_are_text(
    condition: str, kept: list[int]
) -> None:
    lines = [line(n=str(value)) for value in (0, 99, 500, 503)]
    found = answer(f"filter {condition}\n| fields n", lines)
    assert [int(row["n"]) for row in found.rows] == kept


@pytest.mark.parametrize(
    "query",
    [
        "parse @message 'x'",
        "filter n <> 1",
        "filter n = 1\n| stats stddev(n) as x by n",
        "filter n = 1\n| stats count(*) as x by bin(5m), n",
        "filter n = 1\n| sort n",
    ],
)
def test_what_is_not_understood_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        answer(query, [line(n=1)])


def test_a_query_tells_the_fields_that_it_reads() -> None:
    query = (
        'filter level = "some words" or @message like /in this/\n| fields coalesce(a.0, b) as c\n'
        "| stats count(*) as all, pct(ms, 50) as p50, max(@size / 10) as d by c, @log\n"
        "| sort all desc\n| limit 5"
    )
    made = {"level", "@message", "a.0", "b", "ms", "@size", "@log", "all"}
    assert fields_read(query) | {"all"} == made
    assert fields_read("stats count(*) as n by bin(5m)") == set()
