"""The stand-in for Lambda's runtime API answers as AWS documents it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from local.image.runtime_api import FunctionFailedError, RuntimeApi

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENT = {"routeKey": "GET /health"}


def always() -> bool:
    return True


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    with RuntimeApi() as api:
        yield api


@pytest.fixture
def runtime(api: RuntimeApi) -> Iterator[httpx.Client]:
    """Return what an entry point asks with."""
    url = f"http://{api.address}/2018-06-01/runtime"
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        yield client


def answer_next(runtime: httpx.Client, kind: str, document: object, **headers: str) -> Any:  # noqa: ANN401
    """Take an invocation and answer it, beside the test; return the thread and what it got."""
    got: list[httpx.Response] = []

    def work() -> None:
        got.append(runtime.get("/invocation/next"))
        invocation_id = got[0].headers["lambda-runtime-aws-request-id"]
        path = f"/invocation/{invocation_id}/{kind}"
        got.append(runtime.post(path, json=document, headers=headers))

    thread = threading.Thread(target=work)
    thread.start()
    return thread, got


def test_an_event_goes_out_and_its_answer_comes_back(
    api: RuntimeApi, runtime: httpx.Client
) -> None:
    thread, got = answer_next(runtime, "response", {"statusCode": 200})
    answered = api.invoke(EVENT, 30, always)
    thread.join()
    assert answered.payload == {"statusCode": 200}
    assert answered.seconds > 0
    asked, posted = got
    assert asked.json() == EVENT
    assert asked.headers["content-type"] == "application/json"
    assert int(asked.headers["lambda-runtime-deadline-ms"]) > time.time() * 1000
    assert asked.headers["lambda-runtime-invoked-function-arn"].startswith("arn:aws:lambda:")
    assert asked.headers["lambda-runtime-trace-id"].startswith("Root=1-")
    assert posted.status_code == 202


def test_an_error_of_the_function_is_raised_with_its_words(
    api: RuntimeApi, runtime: httpx.Client
) -> None:
    error = {"errorMessage": "no such photo", "errorType": "KeyError"}
    thread, _ = answer_next(runtime, "error", error)
    with pytest.raises(FunctionFailedError, match="KeyError: no such photo"):
        api.invoke(EVENT, 30, always)
    thread.join()


def test_the_function_is_ready_when_it_asks_for_work(
    api: RuntimeApi, runtime: httpx.Client
) -> None:
    before = time.monotonic()
    thread, _ = answer_next(runtime, "response", {})
    api.wait_until_ready(30, always)
    assert before < api.ready_at < time.monotonic()
    api.invoke(EVENT, 30, always)
    thread.join()


def test_a_function_that_says_that_it_cannot_start_is_believed(
    api: RuntimeApi, runtime: httpx.Client
) -> None:
    error = {"errorMessage": "No module named 'timm'"}
    kind = {"lambda-runtime-function-error-type": "Runtime.ImportModuleError"}
    assert runtime.post("/init/error", json=error, headers=kind).status_code == 202
    with pytest.raises(FunctionFailedError, match="ImportModuleError: No module named 'timm'"):
        api.wait_until_ready(30, always)


def test_a_function_that_ends_is_not_waited_for(api: RuntimeApi) -> None:
    with pytest.raises(FunctionFailedError, match="ended instead of going on to start"):
        api.wait_until_ready(30, lambda: False)
    with pytest.raises(FunctionFailedError, match="ended instead of going on to answer"):
        api.invoke(EVENT, 30, lambda: False)


def test_a_function_that_takes_too_long_is_given_up(api: RuntimeApi) -> None:
    with pytest.raises(FunctionFailedError, match="more than 0 s to answer"):
        api.invoke(EVENT, 0.01, always)


def test_an_answer_to_nothing_that_was_asked_is_refused(runtime: httpx.Client) -> None:
    assert runtime.post("/invocation/unknown/response", json={}).status_code == 400
    assert runtime.get("/extension/register").status_code == 404
