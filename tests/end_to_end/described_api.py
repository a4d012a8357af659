"""A client that knows nothing of the API but its description, and holds every answer to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

JSON_TYPE = "application/json"


@dataclass(frozen=True)
class Answer:
    """An answer that is what the description says."""

    status: int
    headers: Mapping[str, str]
    text: str
    body: Any = None


@dataclass
class DescribedApi:
    """Calls operations by their ids. `token` goes with those that want one."""

    http: httpx.Client
    token: str | None = None
    document: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Read the description from the API itself."""
        self.document = self.http.get("/openapi.json").json()

    def call(
        self,
        operation_id: str,
        body: object = None,
        *,
        accept: str | None = None,
        **parameters: object,
    ) -> Answer:
        """Call an operation; parameters are named as in the description.

        Raises:
            AssertionError: the request or the answer is not as described.

        """
        method, path, operation = self._find(operation_id)
        placed = self._place(operation.get("parameters", []), parameters)
        headers = {name: str(value) for name, value in placed["header"].items()}
        if accept is not None:
            headers["accept"] = accept
        if operation.get("security", self.document["security"]):
            assert self.token, f"{operation_id} wants a token"
            headers["authorization"] = f"Bearer {self.token}"
        if body is not None:
            self._check(operation["requestBody"]["content"][JSON_TYPE]["schema"], body)
        response = self.http.request(
            method,
            re.sub(r"{(\w+)}", lambda found: str(placed["path"][found[1]]), path),
            params=placed["query"],
            headers=headers,
            json=body,
        )
        return self._read(operation, response)

    def _find(self, operation_id: str) -> tuple[str, str, dict[str, Any]]:
        for path, operations in self.document["paths"].items():
            for method, operation in operations.items():
                if operation["operationId"] == operation_id:
                    return method.upper(), path, operation
        message = f"no operation is called {operation_id}"
        raise AssertionError(message)

    def _place(
        self, described: list[dict[str, Any]], given: dict[str, Any]
    ) -> dict[str, dict[str, Any]]:
        placed: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
        for parameter in described:
            name = parameter["name"]
            if name in given:
                self._check(parameter["schema"], given[name])
                placed[parameter["in"]][name] = given[name]
            else:
                assert not parameter["required"], f"{name} is required"
        unknown = set(given) - {parameter["name"] for parameter in described}
        assert not unknown, f"not described: {unknown}"
        return placed

    def _read(self, operation: dict[str, Any], response: httpx.Response) -> Answer:
        status = str(response.status_code)
        assert status in operation["responses"], f"{status} is not described: {response.text}"
        described = self._resolve(operation["responses"][status])
        for name, header in described.get("headers", {}).items():
            assert name in response.headers or not header["required"], f"no {name}"
        content = described.get("content")
        if content is None:
            assert response.content == b""
            return Answer(response.status_code, response.headers, "")
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in content, f"{media_type} is not described"
        body = response.json() if media_type.endswith("json") else None
        self._check(content[media_type]["schema"], response.text if body is None else body)
        return Answer(response.status_code, response.headers, response.text, body)

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found: Any = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return dict(found)

    def _check(self, schema: dict[str, Any], value: object) -> None:
        """Hold a value to a schema, whose references are to the document's components."""
        whole = {**schema, "components": self.document["components"]}
        errors = [error.message for error in Draft202012Validator(whole).iter_errors(value)]
        assert not errors, errors
