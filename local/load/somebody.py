"""Somebody with a phone and a laptop, and a ledger of what they were told."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import httpx

from local.load.device import Device, UnsureError
from local.load.ledger import Ledger
from travel_client import ApiError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from local.load.witness import Witness


class Somebody:
    """What all that people do stands on."""

    def __init__(self, url: str, witness: Witness, rng: random.Random) -> None:
        """Be somebody new."""
        name = f"traveller-{secrets.token_hex(5)}"
        password = secrets.token_urlsafe(12)
        self.ledger = Ledger(f"{name}@example.com", name, {password})
        self.phone = Device(url, witness, rng)
        self.laptop = Device(url, witness, rng)
        self._witness = witness
        self._rng = rng

    def close(self) -> None:
        """Close the connections."""
        self.phone.close()
        self.laptop.close()

    @property
    def is_in(self) -> bool:
        """Whether the phone is signed in."""
        return self.phone.api.tokens is not None

    def _read(self, call: Callable[[], Any], device: Device | None = None) -> Any:  # noqa: ANN401 - whatever the call gives
        """Return what a request that changes nothing is answered; None where no answer came."""
        try:
            return (device or self.phone).patiently(call)
        except UnsureError:
            return None
        except ApiError as error:
            self._witness.find(f"what was told cannot be read: {error}")
            return None

    def _refused(self, call: Callable[[], object], *codes: str) -> None:
        try:
            self.phone.patiently(call)
        except UnsureError:
            return
        except ApiError as error:
            if error.code not in codes:
                self._witness.find(f"refused as {error}, and not as {codes[0]}")
        else:
            self._witness.find(f"what should be refused as {codes[0]} was done")

    def _expect(self, error: ApiError, code: str, doing: str) -> None:
        if error.code != code and error.status != httpx.codes.TOO_MANY_REQUESTS:
            self._witness.find(f"{doing}: {error}")
