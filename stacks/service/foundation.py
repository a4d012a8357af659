"""What every function of the service stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stacks.constructs.layers import packages_layer
from stacks.constructs.service_function import Package, ServiceFunction, zip_package
from stacks.constructs.table_access import grant_items
from stacks.sizes import size_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from stacks.data_stack import DataStack
    from stacks.settings import Settings


class Foundation:
    """The settings, the resources that hold data, the shared layer, and the functions so far."""

    def __init__(self, scope: Construct, *, settings: Settings, data: DataStack) -> None:
        """Create the shared layer in `scope`, the stack that the functions belong to."""
        self.scope = scope
        self.settings = settings
        self.data = data
        self.functions: dict[str, ServiceFunction] = {}
        self._shared_layer = self.packages_layer(
            "SharedLayer",
            folder=settings.platform.shared_layer,
            description="The `common` package and the libraries that the zip functions import",
        )

    def create(self, construct_id: str, *, name: str, **what: Any) -> lambda_.Function:  # noqa: ANN401
        """Create the function `name`; `what` is the rest that a `ServiceFunction` takes."""
        created = ServiceFunction(
            self.scope,
            construct_id,
            name=name,
            settings=self.settings,
            size=size_of(name, text_encoder=self.settings.text_encoder),
            **what,
        )
        self.functions[name] = created
        return created.function

    def zip(self, name: str, layers: Sequence[lambda_.ILayerVersion] = ()) -> Package:
        """Package `functions/<name>` over the shared layer and `layers`."""
        return zip_package(name, settings=self.settings, layers=[self._shared_layer, *layers])

    def grant_items(
        self, function: lambda_.Function, *rights: tuple[Sequence[str], Sequence[str]]
    ) -> None:
        """Allow the function actions on items of the table: each with the partitions it is for."""
        for actions, partition_keys in rights:
            grant_items(function, self.data.table, actions=actions, partition_keys=partition_keys)

    def packages_layer(
        self, construct_id: str, *, folder: str, description: str
    ) -> lambda_.ILayerVersion:
        """Return a layer of packages that `make layers` built into `folder`."""
        return packages_layer(
            self.scope,
            construct_id,
            settings=self.settings,
            folder=folder,
            description=description,
        )

    @property
    def table_name(self) -> Mapping[str, str]:
        """Where the table is, for a function's environment."""
        return {"TABLE_NAME": self.data.table.table_name}

    @property
    def token_settings(self) -> Mapping[str, str]:
        """How access tokens are signed, for a function's environment."""
        return {
            "JWT_KEYS_PARAMETER": self.settings.jwt_keys_parameter,
            "JWT_ISSUER": self.settings.jwt_issuer,
            "JWT_AUDIENCE": self.settings.jwt_audience,
        }
