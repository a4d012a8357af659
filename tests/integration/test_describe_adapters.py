"""The token in SSM and `predict` in Lambda, as `describe` asks for them."""

from __future__ import annotations

import io
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from common.ulids import new_ulid
from describe import api_token
from describe.api_token import token_in_ssm
from describe.classifier import ClassifierUnavailable, PredictFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Stands in for `predict`: tells what it was asked, or fails as it was told.
_CODE = """
def handle(event, context):
    if event["classify"]["image_sha256"] == "fail":
        raise ValueError("as asked")
    return {"answer": {"seen": event["classify"]["image"]}}
"""
_TAKEN_BY_LAMBDA = """{
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole"
    }]
}"""
PLENTY_SECONDS = 60.0


@pytest.fixture
def ssm(make_client: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401
    ssm = make_client("ssm")
    monkeypatch.setattr(api_token, "client", lambda _service, **_options: ssm)
    return ssm


def test_a_token_is_read_and_decrypted(ssm: Any) -> None:  # noqa: ANN401
    name = f"/integration/{new_ulid()}/vision-token"
    ssm.put_parameter(Name=name, Type="SecureString", Value="hf_integration")
    try:
        assert token_in_ssm(name).get() == "hf_integration"
    finally:
        ssm.delete_parameter(Name=name)


@pytest.mark.usefixtures("ssm")
def test_a_parameter_that_does_not_exist_is_no_token() -> None:
    assert token_in_ssm(f"/integration/{new_ulid()}/nothing").get() is None


@pytest.fixture(scope="module")
def predict(make_client: Callable[[str], Any]) -> Iterator[PredictFunction]:
    aws_lambda, iam, name = make_client("lambda"), make_client("iam"), f"predict-{new_ulid()}"
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_TAKEN_BY_LAMBDA)["Role"]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as files:
        files.writestr("stand_in.py", _CODE)
    aws_lambda.create_function(
        FunctionName=name,
        Runtime=f"python3.{sys.version_info.minor}",
        Handler="stand_in.handle",
        Role=role["Arn"],
        Code={"ZipFile": package.getvalue()},
    )
    yield PredictFunction(name, lambda: aws_lambda)
    aws_lambda.delete_function(FunctionName=name)
    iam.delete_role(RoleName=name)


def test_predict_is_asked_by_name(predict: PredictFunction) -> None:
    answer = predict.classify(b"\xff\xd8 a photo", "ab", PLENTY_SECONDS)
    assert answer == {"seen": "/9ggYSBwaG90bw=="}


def test_a_predict_that_fails_is_out_of_reach(predict: PredictFunction) -> None:
    with pytest.raises(ClassifierUnavailable):
        predict.classify(b"", "fail", PLENTY_SECONDS)


def test_a_predict_that_does_not_exist_is_out_of_reach(
    make_client: Callable[[str], Any],
) -> None:
    missing = PredictFunction(f"predict-{new_ulid()}", lambda: make_client("lambda"))
    with pytest.raises(ClassifierUnavailable):
        missing.classify(b"", "ab", PLENTY_SECONDS)
