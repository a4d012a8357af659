"""The description of the API: valid, up to date, with examples that are true to their schemas."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from common.errors import PROBLEMS
from local.openapi.__main__ import DOCUMENT, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = {"get", "post", "patch", "delete"}
GENERATE = f"""
import sys
sys.path[:0] = {[str(ROOT), str(ROOT / "functions"), str(ROOT / "shared_layer" / "python")]!r}
from local.openapi.__main__ import main
sys.argv = ["openapi", "--check"]
main()
"""


@cache
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return read


def operations() -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for path in document()["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    }


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = document()
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def examples() -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Yield every example with its place and its schema."""
    for name, operation in operations().items():
        for parameter in operation.get("parameters", ()):
            if "example" in parameter:
                yield f"{name} {parameter['name']}", parameter["schema"], parameter["example"]
        bodies = {"body": operation["requestBody"]} if "requestBody" in operation else {}
        for place, holder in {**bodies, **operation["responses"]}.items():
            for media_type, media in resolve(holder).get("content", {}).items():
                for title, example in media.get("examples", {}).items():
                    at = f"{name} {place} {media_type} {title}"
                    yield at, media["schema"], example["value"]


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    # The components beside it, so that its references resolve.
    return Draft202012Validator({**schema, "components": document()["components"]})


def test_the_committed_document_is_what_the_code_says() -> None:
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", GENERATE], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_document_is_valid_openapi() -> None:
    assert document()["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_every_schema_is_json_schema() -> None:
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("schema", "example"), [pytest.param(*rest, id=at) for at, *rest in examples()]
)
def test_an_example_is_true_to_its_schema(schema: dict[str, Any], example: object) -> None:
    assert [error.message for error in validator(schema).iter_errors(example)] == []


def test_the_examples_can_be_wrong() -> None:
    """Without this the tests above might accept anything."""
    signed_in = validator({"$ref": "#/components/schemas/SignedInResponse"})
    assert not signed_in.is_valid({"user_id": 1})


def test_every_body_has_an_example_in_json() -> None:
    for name, operation in operations().items():
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for holder in (*bodies, *operation["responses"].values()):
            for media_type, media in resolve(holder).get("content", {}).items():
                if media_type.endswith("json") and "$ref" in str(media["schema"]):
                    assert media.get("examples"), f"{name} {media_type}"


def test_every_error_that_is_named_is_one_of_ours_with_its_status() -> None:
    known = {problem.code: int(problem.status) for problem in PROBLEMS.values()}
    known["internal_error"] = 500
    told = set()
    for name, operation in operations().items():
        for status, response in operation["responses"].items():
            media = resolve(response).get("content", {}).get("application/problem+json")
            for code in media["examples"] if media else ():
                assert known[code] == int(status), f"{name} {code}"
                told.add(code)
    # The gateway knows every address, so that this never gets past it.
    assert set(known) - told == {"method_not_allowed"}


def test_what_wants_a_token_says_what_happens_without() -> None:
    for name, operation in operations().items():
        public = operation.get("security") == []
        for status in ("401", "403"):
            from_gateway = "application/json" in resolve(
                operation["responses"].get(status, {})
            ).get("content", {})
            assert from_gateway != public, f"{name} {status}"


def test_lists_have_their_pages_described() -> None:
    for name in ("listPredictions", "listItineraries", "listLandmarks", "exportAccount"):
        parameters = {one["name"]: one for one in operations()[name]["parameters"]}
        assert parameters["cursor"]["schema"]["type"] == "string"
        assert not parameters["cursor"]["required"]


def test_changing_a_trip_takes_the_version_that_reading_it_gives() -> None:
    read, change = operations()["showItinerary"], operations()["changeItinerary"]
    assert read["responses"]["200"]["headers"]["etag"]["required"]
    (if_match,) = [one for one in change["parameters"] if one["in"] == "header"]
    assert (if_match["name"], if_match["required"]) == ("If-Match", True)
    assert set(read["responses"]["200"]["content"]) == {
        *("application/json", "application/geo+json", "application/gpx+xml", "text/calendar"),
    }
    assert {"412", "428"} <= set(change["responses"])


def test_photos_can_be_sent_in_every_way() -> None:
    for name in ("predict", "describe"):
        content = operations()[name]["requestBody"]["content"]
        assert {"application/json", "multipart/form-data", "image/jpeg"} <= set(content)
        assert "file" in content["multipart/form-data"]["schema"]["properties"]


def test_waiting_is_told_in_seconds() -> None:
    for status, name in (("429", "signIn"), ("503", "showProfile"), ("409", "createItinerary")):
        assert "retry-after" in resolve(operations()[name]["responses"][status])["headers"]


def test_links_lead_to_operations_and_their_parameters() -> None:
    for name, operation in operations().items():
        for response in operation["responses"].values():
            for link in response.get("links", {}).values():
                target = operations()[link["operationId"]]
                known = {one["name"] for one in target.get("parameters", ())}
                assert set(link.get("parameters", ())) <= known, name
                assert ("requestBody" in target) >= ("requestBody" in link), name


def test_operations_are_named_and_sorted_under_a_tag() -> None:
    tags = {tag["name"] for tag in document()["tags"]}
    for name, operation in operations().items():
        assert re.fullmatch(r"[a-z][A-Za-z]+", name)
        assert operation["summary"]
        assert set(operation["tags"]) <= tags
