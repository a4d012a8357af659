"""A change says which version it changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from account.versions import entity_tag, require_version
from common.errors import PreconditionFailed, PreconditionRequired


@given(st.integers(1, 10**8), st.sampled_from(["", "gpx", "geojson", "ics"]))
def test_the_tag_of_any_form_says_the_version(version: int, form: str) -> None:
    require_version(entity_tag(version, form), version)
    with pytest.raises(PreconditionFailed):
        require_version(entity_tag(version, form), version + 1)


@pytest.mark.parametrize("if_match", [None, "", "  ", "*", " * "])
def test_a_change_of_whatever_there_is_is_refused(if_match: str | None) -> None:
    with pytest.raises(PreconditionRequired):
        require_version(if_match, 7)


@pytest.mark.parametrize("if_match", ['"6", "7"', '"x","7"', ' "7" ', '"7-gpx"', '"a,b", "7"'])
def test_one_of_several_tags_is_enough(if_match: str) -> None:
    require_version(if_match, 7)


@pytest.mark.parametrize(
    "if_match",
    ['W/"7"', "7", '"07"', '"-7"', '"7', '7"', '"7.0"', '"\u0667"', '"7-"', '"' + "7" * 5000 + '"'],
)
def test_weak_and_foreign_tags_never_match(if_match: str) -> None:
    with pytest.raises(PreconditionFailed):
        require_version(if_match, 7)


@given(st.text())
def test_any_header_is_a_match_or_a_clear_refusal(if_match: str) -> None:
    try:
        require_version(if_match, 7)
    except (PreconditionFailed, PreconditionRequired):
        return
    assert '"7' in if_match
