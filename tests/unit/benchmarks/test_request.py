"""Only the same work is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import request_ours
from benchmarks.request import WARM, check_same_work
from benchmarks.request_cases import CASES

if TYPE_CHECKING:
    from benchmarks.request import Handle


@pytest.mark.parametrize("name", WARM)
def test_a_case_is_answered_with_its_model(name: str) -> None:
    case = CASES[name]()
    answer = request_ours.build(case)(case.event, None)
    assert answer["statusCode"] == 200
    case.response.model_validate_json(answer["body"])


@pytest.mark.parametrize("difference", ["status", "body", "header", "log", None])
def test_other_work_is_not_compared(difference: str | None) -> None:
    case = CASES["login"]()
    ours = request_ours.build(case)

    def other(event: dict[str, Any], context: object) -> dict[str, Any]:
        answer = request_ours.build(case)(event, context)
        if difference == "status":
            answer["statusCode"] = 201
        if difference == "body":
            answer["body"] = answer["body"].replace("bearer", "Bearer")
        if difference == "header":
            del answer["headers"]["cache-control"]
        if difference == "log":
            ours(event, context)
        return answer

    handles: dict[str, Handle] = {"ours": ours, "other": other}
    if difference is None:
        check_same_work(handles, case.event)
        return
    with pytest.raises(AssertionError, match="not the same work"):
        check_same_work(handles, case.event)
