"""The functions, their layers, and the HTTP API in front of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from stacks.constructs.public_http_api import PublicHttpApi
from stacks.service.account import add_account
from stacks.service.auth import add_auth
from stacks.service.authorizer import create_authorizer
from stacks.service.describe import add_describe
from stacks.service.docs import add_docs
from stacks.service.foundation import Foundation
from stacks.service.predict import add_predict
from stacks.service.recommend import add_recommend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from stacks.constructs.service_function import ServiceFunction
    from stacks.data_stack import DataStack
    from stacks.settings import Settings


class ApiStack(cdk.Stack):
    """Everything that answers requests; holds no state of its own."""

    def __init__(
        self, scope: Construct, construct_id: str, *, settings: Settings, data: DataStack
    ) -> None:
        """Create the functions and their routes over the resources of `data`."""
        super().__init__(scope, construct_id, synthesizer=settings.platform.synthesizer())
        foundation = Foundation(self, settings=settings, data=data)
        self.http_api = PublicHttpApi(
            self, "Api", settings=settings, authorizer=create_authorizer(foundation)
        )
        add_auth(foundation, self.http_api)
        add_account(foundation, self.http_api)
        predict = add_predict(foundation, self.http_api)
        add_describe(foundation, self.http_api, predict=predict)
        add_recommend(foundation, self.http_api)
        add_docs(foundation, self.http_api)
        self.functions: Mapping[str, ServiceFunction] = foundation.functions
        cdk.CfnOutput(self, "ApiId", value=self.http_api.api.api_id)
        cdk.CfnOutput(self, "ApiUrl", value=self.http_api.api.api_endpoint)
