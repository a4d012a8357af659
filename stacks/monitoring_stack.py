"""What the people who run the service look at, and what wakes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from stacks.constructs.alarms import Alarms
from stacks.constructs.budget import add_budget
from stacks.constructs.dashboards.dashboards import Dashboards

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.api_stack import ApiStack
    from stacks.data_stack import DataStack
    from stacks.settings import Settings


class MonitoringStack(cdk.Stack):
    """Dashboards and alarms over the other stacks; deleting it changes nothing for users."""

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
        super().__init__(scope, construct_id, synthesizer=settings.platform.synthesizer())
        alarms = Alarms(self, "Alarms", settings=settings, data=data, api=api)
        Dashboards(
            self,
            "Dashboards",
            settings=settings,
            data=data,
            api=api,
            alarms=[child for child in alarms.node.children if isinstance(child, cloudwatch.Alarm)],
        )
        add_budget(self, "Budget", settings=settings)
