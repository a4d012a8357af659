"""The functions, their layers, and the HTTP API in front of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from stacks.constructs.auth_settings import auth_environment, grant_sending
from stacks.constructs.docs_site import require_docs_site
from stacks.constructs.layers import (
    catalogue_layer,
    packages_layer,
    require_text_encoder,
    text_search_layer,
)
from stacks.constructs.public_http_api import PublicHttpApi, Route
from stacks.constructs.service_function import (
    Package,
    ServiceFunction,
    image_package,
    zip_package,
)
from stacks.constructs.table_access import grant_items
from stacks.constructs.upload_access import grant_uploads
from stacks.constructs.vision_access import grant_vision, vision_environment
from stacks.model_info import read_model_info
from stacks.settings import MODEL_LAYER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from stacks.data_stack import DataStack
    from stacks.settings import Settings

# Python's start and the imports are CPU, and CPU comes with memory: below half a gigabyte a cold
# start takes seconds.
SMALL_MB = 512
# bcrypt is CPU alone: this is the size with one whole core, and the GB-seconds stay the same.
ONE_CORE_MB = 1_769
# The most that a new account allows.
LARGEST_MB = 3_008
# A request that waits for a table out of reach gives up after 11 s: three attempts of 3 s, and the
# pauses between them.
SHORT_TIMEOUT_SECONDS = 15
# API Gateway gives an integration 30 s; a function that ends before it can say why.
LONGEST_TIMEOUT_SECONDS = 29


class ApiStack(cdk.Stack):
    """Everything that answers requests; holds no state of its own."""

    def __init__(
        self, scope: Construct, construct_id: str, *, settings: Settings, data: DataStack
    ) -> None:
        """Create the functions and their routes over the resources of `data`."""
        super().__init__(scope, construct_id, synthesizer=settings.platform.synthesizer())
        self._settings = settings
        self._data = data
        self.functions: dict[str, ServiceFunction] = {}
        self._shared_layer = packages_layer(
            self,
            "SharedLayer",
            settings=settings,
            folder=settings.platform.shared_layer,
            description="The `common` package and the libraries that the zip functions import",
        )
        self.http_api = PublicHttpApi(
            self, "Api", settings=settings, authorizer=self._create_authorizer()
        )
        self._add_auth()
        self._add_account()
        self._add_describe(predict=self._add_predict())
        self._add_recommend()
        self._add_docs()
        cdk.CfnOutput(self, "ApiId", value=self.http_api.api.api_id)
        cdk.CfnOutput(self, "ApiUrl", value=self.http_api.api.api_endpoint)

    def _create_function(self, construct_id: str, **what: Any) -> lambda_.Function:
        created = ServiceFunction(self, construct_id, settings=self._settings, **what)
        self.functions[what["name"]] = created
        return created.function

    def _zip(self, name: str, layers: Sequence[lambda_.ILayerVersion] = ()) -> Package:
        return zip_package(name, settings=self._settings, layers=[self._shared_layer, *layers])

    @property
    def _table_name(self) -> dict[str, str]:
        return {"TABLE_NAME": self._data.table.table_name}

    @property
    def _upload_settings(self) -> dict[str, str]:
        return {
            "UPLOADS_BUCKET": self._data.uploads_bucket.bucket_name,
            "MAX_UPLOAD_BYTES": str(self._settings.max_upload_bytes),
        }

    @property
    def _token_settings(self) -> dict[str, str]:
        return {
            "JWT_KEYS_PARAMETER": self._settings.jwt_keys_parameter,
            "JWT_ISSUER": self._settings.jwt_issuer,
            "JWT_AUDIENCE": self._settings.jwt_audience,
        }

    def _create_authorizer(self) -> lambda_.Function:
        function = self._create_function(
            "Authorizer",
            name="authorizer",
            description="Checks the access token of a request",
            package=self._zip("authorizer"),
            memory_mb=SMALL_MB,
            timeout_seconds=SHORT_TIMEOUT_SECONDS,
            environment=self._token_settings,
        )
        self._data.jwt_keys.grant_read(function)
        return function

    def _add_auth(self) -> None:
        function = self._create_function(
            "Auth",
            name="auth",
            description="Sign-up, sessions and passwords",
            package=self._zip("auth"),
            memory_mb=ONE_CORE_MB,
            timeout_seconds=SHORT_TIMEOUT_SECONDS,
            environment={
                **self._table_name,
                **self._token_settings,
                **auth_environment(self._settings),
            },
        )
        self._data.jwt_keys.grant_read(function)
        table = self._data.table
        for actions, partition_keys in (
            (["GetItem", "UpdateItem"], ["EMAIL#*", "USER#*", "ATTEMPTS#*"]),
            (["PutItem"], ["EMAIL#*", "USERNAME#*", "USER#*"]),
            (["DeleteItem"], ["USER#*", "ATTEMPTS#*"]),
            (["ConditionCheckItem"], ["EMAIL#*"]),
        ):
            grant_items(function, table, actions=actions, partition_keys=partition_keys)
        grant_sending(function, self._settings)
        self.http_api.add_routes(
            function,
            [
                Route("POST", "/auth/signup", public=True),
                Route("POST", "/auth/login", public=True),
                Route("POST", "/auth/refresh", public=True),
                Route("POST", "/auth/logout", public=True),
                Route("POST", "/auth/password"),
                Route("POST", "/auth/password-reset/request", public=True),
                Route("POST", "/auth/password-reset/confirm", public=True),
            ],
        )

    def _add_account(self) -> None:
        own_layers = self._settings.platform.function_layers
        layers = [self._create_account_packages()] if own_layers else []
        function = self._create_function(
            "Account",
            name="account",
            description="The signed-in user's own data",
            package=self._zip("account", layers),
            memory_mb=SMALL_MB,
            timeout_seconds=SHORT_TIMEOUT_SECONDS,
            environment={
                **self._table_name,
                "PASSWORDS_PER_EMAIL": str(self._settings.passwords_per_email),
            },
        )
        for actions, partition_keys in (
            (["GetItem"], ["USER#*", "EMAIL#*", "DELETIONS"]),
            (["Query", "BatchWriteItem"], ["USER#*", "DELETIONS"]),
            (["PutItem"], ["USER#*", "USERNAME#*", "DELETIONS"]),
            (["UpdateItem"], ["USER#*", "EMAIL#*", "ATTEMPTS#*"]),
            (["DeleteItem"], ["USER#*", "EMAIL#*", "USERNAME#*", "ATTEMPTS#*"]),
            (["ConditionCheckItem"], ["USER#*"]),
        ):
            grant_items(function, self._data.table, actions=actions, partition_keys=partition_keys)
        self.http_api.add_routes(
            function,
            [
                Route("GET", "/user/profile"),
                Route("PATCH", "/user/profile"),
                Route("DELETE", "/user/profile"),
                Route("GET", "/user/export"),
                Route("GET", "/predictions"),
                Route("GET", "/predictions/{prediction_id}"),
                Route("DELETE", "/predictions/{prediction_id}"),
                Route("POST", "/feedback"),
                Route("POST", "/itinerary"),
                Route("GET", "/itinerary"),
                Route("GET", "/itinerary/{itinerary_id}"),
                Route("PATCH", "/itinerary/{itinerary_id}"),
                Route("DELETE", "/itinerary/{itinerary_id}"),
                Route("GET", "/itinerary/{itinerary_id}/order"),
            ],
        )

    def _create_account_packages(self) -> lambda_.ILayerVersion:
        return packages_layer(
            self,
            "AccountPackages",
            settings=self._settings,
            folder="account-aws",
            description="What writes itineraries as GeoJSON, GPX and iCalendar",
        )

    def _add_predict(self) -> lambda_.Function:
        platform = self._settings.platform
        package = (
            image_package("predict", settings=self._settings)
            if platform.predict_package == "image"
            else self._zip("predict")
        )
        function = self._create_function(
            "Predict",
            name="predict",
            description="Names the landmark on a photo",
            package=package,
            memory_mb=LARGEST_MB,
            timeout_seconds=LONGEST_TIMEOUT_SECONDS,
            environment={
                **self._table_name,
                "MODEL_ROOT": platform.model_root,
                "COMPILED_MODEL_PATH": platform.compiled_model_path,
                "TORCH_THREADS": str(platform.torch_threads),
                "TEXT_ENCODER": self._settings.text_encoder,
                **self._upload_settings,
                "UPLOAD_FORMS_A_DAY": str(self._settings.upload_forms_a_day),
            },
        )
        table = self._data.table
        grant_items(function, table, actions=["PutItem", "UpdateItem"], partition_keys=["USER#*"])
        grant_items(function, table, actions=["GetItem", "PutItem"], partition_keys=["IMAGE#*"])
        grant_uploads(function, self._data.uploads_bucket, actions=["GetObject", "PutObject"])
        self.http_api.add_routes(function, [Route("POST", "/predict"), Route("POST", "/uploads")])
        return function

    def _add_describe(self, predict: lambda_.Function) -> None:
        platform = self._settings.platform
        layers = self._create_describe_layers() if platform.function_layers else []
        function = self._create_function(
            "Describe",
            name="describe",
            description="Puts photos into words",
            package=self._zip("describe", layers),
            # Decoding the largest photos takes a gigabyte: 974 MiB for a transparent PNG of 50 MP.
            memory_mb=ONE_CORE_MB,
            timeout_seconds=LONGEST_TIMEOUT_SECONDS,
            environment={
                **self._table_name,
                "MODEL_ROOT": platform.model_root,
                "PREDICT_FUNCTION_NAME": predict.function_name,
                "UPLOADS_BUCKET": self._data.uploads_bucket.bucket_name,
                **vision_environment(self._settings),
            },
        )
        grant_items(
            function,
            self._data.table,
            actions=["GetItem", "UpdateItem"],
            partition_keys=["USER#*", "IMAGE#*", "BUDGET#*"],
        )
        grant_uploads(function, self._data.uploads_bucket, actions=["GetObject"])
        grant_vision(function, predict, self._settings)
        self.http_api.add_routes(function, [Route("POST", "/describe")])

    def _create_describe_layers(self) -> list[lambda_.ILayerVersion]:
        packages = packages_layer(
            self,
            "DescribePackages",
            settings=self._settings,
            folder="describe-aws",
            description="The HTTP client and the image library of `describe`",
        )
        return [packages, catalogue_layer(self, "Catalogue")]

    def _add_recommend(self) -> None:
        platform = self._settings.platform
        require_text_encoder(self._settings.text_encoder)
        layers = self._create_recommend_layers() if platform.function_layers else []
        function = self._create_function(
            "Recommend",
            name="recommend",
            description="Places worth going to, and the catalogue of landmarks",
            package=self._zip("recommend", layers),
            # It takes 190 MB; the rest is for the core that comes with it. A query is computing
            # alone, so that the GB-seconds are the same at any size.
            memory_mb=ONE_CORE_MB,
            # Besides the table, the longest description takes it 2 s.
            timeout_seconds=SHORT_TIMEOUT_SECONDS,
            environment={
                **self._table_name,
                "MODEL_ROOT": platform.model_root,
                "TEXT_ENCODER": self._settings.text_encoder,
                "ENCODER_THREADS": "1",
                **{
                    f"{part.upper()}_PERCENT": str(percent)
                    for part, percent in self._settings.ranking_percent.items()
                },
            },
        )
        grant_items(function, self._data.table, actions=["GetItem"], partition_keys=["USER#*"])
        self.http_api.add_routes(
            function,
            [
                Route("POST", "/recommend"),
                Route("GET", "/landmarks", public=True),
                Route("GET", "/landmarks/{landmark_id}", public=True),
            ],
        )

    def _create_recommend_layers(self) -> list[lambda_.ILayerVersion]:
        packages = packages_layer(
            self,
            "RecommendPackages",
            settings=self._settings,
            folder="recommend-aws",
            description="NumPy, ONNX Runtime and the tokenizer of `recommend`",
        )
        return [packages, text_search_layer(self, "TextSearch", settings=self._settings)]

    def _add_docs(self) -> None:
        require_docs_site()
        function = self._create_function(
            "Docs",
            name="docs",
            description="Health, facts about the service, and its documentation",
            package=self._zip("docs"),
            memory_mb=SMALL_MB,
            timeout_seconds=SHORT_TIMEOUT_SECONDS,
            environment={"MODEL_INFO": read_model_info(MODEL_LAYER, self._settings.text_encoder)},
        )
        self.http_api.add_routes(
            function,
            [
                Route("GET", "/health", public=True),
                Route("GET", "/info", public=True),
                Route("GET", "/openapi.json", public=True),
                Route("GET", "/docs", public=True),
                Route("GET", "/docs/{file}", public=True),
            ],
        )
