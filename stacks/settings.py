"""What may differ between deployments, read from CDK context and checked before anything is built.

Defaults are here, those of one environment in `cdk.json` under `environments`, and one run can
change a setting with `cdk deploy -c <setting>=<value>` (a list as comma-separated values).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from stacks.web_serving import Tiles

REPOSITORY = Path(__file__).resolve().parents[1]
# Laid out as functions see it at /opt.
MODEL_LAYER = REPOSITORY / "model_layer" / "opt"

AwsEnvironment = Literal["staging", "production"]
Environment = Literal["local", AwsEnvironment]
RankingPart = Literal[
    "meaning_weight", "distance_weight", "popularity_weight", "wording_weight", "variety"
]
Percent = Annotated[int, Field(ge=0, le=100)]

# API Gateway keeps an authorizer's answer for at most an hour; a signed-out user must not be let
# in for longer than five minutes.
MAX_AUTHORIZER_CACHE_SECONDS = 300
# The free tier is for 25 read and 25 write units of provisioned capacity in a region, all tables
# and indexes together.
FREE_TABLE_CAPACITY = 25
# Of which the index of labels has some: a unit writes one feedback a second, and every write of
# the table that the index has to follow waits for it.
LABELS_CAPACITY = 5

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d+)?")
# As GitHub writes it into its tokens: repositories made since July 2026 have the ids of the owner
# and of the repository after the names, so that nobody can take a name over.
# https://docs.github.com/en/actions/reference/security/oidc
_GITHUB_REPOSITORY_OR_NONE = r"^([A-Za-z0-9-]+(@\d+)?/[A-Za-z0-9._-]+(@\d+)?)?$"
# Of a tile: its zoom, column and row; {s} is one of a few names that Leaflet spreads requests over.
_TILES_OR_NONE = r"^(https://(\{s\}\.)?[a-z0-9.-]+(:\d+)?/[^\s\"'<>]*)?$"
_EMAIL_OR_NONE = r"^([A-Za-z0-9._+-]+@([a-z0-9-]+\.)+[a-z]{2,})?$"
_RETENTION_DAYS = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


class SettingsError(ValueError):
    """A setting is unknown, missing or out of range; the message names it."""


@dataclass(frozen=True)
class Platform:
    """What follows from where the functions run."""

    shared_layer: Literal["shared", "shared-aws"]
    """Folder of the shared layer's build: the developer's interpreter, or Lambda's."""
    predict_package: Literal["zip", "image"]
    """No container engine is assumed locally, where PyTorch is in the interpreter anyway."""
    zip_architecture: lambda_.Architecture
    """Graviton costs a fifth less; PyTorch has crashed there, so the image is always x86_64."""
    model_root: str
    """Directory that holds `models/` and `data/`."""
    function_layers: bool
    """Whether functions get what they alone need as layers: packages, and the model of `recommend`.
    The local cloud mounts nothing at /opt, and has the packages in its interpreter."""
    compiled_models: str
    """Directory of the classifier compiled ahead of time, for each of a few instruction sets;
    without it eager PyTorch runs the network, where timm is there to build it."""
    torch_threads: int
    """Threads of one prediction: a Lambda function has as many cores as its memory buys, and with
    `sizes.SIZES` that is one."""
    tracing: lambda_.Tracing
    """X-Ray: the first 100,000 traces a month are free; nothing listens for them locally."""
    mail_by_identity: bool
    """Whether the right to send mail is one to the sender's identity. The local cloud looks for a
    right to every resource."""
    enforce_tls: bool
    """Whether the bucket refuses what comes without TLS. The local cloud speaks plain HTTP, and
    holds its clients to the bucket's policy."""
    gateway_forgets: bool
    """Whether the gateway can be told to forget which tokens it let in. The local cloud takes that
    for deleting the stage."""
    web_hosting: bool
    """Whether the page can be hosted beside the API. Locally `make up` serves it itself, with the
    headers of CloudFront and without the minutes that a distribution takes."""
    budgets: bool
    """Whether there is somebody to bill: the local cloud does not know the resource type."""
    deploy_as_caller: bool
    """Deploy with the caller's credentials instead of the bootstrap roles, which the local cloud
    refuses to let into its own bucket once it enforces permissions."""

    def synthesizer(self) -> cdk.IStackSynthesizer:
        """Return a new synthesizer; every stack needs its own."""
        return (
            cdk.CliCredentialsStackSynthesizer()
            if self.deploy_as_caller
            else cdk.DefaultStackSynthesizer()
        )


LOCAL = Platform(
    shared_layer="shared",
    predict_package="zip",
    zip_architecture=lambda_.Architecture.X86_64,
    model_root=str(MODEL_LAYER),
    function_layers=False,
    compiled_models=str(REPOSITORY / "build" / "compiled"),
    torch_threads=2,
    tracing=lambda_.Tracing.DISABLED,
    enforce_tls=False,
    mail_by_identity=False,
    gateway_forgets=False,
    web_hosting=False,
    budgets=False,
    deploy_as_caller=True,
)

AWS = Platform(
    shared_layer="shared-aws",
    predict_package="image",
    zip_architecture=lambda_.Architecture.ARM_64,
    model_root="/opt",
    function_layers=True,
    compiled_models="/opt/models/classifier/compiled",
    torch_threads=1,
    tracing=lambda_.Tracing.ACTIVE,
    enforce_tls=True,
    mail_by_identity=True,
    gateway_forgets=True,
    web_hosting=True,
    budgets=True,
    deploy_as_caller=False,
)


def _split_commas(value: object) -> object:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


def _parse_json(value: object) -> object:
    # A ValueError, which is what text that is no JSON raises, is explained like any other.
    return json.loads(value) if isinstance(value, str) else value


def _project_version() -> str:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    return str(project["version"])


class Settings(BaseModel):
    """Everything that a deployment can choose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: Environment

    # The HTTP API
    allowed_origins: Annotated[tuple[str, ...], BeforeValidator(_split_commas)] = ()
    """Web origins that browsers may call from; none by default, `*` for any."""
    throttle_requests_per_second: int = Field(default=20, ge=1, le=10_000)
    """New accounts allow 10 concurrent executions; at 0.5 s a photo that is 20 a second."""
    throttle_burst: int = Field(default=40, ge=1, le=5_000)
    authorizer_cache_seconds: int = Field(default=300, ge=0, le=MAX_AUTHORIZER_CACHE_SECONDS)

    # The table
    table_billing: Literal["provisioned", "on_demand"] = "provisioned"
    table_read_capacity: int = Field(default=FREE_TABLE_CAPACITY - LABELS_CAPACITY, ge=1, le=40_000)
    table_write_capacity: int = Field(
        default=FREE_TABLE_CAPACITY - LABELS_CAPACITY, ge=1, le=40_000
    )
    labels_read_capacity: int = Field(default=LABELS_CAPACITY, ge=1, le=40_000)
    labels_write_capacity: int = Field(default=LABELS_CAPACITY, ge=1, le=40_000)
    """The index of feedback by landmark, which is read for retraining only."""
    point_in_time_recovery: bool = False
    """Restores the table to any second of the last 35 days; charged by the gigabyte and month."""
    deletion_protection: bool = False
    """Refuses to delete the table, and keeps it when its stack goes."""

    # Tokens and passwords
    access_token_ttl_seconds: int = Field(default=1_800, ge=900, le=3_600)
    refresh_token_ttl_seconds: int = Field(default=30 * 86_400, ge=86_400, le=90 * 86_400)
    refresh_reuse_grace_seconds: int = Field(default=30, ge=0, le=60)
    """How long a spent refresh token gives its successor again: two tabs, or a lost answer."""
    bcrypt_cost: int = Field(default=12, ge=12, le=15)

    # How often somebody may try before there are pauses, which double up to a quarter of an hour
    passwords_per_email: int = Field(default=5, ge=2, le=1_000_000)
    """In a day. Signing in begins the count anew."""
    sign_in_failures_per_network: int = Field(default=50, ge=2, le=1_000_000)
    """In an hour: a university or a mobile network may be one address."""
    sign_ups_per_network: int = Field(default=20, ge=2, le=1_000_000)
    resets_per_network: int = Field(default=10, ge=2, le=1_000_000)

    # Mail
    mail_sender: str = Field(default="", pattern=_EMAIL_OR_NONE)
    """The address that mail comes from, verified in SES; without one, passwords cannot be reset."""
    password_reset_url: str = Field(default="", pattern=r"^(https?://[^\s#]+)?$")
    """The page that gets `#token=…` from the mail; without one, the mail has the bare token."""

    # Logs and traces
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_retention_days: int = 14
    traced: bool = True
    """X-Ray, on AWS: 100,000 traces a month are free, a million cost 5 dollars."""
    service_version: str = Field(
        default_factory=_project_version, pattern=r"^[0-9A-Za-z._+-]{1,64}$"
    )

    # Watching it
    alarm_email: str = Field(default="", pattern=_EMAIL_OR_NONE)
    """Who is told of alarms and of the budget, after confirming a mail from SNS; "" is nobody."""
    dashboards: Literal["per_function", "folded"] = "per_function"
    """One for each function and an overview, or the three that are free."""
    account_concurrency: int = Field(default=10, ge=1, le=100_000)
    """Executions that Lambda allows the account at once: 10 at first, more when asked for. Only
    drawn as a limit; see Service Quotas, "Concurrent executions"."""
    runbook_url: str = Field(default="", pattern=r"^(https://[^\s#?]+)?$")
    """Where `docs/runbook.md` can be read in a browser, for links; without it, it is named."""
    monthly_budget_dollars: float = Field(default=1, ge=0, le=1_000_000)
    """What the account may cost in a month before mail to `alarm_email` says so; 0 is no budget,
    for regions where CloudFormation cannot make one (docs/runbook.md)."""

    # The container image of `predict`
    base_image: str = Field(default="public.ecr.aws/lambda/python:3.13", min_length=1)

    # Uploads
    max_upload_bytes: int = Field(default=25 * 1024 * 1024, ge=1024 * 1024, le=25 * 1024 * 1024)
    """The most that functions read of one image: more than phones make."""
    upload_forms_a_day: int = Field(default=200, ge=1, le=10_000)
    """For each user. Uploads are kept for a day: 200 of 25 MB cost less than a cent."""

    # Descriptions by a remote model; "" and none stand for the defaults of
    # `functions/describe/settings.py`
    vision_base_url: str = Field(default="", pattern=r"^(https?://[^\s#?]+)?$")
    """An endpoint that speaks OpenAI's chat completions; https but for this very machine."""
    vision_models: Annotated[tuple[str, ...], BeforeValidator(_split_commas)] = ()
    """In the order they are tried."""
    vision_prompt: str = Field(default="", max_length=500)
    vision_monthly_calls: int = Field(default=1_000, ge=0, le=10_000_000)
    vision_monthly_calls_per_user: int = Field(default=100, ge=0, le=10_000_000)
    """A tenth: ten people can use a month up together, no one can alone."""
    vision_call_interval_ms: int = Field(default=1_000, ge=1, le=60_000)

    # Recommendations
    text_encoder: Literal["minilm", "clip"] = "minilm"
    """Which text encoder of the model layer `recommend` compares meanings with."""
    ranking_percent: Annotated[dict[RankingPart, Percent], BeforeValidator(_parse_json)] = {}
    """What the parts of a recommendation's score weigh, as far as it differs from the defaults in
    `functions/recommend/settings.py`; on the command line as JSON."""

    # The web page
    web: bool = False
    """Host the page of `web/` on S3 and CloudFront, and let it call the API (docs/web.md)."""
    map_tiles_url: str = Field(default="", pattern=_TILES_OR_NONE)
    """Where the page's map gets its tiles, with {z}, {x} and {y}; without, it draws outlines."""
    map_tiles_attribution: str = Field(default="", max_length=300, validate_default=True)
    """Whom the map has to name for them; may hold links."""
    web_directory: Path = Path("web/dist")
    """Where `make web` puts what it builds."""

    # Delivery by GitHub Actions
    github_repository: str = Field(default="", pattern=_GITHUB_REPOSITORY_OR_NONE)
    """Whose workflows may deploy to this account; with it, the app is the delivery stack alone."""
    github_environments: Annotated[tuple[AwsEnvironment, ...], BeforeValidator(_split_commas)] = (
        "staging",
        "production",
    )
    """What may be deployed to this account: one of them where each has an account of its own."""
    github_provider_exists: bool = False
    """Whether the account trusts GitHub's tokens already: it can be told so only once."""

    # Where `make layers` puts what it builds
    layers_directory: Path = Path("build/layers")

    @field_validator("allowed_origins")
    @classmethod
    def _origins_are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                message = f"{origin!r} is no origin; one is https://example.com, without any path"
                raise ValueError(message)
        if "*" in origins and len(origins) > 1:
            message = "'*' allows every origin already; list either '*' or the origins"
            raise ValueError(message)
        return origins

    @field_validator("map_tiles_url")
    @classmethod
    def _tiles_have_places(cls, url: str) -> str:
        missing = [part for part in ("{z}", "{x}", "{y}") if url and part not in url]
        if missing:
            message = f"{', '.join(missing)} is missing"
            raise ValueError(message)
        return url

    @field_validator("map_tiles_attribution")
    @classmethod
    def _tiles_name_their_makers(cls, attribution: str, info: ValidationInfo) -> str:
        if bool(attribution) != bool(info.data.get("map_tiles_url")):
            message = "goes with map_tiles_url, and whoever gives tiles asks to be named"
            raise ValueError(message)
        return attribution

    @field_validator("log_retention_days")
    @classmethod
    def _retention_is_offered(cls, days: int) -> int:
        if days not in _RETENTION_DAYS:
            message = f"{days} is not among {', '.join(map(str, _RETENTION_DAYS))}"
            raise ValueError(message)
        return days

    @property
    def platform(self) -> Platform:
        """What the place that this environment runs in decides: AWS or the local cloud."""
        return LOCAL if self.environment == "local" else AWS

    @property
    def hosts_web(self) -> bool:
        """Whether the page is hosted beside the API."""
        return self.web and self.platform.web_hosting

    @property
    def tiles(self) -> Tiles | None:
        """The tiles of the page's map, if it is to have any."""
        if not self.map_tiles_url:
            return None
        return Tiles(self.map_tiles_url, self.map_tiles_attribution)

    def with_page_at(self, url: str) -> Settings:
        """Return these settings for a page at `url`, which may be known at deployment only.

        Browsers may call the API from there, and mails for a new password lead there, unless the
        settings say otherwise.
        """
        origins = (
            self.allowed_origins if "*" in self.allowed_origins else (*self.allowed_origins, url)
        )
        return self.model_copy(
            update={
                "allowed_origins": origins,
                "password_reset_url": self.password_reset_url or f"{url}/",
            }
        )

    @property
    def tracing(self) -> lambda_.Tracing:
        """Whether functions are traced, as the CDK names it."""
        return self.platform.tracing if self.traced else lambda_.Tracing.DISABLED

    @property
    def log_retention(self) -> logs.RetentionDays:
        """The retention as the CDK names it."""
        return _RETENTION_DAYS[self.log_retention_days]

    @property
    def metrics_namespace(self) -> str:
        """Of the custom metrics; environments of one account do not add up to each other."""
        return f"CvLocationClassifier/{self.environment}"

    @property
    def jwt_keys_parameter(self) -> str:
        """Name of the SSM SecureString that holds the signing keys."""
        return f"/cv-location-classifier/{self.environment}/jwt-keys"

    @property
    def vision_token_parameter(self) -> str:
        """Name of the SSM SecureString that holds the token for the remote models."""
        return f"/cv-location-classifier/{self.environment}/vision-token"

    @property
    def jwt_issuer(self) -> str:
        """`iss` of every token; differs by environment, so that tokens do not cross over."""
        return f"cv-location-classifier-{self.environment}"

    @property
    def jwt_audience(self) -> str:
        """`aud` of every token."""
        return "cv-location-classifier-api"


def read_settings(context: Mapping[str, object]) -> Settings:
    """Return the settings that the CDK context asks for.

    Raises `SettingsError`, naming each bad setting, when one is unknown, missing or refused.
    """
    known = set(Settings.model_fields)
    # Feature flags and the CLI's own entries contain a character that no setting has.
    plain = {name for name in context if re.fullmatch(r"[a-z][a-z0-9_]*", name)}
    unknown = sorted(plain - known - {"environments"})
    if unknown:
        message = f"Unknown setting: {', '.join(unknown)}. Known: {', '.join(sorted(known))}"
        raise SettingsError(message)
    environment = context.get("environment")
    environments = context.get("environments")
    chosen = environments.get(environment) if isinstance(environments, Mapping) else None
    values = {**(chosen or {}), **{name: context[name] for name in known & plain}}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    lines = ["Settings refused:"]
    for problem in error.errors(include_url=False):
        name = str(problem["loc"][0]) if problem["loc"] else "settings"
        reason = problem["msg"].removeprefix("Value error, ")
        given = "" if problem["type"] == "missing" else f" (given: {problem['input']!r})"
        lines.append(f"  {name}: {reason}{given}")
    return "\n".join(lines)
