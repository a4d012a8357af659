"""Requests and what a traveller would accept as an answer: `judged_cases.json`.

Of `expect_any_of` at least `expect_at_least` are to be shown, of `must_not_contain` none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recommend.models import RecommendRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recommend.recommender import Recommender

CASES = Path(__file__).parent / "judged_cases.json"
_ANYONE = "evaluation"


def read_cases() -> list[dict[str, Any]]:
    """Read the judged cases."""
    cases: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))
    return cases


def judge(recommender: Recommender, cases: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with the answers, a line a case."""
    faults = []
    for case in cases:
        request = RecommendRequest.model_validate(case["request"])
        answer = recommender.recommend(_ANYONE, request)
        shown = [place.landmark_id for place in answer.recommendations]
        good = len(set(shown) & set(case["expect_any_of"]))
        banned = sorted(set(shown) & set(case["must_not_contain"]))
        if good < case["expect_at_least"]:
            faults.append(f"{case['name']}: {good} of {case['expect_at_least']} expected: {shown}")
        if banned:
            faults.append(f"{case['name']}: {banned} must not be there")
    return faults
