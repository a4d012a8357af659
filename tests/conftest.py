"""What the suites share: a local cloud of the tests' own, beside any that `make up` started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.cloud import LocalCloud, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def local_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """Start an empty cloud on a free port, with all its files in a folder of this run."""
    cloud = LocalCloud(tmp_path_factory.mktemp("local"), free_port())
    cloud.start()
    yield cloud
    cloud.stop()
