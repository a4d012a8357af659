"""The cases behind our own routing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.http import HttpApi, Request
from common.observability import Metric, count

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from benchmarks.request_cases import Case


def build(case: Case) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """Return the function that Lambda calls."""
    api = HttpApi()
    if case.body is None:

        @api.route(case.method, case.path, response=case.response, public=True)
        def tell(_request: Request) -> BaseModel:
            """Tell."""
            count(Metric.SIGN_INS)
            return case.rule(None)

    else:

        @api.route(case.method, case.path, body=case.body, response=case.response, public=True)
        def answer(_request: Request, body: BaseModel) -> BaseModel:
            """Answer."""
            count(Metric.SIGN_INS)
            return case.rule(body)

    return api.handle
