"""The CDK app: `cdk synth` and `cdk deploy` run this file."""

from __future__ import annotations

import sys

import aws_cdk as cdk

from stacks.api_stack import ApiStack
from stacks.data_stack import DataStack
from stacks.delivery_stack import DeliveryStack
from stacks.monitoring_stack import MonitoringStack
from stacks.settings import Settings, SettingsError, read_settings
from stacks.web_stack import WebContentStack, WebHostingStack


def build_app(app: cdk.App, settings: Settings) -> None:
    """Add every stack of one environment to `app`; or what lets a GitHub repository deploy them.

    The latter is for the whole account, and for a person to deploy: a workflow that deployed it
    could give itself more rights.
    """
    cdk.Tags.of(app).add("project", "cv-location-classifier")
    if settings.github_repository:
        DeliveryStack(app, "cv-location-classifier-delivery", settings=settings)
        return
    prefix = f"cv-location-classifier-{settings.environment}"
    hosting = None
    if settings.hosts_web:
        # Before the API, which has to know whose browsers may call it.
        hosting = WebHostingStack(app, f"{prefix}-web", settings=settings)
        settings = settings.with_page_at(hosting.url)
    data = DataStack(app, f"{prefix}-data", settings=settings)
    api = ApiStack(app, f"{prefix}-api", settings=settings, data=data)
    MonitoringStack(app, f"{prefix}-monitoring", settings=settings, data=data, api=api)
    if hosting:
        # After it, since the page has to know where the API is.
        WebContentStack(
            app, f"{prefix}-web-content", settings=settings, hosting=hosting, data=data, api=api
        )
    cdk.Tags.of(app).add("environment", settings.environment)


def main() -> None:
    """Read the settings, refuse bad ones by name, and write the assembly."""
    app = cdk.App()
    try:
        settings = read_settings(app.node.get_all_context())
        build_app(app, settings)
    except SettingsError as error:
        sys.exit(f"\n{error}\n")
    app.synth()


if __name__ == "__main__":
    main()
