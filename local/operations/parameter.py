"""One SecureString in SSM: read, written, and changed by one person at a time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Iterator

# A change takes seconds. A lock that is older was left by a run that died.
LOCK_ENDS_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Stored:
    """A version of the parameter; `now` is SSM's own time, whatever the clock here says."""

    text: str = field(repr=False)
    version: int
    since: datetime
    now: datetime

    @property
    def age(self) -> timedelta:
        """For how long it has been the newest; SSM says the time now in whole seconds only."""
        return max(timedelta(0), self.now - self.since)


class SecureParameter:
    """A parameter that functions read and people write."""

    def __init__(self, ssm: Any, name: str, description: str) -> None:  # noqa: ANN401 - a client
        """Work on the parameter `name` through an SSM client; nothing is read yet."""
        self._ssm = ssm
        self.name = name
        self._lock_name = f"{name}-lock"
        self._description = description

    def read(self) -> Stored | None:
        """Return the newest version; None when there is no parameter."""
        try:
            answer = self._ssm.get_parameter(Name=self.name, WithDecryption=True)
        except self._ssm.exceptions.ParameterNotFound:
            return None
        parameter = answer["Parameter"]
        since = parameter["LastModifiedDate"].astimezone(UTC)
        return Stored(parameter["Value"], parameter["Version"], since, _now(answer))

    def write(self, text: str) -> int:
        """Store `text` as the newest version, and return its number."""
        answer = self._ssm.put_parameter(
            Name=self.name,
            Description=self._description,
            Type="SecureString",
            Value=text,
            Overwrite=True,
        )
        version: int = answer["Version"]
        return version

    def replace(self, before: Stored | None, text: str) -> None:
        """Store `text` after the version that it was made from.

        SSM writes whatever it is given, so that this only notices when somebody wrote meanwhile:
        who holds the lock is alone among those who ask for it, not among all.

        Raises:
            CannotContinueError: somebody did, and what they wrote is no longer the newest.

        """
        expected = (before.version if before else 0) + 1
        version = self.write(text)
        if before is not None and version != expected:
            message = (
                f"Somebody changed {self.name} at the same time, without the lock. Their version\n"
                f"{version - 1} is no longer the newest; look at it before you go on:\n"
                f"aws ssm get-parameter-history --name {self.name} --with-decryption"
            )
            raise CannotContinueError(message)

    def delete(self) -> bool:
        """Delete the parameter; return whether there was one."""
        return self._delete(self.name)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others from changing it: making a parameter that exists already fails.

        Raises:
            CannotContinueError: somebody else holds the lock.

        """
        try:
            self._ssm.put_parameter(
                Name=self._lock_name,
                Description=f"Somebody is changing {self.name}",
                Type="String",
                Value="held",
                Overwrite=False,
            )
        except self._ssm.exceptions.ParameterAlreadyExists:
            raise CannotContinueError(self._held()) from None
        try:
            yield
        finally:
            self._delete(self._lock_name)

    def unlock(self) -> bool:
        """Remove the lock of a run that died; return whether there was one.

        Raises:
            CannotContinueError: it is so new that the run may be alive.

        """
        age = self._lock_age()
        if age is None:
            return False
        if age < LOCK_ENDS_AFTER:
            message = f"{self._lock_name} is {age.seconds} s old: whoever holds it may be at work"
            raise CannotContinueError(message)
        return self._delete(self._lock_name)

    def _held(self) -> str:
        age = self._lock_age()
        message = f"Somebody else is changing {self.name} at this moment. Try again in a minute."
        if age is not None and age >= LOCK_ENDS_AFTER:
            minutes = int(age.total_seconds() // 60)
            message = (
                f"A run that began to change {self.name} {minutes} minutes ago has not ended.\n"
                "If it is dead, remove its lock and try again: make rotate-keys ARGS=--unlock"
            )
        return message

    def _lock_age(self) -> timedelta | None:
        try:
            answer = self._ssm.get_parameter(Name=self._lock_name)
        except self._ssm.exceptions.ParameterNotFound:
            return None
        age: timedelta = _now(answer) - answer["Parameter"]["LastModifiedDate"]
        return age

    def _delete(self, name: str) -> bool:
        try:
            self._ssm.delete_parameter(Name=name)
        except self._ssm.exceptions.ParameterNotFound:
            return False
        return True


def _now(answer: Any) -> datetime:  # noqa: ANN401 - as boto3
    date = answer["ResponseMetadata"].get("HTTPHeaders", {}).get("date")
    return parsedate_to_datetime(date) if date else datetime.now(UTC)
