"""`make licences`: fail where something that ships has a licence that is not on the list.

The list and its reasons are in `licences.toml`. Licences are read from the packages' own metadata
(PEP 639's expression, or the classifiers before it), at the locked versions.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from license_expression import OR, ExpressionError, get_spdx_licensing

from local.supply_chain.locks import CLIP, ROOT, SHIPPED, read_pins
from local.terminal import CannotContinueError, say
from local.web.notices import name_of, shipped_packages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from license_expression import LicenseExpression

LIST = Path(__file__).with_name("licences.toml")
SWAGGER_UI = "swagger-ui-dist"
_SPDX = get_spdx_licensing()
# Classifiers that name one licence; "BSD License" is not one.
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
_PREFIX = "License :: OSI Approved :: "


@dataclass(frozen=True)
class Policy:
    """What may ship: licences, exceptions by package, and what a person read."""

    allowed: frozenset[str]
    excepted: Mapping[str, str]
    stated: Mapping[str, str]


def read_policy(file: Path = LIST) -> Policy:
    """Read the list."""
    content = tomllib.loads(file.read_text())
    return Policy(
        allowed=frozenset(content["allowed"]),
        excepted={name: entry["licence"] for name, entry in content["excepted"].items()},
        stated=content["stated"],
    )


def licence_of(name: str, metadata: Mapping[str, Any], policy: Policy) -> str | None:
    """Return a package's licence as an SPDX expression, None where nobody says.

    `metadata` has `License-Expression` and `License` as texts and `Classifier` as a list.
    """
    told = (policy.stated.get(name), metadata.get("License-Expression"), metadata.get("License"))
    for text in filter(None, told):
        if (expression := _parse(text)) is not None:
            return str(expression)
    classified = [
        _CLASSIFIERS.get(line.removeprefix(_PREFIX))
        for line in metadata.get("Classifier", [])
        if line.startswith("License ::")
    ]
    known = [licence for licence in classified if licence]
    # All of them, unless one says what none of these is.
    return " AND ".join(sorted(known)) if known and len(known) == len(classified) else None


def _parse(text: str) -> LicenseExpression | None:
    try:
        return _SPDX.parse(text, validate=True, strict=True)
    except ExpressionError:
        return None


def objections(licences: Mapping[str, str | None], policy: Policy) -> list[str]:
    """Return what is wrong with licences by package, a line each."""
    found = [
        f"{name}: its metadata names no licence; read it, and say it in [stated]"
        if licence is None
        else f"{name}: {licence} is not allowed"
        for name, licence in sorted(licences.items())
        if licence is None or not _may_ship(_SPDX.parse(licence), _allowed_for(name, policy))
    ]
    idle = {*policy.stated, *policy.excepted} - set(licences)
    idle |= {
        name
        for name, licence in licences.items()
        if name in policy.excepted and policy.excepted[name] not in (licence or "")
    }
    return [*found, *(f"{name}: is on the list for nothing; take it out" for name in sorted(idle))]


def _allowed_for(name: str, policy: Policy) -> frozenset[str]:
    return policy.allowed | {policy.excepted[name]} if name in policy.excepted else policy.allowed


def _may_ship(expression: LicenseExpression, allowed: frozenset[str]) -> bool:
    if expression.isliteral:
        return str(expression) in allowed
    decide = any if isinstance(expression, OR) else all
    return decide(_may_ship(part, allowed) for part in expression.args)


def shipped_licences(policy: Policy) -> dict[str, str | None]:
    """Return the licence of everything that ships, by package.

    Raises:
        CannotContinueError: what is installed here is not what is locked.

    """
    licences = {}
    locks = {lock for group in SHIPPED.values() for lock in group} | {CLIP}
    pins = {name: version for lock in locks for name, version in read_pins(lock.path).items()}
    for name, version in pins.items():
        metadata = importlib.metadata.metadata(name)
        if metadata["Version"].partition("+")[0] != version:
            message = f"{name} {metadata['Version']} is installed, {version} is locked: make up"
            raise CannotContinueError(message)
        licences[name] = licence_of(name, as_mapping(metadata), policy)
    licences[SWAGGER_UI] = json.loads(
        (ROOT / "node_modules" / SWAGGER_UI / "package.json").read_text()
    )["license"]
    # The page's are in its lock, whether it is installed or not.
    page = shipped_packages(ROOT / "web" / "package-lock.json")
    return licences | {name_of(path): package.get("license") for path, package in page.items()}


def as_mapping(metadata: importlib.metadata.PackageMetadata) -> dict[str, Any]:
    """Return what `licence_of` reads of a package's metadata."""
    one = {name: metadata[name] for name in ("License-Expression", "License") if name in metadata}
    return {**one, "Classifier": metadata.get_all("Classifier") or []}


def main() -> None:
    """Print what ships by licence, and what is wrong with it."""
    policy = read_policy()
    try:
        licences = shipped_licences(policy)
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)
    by_licence: dict[str, list[str]] = defaultdict(list)
    for name, licence in sorted(licences.items()):
        by_licence[licence or "unknown"].append(name)
    wrong = objections(licences, policy)
    if "--quiet" not in sys.argv:
        for licence, names in sorted(by_licence.items()):
            say(f"  {licence}: {', '.join(names)}")
    for line in wrong:
        say(f"licences: {line}")
    say(f"Licences of {len(licences)} packages that ship: {len(wrong)} objections")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
