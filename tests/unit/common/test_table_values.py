"""Values are typed for DynamoDB as boto3 types them, and read back as they were."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from common.table_values import decode, encode

NUMBERS = st.integers(-(10**38) + 1, 10**38 - 1) | st.floats(-1e125, 1e125).filter(
    lambda number: number == 0 or abs(number) >= 1e-120
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def with_decimals(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {name: with_decimals(inner) for name, inner in value.items()}
    return [with_decimals(inner) for inner in value] if isinstance(value, list) else value


@given(VALUES.filter(lambda value: value is not None))
def test_values_are_typed_as_boto3_types_them(value: object) -> None:
    typed = encode({"a": value})
    assert typed == {"a": TypeSerializer().serialize(with_decimals(value))}
    assert with_decimals(decode(typed)["a"]) == TypeDeserializer().deserialize(typed["a"])


def test_bytes_stay_bytes_wherever_they_are() -> None:
    item = {"vector": b"\x00\x01", "parts": [b"\x02"]}
    assert encode(item) == {"vector": {"B": b"\x00\x01"}, "parts": {"L": [{"B": b"\x02"}]}}
    assert decode(encode(item)) == item


def test_numbers_of_38_digits_are_held() -> None:
    assert encode({"a": 10**38 - 1}) == {"a": {"N": "9" * 38}}


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, 10**38 + 1, 1e126, 1e-131, {1, 2}, object()]
)
def test_what_dynamodb_cannot_hold_is_refused_before_it_is_sent(value: object) -> None:
    with pytest.raises(TypeError):
        encode({"a": value})


def test_a_set_that_somebody_else_wrote_is_not_misread() -> None:
    with pytest.raises(TypeError, match="SS"):
        decode({"names": {"SS": ["a"]}})


def test_a_number_without_a_fraction_is_a_whole_number() -> None:
    decoded = decode({"a": {"N": "1E+2"}, "b": {"N": "2.50"}, "c": {"N": "-3"}})
    assert decoded == {"a": 100, "b": 2.5, "c": -3}
    assert [type(number) for number in decoded.values()] == [int, float, int]
