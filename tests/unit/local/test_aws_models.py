"""Descriptions of AWS's services in the shared layer: all that is called, and nothing else."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.loaders import Loader

from common import aws_session, clients
from common.aws_session import Service
from local.aws_models import ENDPOINTS, OPERATIONS, cut_service, write_aws_models

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "shared_layer").rglob("*.py")]
CALLS: dict[Service, tuple[str, dict[str, Any]]] = {
    "dynamodb": (
        "transact_write_items",
        {
            "TransactItems": [
                {"Put": {"TableName": "t", "Item": {"PK": {"S": "a"}, "n": {"L": [{"N": "1"}]}}}}
            ],
            "ClientRequestToken": "once",
        },
    ),
    "lambda": ("invoke", {"FunctionName": "f", "Payload": b"{}"}),
    "ssm": ("get_parameter", {"Name": "/a", "WithDecryption": True}),
    "s3": ("get_object", {"Bucket": "b", "Key": "k"}),
    "sesv2": ("send_email", {"FromEmailAddress": "a@example.com", "Content": {}}),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("aws_models")
    write_aws_models(folder)
    return folder


@pytest.fixture(autouse=True)
def _own_session() -> Iterator[None]:
    aws_session.session.cache_clear()
    clients.client.cache_clear()
    yield
    aws_session.session.cache_clear()
    clients.client.cache_clear()


def words_in_the_sources() -> set[str]:
    """Return every name and text that could be that of an operation."""
    words: set[str] = set()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                words.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
    return words


@pytest.mark.parametrize("service", OPERATIONS)
def test_nothing_that_is_called_is_missing(service: Service) -> None:
    words = words_in_the_sources()
    called = {
        name
        for name in Loader().load_service_model(service, "service-2")["operations"]
        if xform_name(name) in words
    }
    assert called == OPERATIONS[service]


def test_every_service_has_its_endpoints() -> None:
    # SES has its endpoints under another name than its clients.
    assert {"email" if name == "sesv2" else name for name in get_args(Service)} == ENDPOINTS


@pytest.mark.parametrize("service", CALLS)
def test_requests_and_addresses_are_those_of_the_whole_descriptions(
    monkeypatch: pytest.MonkeyPatch, models: Path, service: Service
) -> None:
    whole = sent_by(service)
    monkeypatch.setattr(aws_session, "CUT_MODELS", models)
    aws_session.session.cache_clear()
    clients.client.cache_clear()
    assert sent_by(service) == whole
    if service in OPERATIONS:
        kept = clients.client(service).meta.service_model.operation_names
        assert set(kept) == OPERATIONS[service]


def sent_by(service: Service) -> dict[str, Any]:
    """Return what the client would send, up to the signature, of which the scope is kept."""
    made = clients.client(service)
    sent: list[Any] = []

    def answer(request: Any, **_: Any) -> AWSResponse:  # noqa: ANN401 - as botocore calls it
        sent.append(request)
        return AWSResponse(request.url, 400, HTTPHeaders(), _Empty())

    made.meta.events.register("before-send", answer)
    operation, arguments = CALLS[service]
    with pytest.raises(made.exceptions.ClientError):
        getattr(made, operation)(**arguments)
    headers = {name.lower(): value for name, value in sent[0].headers.items()}
    scope = str(headers["authorization"]).partition("Credential=")[2].split("/")[2:4]
    return {
        "url": sent[0].url,
        "body": sent[0].body,
        "target": headers.get("x-amz-target"),
        "scope": scope,
    }


class _Empty:
    """An answer without a body."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield b""


def test_the_layer_is_small_and_holds_only_files_that_botocore_would_look_for(
    models: Path,
) -> None:
    files = [file for file in models.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 100_000
    own = Path(Loader.BUILTIN_DATA_PATH)
    for file in files:
        assert list(own.glob(f"{file.relative_to(models)}*")), file


def test_a_member_called_documentation_stays() -> None:
    model = {
        "operations": {"Ask": {"input": {"shape": "In"}, "documentation": "long"}},
        "shapes": {
            "In": {"members": {"documentation": {"shape": "Text"}}, "documentation": "long"},
            "Text": {"type": "string"},
            "Other": {"type": "string"},
        },
    }
    cut = cut_service(model, frozenset({"Ask"}))
    assert json.loads(json.dumps(cut)) == {
        "operations": {"Ask": {"input": {"shape": "In"}}},
        "shapes": {
            "In": {"members": {"documentation": {"shape": "Text"}}},
            "Text": {"type": "string"},
        },
    }
