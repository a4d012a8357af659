"""What may ship: an unknown licence, or one that is not on the list, is an objection."""

from __future__ import annotations

from typing import Any

import pytest

from local.supply_chain.licences import Policy, licence_of, objections, read_policy

POLICY = Policy(
    allowed=frozenset({"MIT", "BSD-3-Clause"}),
    excepted={"certifi": "MPL-2.0"},
    stated={"odd": "BSD-3-Clause"},
)
CERTIFI = {"certifi": "MPL-2.0", "odd": "BSD-3-Clause"}


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ({"License-Expression": "MIT AND BSD-3-Clause"}, "MIT AND BSD-3-Clause"),
        ({"License": "Apache-2.0"}, "Apache-2.0"),
        (
            {"License": "see the file", "Classifier": ["License :: OSI Approved :: MIT License"]},
            "MIT",
        ),
        (
            {
                "Classifier": [
                    "License :: OSI Approved :: MIT License",
                    "License :: OSI Approved :: Apache Software License",
                ]
            },
            "Apache-2.0 AND MIT",
        ),
        ({"Classifier": ["License :: OSI Approved :: BSD License"]}, None),
        (
            {
                "Classifier": [
                    "License :: OSI Approved :: MIT License",
                    "License :: OSI Approved :: GNU General Public License (GPL)",
                ]
            },
            None,
        ),
        ({"License": "a page of text that is no name"}, None),
        ({}, None),
    ],
)
def test_a_licence_is_what_metadata_says_in_spdx_names(
    metadata: dict[str, Any], licence: str | None
) -> None:
    assert licence_of("package", metadata, POLICY) == licence


def test_what_a_person_read_goes_before_metadata() -> None:
    assert licence_of("odd", {"License-Expression": "MIT"}, POLICY) == "BSD-3-Clause"


@pytest.mark.parametrize(
    "licence",
    ["MIT", "MIT AND BSD-3-Clause", "MIT OR GPL-3.0-only", "(MIT OR GPL-2.0-only) AND MIT"],
)
def test_what_is_on_the_list_may_ship(licence: str) -> None:
    assert objections({"package": licence, **CERTIFI}, POLICY) == []


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-only",
        "AGPL-3.0-or-later",
        "MIT AND LGPL-2.1-only",
        "MPL-2.0",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        None,
    ],
)
def test_copyleft_and_the_unknown_are_objected_to(licence: str | None) -> None:
    (objection,) = objections({"package": licence, **CERTIFI}, POLICY)
    assert objection.startswith("package: ")


@pytest.mark.parametrize("licences", [{"odd": "MIT"}, {"certifi": "MIT", "odd": "MIT"}])
def test_an_exception_that_nothing_needs_is_objected_to(licences: dict[str, str]) -> None:
    (objection,) = objections(licences, POLICY)
    assert objection == "certifi: is on the list for nothing; take it out"


def test_every_exception_has_a_reason() -> None:
    policy = read_policy()
    assert set(policy.excepted) == {"certifi", "numpy"}
    assert not policy.allowed & {"MPL-2.0", "LGPL-2.1-only", "GPL-3.0-only", "AGPL-3.0-only"}
