"""The HTTP API and the functions behind it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from stacks.settings import REPOSITORY, SettingsError
from stacks.sizes import SIZES, size_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.infrastructure.conftest import Templates

PUBLIC_ROUTES = {
    "POST /auth/signup",
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /auth/logout",
    "POST /auth/password-reset/request",
    "POST /auth/password-reset/confirm",
    "GET /landmarks",
    "GET /landmarks/{landmark_id}",
    "GET /health",
    "GET /info",
    "GET /openapi.json",
    "GET /docs",
    "GET /docs/{file}",
}
PROTECTED_ROUTES = {
    "POST /auth/password",
    "GET /user/profile",
    "PATCH /user/profile",
    "DELETE /user/profile",
    "GET /user/export",
    "GET /predictions",
    "GET /predictions/{prediction_id}",
    "DELETE /predictions/{prediction_id}",
    "POST /feedback",
    "POST /itinerary",
    "GET /itinerary",
    "GET /itinerary/{itinerary_id}",
    "PATCH /itinerary/{itinerary_id}",
    "DELETE /itinerary/{itinerary_id}",
    "GET /itinerary/{itinerary_id}/order",
    "POST /predict",
    "POST /uploads",
    "POST /describe",
    "POST /recommend",
}
# Layers on AWS; the shared one is the only one of the others.
LAYERS = {"account": 2, "describe": 3, "recommend": 3}
ZIP_FUNCTIONS = {"authorizer", "auth", "account", "describe", "recommend", "docs"}
TOKEN_VARIABLES = {"JWT_KEYS_PARAMETER", "JWT_ISSUER", "JWT_AUDIENCE"}
COMMON_VARIABLES = {
    "ENVIRONMENT",
    "LOG_LEVEL",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_SERVICE_NAME",
    "PYDANTIC_DISABLE_PLUGINS",
    "SERVICE_VERSION",
}
OWN_VARIABLES = {
    "authorizer": TOKEN_VARIABLES,
    "auth": TOKEN_VARIABLES
    | {
        "TABLE_NAME",
        "ACCESS_TOKEN_TTL_SECONDS",
        "REFRESH_TOKEN_TTL_SECONDS",
        "REFRESH_REUSE_GRACE_SECONDS",
        "BCRYPT_COST",
        "PASSWORDS_PER_EMAIL",
        "SIGN_IN_FAILURES_PER_NETWORK",
        "SIGN_UPS_PER_NETWORK",
        "RESETS_PER_NETWORK",
        "MAIL_SENDER",
        "PASSWORD_RESET_URL",
    },
    "account": {"TABLE_NAME", "PASSWORDS_PER_EMAIL"},
    "predict": {
        "TABLE_NAME",
        "MODEL_ROOT",
        "COMPILED_MODELS",
        "TORCH_THREADS",
        "OPENBLAS_NUM_THREADS",
        "TEXT_ENCODER",
        "UPLOADS_BUCKET",
        "MAX_UPLOAD_BYTES",
        "UPLOAD_FORMS_A_DAY",
    },
    "describe": {
        "TABLE_NAME",
        "MODEL_ROOT",
        "PREDICT_FUNCTION_NAME",
        "UPLOADS_BUCKET",
        "VISION_TOKEN_PARAMETER",
        "MONTHLY_CALLS",
        "MONTHLY_CALLS_PER_USER",
        "CALL_INTERVAL_MS",
    },
    "recommend": {
        "TABLE_NAME",
        "MODEL_ROOT",
        "TEXT_ENCODER",
        "ENCODER_THREADS",
        "OPENBLAS_NUM_THREADS",
    },
    "docs": {"MODEL_INFO"},
}


def _routes(templates: Templates) -> dict[str, dict[str, Any]]:
    resources = templates.resources("AWS::ApiGatewayV2::Route").values()
    return {resource["Properties"]["RouteKey"]: resource["Properties"] for resource in resources}


def test_the_routes_are_the_contracts(templates: Templates) -> None:
    assert set(_routes(templates)) == PUBLIC_ROUTES | PROTECTED_ROUTES


def test_the_description_has_every_route_and_tells_which_are_public(templates: Templates) -> None:
    document = json.loads((REPOSITORY / "docs" / "openapi.json").read_text())
    described = {
        f"{method.upper()} {path}": operation.get("security") == []
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert described == {
        key: route["AuthorizationType"] == "NONE" for key, route in _routes(templates).items()
    }


def test_every_route_but_the_public_wants_a_token(templates: Templates) -> None:
    (authorizer,) = templates.resources("AWS::ApiGatewayV2::Authorizer")
    for key, route in _routes(templates).items():
        if key in PUBLIC_ROUTES:
            assert route["AuthorizationType"] == "NONE", key
            assert "AuthorizerId" not in route, key
        else:
            assert route["AuthorizationType"] == "CUSTOM", key
            assert route["AuthorizerId"] == {"Ref": authorizer}, key


def test_the_authorizer_answers_simply_and_is_remembered_five_minutes_at_most(
    templates: Templates,
) -> None:
    authorizer = templates.one("AWS::ApiGatewayV2::Authorizer")["Properties"]
    assert authorizer["EnableSimpleResponses"] is True
    assert authorizer["AuthorizerPayloadFormatVersion"] == "2.0"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert 0 < authorizer["AuthorizerResultTtlInSeconds"] <= 300


def test_integrations_use_the_current_payload(templates: Templates) -> None:
    for integration in templates.resources("AWS::ApiGatewayV2::Integration").values():
        assert integration["Properties"]["PayloadFormatVersion"] == "2.0"


def test_the_stage_is_throttled_and_logs_json(templates: Templates) -> None:
    stage = templates.one("AWS::ApiGatewayV2::Stage")["Properties"]
    assert stage["StageName"] == "$default"
    assert stage["AutoDeploy"] is True
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 20
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 40
    line = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"request_id", "route", "status", "latency_ms"} <= set(line)
    assert not any("authorizer.token" in value.lower() for value in line.values())


def test_browsers_may_call_only_from_the_origins_in_the_settings(
    production: Templates, synthesise: Callable[..., Templates]
) -> None:
    kind = "AWS::ApiGatewayV2::Api"
    assert "CorsConfiguration" not in production.one(kind)["Properties"]
    asked = synthesise("production", allowed_origins="https://travel.example")
    cors = asked.one(kind)["Properties"]["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["https://travel.example"]
    assert set(cors["AllowHeaders"]) == {
        *("authorization", "content-type", "idempotency-key", "if-match"),
    }
    # What a page may read of an answer besides its body, and more than a browser shows by itself.
    assert set(cors["ExposeHeaders"]) == {
        *("etag", "location", "retry-after", "x-request-id", "apigw-requestid"),
    }
    assert set(cors["AllowMethods"]) == {"GET", "POST", "PATCH", "DELETE"}
    assert "AllowCredentials" not in cors


def test_a_deployment_names_its_own_vision_models(synthesise: Callable[..., Templates]) -> None:
    templates = synthesise(
        "staging",
        vision_base_url="https://llava.example/v1",
        vision_models="llava-hf/llava-1.5-7b-hf,other/model",
        vision_monthly_calls=50,
    )
    variables = templates.functions()["describe"]["Properties"]["Environment"]["Variables"]
    assert variables["VISION_BASE_URL"] == "https://llava.example/v1"
    assert variables["VISION_MODELS"] == "llava-hf/llava-1.5-7b-hf,other/model"
    assert variables["MONTHLY_CALLS"] == "50"
    token = variables["VISION_TOKEN_PARAMETER"]
    assert token == "/cv-location-classifier/staging/vision-token"


def test_every_function_gets_the_environment_it_reads(templates: Templates) -> None:
    functions = templates.functions()
    for name, own in OWN_VARIABLES.items():
        variables = functions[name]["Properties"]["Environment"]["Variables"]
        assert set(variables) == COMMON_VARIABLES | own, name
        assert variables["POWERTOOLS_SERVICE_NAME"] == name


def test_no_function_outlives_the_gateways_patience_or_a_new_accounts_limits(
    templates: Templates,
) -> None:
    functions = templates.functions()
    for name in OWN_VARIABLES:
        function = functions[name]["Properties"]
        assert function["Timeout"] <= 29, name
        assert function["MemorySize"] <= 3_008, name
        assert "ReservedConcurrentExecutions" not in function, name


def test_on_aws_zip_functions_are_arm64_and_predict_is_an_x86_image(production: Templates) -> None:
    functions = production.functions()
    for name in ZIP_FUNCTIONS:
        function = functions[name]["Properties"]
        assert function["Architectures"] == ["arm64"], name
        assert function["Runtime"] == "python3.13", name
        assert function["Handler"] == f"{name}.handler.handle", name
        assert len(function["Layers"]) == LAYERS.get(name, 1), name
        assert function["TracingConfig"] == {"Mode": "Active"}, name
    predict = functions["predict"]["Properties"]
    assert predict["PackageType"] == "Image"
    assert predict["Architectures"] == ["x86_64"]
    assert predict["Environment"]["Variables"]["MODEL_ROOT"] == "/opt"
    assert "Layers" not in predict


def test_functions_have_the_memory_and_the_time_of_the_table(templates: Templates) -> None:
    functions = templates.functions()
    assert set(SIZES) == set(OWN_VARIABLES)
    for name, size in SIZES.items():
        function = functions[name]["Properties"]
        found = function["MemorySize"], function["Timeout"]
        assert found == (size.memory_mb, size.timeout_seconds), name
    assert size_of("predict", text_encoder="clip").memory_mb > SIZES["predict"].memory_mb


def test_hashing_passwords_gets_a_whole_core(templates: Templates) -> None:
    assert templates.functions()["auth"]["Properties"]["MemorySize"] == 1_769


def test_locally_predict_is_a_zip_beside_the_others(synthesise: Callable[..., Templates]) -> None:
    predict = synthesise("local").functions()["predict"]["Properties"]
    assert predict["Handler"] == "predict.handler.handle"
    assert predict["Environment"]["Variables"]["MODEL_ROOT"].endswith("/model_layer/opt")


def test_locally_recommend_reads_the_model_layer_where_it_lies(
    synthesise: Callable[..., Templates],
) -> None:
    recommend = synthesise("local").functions()["recommend"]["Properties"]
    assert recommend["Environment"]["Variables"]["MODEL_ROOT"].endswith("/model_layer/opt")
    assert len(recommend["Layers"]) == 1


def test_the_ranking_can_be_changed_by_settings(synthesise: Callable[..., Templates]) -> None:
    asked = synthesise("staging", ranking_percent={"distance_weight": 30})
    variables = asked.functions()["recommend"]["Properties"]["Environment"]["Variables"]
    assert variables["DISTANCE_WEIGHT_PERCENT"] == "30"


def test_an_encoder_that_is_not_built_is_refused_by_name(
    synthesise: Callable[..., Templates],
) -> None:
    with pytest.raises(SettingsError, match=r"text_encoder: clip is not built; run `make text-"):
        synthesise("staging", text_encoder="clip")


def test_the_image_can_be_built_from_another_base(
    synthesise: Callable[..., Templates],
) -> None:
    templates = synthesise("staging", base_image="registry.example/python:3.13")
    (assets,) = templates.directory.glob("*-api.assets.json")
    (image,) = json.loads(assets.read_text())["dockerImages"].values()
    assert image["source"]["dockerBuildArgs"] == {
        "BASE_IMAGE": "registry.example/python:3.13",
        "TEXT_ENCODER": "minilm",
        "TORCH_THREADS": templates.functions()["predict"]["Properties"]["Environment"]["Variables"][
            "TORCH_THREADS"
        ],
    }
    assert image["source"]["platform"] == "linux/amd64"


def test_the_image_context_holds_what_the_dockerfile_copies(staging: Templates) -> None:
    (assets,) = staging.directory.glob("*-api.assets.json")
    (image,) = json.loads(assets.read_text())["dockerImages"].values()
    context = staging.directory / image["source"]["directory"]
    dockerfile = (context / image["source"]["dockerFile"]).read_text()
    copied = [
        word
        for line in dockerfile.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    assert copied
    for path in copied:
        # The bundle is built, not written: a checkout may be without it.
        assert path == "model_layer/opt" or (context / path).exists(), path
    assert not (context / "tests").exists()
    assert not (context / ".git").exists()


def test_the_image_context_holds_what_predict_reads_of_the_model_layer_and_no_more(
    staging: Templates,
) -> None:
    (assets,) = staging.directory.glob("*-api.assets.json")
    (image,) = json.loads(assets.read_text())["dockerImages"].values()
    opt = staging.directory / image["source"]["directory"] / "model_layer" / "opt"
    found = {str(file.relative_to(opt)) for file in opt.rglob("*") if file.is_file()}
    assert "models/classifier/weights.safetensors" in found
    assert "models/photo_words/minilm.safetensors" in found
    assert "models/text_encoder/minilm/config.json" in found
    assert "models/text_encoder/minilm/model.onnx" not in found
    assert not [file for file in found if file.startswith("data/")]


def test_without_the_layer_the_message_says_what_to_run(
    synthesise: Callable[..., Templates], tmp_path: Path
) -> None:
    with pytest.raises(
        SettingsError, match=r"layers_directory: .* is not built; run `make layers`"
    ):
        synthesise("staging", layers_directory=str(tmp_path))
