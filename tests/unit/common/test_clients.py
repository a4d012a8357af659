"""AWS clients are made once and give up in time."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, get_args

import pytest
from botocore.loaders import Loader

from common import aws_session, clients
from common.aws_session import Service
from common.clients import client, prepare_on_lambda

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(autouse=True)
def _forget_clients() -> None:
    aws_session.session.cache_clear()
    clients.client.cache_clear()


def test_a_client_is_made_once() -> None:
    assert client("dynamodb") is client("dynamodb")
    assert client("ssm") is not client("dynamodb")


@pytest.mark.parametrize("service", get_args(Service))
def test_a_service_is_described_as_botocores_own_loader_describes_it(service: str) -> None:
    ours, theirs = aws_session.session().get_component("data_loader"), Loader()
    for kind in ("service-2", "endpoint-rule-set-1", "paginators-1"):
        model: Mapping[str, object] = ours.load_service_model(service, kind)
        assert model == theirs.load_service_model(service, kind)
    assert ours.load_data_with_path("endpoints") == theirs.load_data_with_path("endpoints")


def test_a_client_gives_up_before_the_function_that_waits_for_it_is_stopped() -> None:
    config = client("dynamodb").meta.config
    # botocore's "standard" mode waits up to 1, 2, 4 ... s between attempts.
    pauses_seconds = sum(2**at for at in range(clients.ATTEMPTS - 1))
    longest = clients.ATTEMPTS * (config.connect_timeout + config.read_timeout) + pauses_seconds
    assert longest <= clients.FUNCTION_TIMEOUT_SECONDS - 2


def test_forms_for_s3_are_signed_with_version_4_for_the_buckets_own_region(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    form = client("s3").generate_presigned_post("photos", "key")
    assert form["url"] == "https://photos.s3.eu-west-1.amazonaws.com/"
    assert form["fields"]["x-amz-algorithm"] == "AWS4-HMAC-SHA256"


def test_forms_for_the_local_cloud_go_to_its_one_host_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
    form = client("s3").generate_presigned_post("photos", "key")
    assert form["url"] == "http://localhost:4566/photos"


def test_preparing_is_for_the_init_phase_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    prepare_on_lambda(lambda: done.append(1))
    assert done == []
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    try:
        prepare_on_lambda(lambda: done.append(1), lambda: done.append(2))
    finally:
        gc.unfreeze()
    assert done == [1, 2]
