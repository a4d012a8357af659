"""HTTP in and out: a thin layer over Powertools' resolver.

A handler file declares its routes and what each takes and gives:

    api = HttpApi()

    @api.route("POST", "/auth/login", body=SignInRequest, response=Session, errors=[...])
    def sign_in(request: Request, body: SignInRequest) -> Session: ...

    handle = api.handle

The declarations (`api.routes`) are the source of the API's published description
(`docs/openapi.json`, made by `make openapi`).
Bodies that cannot be read are answered 400, readable ones with unusable fields 422.
"""

from __future__ import annotations

import inspect
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, overload

from aws_lambda_powertools.event_handler.api_gateway import APIGatewayHttpResolver, Response

from common.answers import Reply, failure_response, success_response, unexpected_response
from common.errors import (
    DomainError,
    InvalidFields,
    MalformedRequest,
    MethodNotAllowed,
    RouteNotFound,
    UnsupportedMediaType,
)
from common.observability import describe_exception, flush_metrics, logger
from common.request import JSON_TYPE, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import BaseModel


__all__ = ["HttpApi", "Reply", "Request", "Route"]

# What any route that reads a body can answer without saying so itself.
BODY_ERRORS = (MalformedRequest, UnsupportedMediaType, InvalidFields)


@dataclass(frozen=True)
class Route:
    """What a route takes and gives, as declared."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    body: type[BaseModel] | None
    accepts: tuple[str, ...]
    query: type[BaseModel] | None
    request_headers: tuple[str, ...]
    response: type[BaseModel] | None
    produces: tuple[str, ...]
    response_headers: tuple[str, ...]
    status: int
    errors: tuple[type[DomainError], ...]
    public: bool


M = TypeVar("M", bound="BaseModel")
Q = TypeVar("Q", bound="BaseModel")
A = TypeVar("A", bound="BaseModel | Reply | None")
P = ParamSpec("P")


class HttpApi:
    """The routes of one function."""

    def __init__(self) -> None:
        """Start without routes."""
        # Never in debug mode, whatever the environment says: it prints whole events.
        self._resolver = APIGatewayHttpResolver(debug=False)
        self._resolver.not_found(self._answer_unrouted)
        self._routes: list[Route] = []
        self._cold_start = True

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes in the order they were declared."""
        return tuple(self._routes)

    @overload
    def route(
        self,
        method: str,
        path: str,
        *,
        body: type[M],
        request_headers: Sequence[str] = (),
        response: type[BaseModel] | None = None,
        produces: Sequence[str] = (),
        response_headers: Sequence[str] = (),
        status: int = 200,
        errors: Sequence[type[DomainError]] = (),
        public: bool = False,
    ) -> Callable[
        [Callable[Concatenate[Request, M, P], A]], Callable[Concatenate[Request, M, P], A]
    ]: ...

    @overload
    def route(
        self,
        method: str,
        path: str,
        *,
        query: type[Q],
        request_headers: Sequence[str] = (),
        response: type[BaseModel] | None = None,
        produces: Sequence[str] = (),
        response_headers: Sequence[str] = (),
        status: int = 200,
        errors: Sequence[type[DomainError]] = (),
        public: bool = False,
    ) -> Callable[
        [Callable[Concatenate[Request, Q, P], A]], Callable[Concatenate[Request, Q, P], A]
    ]: ...

    @overload
    def route(
        self,
        method: str,
        path: str,
        *,
        reads: type[BaseModel] | None = None,
        accepts: Sequence[str] = (),
        reads_query: type[BaseModel] | None = None,
        request_headers: Sequence[str] = (),
        response: type[BaseModel] | None = None,
        produces: Sequence[str] = (),
        response_headers: Sequence[str] = (),
        status: int = 200,
        errors: Sequence[type[DomainError]] = (),
        public: bool = False,
    ) -> Callable[[Callable[Concatenate[Request, P], A]], Callable[Concatenate[Request, P], A]]: ...

    def route(  # noqa: PLR0913 - a table of contents, by keyword
        self,
        method: str,
        path: str,
        *,
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        reads: type[BaseModel] | None = None,
        accepts: Sequence[str] = (),
        reads_query: type[BaseModel] | None = None,
        request_headers: Sequence[str] = (),
        response: type[BaseModel] | None = None,
        produces: Sequence[str] = (),
        response_headers: Sequence[str] = (),
        status: int = 200,
        errors: Sequence[type[DomainError]] = (),
        public: bool = False,
    ) -> Callable[[Any], Any]:
        """Declare a route; the decorated function's docstring describes it to API users.

        Args:
            method: the HTTP method.
            path: as in "/predictions/{prediction_id}"; `{names}` become keyword arguments.
            body: a model that the JSON body is read into and that is passed after the request.
            query: the same for the parameters of the query, passed last.
            reads: a model of the JSON body, only to describe it: the function reads for itself.
            accepts: the media types of bodies, when not only JSON.
            reads_query: a model of the query, only to describe it.
            request_headers: those that mean something to this route, by their names.
            response: the model of the answer with `status`, in JSON.
            produces: the media types of that answer, when not only JSON.
            response_headers: those that this answer has and others have not.
            status: of the answer when all went well.
            errors: what else the route can answer, for its description.
            public: whether it is called without signing in.

        """

        def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
            summary, _, description = (inspect.getdoc(handler) or "").partition("\n")
            described, asked = body or reads, query or reads_query
            readable = BODY_ERRORS if described else (InvalidFields,) if asked else ()
            found = (RouteNotFound,) if "{" in path else ()
            route = Route(
                name=handler.__name__,
                method=method,
                path=path,
                summary=summary,
                description=inspect.cleandoc(description),
                body=described,
                accepts=tuple(accepts) or ((JSON_TYPE,) if described else ()),
                query=asked,
                request_headers=tuple(request_headers),
                response=response,
                produces=tuple(produces) or ((JSON_TYPE,) if response else ()),
                response_headers=tuple(response_headers),
                status=status,
                errors=tuple(dict.fromkeys((*found, *readable, *errors))),
                public=public,
            )
            self._routes.append(route)

            def answer(**path_parameters: str) -> Response[Any]:
                return self._answer(route, handler, (body, query), path_parameters)

            self._resolver.route(re.sub(r"{(\w+)}", r"<\1>", path), method=method)(answer)
            return handler

        return declare

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
        """Answer one HTTP API event (payload format 2.0). Never raises."""
        started = time.perf_counter()
        request_id = _request_id(event)
        logger.clear_state()
        logger.set_correlation_id(request_id)
        logger.append_keys(
            function_request_id=getattr(context, "aws_request_id", None),
            cold_start=self._cold_start,
        )
        self._cold_start = False
        route_key = event.get("routeKey", "")
        try:
            answer: dict[str, Any] = self._resolver.resolve(event, context)
        except Exception as error:  # noqa: BLE001 - the last line of defence
            answer = _unexpected(error, request_id)
        answer["headers"] = {**answer.get("headers", {}), "x-request-id": request_id}
        logger.info(
            "answered",
            extra={
                "route": route_key,
                "status": answer["statusCode"],
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
            },
        )
        _flush_metrics_safely()
        return answer

    def _answer(
        self,
        route: Route,
        handler: Callable[..., BaseModel | Reply | None],
        read: tuple[type[BaseModel] | None, type[BaseModel] | None],
        path_parameters: Mapping[str, str],
    ) -> Response[Any]:
        request = Request.from_event(self._resolver.current_event.raw_event)
        body, query = read
        arguments: list[Request | BaseModel] = [request]
        try:
            if body is not None:
                arguments.append(request.json(body))
            if query is not None:
                arguments.append(request.parameters(query))
            return success_response(handler(*arguments, **path_parameters), route.status)
        except DomainError as error:
            return failure_response(error, request.request_id)
        except Exception as error:  # noqa: BLE001 - answered as 500, logged with its place
            return unexpected_response(error, request.request_id)

    def _answer_unrouted(self, _error: Exception) -> Response[Any]:
        """Tell a path that does not exist from a method that it does not have.

        The resolver takes no control characters in a path: such a path is none of ours.
        """
        request = Request.from_event(self._resolver.current_event.raw_event)
        allowed = [route.method for route in self._routes if _fits(route.path, request.path)]
        another_method = allowed and request.method not in allowed
        error = MethodNotAllowed(allowed) if another_method else RouteNotFound()
        return failure_response(error, request.request_id)


def _request_id(event: Mapping[str, Any]) -> str:
    context = event.get("requestContext")
    return str(context.get("requestId") or "unknown") if isinstance(context, dict) else "unknown"


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path) is not None


def _unexpected(error: Exception, request_id: str) -> dict[str, Any]:
    response = unexpected_response(error, request_id)
    return {
        "statusCode": response.status_code,
        "headers": response.headers,
        "body": response.body,
        "isBase64Encoded": False,
    }


def _flush_metrics_safely() -> None:
    try:
        flush_metrics()
    except Exception as error:  # noqa: BLE001 - a lost metric is no reason to fail a request
        logger.error("metrics lost", extra=describe_exception(error))
