"""Whatever happens behind a route, the caller gets one well-formed answer with a request id."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import AccountNotFound, InvalidFields, RouteNotFound, Unavailable
from common.http import HttpApi, Reply, Request
from common.models import QueryModel, RequestModel, ResponseModel
from tests.fakes.events import load_event, read_json, with_body

if TYPE_CHECKING:
    import io

CONTEXT = SimpleNamespace(aws_request_id="lambda-1")
SECRET = "a lovely journey"


class Order(RequestModel):
    item: str
    amount: int = 1


class Wanted(QueryModel):
    least: int = 1


class Receipt(ResponseModel):
    item: str
    shelf: str


@pytest.fixture
def api() -> HttpApi:
    api = HttpApi()

    @api.route(
        "POST",
        "/shelves/{shelf}/orders",
        body=Order,
        response=Receipt,
        status=201,
        errors=(AccountNotFound,),
    )
    def order(_request: Request, body: Order, *, shelf: str) -> Receipt:
        """Order something.

        It comes by mail.
        """
        if body.item == "nothing":
            raise AccountNotFound
        if body.item == "patience":
            raise Unavailable(retry_after_seconds=7)
        if body.item == "trouble":
            raise KeyError(SECRET) from ValueError(SECRET)
        return Receipt(item=body.item, shelf=shelf)

    @api.route("DELETE", "/shelves/{shelf}/orders")
    def clear(_request: Request, *, shelf: str) -> None:
        """Clear a shelf."""
        assert shelf

    @api.route("GET", "/shelves/{shelf}/orders", query=Wanted, response=Receipt)
    def search(_request: Request, query: Wanted, *, shelf: str) -> Receipt:
        """Search a shelf."""
        return Receipt(item=f"{query.least} or more", shelf=shelf)

    @api.route("GET", "/page", public=True)
    def show(request: Request) -> Reply:
        """Show a page."""
        return Reply(
            f"<p>{request.query.get('name', '')}</p>",
            content_type="text/html; charset=utf-8",
            headers={"cache-control": "max-age=60"},
        )

    @api.route("GET", "/picture", public=True)
    def picture(_request: Request) -> Reply:
        """Show a picture."""
        return Reply(b"\x89PNG", content_type="image/png")

    return api


def call(api: HttpApi, method: str, path: str, body: object = None, **query: str) -> dict[str, Any]:
    event = load_event("login")
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["requestContext"]["http"]["method"] = method
    event["routeKey"] = f"{method} {path}"
    event["queryStringParameters"] = query
    return api.handle(with_body(event, body if body is not None else ""), CONTEXT)


def assert_is_problem(answer: dict[str, Any], status: int, code: str) -> dict[str, Any]:
    problem = read_json(answer)
    assert answer["statusCode"] == problem["status"] == status
    assert problem["code"] == code
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert problem["type"].endswith(f":{code}")
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == answer["headers"]["x-request-id"]
    return problem


def test_a_model_becomes_the_declared_answer(api: HttpApi) -> None:
    answer = call(api, "POST", "/shelves/top/orders", {"item": "map"})
    assert answer["statusCode"] == 201
    assert read_json(answer) == {"item": "map", "shelf": "top"}
    assert answer["headers"]["content-type"] == "application/json"
    assert answer["headers"]["cache-control"] == "no-store"
    event = load_event("login")
    assert answer["headers"]["x-request-id"] == event["requestContext"]["requestId"]


def test_a_route_that_gives_nothing_is_answered_204(api: HttpApi) -> None:
    answer = call(api, "DELETE", "/shelves/top/orders")
    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert answer["headers"]["x-request-id"]


def test_a_route_can_answer_with_a_page_of_its_own_kind(api: HttpApi) -> None:
    answer = call(api, "GET", "/page", name="Rome")
    assert answer["body"] == "<p>Rome</p>"
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert answer["headers"]["cache-control"] == "max-age=60"


def test_bytes_are_answered_in_base64(api: HttpApi) -> None:
    answer = call(api, "GET", "/picture")
    assert answer["isBase64Encoded"]
    assert answer["body"] == "iVBORw=="


def test_a_body_that_cannot_be_read_is_400(api: HttpApi) -> None:
    assert_is_problem(call(api, "POST", "/shelves/top/orders", "{"), 400, "malformed_request")


def test_fields_that_cannot_be_used_are_422_and_listed(api: HttpApi) -> None:
    answer = call(api, "POST", "/shelves/top/orders", {"amount": "two"})
    problem = assert_is_problem(answer, 422, "invalid_fields")
    assert [wrong["field"] for wrong in problem["errors"]] == ["item", "amount"]


def test_an_expected_error_has_its_entry_of_the_table(api: HttpApi) -> None:
    answer = call(api, "POST", "/shelves/top/orders", {"item": "nothing"})
    assert_is_problem(answer, 404, "account_not_found")


def test_a_busy_service_says_when_to_come_back(api: HttpApi) -> None:
    answer = call(api, "POST", "/shelves/top/orders", {"item": "patience"})
    assert_is_problem(answer, 503, "service_unavailable")
    assert answer["headers"]["retry-after"] == "7"


def test_an_unexpected_exception_is_500_and_tells_nothing(
    api: HttpApi, logged: io.StringIO
) -> None:
    answer = call(api, "POST", "/shelves/top/orders", {"item": "trouble"})
    assert_is_problem(answer, 500, "internal_error")
    assert SECRET not in answer["body"]
    assert "KeyError" not in answer["body"]
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    (failure,) = (line for line in lines if line["level"] == "ERROR")
    assert failure["correlation_id"] == answer["headers"]["x-request-id"]
    assert failure["exception_chain"] == ["KeyError", "ValueError"]
    assert any("order" in frame for frame in failure["frames"])
    assert SECRET not in logged.getvalue()


def test_an_unknown_path_is_404(api: HttpApi) -> None:
    assert_is_problem(call(api, "GET", "/nowhere"), 404, "route_not_found")


def test_a_known_path_with_another_method_is_405_and_names_those_it_has(api: HttpApi) -> None:
    answer = call(api, "PUT", "/shelves/top/orders")
    assert_is_problem(answer, 405, "method_not_allowed")
    assert answer["headers"]["allow"] == "DELETE, GET, POST"


NAMES = st.sampled_from(["requestContext", "headers", "rawPath", "body", "http", "requestId"])
VALUES = st.recursive(
    st.none() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_an_event_of_any_other_kind_is_500_and_never_an_exception(event: dict[str, Any]) -> None:
    assert HttpApi().handle(event, None)["statusCode"] == 500


def test_every_request_is_logged_once_without_what_was_sent(
    api: HttpApi, logged: io.StringIO
) -> None:
    call(api, "POST", "/shelves/top/orders", {"item": SECRET})
    call(api, "POST", "/shelves/top/orders", {"item": SECRET, "amount": SECRET})
    assert SECRET not in logged.getvalue()
    first, second = (json.loads(line) for line in logged.getvalue().splitlines())
    assert (first["status"], first["cold_start"]) == (201, True)
    assert (second["status"], second["cold_start"]) == (422, False)
    assert first["route"] == "POST /shelves/top/orders"
    assert first["duration_ms"] >= 0


def test_a_debugging_environment_does_not_print_what_was_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], logged: io.StringIO
) -> None:
    monkeypatch.setenv("POWERTOOLS_DEV", "true")
    chatty = HttpApi()

    @chatty.route("POST", "/echo", body=Order, response=Receipt)
    def echo(_request: Request, body: Order) -> Receipt:
        """Say it again."""
        return Receipt(item=body.item, shelf="top")

    assert call(chatty, "POST", "/echo", {"item": SECRET})["statusCode"] == 200
    assert SECRET not in capsys.readouterr().out + logged.getvalue()


def test_a_path_with_a_control_character_is_404_for_its_own_method_too(api: HttpApi) -> None:
    assert_is_problem(call(api, "DELETE", "/shelves/\x84/orders"), 404, "route_not_found")
    assert_is_problem(call(api, "PUT", "/shelves/\x84/orders"), 405, "method_not_allowed")


def test_a_query_is_read_like_a_body_is(api: HttpApi) -> None:
    event = {**load_event("health"), "rawPath": "/shelves/a/orders"}
    http = {**event["requestContext"]["http"], "path": "/shelves/a/orders"}
    event["requestContext"] = {**event["requestContext"], "http": http}
    asked = api.handle({**event, "queryStringParameters": {"least": "3"}}, CONTEXT)
    assert read_json(asked) == {"item": "3 or more", "shelf": "a"}
    refused = api.handle({**event, "queryStringParameters": {"least": "few"}}, CONTEXT)
    assert refused["statusCode"] == 422
    assert [error["field"] for error in read_json(refused)["errors"]] == ["least"]
    assert api.routes[2].query == Wanted
    assert api.routes[2].errors == (RouteNotFound, InvalidFields)


def test_routes_can_be_described_from_their_declarations(api: HttpApi) -> None:
    order = api.routes[0]
    assert (order.method, order.path, order.status) == ("POST", "/shelves/{shelf}/orders", 201)
    assert (order.summary, order.description) == ("Order something.", "It comes by mail.")
    assert (order.body, order.response) == (Order, Receipt)
    assert order.accepts == ("application/json",)
    assert AccountNotFound in order.errors
    assert not order.public
    assert api.routes[3].public
    assert (order.name, order.produces) == ("order", ("application/json",))
