"""Between Python's values, JSON-like ones and bytes, and DynamoDB's typed ones."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.keys import Key

Item = dict[str, Any]


def encode_key(key: Key) -> dict[str, Any]:
    """Return a primary key as DynamoDB reads it."""
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


def encode(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return JSON-like values and bytes as DynamoDB reads them, without those that are None."""
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415 - see clients.py

    serialize = TypeSerializer().serialize
    return {
        name: serialize(_with_decimals(value))
        for name, value in attributes.items()
        if value is not None
    }


def decode(item: Mapping[str, Any]) -> Item:
    """Return an item as JSON-like values and bytes, without its key attributes."""
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 - see clients.py

    deserialize = TypeDeserializer().deserialize
    return {
        # Binary values are bytes already; the deserializer would wrap them.
        name: value["B"] if "B" in value else _without_decimals(deserialize(value))
        for name, value in item.items()
        if name not in {"PK", "SK"}
    }


def _with_decimals(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, float):
        # repr is the shortest text that reads back as the same float.
        return Decimal(repr(float(value)))
    if isinstance(value, dict):
        return {name: _with_decimals(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_decimals(inner) for inner in value]
    return value


def _without_decimals(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _without_decimals(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_decimals(inner) for inner in value]
    return value
