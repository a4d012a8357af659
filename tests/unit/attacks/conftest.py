"""What the tests of attacks start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.attacks.parts import Service, load_service

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return the whole service over a table of its own, with nobody in it."""
    with pytest.MonkeyPatch.context() as patch:
        yield load_service(tmp_path_factory.mktemp("models"), patch)
