"""The alarms of one environment, told to its topic when they are raised and when they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from stacks.constructs.alarm_list import alarms_of
from stacks.constructs.alarm_topic import create_alarm_topic

if TYPE_CHECKING:
    from stacks.api_stack import ApiStack
    from stacks.data_stack import DataStack
    from stacks.settings import Settings

RUNBOOK = "docs/runbook.md"


class Alarms(Construct):
    """Every alarm of `alarm_list.py`, and the topic that they go to."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        data: DataStack,
        api: ApiStack,
    ) -> None:
        """Watch the functions and the gateway of `api`, and the table of `data`."""
        super().__init__(scope, construct_id)
        self.topic = create_alarm_topic(self, "Topic", settings=settings)
        tell = actions.SnsAction(self.topic)
        predict = api.functions["predict"].function
        namespace = settings.metrics_namespace
        for alarm in alarms_of(api.http_api.api, data.table, predict, namespace):
            created = alarm.metric.create_alarm(
                self,
                alarm.name,
                alarm_name=f"cv-location-classifier-{settings.environment}-{alarm.name}",
                alarm_description=alarm.describe(settings.runbook_url or RUNBOOK),
                threshold=alarm.threshold,
                datapoints_to_alarm=alarm.datapoints,
                evaluation_periods=alarm.periods,
                comparison_operator=(
                    cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
                ),
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            created.add_alarm_action(tell)
            created.add_ok_action(tell)
