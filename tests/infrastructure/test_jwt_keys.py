"""The signing keys: made once, long enough, and never lost."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from stacks.constructs.create_jwt_keys import handler

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "/cv-location-classifier/staging/jwt-keys"


def _event(kind: str) -> dict[str, Any]:
    return {"RequestType": kind, "ResourceProperties": {"ParameterName": NAME}}


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Answer for SSM; every call must have been announced."""
    session = boto3.Session(
        region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    client = session.client("ssm")
    monkeypatch.setattr("boto3.client", lambda _service: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_keys_are_random_and_as_long_as_the_digest() -> None:
    first, second = (json.loads(handler.create_keys()) for _ in range(2))
    assert list(first["keys"]) == [first["current"]]
    assert len(base64.b64decode(first["keys"][first["current"]])) >= 32
    assert first != second


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_missing_keys_are_made_encrypted(ssm: Stubber, kind: str) -> None:
    expected = {
        "Name": NAME,
        "Description": ANY,
        "Type": "SecureString",
        "Value": ANY,
        "Overwrite": False,
    }
    ssm.add_response("put_parameter", {"Version": 1}, expected)
    assert handler.handle(_event(kind), None) == {"PhysicalResourceId": NAME}


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_existing_keys_are_left_as_they_are(ssm: Stubber, kind: str) -> None:
    ssm.add_client_error("put_parameter", "ParameterAlreadyExists")
    assert handler.handle(_event(kind), None) == {"PhysicalResourceId": NAME}


def test_keys_outlive_their_stack(ssm: Stubber) -> None:
    assert handler.handle(_event("Delete"), None) == {"PhysicalResourceId": NAME}
    ssm.assert_no_pending_responses()


def test_the_answer_never_holds_a_key(ssm: Stubber, capsys: pytest.CaptureFixture[str]) -> None:
    ssm.add_response("put_parameter", {"Version": 1})
    answer = handler.handle(_event("Create"), None)
    assert "keys" not in json.dumps(answer).replace(NAME, "")
    assert capsys.readouterr().out == ""
