"""Mail when the month becomes dearer than it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_budgets as budgets

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.settings import Settings

# In percent of the budget. Half of it leaves time to look; the bill is some hours behind.
SPENT_PERCENT = (50, 100)
# A forecast needs about five weeks of bills: a new account has none.
FORECAST_PERCENT = 100


def add_budget(
    scope: Construct, construct_id: str, *, settings: Settings
) -> budgets.CfnBudget | None:
    """Create the budget of the account; None where there is nobody to tell, or it is not wanted.

    A notification needs a subscriber, and a budget without notifications tells nobody anything.
    CloudFormation has the type in some regions only: elsewhere `monthly_budget_dollars` is 0, and
    the budget is made once by hand (docs/runbook.md).
    """
    wanted = settings.platform.budgets and settings.alarm_email and settings.monthly_budget_dollars
    if not wanted:
        return None
    watched = [("ACTUAL", percent) for percent in SPENT_PERCENT]
    return budgets.CfnBudget(
        scope,
        construct_id,
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_name=f"cv-location-classifier-{settings.environment}",
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(
                amount=settings.monthly_budget_dollars, unit="USD"
            ),
            # A new account's credits would hide what it costs until the day they end.
            cost_types=budgets.CfnBudget.CostTypesProperty(
                include_credit=False, include_refund=False
            ),
        ),
        notifications_with_subscribers=[
            budgets.CfnBudget.NotificationWithSubscribersProperty(
                notification=budgets.CfnBudget.NotificationProperty(
                    notification_type=kind,
                    comparison_operator="GREATER_THAN",
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                ),
                subscribers=[
                    budgets.CfnBudget.SubscriberProperty(
                        subscription_type="EMAIL", address=settings.alarm_email
                    )
                ],
            )
            for kind, percent in [*watched, ("FORECASTED", FORECAST_PERCENT)]
        ],
    )
