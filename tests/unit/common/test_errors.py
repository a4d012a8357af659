"""Every error a caller can meet has one stable answer."""

from __future__ import annotations

import re

import pytest

from common import errors
from common.errors import PROBLEMS, DomainError, problem_of

BASES = {DomainError, errors.RetryLater}
# Not the caller's doing: the service is busy, or deployed without a part.
OURS = {errors.Unavailable, errors.PasswordResetUnavailable}
ALL = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DomainError) and kind not in BASES
]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_has_its_own_entry_in_the_table(kind: type[DomainError]) -> None:
    assert kind in PROBLEMS
    assert 400 <= PROBLEMS[kind].status < 500 or kind in OURS


def test_codes_are_distinct_snake_case_words() -> None:
    codes = [problem.code for problem in PROBLEMS.values()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


@pytest.mark.parametrize("kind", ALL)
def test_every_error_says_something_in_whole_sentences(kind: type[DomainError]) -> None:
    assert re.match(r"[A-Z].*\.$", kind.detail)


def test_a_subclass_is_answered_like_its_base() -> None:
    class TableBusy(errors.Unavailable):
        pass

    assert problem_of(TableBusy).status == 503


def test_an_error_outside_the_table_is_answered_without_detail() -> None:
    class ForgottenError(DomainError):
        pass

    assert problem_of(ForgottenError).status == 500
