"""What people do with their account."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING, Any

from local.load.device import UnsureError
from local.load.somebody import Somebody
from travel_client import ApiError

if TYPE_CHECKING:
    from local.load.device import Device
    from travel_client.models import ChangePasswordRequest, SignInRequest, SignUpRequest


class AccountActs(Somebody):
    """Comes, goes, and is called something else."""

    def sign_up(self) -> None:
        """Open the account."""
        ledger = self.ledger
        (password,) = ledger.passwords
        body: SignUpRequest = {
            "email": ledger.email,
            "username": ledger.username,
            "password": password,
        }
        try:
            answer = self.phone.perhaps_hastily(
                lambda: self.phone.api.sign_up(body), done="email_taken"
            )
        except UnsureError:
            ledger.perhaps_open = True
            ledger.not_told("account")
        except ApiError as error:
            # By the try before, whose answer never came.
            if not ledger.perhaps_open:
                self._witness.find(f"signing up: {error}")
            self._expect(error, "email_taken", "signing up again")
            self.sign_in()
        else:
            ledger.user_id = answer["user_id"]
            ledger.perhaps_open = False
            ledger.told("account")

    def sign_in(self, device: Device | None = None) -> None:
        """Sign in, with the password that is told last, or the one that may be."""
        device = device or self.phone
        for password in sorted(self.ledger.passwords):
            body: SignInRequest = {"email": self.ledger.email, "password": password}
            try:
                answer = device.patiently(lambda body=body: device.api.sign_in(body))  # type: ignore[misc]
            except ApiError as error:
                self._expect(error, "invalid_credentials", "signing in")
            except UnsureError:
                return
            else:
                self.ledger.user_id = answer["user_id"]
                self.ledger.passwords = {password}
                self.ledger.perhaps_open = False
                device.session_is_sure = True
                return
        if not self.ledger.perhaps_open:
            self._witness.find(f"{self.ledger.email} cannot sign in with any password it has")

    def sign_out(self) -> None:
        """End the phone's session, and begin another."""
        with contextlib.suppress(UnsureError):
            self.phone.patiently(self.phone.api.sign_out)
        self.sign_in()

    def mistype(self) -> None:
        """Sign in with a wrong password."""
        body: SignInRequest = {"email": self.ledger.email, "password": secrets.token_urlsafe(9)}
        self._refused(lambda: self.laptop.api.sign_in(body), "invalid_credentials")

    def change_password(self) -> None:
        """Choose another password: every other session ends."""
        if len(self.ledger.passwords) > 1:
            return
        new, (old,) = secrets.token_urlsafe(12), self.ledger.passwords
        body: ChangePasswordRequest = {"current_password": old, "new_password": new}
        try:
            self.phone.patiently(
                lambda: self.phone.api.change_password(body), done="wrong_password"
            )
        except UnsureError:
            self.ledger.passwords.add(new)
            self.ledger.not_told("password")
            self.phone.session_is_sure = False
        else:
            self.ledger.passwords = {new}
            self.ledger.told("password")
        self.laptop.session_is_sure = False
        self.sign_in(self.phone if not self.phone.session_is_sure else self.laptop)

    def renew(self) -> None:
        """Exchange the tokens."""
        try:
            self.phone.patiently(self.phone.api.refresh)
        except UnsureError:
            self.sign_in()

    def rename(self) -> None:
        """Choose another username."""
        new = f"traveller-{secrets.token_hex(5)}"
        try:
            self.phone.perhaps_hastily(lambda: self.phone.api.change_profile({"username": new}))
        except UnsureError:
            self.ledger.unsure_usernames.add(new)
            self.ledger.not_told("username")
        else:
            self.ledger.username = new
            self.ledger.told("username")

    def look_at_account(self) -> None:
        """Read the account and its counters."""
        profile = self._read(self.phone.api.show_profile)
        if profile is not None and profile["username"] not in self.ledger.possible_usernames():
            self._witness.find("the account shows a name that it was never given")

    def leave(self) -> None:
        """Take everything along, and delete the account."""
        self._read(self.phone.api.export_account)
        for password in sorted(self.ledger.passwords):
            body: Any = {"password": password}
            try:
                self.phone.patiently(
                    lambda body=body: self.phone.api.delete_account(body),  # type: ignore[misc]
                    done="account_not_found",
                )
            except UnsureError:
                self.ledger.perhaps_gone = True
                self.ledger.not_told("leaving")
                return
            except ApiError as error:
                self._expect(error, "wrong_password", "leaving")
            else:
                self.ledger.gone = True
                self.ledger.told("leaving")
                return
