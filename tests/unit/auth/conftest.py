"""What the tests of `auth` start from."""

from __future__ import annotations

import pytest

from tests.fakes.mail import Mailbox
from tests.fakes.tables import InMemoryTable
from tests.unit.auth.parts import Auth, build_auth


@pytest.fixture
def table() -> InMemoryTable:
    return InMemoryTable()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def auth(table: InMemoryTable, mailbox: Mailbox) -> Auth:
    return build_auth(table, mailer=mailbox)
