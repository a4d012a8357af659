"""What a function's role lets through, tried with the role's own credentials.

The templates say what each role grants; here the local cloud decides. Every role tries everything
that any role may do, and some things that none may: what gets through has to be what
`tests/grants.py` grants, no more and no less. Allowed is whatever fails for another reason than
permissions: nothing is changed.

What this cannot show: that AWS decides as the local cloud does. It compares partition keys only
because `local/emulator.py` teaches it to. Policies of organisations and permission boundaries,
which could take rights away, do not exist here. The rights to trace and to send mail are others on
AWS (`stacks/settings.py`, `Platform`): they are tested on the templates alone.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from local.cloud import REGION
from tests.grants import ACTIONS, ITEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from local.cloud import LocalCloud
    from local.deployment import Deployment

PREFIX = "cv-location-classifier-local"
DENIED = {"AccessDenied", "AccessDeniedException", "403"}
# Every kind of partition that there is, and one that there is not.
PARTITIONS = ("USER#", "EMAIL#", "USERNAME#", "ATTEMPTS#", "IMAGE#", "BUDGET#", "DELETIONS", "ELSE")
MISSING = "attribute_exists(PK)"

Attempt = tuple[str, str]


class Account:
    """What the attempts are aimed at, as the credentials of one role see it."""

    def __init__(self, cloud: LocalCloud, outputs: Mapping[str, str], role: str) -> None:
        """Take the role, as Lambda does for the function."""
        sts = cloud.session().client("sts", endpoint_url=cloud.url)
        taken = sts.assume_role(RoleArn=role, RoleSessionName="attempt")["Credentials"]
        self._session = boto3.Session(
            region_name=REGION,
            aws_access_key_id=taken["AccessKeyId"],
            aws_secret_access_key=taken["SecretAccessKey"],
            aws_session_token=taken["SessionToken"],
        )
        self._url = cloud.url
        self.table = outputs["TableName"]
        self.bucket = outputs["UploadsBucketName"]

    def call(self, service: str, operation: str, **request: Any) -> Any:  # noqa: ANN401 - as boto3
        """Call an operation of AWS with the role's credentials."""
        client = self._session.client(service, endpoint_url=self._url)  # type: ignore[call-overload]
        try:
            return getattr(client, operation)(**request)
        finally:
            client.close()

    def may(self, service: str, operation: str, **request: Any) -> bool:  # noqa: ANN401 - as boto3
        """Tell whether the role lets an operation through, whatever comes of it then."""
        try:
            self.call(service, operation, **request)
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", [])
            codes = {error.response["Error"]["Code"], *(reason.get("Code") for reason in reasons)}
            return not codes & DENIED
        return True


def _item_requests(table: str, partition: str) -> dict[str, dict[str, Any]]:
    """Return a request for every action on an item that does not exist and will not."""
    key = {"PK": {"S": f"{partition}nobody" if "#" in partition else partition}, "SK": {"S": "-"}}
    on_table = {"TableName": table}
    unless_missing = {**on_table, "ConditionExpression": MISSING}
    return {
        "GetItem": {**on_table, "Key": key},
        "PutItem": {**unless_missing, "Item": key},
        "UpdateItem": {
            **unless_missing,
            "Key": key,
            "UpdateExpression": "SET n = :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
        },
        "DeleteItem": {**unless_missing, "Key": key},
        "Query": {
            **on_table,
            "KeyConditionExpression": "PK = :pk",
            "ExpressionAttributeValues": {":pk": key["PK"]},
        },
        "BatchGetItem": {"RequestItems": {table: {"Keys": [key]}}},
        "BatchWriteItem": {"RequestItems": {table: [{"DeleteRequest": {"Key": key}}]}},
        "ConditionCheckItem": {
            "TransactItems": [{"ConditionCheck": {**unless_missing, "Key": key}}]
        },
    }


def _operation(action: str) -> str:
    """Return the method of boto3's client: `GetItem` is `get_item`."""
    named = {"ConditionCheckItem": "TransactWriteItems"}.get(action, action)
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in named).removeprefix("_")


@pytest.fixture(scope="module")
def role_of(local_cloud: LocalCloud, deployment: Deployment) -> Iterator[Callable[[str], str]]:
    """Return a function that names the role of a deployed function."""
    assert deployment.outputs()
    client = local_cloud.session().client("lambda", endpoint_url=local_cloud.url)

    def read(function: str) -> str:
        name = f"{PREFIX}-{function}"
        role: str = client.get_function_configuration(FunctionName=name)["Role"]
        return role

    yield read
    client.close()


@pytest.fixture(scope="module")
def account(
    local_cloud: LocalCloud, deployment: Deployment, role_of: Callable[[str], str]
) -> Callable[[str], Account]:
    """Return a function that takes the role of a deployed function."""

    def take(function: str) -> Account:
        return Account(local_cloud, deployment.outputs(), role_of(function))

    return take


def test_permissions_are_enforced(local_cloud: LocalCloud) -> None:
    answer = httpx.get(f"{local_cloud.url}/_ministack/health", trust_env=False)
    assert answer.json()["auth"] == "enabled"


def test_whoever_has_no_credentials_of_the_account_gets_nowhere(local_cloud: LocalCloud) -> None:
    stranger = boto3.Session(
        region_name=REGION, aws_access_key_id="AKIAEXAMPLEEXAMPLE00", aws_secret_access_key="none"
    )
    client = stranger.client("dynamodb", endpoint_url=local_cloud.url)
    with pytest.raises(ClientError, match="security token included in the request is invalid"):
        client.list_tables()
    client.close()


@pytest.mark.parametrize("function", ACTIONS)
def test_a_role_reaches_the_partitions_that_it_is_granted(
    account: Callable[[str], Account], function: str
) -> None:
    role = account(function)
    reached: set[Attempt] = {
        (action, partition)
        for partition in PARTITIONS
        for action, request in _item_requests(role.table, partition).items()
        if role.may("dynamodb", _operation(action), **request)
    }
    granted: set[Attempt] = {
        (action.removeprefix("dynamodb:"), key.removesuffix("*"))
        for action, keys in ITEMS.get(function, {}).items()
        for key in keys
    }
    assert reached == granted


@pytest.mark.parametrize("function", ACTIONS)
def test_no_role_reads_all_of_the_table_or_changes_it(
    account: Callable[[str], Account], function: str
) -> None:
    role = account(function)
    table = {"TableName": role.table}
    assert not role.may("dynamodb", "scan", **table)
    assert not role.may("dynamodb", "describe_table", **table)
    assert not role.may(
        "dynamodb",
        "update_time_to_live",
        **table,
        TimeToLiveSpecification={"Enabled": False, "AttributeName": "expires_at"},
    )
    statement = f'SELECT * FROM "{role.table}"'  # noqa: S608 - of a name that is ours
    assert not role.may("dynamodb", "execute_statement", Statement=statement)


@pytest.mark.parametrize("function", ACTIONS)
def test_a_key_beside_a_granted_one_does_not_come_along(
    account: Callable[[str], Account], function: str
) -> None:
    role = account(function)
    keys = [{"PK": {"S": pk}, "SK": {"S": "-"}} for pk in ("USER#nobody", "IMAGE#nobody")]
    deletions = [{"DeleteRequest": {"Key": key}} for key in keys]
    assert not role.may("dynamodb", "batch_write_item", RequestItems={role.table: deletions})
    reads = [{"Get": {"TableName": role.table, "Key": key}} for key in keys]
    granted = ITEMS.get(function, {}).get("dynamodb:GetItem", set())
    both = {"IMAGE#*", "USER#*"} <= granted
    assert role.may("dynamodb", "transact_get_items", TransactItems=reads) == both


@pytest.mark.parametrize("function", ACTIONS)
def test_a_role_reaches_the_secrets_photos_and_functions_that_it_is_granted(
    account: Callable[[str], Account], function: str, local_cloud: LocalCloud
) -> None:
    role = account(function)
    s3 = local_cloud.session().client("s3", endpoint_url=local_cloud.url)
    keys = ("uploads/attempt", "elsewhere")
    for key in keys:
        s3.put_object(Bucket=role.bucket, Key=key, Body=b"attempt")
    secret = "/cv-location-classifier/local/jwt-keys"
    attempts: dict[str, tuple[str, str, dict[str, Any]]] = {
        "read keys": ("ssm", "get_parameter", {"Name": secret, "WithDecryption": True}),
        "make keys": (
            *("ssm", "put_parameter"),
            {"Name": secret, "Value": "-", "Type": "SecureString", "Overwrite": False},
        ),
        "read token": (
            *("ssm", "get_parameter"),
            {"Name": "/cv-location-classifier/local/vision-token", "WithDecryption": True},
        ),
        "read other secrets": ("ssm", "get_parameter", {"Name": "/else"}),
        "list secrets": ("ssm", "get_parameters_by_path", {"Path": "/"}),
        "read upload": ("s3", "get_object", {"Bucket": role.bucket, "Key": keys[0]}),
        "write upload": ("s3", "put_object", {"Bucket": role.bucket, "Key": keys[0], "Body": b""}),
        "read elsewhere": ("s3", "get_object", {"Bucket": role.bucket, "Key": keys[1]}),
        "write elsewhere": (
            *("s3", "put_object"),
            {"Bucket": role.bucket, "Key": keys[1], "Body": b""},
        ),
        "delete upload": ("s3", "delete_object", {"Bucket": role.bucket, "Key": keys[0]}),
        "list uploads": ("s3", "list_objects_v2", {"Bucket": role.bucket}),
        **{
            f"call {name}": (
                *("lambda", "invoke"),
                {"FunctionName": f"{PREFIX}-{name}", "InvocationType": "DryRun"},
            )
            for name in ("predict", "auth")
        },
        "become another": (
            *("sts", "assume_role"),
            {"RoleArn": "arn:aws:iam::000000000000:role/else", "RoleSessionName": "attempt"},
        ),
    }
    granted = {
        "authorizer": {"read keys"},
        "auth": {"read keys"},
        "predict": {"read upload", "write upload"},
        "describe": {"read token", "read upload", "call predict"},
        "create-jwt-keys": {"make keys"},
    }
    reached = {
        name
        for name, (service, operation, request) in attempts.items()
        if role.may(service, operation, **request)
    }
    for key in keys:
        s3.delete_object(Bucket=role.bucket, Key=key)
    s3.close()
    assert reached == granted.get(function, set())


ATTEMPTING = """
import boto3, os
from botocore.exceptions import ClientError

def handle(event, context):
    key = {"PK": {"S": event["partition"]}, "SK": {"S": "-"}}
    try:
        boto3.client("dynamodb").get_item(TableName=os.environ["TABLE_NAME"], Key=key)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "allowed"
"""


@pytest.fixture(scope="module")
def attempt_as(
    local_cloud: LocalCloud, deployment: Deployment, role_of: Callable[[str], str]
) -> Iterator[Callable[[str, str], str]]:
    """Return a function that reads an item in a function that runs under another one's role."""
    client = local_cloud.session().client("lambda", endpoint_url=local_cloud.url)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("attempt.py", ATTEMPTING)
    made: list[str] = []

    def run(function: str, partition: str) -> str:
        name = f"attempt-as-{function}"
        if name not in made:
            client.create_function(
                FunctionName=name,
                Runtime="python3.13",
                Role=role_of(function),
                Handler="attempt.handle",
                Code={"ZipFile": package.getvalue()},
                Environment={"Variables": {"TABLE_NAME": deployment.outputs()["TableName"]}},
                Timeout=29,
            )
            made.append(name)
        event = json.dumps({"partition": partition})
        answer: str = json.load(client.invoke(FunctionName=name, Payload=event)["Payload"])
        return answer

    yield run
    for name in made:
        client.delete_function(FunctionName=name)
    client.close()


def test_a_function_runs_under_its_role_and_nobody_elses(
    attempt_as: Callable[[str, str], str],
) -> None:
    assert attempt_as("recommend", "USER#nobody") == "allowed"
    assert attempt_as("recommend", "EMAIL#nobody") == "AccessDeniedException"
    assert attempt_as("docs", "USER#nobody") == "AccessDeniedException"
