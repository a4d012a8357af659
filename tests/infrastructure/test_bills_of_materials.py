"""The bills of materials: valid, the same each time, and of what is really in the built layers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from local.layers import BUILD
from local.supply_chain.licences import read_policy
from local.supply_chain.locks import SHIPPED, read_hashes, read_pins
from local.supply_chain.sbom import IMAGE, Part, pages_of_docs, parts_of, web_page, write_bill
from tests.infrastructure.test_packages import BUILT

if TYPE_CHECKING:
    from collections.abc import Sequence

MADE = datetime(2026, 1, 1, tzinfo=UTC)
LAYERS = [name for name in SHIPPED if name != IMAGE]


def _bill(artefact: str, parts: Sequence[Part]) -> dict[str, Any]:
    bill: dict[str, Any] = json.loads(write_bill(artefact, parts, "1.2.3", MADE))
    return bill


def test_every_layer_and_the_image_have_one() -> None:
    assert {f"{layer.name}-layer" for layer in BUILT.values()} | {IMAGE} == set(SHIPPED)


@pytest.mark.parametrize("artefact", SHIPPED)
def test_a_bill_is_valid(artefact: str) -> None:
    bill = write_bill(artefact, parts_of(artefact, read_policy()), "1.2.3", MADE)
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(bill) is None
    # It does refuse.
    assert validator.validate_str(bill.replace('"CycloneDX"', '"Something"')) is not None


@pytest.mark.parametrize("artefact", LAYERS)
def test_a_bill_has_every_package_of_the_built_layer_in_its_version(artefact: str) -> None:
    folder = BUILD / f"{artefact.removesuffix('-layer')}-aws" / "python"
    installed = set()
    for metadata in folder.glob("*.dist-info/METADATA"):
        lines = metadata.read_text().splitlines()
        told = dict(line.split(": ", 1) for line in lines[: lines.index("")] if ": " in line)
        installed.add((told["Name"].lower().replace("_", "-"), told["Version"]))
    bill = _bill(artefact, parts_of(artefact, read_policy()))
    assert {(part["name"], part["version"]) for part in bill["components"]} == installed != set()


@pytest.mark.parametrize("artefact", LAYERS)
def test_a_bill_has_the_hash_of_what_was_installed_and_that_is_locked(artefact: str) -> None:
    (lock,) = SHIPPED[artefact]
    allowed = read_hashes(lock.path)
    for part in _bill(artefact, parts_of(artefact, read_policy()))["components"]:
        (digest,) = part["hashes"]
        assert digest["alg"] == "SHA-256"
        assert digest["content"] in allowed[part["name"]]


def test_the_bill_of_the_image_has_every_package_of_its_locks() -> None:
    parts = {part.name: part.version for part in parts_of(IMAGE, read_policy())}
    for lock in SHIPPED[IMAGE]:
        assert read_pins(lock.path).items() <= parts.items()
    assert {"torch", "pillow", "pydantic"} <= set(parts)
    assert "onnxruntime" not in parts
    assert "onnxruntime" in {part.name for part in parts_of(IMAGE, read_policy(), clip=True)}


@pytest.mark.parametrize("artefact", SHIPPED)
def test_every_package_has_a_licence(artefact: str) -> None:
    for part in _bill(artefact, parts_of(artefact, read_policy()))["components"]:
        assert part["licenses"], part["name"]


def test_the_pages_of_docs_are_told_with_the_hash_that_npm_checks() -> None:
    (part,) = _bill("docs-function", pages_of_docs())["components"]
    assert part["purl"] == f"pkg:npm/swagger-ui-dist@{part['version']}"
    (digest,) = part["hashes"]
    assert digest["alg"] == "SHA-512"
    assert len(bytes.fromhex(digest["content"])) == 64


def test_the_page_is_told_with_what_runs_in_it_and_nothing_that_built_it() -> None:
    bill = write_bill("web-page", web_page(), "1.2.3", MADE)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    components = json.loads(bill)["components"]
    assert {"react", "react-dom", "leaflet", "@dnd-kit/core"} <= {one["name"] for one in components}
    assert not {"vite", "vitest", "typescript"} & {one["name"] for one in components}
    assert all(one["licenses"] and one["hashes"] for one in components)


def test_a_bill_is_the_same_each_time() -> None:
    parts = parts_of("shared-layer", read_policy())
    assert write_bill("shared-layer", parts, "1", MADE) == write_bill(
        "shared-layer", parts, "1", MADE
    )
    first, second = _bill("shared-layer", parts), _bill("shared-layer", parts[1:])
    assert first["serialNumber"] != second["serialNumber"]


def test_a_bill_names_no_index() -> None:
    bill = write_bill("shared-layer", parts_of("shared-layer", read_policy()), "1", MADE)
    assert "pythonhosted" not in bill
    assert bill.count("://") == bill.count("http://cyclonedx.org/schema/")
