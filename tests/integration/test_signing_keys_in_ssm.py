"""The signing keys are read from a real SecureString."""

from __future__ import annotations

import base64
import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from common import signing_keys
from common.signing_keys import KeysUnavailable, signing_keys_in_ssm
from common.ulids import new_ulid

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def ssm(make_client: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401
    ssm = make_client("ssm")
    monkeypatch.setattr(signing_keys, "client", lambda _service, **_options: ssm)
    return ssm


def test_a_key_is_read_and_decrypted(ssm: Any) -> None:  # noqa: ANN401
    name, secret = f"/integration/{new_ulid()}/jwt-keys", secrets.token_bytes(32)
    document = {"current": "a", "keys": {"a": base64.b64encode(secret).decode("ascii")}}
    ssm.put_parameter(Name=name, Type="SecureString", Value=json.dumps(document))
    try:
        assert signing_keys_in_ssm(name).current().secret == secret
    finally:
        ssm.delete_parameter(Name=name)


@pytest.mark.usefixtures("ssm")
def test_a_parameter_that_does_not_exist_is_no_key() -> None:
    with pytest.raises(KeysUnavailable):
        signing_keys_in_ssm(f"/integration/{new_ulid()}/nothing").current()
