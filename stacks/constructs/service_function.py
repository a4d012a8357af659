"""One Lambda function of the service: its package, its log group and its role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.constructs.logged_function import create_log_group, create_role
from stacks.settings import REPOSITORY, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stacks.sizes import Size

FUNCTIONS = REPOSITORY / "functions"
# For what imports NumPy: its OpenBLAS starts a thread for each core that it sees, which spins
# before it sleeps. On two cores importing NumPy took 110 ms of CPU with it and 60 without, and
# the share of a core of a function is one.
ONE_BLAS_THREAD = {"OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Package:
    """How a function's code reaches Lambda."""

    code: lambda_.Code
    handler: str
    runtime: lambda_.Runtime
    architecture: lambda_.Architecture
    layers: Sequence[lambda_.ILayerVersion] = field(default_factory=tuple)


def zip_package(
    name: str, *, settings: Settings, layers: Sequence[lambda_.ILayerVersion]
) -> Package:
    """Package `functions/<name>` as a zip with the folder in it: imports read `<name>.…`."""
    return Package(
        code=lambda_.Code.from_asset(
            str(FUNCTIONS),
            exclude=["/*", f"!/{name}", "__pycache__", "Dockerfile", "requirements*"],
            ignore_mode=cdk.IgnoreMode.GIT,
        ),
        handler=f"{name}.handler.handle",
        runtime=lambda_.Runtime.PYTHON_3_13,
        architecture=settings.platform.zip_architecture,
        layers=layers,
    )


def image_package(name: str, *, settings: Settings) -> Package:
    """Package `functions/<name>/Dockerfile` as a container image for x86_64.

    The build context is the repository, as far as `.dockerignore` lets it in.
    """
    return Package(
        code=lambda_.Code.from_asset_image(
            str(REPOSITORY),
            file=f"functions/{name}/Dockerfile",
            platform=ecr_assets.Platform.LINUX_AMD64,
            build_args={
                "BASE_IMAGE": settings.base_image,
                "TEXT_ENCODER": settings.text_encoder,
                "TORCH_THREADS": str(settings.platform.torch_threads),
            },
            exclude=["cdk.out"],
        ),
        handler=lambda_.Handler.FROM_IMAGE,
        runtime=lambda_.Runtime.FROM_IMAGE,
        architecture=lambda_.Architecture.X86_64,
    )


class ServiceFunction(Construct):
    """A function with a log group of its own and a role that may only write to it."""

    def __init__(  # noqa: PLR0913 - each is a decision of the caller
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        settings: Settings,
        package: Package,
        size: Size,
        environment: Mapping[str, str],
    ) -> None:
        """Create the function `cv-location-classifier-<environment>-<name>`."""
        super().__init__(scope, construct_id)
        function_name = f"cv-location-classifier-{settings.environment}-{name}"
        # As text, which other stacks can use without depending on this one.
        self.function_name = function_name
        self.log_group_name = f"/aws/lambda/{function_name}"
        self.timeout_seconds = size.timeout_seconds
        self.log_group = create_log_group(
            self, "Logs", function_name=function_name, retention=settings.log_retention
        )
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=function_name,
            description=description,
            code=package.code,
            handler=package.handler,
            runtime=package.runtime,
            architecture=package.architecture,
            layers=list(package.layers) or None,
            memory_size=size.memory_mb,
            timeout=cdk.Duration.seconds(size.timeout_seconds),
            tracing=settings.tracing,
            log_group=self.log_group,
            role=create_role(self, "Role", log_group=self.log_group),
            environment={
                "ENVIRONMENT": settings.environment,
                "LOG_LEVEL": settings.log_level,
                "SERVICE_VERSION": settings.service_version,
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_METRICS_NAMESPACE": settings.metrics_namespace,
                # It would look through every installed package for plugins.
                "PYDANTIC_DISABLE_PLUGINS": "__all__",
                # The tracer is loaded wherever Lambda is, and takes its time.
                **({} if settings.traced else {"POWERTOOLS_TRACE_DISABLED": "true"}),
                **environment,
            },
        )
