"""What each function may do, as the reviewer of its role sees it.

tests/infrastructure holds the templates to it, tests/end_to_end what the roles let through.
"""

from __future__ import annotations

ACTIONS = {
    "authorizer": {"ssm:GetParameter"},
    "auth": {
        "ssm:GetParameter",
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    },
    "account": {
        "dynamodb:BatchWriteItem",
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    },
    "predict": {
        *("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        *("s3:GetObject", "s3:PutObject"),
    },
    "describe": {
        *("dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:UpdateItem"),
        *("lambda:InvokeFunction", "s3:GetObject", "ssm:GetParameter"),
    },
    "recommend": {"dynamodb:GetItem"},
    "docs": set[str](),
    "create-jwt-keys": {"ssm:PutParameter"},
}
# Which partitions of the table, by action.
ITEMS = {
    "auth": {
        "dynamodb:ConditionCheckItem": {"EMAIL#*"},
        "dynamodb:DeleteItem": {"ATTEMPTS#*", "USER#*"},
        "dynamodb:GetItem": {"ATTEMPTS#*", "EMAIL#*", "USER#*"},
        "dynamodb:PutItem": {"EMAIL#*", "USERNAME#*", "USER#*"},
        "dynamodb:UpdateItem": {"ATTEMPTS#*", "EMAIL#*", "USER#*"},
    },
    "account": {
        "dynamodb:BatchWriteItem": {"DELETIONS", "USER#*"},
        "dynamodb:ConditionCheckItem": {"USER#*"},
        "dynamodb:DeleteItem": {"ATTEMPTS#*", "EMAIL#*", "USERNAME#*", "USER#*"},
        "dynamodb:GetItem": {"DELETIONS", "EMAIL#*", "USER#*"},
        "dynamodb:PutItem": {"DELETIONS", "USERNAME#*", "USER#*"},
        "dynamodb:Query": {"DELETIONS", "USER#*"},
        "dynamodb:UpdateItem": {"ATTEMPTS#*", "EMAIL#*", "USER#*"},
    },
    "predict": {
        "dynamodb:GetItem": {"IMAGE#*"},
        "dynamodb:PutItem": {"IMAGE#*", "USER#*"},
        "dynamodb:UpdateItem": {"USER#*"},
    },
    "describe": {
        "dynamodb:ConditionCheckItem": {"USER#*"},
        "dynamodb:GetItem": {"BUDGET#*", "IMAGE#*", "USER#*"},
        "dynamodb:UpdateItem": {"BUDGET#*", "IMAGE#*", "USER#*"},
    },
    "recommend": {"dynamodb:GetItem": {"USER#*"}},
}
