"""Photos in words by a remote model: the deployed function, its token in SSM, and a stand-in."""

from __future__ import annotations

import base64
import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.stand_ins.chat_server import TOKEN, ChatServer, Hang, Say, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_ssm import SSMClient

    from local.cloud import LocalCloud
    from tests.end_to_end.conftest import Traveller

FUNCTION = "cv-location-classifier-local-describe"
PREDICT = "cv-location-classifier-local-predict"
# So short that a hanging model is soon given up, so long that a busy machine asks it at all.
SHORT = {"ANSWER_WITHIN_MS": "14000", "LOCAL_ANSWER_MS": "10000", "SHORTEST_CALL_MS": "100"}
PROMPT = "Is the pangolin of Zanzibar anywhere here?"


@pytest.fixture(scope="module")
def aws_lambda(local_cloud: LocalCloud) -> Any:  # noqa: ANN401 - as boto3
    return local_cloud.session().client("lambda", endpoint_url=local_cloud.url)


@pytest.fixture(scope="module")
def endpoint(
    api: httpx.Client,  # noqa: ARG001 - what is deployed
    aws_lambda: Any,  # noqa: ANN401 - as boto3
    ssm: SSMClient,
) -> Iterator[ChatServer]:
    """Return a stand-in that the deployed function asks while this module's tests run."""
    with ChatServer() as server:
        changes = {"VISION_BASE_URL": server.base_url, "CALL_INTERVAL_MS": "1", **SHORT}
        with changed_environment(aws_lambda, changes) as variables:
            name = variables["VISION_TOKEN_PARAMETER"]
            ssm.put_parameter(Name=name, Type="SecureString", Value=TOKEN)
            try:
                yield server
            finally:
                ssm.delete_parameter(Name=name)


@contextmanager
def changed_environment(
    aws_lambda: Any,  # noqa: ANN401 - as boto3
    changes: dict[str, str],
) -> Iterator[dict[str, str]]:
    """Give the function other variables for a while; its next request starts a new instance."""
    deployed = aws_lambda.get_function_configuration(FunctionName=FUNCTION)
    variables = deployed["Environment"]["Variables"]
    waiter = aws_lambda.get_waiter("function_updated_v2")
    try:
        aws_lambda.update_function_configuration(
            FunctionName=FUNCTION, Environment={"Variables": variables | changes}
        )
        waiter.wait(FunctionName=FUNCTION, WaiterConfig={"Delay": 1})
        yield variables
    finally:
        aws_lambda.update_function_configuration(
            FunctionName=FUNCTION, Environment={"Variables": variables}
        )
        waiter.wait(FunctionName=FUNCTION, WaiterConfig={"Delay": 1})


@pytest.fixture
def server(endpoint: ChatServer) -> ChatServer:
    """Return the stand-in as if nobody had called it yet."""
    endpoint.script(Say())
    endpoint.calls.clear()
    return endpoint


@pytest.fixture
def photo() -> bytes:
    """Make a photo that nothing has been said of yet."""
    encoded = io.BytesIO()
    Image.effect_noise((1024, 640), 80).convert("RGB").save(encoded, "JPEG")
    return encoded.getvalue()


def describe(api: httpx.Client, traveller: Traveller, **body: object) -> dict[str, Any]:
    answer = api.post("/describe", json=body, headers=traveller.headers)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def predict(api: httpx.Client, traveller: Traveller, photo: bytes) -> str:
    """Have a photo named: it is known then, and the function that a local answer needs is warm."""
    headers = {**traveller.headers, "content-type": "image/jpeg"}
    answer = api.post("/predict", content=photo, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["prediction_id"])


def encoded(photo: bytes) -> str:
    return base64.b64encode(photo).decode()


def test_a_model_describes_a_photo_and_is_not_paid_for_it_twice(
    api: httpx.Client, traveller: Traveller, server: ChatServer, photo: bytes
) -> None:
    server.script(Say("A red kite over dunes."))
    prediction_id = predict(api, traveller, photo)
    before = describe(api, traveller, prediction_id=prediction_id)
    assert (before["source"], before["reason"]) == ("local", "photo_not_kept")

    first = describe(api, traveller, image=encoded(photo))
    assert first["description"] == "A red kite over dunes."
    assert (first["source"], first["cached"], first["reason"]) == ("llava", False, None)
    assert first["model"] == server.calls[0].model
    assert first["quota"]["remaining"] == before["quota"]["remaining"] - 1

    again = describe(api, traveller, image=encoded(photo))
    of_prediction = describe(api, traveller, prediction_id=prediction_id)
    for remembered in (again, of_prediction):
        assert remembered == {**first, "cached": True}
    assert len(server.calls) == 1
    assert server.refusals == []
    with Image.open(io.BytesIO(server.calls[0].photo)) as shrunk:
        assert shrunk.size == (768, 480)


def test_another_prompt_is_another_question(
    api: httpx.Client, traveller: Traveller, server: ChatServer, photo: bytes
) -> None:
    server.script(Say("Dunes."), Say("A kite."))
    asked = [
        describe(api, traveller, image=encoded(photo)),
        describe(api, traveller, image=encoded(photo), prompt="What is  flying?"),
        describe(api, traveller, image=encoded(photo), prompt="What is flying?"),
    ]
    assert [one["description"] for one in asked] == ["Dunes.", "A kite.", "A kite."]
    assert [one["cached"] for one in asked] == [False, False, True]
    assert server.calls[1].prompt == "What is flying?"


@pytest.mark.parametrize(
    ("step", "reason"),
    [(Status(401), "model_unavailable"), (Hang(), "model_too_slow")],
    ids=["refusing", "hanging"],
)
def test_a_model_that_is_of_no_use_is_replaced_in_time(
    api: httpx.Client,
    traveller: Traveller,
    server: ChatServer,
    photo: bytes,
    step: Status | Hang,
    reason: str,
) -> None:
    server.script(step)
    predict(api, traveller, photo)
    # In time: the function itself is ended, with an error, long before the stand-in stops hanging.
    body = describe(api, traveller, image=encoded(photo))
    assert (body["source"], body["reason"], body["cached"]) == ("local", reason, False)
    assert body["description"].startswith("I do not know this place")
    assert len(server.calls) == 1


def test_no_log_holds_the_token_or_what_was_asked(
    api: httpx.Client,
    logs: CloudWatchLogsClient,
    traveller: Traveller,
    server: ChatServer,
    photo: bytes,
) -> None:
    server.script(Say("Nothing but a secret garden."), Status(500), Status(401))
    describe(api, traveller, image=encoded(photo), prompt=PROMPT)
    form = api.post(
        "/describe",
        files={"file": ("p.jpg", photo, "image/jpeg")},
        data={"prompt": f"{PROMPT} And here?"},
        headers=traveller.headers,
    )
    assert form.json()["source"] == "local"
    too_long = {"image": encoded(photo), "prompt": PROMPT * 20}
    assert api.post("/describe", json=too_long, headers=traveller.headers).status_code == 422
    written = [
        event["message"]
        for name in (FUNCTION, PREDICT)
        for event in logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    ]
    outcomes = [json.loads(line)["outcome"] for line in written if '"upstream call"' in line]
    assert {"answered", "server_error", "token_refused"} <= set(outcomes)
    everything = "\n".join(written)
    for secret in (TOKEN, "pangolin", "secret garden", encoded(photo)[:60]):
        assert secret not in everything
