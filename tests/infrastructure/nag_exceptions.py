"""What cdk-nag's rules ask for and this project does not do, each with the reason.

One exception is for one finding on named resources, never for a whole stack. A resource is named
by its path in the app, without the project's and the environment's name in front. An exception that
no longer meets a finding fails the tests, like a finding without an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

AWS = ("staging", "production")
LOCAL = ("local",)
EVERYWHERE = (*AWS, *LOCAL)
# What only some settings bring: production with all of them, and the app of the delivery roles.
ASKED_FOR = ("everything",)
DELIVERY = ("delivery",)


@dataclass(frozen=True)
class NagException:
    """A finding that is accepted on some resources."""

    rule: str
    """As cdk-nag names it, with the finding in brackets where a rule can have several."""
    resources: Sequence[str]
    reason: str
    environments: Sequence[str] = EVERYWHERE


ZIP_FUNCTIONS = tuple(
    f"api/{name}/Function"
    for name in ("Authorizer", "Auth", "Account", "Describe", "Recommend", "Docs")
)
PREDICT = "api/Predict/Function"
BOOTSTRAP_BUCKET = "cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>"
PAGE, PAGE_BUCKET = "web/Distribution", "web/Bucket"
# The CDK's own: it runs in a deployment that changes the page.
PAGE_UPLOADER = "web-content/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C"
# They run once in a deployment.
KEY_MAKERS = ("data/JwtKeys/Function", "data/JwtKeys/Provider/framework-onEvent")

EXCEPTIONS = (
    NagException(
        "AwsSolutions-DDB3",
        ["data/Table"],
        "Restoring to any second is charged by the gigabyte and month, and the owner asked for a "
        "bill near zero: it is a setting (`point_in_time_recovery`), off by default. In production "
        "the table is protected from deletion.",
    ),
    NagException(
        "AwsSolutions-S1",
        ["data/Uploads"],
        "Uploads are gone after a day. Access logs would need a second bucket that keeps them, "
        "charged for. Who may upload is in the logs of `predict`, which signs every form.",
    ),
    *(
        NagException(
            rule,
            ["data/JwtKeys/Function", *ZIP_FUNCTIONS],
            "Lambda supports Python 3.13 until June 2029. Layers, bytecode and the image of "
            "`predict` are built for one version, so that moving on is one change for all of them.",
        )
        for rule in ("AwsSolutions-L1", "Serverless-LambdaLatestVersion")
    ),
    *(
        NagException(
            rule,
            [PREDICT],
            "As the other zip functions: `predict` is a zip on the local cloud only.",
            environments=LOCAL,
        )
        for rule in ("AwsSolutions-L1", "Serverless-LambdaLatestVersion")
    ),
    NagException(
        "AwsSolutions-IAM5[Resource::<JwtKeysFunction.Arn>:*]",
        ["data/JwtKeys/ProviderRole/DefaultPolicy"],
        "The CDK lets its framework call one function of ours and whatever versions it has. It has "
        "none.",
    ),
    NagException(
        "AwsSolutions-IAM5[Resource::*]",
        [
            f"{path.removesuffix('/Function')}/Role/DefaultPolicy"
            for path in (*ZIP_FUNCTIONS, PREDICT)
        ],
        "X-Ray has no resources that a policy could name: `xray:PutTraceSegments` and "
        "`xray:PutTelemetryRecords` go with `*` or not at all. Nothing else has `*` (see "
        "test_permissions.py).",
        environments=AWS,
    ),
    NagException(
        "AwsSolutions-IAM5[Resource::*]",
        ["api/Auth/Role/DefaultPolicy"],
        "The local cloud knows no identities of SES, only a right to send at all. On AWS the right "
        "is to the sender's address and domain.",
        environments=LOCAL,
    ),
    NagException(
        "AwsSolutions-IAM5[Resource::<Uploads.Arn>/uploads/*]",
        ["api/Predict/Role/DefaultPolicy", "api/Describe/Role/DefaultPolicy"],
        "All objects under one prefix: what users upload has no other names to grant by.",
    ),
    NagException(
        "AwsSolutions-APIG4",
        [
            f"api/Api/HttpApi/{route}"
            for route in (
                *("POST--auth--signup", "POST--auth--login"),
                *("POST--auth--refresh", "POST--auth--logout"),
                *("POST--auth--password-reset--request", "POST--auth--password-reset--confirm"),
            )
        ],
        "Whoever asks for a token, or has only a refresh token, cannot show an access token. These "
        "routes limit attempts by e-mail address and by network.",
    ),
    NagException(
        "AwsSolutions-APIG4",
        ["api/Api/HttpApi/GET--landmarks", "api/Api/HttpApi/GET--landmarks--{landmark_id}"],
        "The catalogue is public and the same for everybody "
        "(docs/decisions/0006-landmarks-are-public.md).",
    ),
    NagException(
        "AwsSolutions-APIG4",
        [
            f"api/Api/HttpApi/{route}"
            for route in (
                *("GET--health", "GET--info"),
                *("GET--openapi.json", "GET--docs", "GET--docs--{file}"),
            )
        ],
        "Health, versions and the API's own description hold nothing of any user, and are read "
        "before anyone has a token.",
    ),
    NagException(
        "AwsSolutions-S10",
        ["data/Uploads"],
        "The local cloud speaks plain HTTP on this machine. On AWS the bucket refuses it.",
        environments=LOCAL,
    ),
    NagException(
        "Serverless-LambdaDLQ",
        [*ZIP_FUNCTIONS, PREDICT],
        "A dead letter queue is for asynchronous calls. The gateway and `describe` call these and "
        "wait for the answer, and nothing else may call them (see test_permissions.py).",
    ),
    NagException(
        "Serverless-LambdaDLQ",
        KEY_MAKERS,
        "CloudFormation waits for their answer and reports a failure itself; nobody would read a "
        "queue of it.",
    ),
    NagException(
        "Serverless-LambdaTracing",
        KEY_MAKERS,
        "They run once in a deployment, whose events tell what failed. Tracing would give them a "
        "right to `*`.",
        environments=AWS,
    ),
    NagException(
        "Serverless-LambdaTracing",
        [*KEY_MAKERS, *ZIP_FUNCTIONS, PREDICT],
        "Nothing listens for traces on the local cloud.",
        environments=LOCAL,
    ),
    NagException(
        "AwsSolutions-SNS3",
        ["monitoring/Alarms/Topic"],
        "As the bucket's: the local cloud speaks plain HTTP. On AWS the topic refuses it.",
        environments=LOCAL,
    ),
    NagException(
        "Serverless-SNSRedrivePolicy",
        ["monitoring/Alarms/Topic/owner@travel.example"],
        "A queue for mails that SNS could not deliver would be read by nobody: who does not get "
        "the mails does not look there either. The alarms themselves stay in CloudWatch.",
        environments=ASKED_FOR,
    ),
    NagException(
        "AwsSolutions-CFR1",
        [PAGE],
        "Travellers are everywhere, and so may the page be.",
        environments=ASKED_FOR,
    ),
    NagException(
        "AwsSolutions-CFR2",
        [PAGE],
        "A firewall costs 5 dollars a month and more. The page is a few files that are the same "
        "for everybody; what takes input is the API, which has limits of its own.",
        environments=ASKED_FOR,
    ),
    NagException(
        "AwsSolutions-CFR3",
        [PAGE],
        "Who loads the page leaves no trace: logs of it would be data about people that nobody "
        "needs, in a bucket that is charged for. What they do there is in the log of the API.",
        environments=ASKED_FOR,
    ),
    NagException(
        "AwsSolutions-CFR4",
        [PAGE],
        "With CloudFront's own name goes its own certificate, whose oldest TLS nobody can choose; "
        "browsers take the newest. Another needs a domain of one's own.",
        environments=ASKED_FOR,
    ),
    NagException(
        "AwsSolutions-S1",
        [PAGE_BUCKET],
        "CloudFront alone reads the bucket, and what it holds is public: the page itself.",
        environments=ASKED_FOR,
    ),
    *(
        NagException(
            rule,
            [PAGE_UPLOADER],
            "The CDK's function with the CDK's choice of Python, which its next releases move on.",
            environments=ASKED_FOR,
        )
        for rule in ("AwsSolutions-L1", "Serverless-LambdaLatestVersion")
    ),
    NagException(
        "Serverless-LambdaDLQ",
        [PAGE_UPLOADER],
        "CloudFormation waits for its answer and reports a failure itself.",
        environments=ASKED_FOR,
    ),
    NagException(
        "Serverless-LambdaTracing",
        [PAGE_UPLOADER],
        "It runs in deployments alone, whose events tell what failed.",
        environments=ASKED_FOR,
    ),
    *(
        NagException(
            f"AwsSolutions-IAM5[{what}]",
            ["web-content/Role/DefaultPolicy"],
            "The CDK lets its function read what the deployment brought along, and write to the "
            "page's bucket: kinds of actions, on these two buckets (see test_web_stack.py).",
            environments=ASKED_FOR,
        )
        for what in (
            *("Action::s3:GetBucket*", "Action::s3:GetObject*", "Action::s3:List*"),
            *("Action::s3:Abort*", "Action::s3:DeleteObject*", "Resource::<Bucket.Arn>/*"),
            f"Resource::arn:<AWS::Partition>:s3:::{BOOTSTRAP_BUCKET}/*",
        )
    ),
    NagException(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:"
        "<AWS::AccountId>:stack/cv-location-classifier-*/*]",
        ["delivery/Diff/DefaultPolicy"],
        "A stack's ARN ends in an id that is made with it. The role reads the templates of this "
        "service's own stacks, and nothing in them is secret.",
        environments=DELIVERY,
    ),
)
