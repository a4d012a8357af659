"""The deployed alarms: they are there, and one that is raised is told to the topic, and its end."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from local.cloud import LocalCloud

PREFIX = "cv-location-classifier-local-"
_PATIENCE_SECONDS = 30.0


@pytest.fixture
def client_of(
    api: httpx.Client,  # noqa: ARG001 - what is deployed
    local_cloud: LocalCloud,
) -> Callable[[str], Any]:
    session = local_cloud.session()
    return lambda service: session.client(service, endpoint_url=local_cloud.url)  # type: ignore[call-overload]


@pytest.fixture
def alarms(client_of: Callable[[str], Any]) -> dict[str, Any]:
    """Return the deployed alarms by their short name."""
    found = client_of("cloudwatch").describe_alarms(AlarmNamePrefix=PREFIX)["MetricAlarms"]
    return {alarm["AlarmName"].removeprefix(PREFIX): alarm for alarm in found}


@pytest.fixture
def mailbox(
    client_of: Callable[[str], Any], alarms: dict[str, Any]
) -> Iterator[Callable[[], dict[str, Any]]]:
    """Subscribe a queue to the alarms' topic, and return what waits for its next message."""
    (topic,) = {action for alarm in alarms.values() for action in alarm["AlarmActions"]}
    sqs, sns = client_of("sqs"), client_of("sns")
    url = sqs.create_queue(QueueName=f"alarms-{secrets.token_hex(4)}")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    subscription = sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
    )

    def next_message() -> dict[str, Any]:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", []):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                told: dict[str, Any] = json.loads(json.loads(message["Body"])["Message"])
                return told
        pytest.fail("nobody was told")

    yield next_message
    sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=url)


def test_every_alarm_is_there_and_tells_of_its_beginning_and_its_end(
    alarms: dict[str, Any],
) -> None:
    assert len(alarms) == 10
    for alarm in alarms.values():
        assert alarm["ActionsEnabled"]
        assert alarm["AlarmActions"] == alarm["OKActions"]
        assert alarm["AlarmActions"][0].endswith(f":{PREFIX}alarms")


def test_an_alarm_is_raised_by_its_metric_and_told_with_what_to_look_at(
    client_of: Callable[[str], Any],
    alarms: dict[str, Any],
    mailbox: Callable[[], dict[str, Any]],
) -> None:
    alarm, cloudwatch = alarms["locked-out"], client_of("cloudwatch")
    cloudwatch.set_alarm_state(
        AlarmName=alarm["AlarmName"], StateValue="OK", StateReason="The tests begin."
    )
    if alarm["StateValue"] != "OK":
        assert mailbox()["NewStateValue"] == "OK"
    unchecked = {
        "MetricName": alarm["MetricName"],
        "Dimensions": alarm["Dimensions"],
        "Value": alarm["Threshold"],
        "Unit": "Count",
    }
    cloudwatch.put_metric_data(Namespace=alarm["Namespace"], MetricData=[unchecked])
    told = mailbox()
    assert (told["AlarmName"], told["NewStateValue"]) == (alarm["AlarmName"], "ALARM")
    assert "docs/runbook.md#locked-out" in told["AlarmDescription"]
    cloudwatch.set_alarm_state(
        AlarmName=alarm["AlarmName"], StateValue="OK", StateReason="The tests are over."
    )
    assert mailbox()["NewStateValue"] == "OK"
