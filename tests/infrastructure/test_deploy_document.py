"""docs/deploy.md and docs/delivery.md: a newcomer can type what they say."""

from __future__ import annotations

import json
import re

import pytest

from stacks.settings import REPOSITORY, read_settings
from tests.infrastructure.conftest import context

DOCUMENT = (REPOSITORY / "docs" / "deploy.md").read_text()
DELIVERY = (REPOSITORY / "docs" / "delivery.md").read_text()


def test_every_command_of_the_project_is_one() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    words = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    code = re.findall(r"```sh\n(.*?)```|`([^`\n]+)`", DOCUMENT + DELIVERY, flags=re.DOTALL)
    typed = set(re.findall(r"\bmake (?:--silent )?([a-z-]+)", "\n".join(map("".join, code))))
    assert {"layers", "deploy", "smoke", "delivery", "destroy", "last-good"} <= typed <= words


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_the_settings_that_it_shows_are_taken(environment: str) -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    environments = json.loads(f"{{{shown}}}")
    settings = read_settings(context(environment, environments=environments))
    for name, value in environments[environment].items():
        taken = getattr(settings, name)
        assert (list(taken) if isinstance(taken, tuple) else taken) == value


def test_every_step_that_it_lists_is_there() -> None:
    headings = re.findall(r"^## (.+)$", DOCUMENT, flags=re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}
    linked = set(re.findall(r"\]\(#([^)]+)\)", DOCUMENT))
    assert linked <= anchors
    assert anchors <= linked
