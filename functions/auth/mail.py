"""Sending mail through Amazon SES."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from common.clients import client
from common.errors import Unavailable
from common.observability import logger, trace

if TYPE_CHECKING:
    from collections.abc import Callable

# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
BUSY_CODES = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling"})
SERVER_ERROR = 500
# With two attempts, SES is given up after 6 s and a backoff of under a second.
SES_ATTEMPTS = 2


class Mailer(Protocol):
    """What sends mail."""

    def send(self, recipient: str, subject: str, text: str) -> None:
        """Hand over a mail in plain text. Whether it arrives is not known.

        Raises:
            Unavailable: the mail service is busy or out of reach.

        """
        ...


class SesMailer:
    """Sends from one address that SES knows to be ours."""

    def __init__(
        self,
        sender: str,
        ses: Callable[[], Any] = lambda: client("sesv2", attempts=SES_ATTEMPTS),
    ) -> None:
        """Send from `sender`; `ses` gives the client when first needed."""
        self._sender = sender
        self._ses = ses

    def send(self, recipient: str, subject: str, text: str) -> None:
        """See `Mailer.send`. What SES does not accept is logged, without saying for whom."""
        ses = self._ses()
        from botocore import exceptions  # noqa: PLC0415 - loaded with the client, see clients.py

        try:
            with trace("send_email"):
                ses.send_email(
                    FromEmailAddress=self._sender,
                    Destination={"ToAddresses": [recipient]},
                    Content={"Simple": {"Subject": _text(subject), "Body": {"Text": _text(text)}}},
                )
        except exceptions.ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if code in BUSY_CODES or status >= SERVER_ERROR:
                logger.warning("mail service busy", extra={"reason": code})
                raise Unavailable from error
            logger.error("mail refused", extra={"reason": code})
        except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
            logger.warning("mail service unreachable", extra={"reason": type(error).__name__})
            raise Unavailable from error


def _text(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
