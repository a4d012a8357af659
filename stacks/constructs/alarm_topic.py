"""Where alarms go: a topic that CloudWatch may publish to, and the owner's mailbox behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.settings import Settings

UNHEARD = (
    "alarm_email is not set: alarms are raised, but reach nobody, and there is no budget. "
    "Deploy with -c alarm_email=you@example.com"
)


def create_alarm_topic(scope: Construct, construct_id: str, *, settings: Settings) -> sns.Topic:
    """Return the topic; it has a subscription where the settings name an address.

    A topic without a policy lets everything of its account publish. One with a policy, which
    refusing plain HTTP needs, has to name CloudWatch, or every alarm is lost without a word.
    """
    name = f"cv-location-classifier-{settings.environment}-alarms"
    topic = sns.Topic(
        scope, construct_id, topic_name=name, enforce_ssl=settings.platform.enforce_tls
    )
    stack = cdk.Stack.of(scope)
    alarms = stack.format_arn(
        service="cloudwatch",
        resource="alarm",
        resource_name="*",
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AlarmsOfThisAccount",
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": alarms},
            },
        )
    )
    if settings.alarm_email:
        topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
    elif settings.platform.budgets:
        cdk.Annotations.of(scope).add_warning_v2("cv-location-classifier:unheard", UNHEARD)
    return topic
