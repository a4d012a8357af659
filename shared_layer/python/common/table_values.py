"""Between Python's values, JSON-like ones and bytes, and DynamoDB's typed ones.

boto3 has the same in `boto3.dynamodb.types`, for sets, too, and with `Decimal` for every number;
importing it imports all of boto3, which a cold start does without (see `aws_session.py`).
"""

from __future__ import annotations

from decimal import Clamped, Context, Decimal, DecimalException, Inexact, Overflow, Subnormal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.keys import Key

Item = dict[str, Any]

# What DynamoDB keeps exactly: 38 digits, from 1E-130 to 9.99...E+125.
_NUMBERS = Context(prec=38, Emin=-130, Emax=125, traps=[Clamped, Inexact, Overflow, Subnormal])


def encode_key(key: Key) -> dict[str, Any]:
    """Return a primary key as DynamoDB reads it."""
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


def encode(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return JSON-like values and bytes as DynamoDB reads them, without those that are None.

    Raises:
        TypeError: a value is none of these, or a number that DynamoDB cannot hold.

    """
    return {name: _typed(value) for name, value in attributes.items() if value is not None}


def decode(item: Mapping[str, Any]) -> Item:
    """Return an item as JSON-like values and bytes, without its key attributes.

    Raises:
        TypeError: it holds a set, which nothing here writes.

    """
    return {name: _plain(value) for name, value in item.items() if name not in {"PK", "SK"}}


def _typed(value: Any) -> dict[str, Any]:  # noqa: ANN401, PLR0911 - any JSON value; one line a type
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int | float):
        return {"N": _number(value)}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, list | tuple):
        return {"L": [_typed(inner) for inner in value]}
    if isinstance(value, dict):
        return {"M": {name: _typed(inner) for name, inner in value.items()}}
    message = f"DynamoDB is not given values of {type(value).__name__}"
    raise TypeError(message)


def _number(value: float) -> str:
    # Of a float, repr is the shortest text that reads back as the same.
    text = str(int(value)) if isinstance(value, int) else repr(float(value))
    try:
        number = _NUMBERS.create_decimal(text)
    except DecimalException:
        message = f"DynamoDB cannot hold the number {text}"
        raise TypeError(message) from None
    if not number.is_finite():
        message = f"DynamoDB does not know {text}"
        raise TypeError(message)
    return str(number)


def _plain(value: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value, or bytes
    ((kind, content),) = value.items()
    if kind in {"S", "BOOL", "B"}:
        return content
    if kind == "N":
        return _whole_or_float(content)
    if kind == "M":
        return {name: _plain(inner) for name, inner in content.items()}
    if kind == "L":
        return [_plain(inner) for inner in content]
    if kind == "NULL":
        return None
    message = f"nothing here writes a DynamoDB {kind}"
    raise TypeError(message)


def _whole_or_float(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)
