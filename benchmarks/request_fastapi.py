"""The cases behind FastAPI and Mangum.

Set up as is quickest for it: `async` routes, which need no thread; a declared response model,
which pydantic writes as JSON by itself; no description, no lifespan; and what is done around every
request (log line, metrics, headers) around Mangum rather than in a middleware.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from mangum import Mangum

from common.observability import Metric, count, flush_metrics, logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from benchmarks.request_cases import Case

HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def build(case: Case) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Return the function that Lambda calls."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    async def tell() -> BaseModel:
        count(Metric.SIGN_INS)
        return case.rule(None)

    async def answer(body: Any) -> BaseModel:  # noqa: ANN401 - annotated below
        count(Metric.SIGN_INS)
        return case.rule(body)

    answer.__annotations__["body"] = case.body
    app.add_api_route(
        case.path,
        tell if case.body is None else answer,
        methods=[case.method],
        response_model=case.response,
    )
    adapter = Mangum(app, lifespan="off")
    cold_start = True

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - as Mangum's
        nonlocal cold_start
        started = time.perf_counter()
        request_id = event["requestContext"]["requestId"]
        logger.clear_state()
        logger.set_correlation_id(request_id)
        logger.append_keys(function_request_id=context.aws_request_id, cold_start=cold_start)
        cold_start = False
        response: dict[str, Any] = adapter(event, context)
        response["headers"].update(HEADERS)
        response["headers"]["x-request-id"] = request_id
        logger.info(
            "answered",
            extra={
                "route": event["routeKey"],
                "status": response["statusCode"],
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
            },
        )
        flush_metrics()
        return response

    return handle
