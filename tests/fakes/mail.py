"""A mail service that keeps what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mail(NamedTuple):
    """One mail in plain text."""

    recipient: str
    subject: str
    text: str


class Mailbox:
    """Takes every mail, after failing once with each of `faults`."""

    def __init__(self, faults: Iterable[Exception] = ()) -> None:
        self.mails: list[Mail] = []
        self._faults = list(faults)

    def send(self, recipient: str, subject: str, text: str) -> None:
        if self._faults:
            raise self._faults.pop(0)
        self.mails.append(Mail(recipient, subject, text))
