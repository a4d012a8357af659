"""`make sbom`: a bill of materials (CycloneDX 1.6, JSON) for each artefact that ships.

Layers are read as they were built for Lambda, with the hash of the very file that pip installed.
The image is read from its locks, which `make image` holds what it built to. Nothing depends on when
or where it is made, so that a deployed commit gives its bills again.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import subprocess
import sys
import uuid
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from local.deployed import version as project_version
from local.layers import BUILD, report_of
from local.supply_chain.licences import (
    SWAGGER_UI,
    Policy,
    as_mapping,
    licence_of,
    read_policy,
)
from local.supply_chain.locks import CLIP, ROOT, SHIPPED, read_pins
from local.terminal import CannotContinueError, say
from local.web.notices import name_of, shipped_packages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SBOMS = ROOT / "build" / "sbom"
IMAGE = "predict-image"
_LAYER = "-layer"


@dataclass(frozen=True)
class Part:
    """A package as it ships."""

    name: str
    version: str
    kind: str
    """`pypi` or `npm`, as package URLs have it."""
    licence: str | None
    digest: tuple[HashAlgorithm, str] | None = None


def parts_of(artefact: str, policy: Policy, *, clip: bool = False) -> list[Part]:
    """Return the packages in an artefact, sorted by name.

    Raises:
        CannotContinueError: a layer is not built.

    """
    if artefact == IMAGE:
        locks = [*SHIPPED[IMAGE], *([CLIP] if clip else [])]
        pins = {name: version for lock in locks for name, version in read_pins(lock.path).items()}
        return [
            Part(name, version, "pypi", _licence(importlib.metadata.distribution(name), policy))
            for name, version in sorted(pins.items())
        ]
    return _parts_of_layer(f"{artefact.removesuffix(_LAYER)}-aws", policy)


def _parts_of_layer(folder: str, policy: Policy) -> list[Part]:
    report = report_of(folder)
    if not report.is_file():
        message = f"{folder} is not built: make layers"
        raise CannotContinueError(message)
    hashes = {
        canonicalize_name(item["metadata"]["name"]): item["download_info"]["archive_info"]["hashes"]
        for item in json.loads(report.read_text())["install"]
    }
    return sorted(
        (
            Part(
                name,
                found.version,
                "pypi",
                _licence(found, policy),
                (HashAlgorithm.SHA_256, hashes[name]["sha256"]),
            )
            for found in importlib.metadata.distributions(path=[str(BUILD / folder / "python")])
            if (name := canonicalize_name(found.name))
        ),
        key=lambda part: part.name,
    )


def _licence(found: importlib.metadata.Distribution, policy: Policy) -> str | None:
    return licence_of(canonicalize_name(found.name), as_mapping(found.metadata), policy)


def pages_of_docs() -> list[Part]:
    """Return what the function `docs` ships beside our code: Swagger UI, from npm."""
    lock = json.loads((ROOT / "package-lock.json").read_text())
    return [_of_npm(SWAGGER_UI, lock["packages"][f"node_modules/{SWAGGER_UI}"])]


def web_page() -> list[Part]:
    """Return what the built page may contain beside our code, from npm."""
    packages = shipped_packages(ROOT / "web" / "package-lock.json")
    return [_of_npm(name_of(path), package) for path, package in sorted(packages.items())]


def _of_npm(name: str, package: Mapping[str, Any]) -> Part:
    digest = b64decode(package["integrity"].removeprefix("sha512-")).hex()
    return Part(
        name,
        package["version"],
        "npm",
        package["license"],
        (HashAlgorithm.SHA_512, digest),
    )


def write_bill(artefact: str, parts: Sequence[Part], version: str, made: datetime) -> str:
    """Return the bill of materials of an artefact, as JSON."""
    licences = LicenseFactory()
    root = Component(
        name=f"cv-location-classifier-{artefact}",
        version=version,
        type=ComponentType.CONTAINER if artefact == IMAGE else ComponentType.APPLICATION,
        bom_ref=artefact,
    )
    bill = Bom()
    bill.metadata.component = root
    bill.metadata.timestamp = made
    for part in parts:
        namespace, _, name = part.name.rpartition("/")
        url = PackageURL(part.kind, namespace or None, name, part.version)
        component = Component(
            name=part.name,
            version=part.version,
            bom_ref=url.to_string(),
            purl=url,
            licenses=[licences.make_from_string(part.licence)] if part.licence else None,
            hashes=[HashType(alg=part.digest[0], content=part.digest[1])] if part.digest else None,
        )
        bill.components.add(component)
        bill.register_dependency(root, [component])
    # The same content has the same number.
    bill.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"{artefact} {version} {made} {parts}")
    return f"{JsonV1Dot6(bill).output_as_string(indent=2)}\n"


def _commit_time() -> datetime:
    asked = subprocess.run(
        ["git", "log", "-1", "--format=%ct"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = int(asked.stdout) if asked.returncode == 0 else 0
    return datetime.fromtimestamp(seconds, UTC)


def main() -> None:
    """Write the bills to `build/sbom` and say what is in them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", action="store_true", help="the image has the encoder `clip`")
    parser.add_argument("--summary", type=Path, help="append a table in Markdown to this file")
    asked = parser.parse_args()
    policy, version, made = read_policy(), project_version(), _commit_time()
    SBOMS.mkdir(parents=True, exist_ok=True)
    rows = []
    try:
        bills = {name: parts_of(name, policy, clip=asked.clip) for name in SHIPPED}
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)
    bills |= {"docs-function": pages_of_docs(), "web-page": web_page()}
    for artefact, parts in bills.items():
        bill = write_bill(artefact, parts, version, made)
        file = SBOMS / f"{artefact}.cdx.json"
        file.write_text(bill)
        digest = hashlib.sha256(bill.encode()).hexdigest()
        say(f"  ✓ {file.relative_to(ROOT)}: {len(parts)} packages, sha256 {digest[:16]}…")
        packages = ", ".join(f"{part.name} {part.version}" for part in parts)
        rows.append(f"| {artefact} | {packages} | `{digest}` |")
    if asked.summary:
        head = [f"### What {version} ships", "", "| artefact | packages | SHA-256 of its bill |"]
        with asked.summary.open("a") as summary:
            summary.write("\n".join([*head, "|---|---|---|", *rows, ""]))


if __name__ == "__main__":
    main()
