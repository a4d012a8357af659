"""Every way in which SES can answer becomes one of ours, and no address is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from auth.mail import SesMailer
from common.errors import Unavailable

if TYPE_CHECKING:
    import io

URL = "https://email.us-east-1.amazonaws.com"


class ScriptedSes:
    """An SES client that fails with `fault`, if any, and remembers what it was asked."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.asked: list[dict[str, Any]] = []

    def send_email(self, **arguments: object) -> dict[str, str]:
        self.asked.append(arguments)
        if self.fault:
            raise self.fault
        return {"MessageId": "1"}


def refused(code: str, status: int = 400) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": "ada@example.com"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "SendEmail")


def send(fault: Exception | None = None) -> ScriptedSes:
    ses = ScriptedSes(fault)
    SesMailer("no-reply@travel.example", lambda: ses).send("ada@example.com", "Hello", "Grüße")
    return ses


def test_a_mail_goes_out_in_plain_text_from_our_address() -> None:
    (asked,) = send().asked
    assert asked["FromEmailAddress"] == "no-reply@travel.example"
    assert asked["Destination"] == {"ToAddresses": ["ada@example.com"]}
    simple = asked["Content"]["Simple"]
    assert simple["Subject"] == {"Data": "Hello", "Charset": "UTF-8"}
    assert simple["Body"] == {"Text": {"Data": "Grüße", "Charset": "UTF-8"}}


@pytest.mark.parametrize(
    "fault",
    [
        refused("TooManyRequestsException", 429),
        refused("InternalServiceErrorException", 500),
        refused("ServiceUnavailable", 503),
        ConnectTimeoutError(endpoint_url=URL),
        ReadTimeoutError(endpoint_url=URL),
        EndpointConnectionError(endpoint_url=URL),
    ],
    ids=str,
)
def test_a_busy_or_absent_service_is_unavailable(fault: Exception, logged: io.StringIO) -> None:
    with pytest.raises(Unavailable):
        send(fault)
    assert "ada@example.com" not in logged.getvalue()


@pytest.mark.parametrize(
    "code", ["MessageRejected", "MailFromDomainNotVerifiedException", "AccessDeniedException"]
)
def test_a_refused_mail_is_logged_for_us_and_hidden_from_the_caller(
    code: str, logged: io.StringIO
) -> None:
    send(refused(code))
    assert '"level":"ERROR"' in logged.getvalue()
    assert code in logged.getvalue()
    assert "ada@example.com" not in logged.getvalue()
