"""Faults of everything that the functions call: whichever befalls whichever request, and when.

The answer is one that the API's description has, it comes in time, and the table is whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.faults.world import World, forget_clients
from tests.unit.predict.conftest import write_bundle
from tests.unit.recommend.small_bundle import write_model_root

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opt = write_bundle(write_model_root(tmp_path_factory.mktemp("opt")))
    with pytest.MonkeyPatch.context() as patch:
        yield World(patch, opt)
    forget_clients()


@pytest.fixture
def world(shared_world: World) -> World:
    shared_world.reset()
    return shared_world
