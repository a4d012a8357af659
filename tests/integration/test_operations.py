"""Secrets are written to a real SSM, by one person at a time, and read by the functions' code."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from common import keys as key_names
from common import signing_keys
from common.identity import username_key
from common.predictions import Predictions
from common.signing_keys import signing_keys_in_ssm
from common.table import Put
from common.ulids import new_ulid
from describe import api_token
from local.operations import keys, people, vision_token
from local.operations import parameter as parameters
from local.operations.check_table import check, read_items
from local.operations.parameter import SecureParameter
from local.operations.rotation import Stage, new_ring, read_ring
from local.terminal import CannotContinueError
from tests.contracts.account_contract import SEEN, new_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from common.table import DynamoTable


@pytest.fixture
def ssm(make_client: Callable[[str], Any]) -> Any:  # noqa: ANN401
    return make_client("ssm")


@pytest.fixture
def parameter(ssm: Any) -> Iterator[SecureParameter]:  # noqa: ANN401
    parameter = SecureParameter(ssm, f"/integration/{new_ulid()}/secret", "a secret of the tests")
    yield parameter
    parameter.delete()
    ssm.delete_parameters(Names=[f"{parameter.name}-lock"])


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every step be made without waiting for it."""
    monkeypatch.setattr("local.operations.rotation.LASTS", dict.fromkeys(Stage, timedelta(0)))


def test_a_parameter_is_encrypted_and_knows_how_old_it_is(
    ssm: Any,  # noqa: ANN401
    parameter: SecureParameter,
) -> None:
    assert parameter.read() is None
    assert parameter.write("first") == 1
    assert parameter.write("second") == 2
    stored = parameter.read()
    assert stored is not None
    assert (stored.text, stored.version) == ("second", 2)
    assert timedelta(seconds=-2) < stored.age < timedelta(minutes=10)
    assert ssm.get_parameter(Name=parameter.name)["Parameter"]["Type"] == "SecureString"
    assert parameter.delete()
    assert not parameter.delete()


def test_a_rotation_ends_with_one_other_key_that_the_functions_read(
    monkeypatch: pytest.MonkeyPatch,
    at_once: None,  # noqa: ARG001
    ssm: Any,  # noqa: ANN401
    parameter: SecureParameter,
) -> None:
    monkeypatch.setattr(signing_keys, "client", lambda _service, **_options: ssm)
    before = new_ring()
    parameter.write(before.write())
    keys.rotate_to_the_end(parameter)
    after = signing_keys_in_ssm(parameter.name)
    assert after.current().kid != before.current
    assert after.find(before.current) is None
    stored = parameter.read()
    assert stored is not None
    assert stored.version == 4


def test_a_step_too_soon_waits_by_the_clock_of_ssm(parameter: SecureParameter) -> None:
    parameter.write(new_ring().write())
    assert not keys.advance(parameter)
    assert timedelta(minutes=1) < keys.advance(parameter) <= timedelta(minutes=10, seconds=2)
    stored = parameter.read()
    assert stored is not None
    assert stored.version == 2


def test_of_many_who_rotate_at_once_each_step_is_made_once_and_no_key_is_lost(
    ssm: Any,  # noqa: ANN401
    parameter: SecureParameter,
) -> None:
    parameter.write(new_ring().write())
    start, refused, made = threading.Barrier(8), [], []

    def rotate() -> None:
        start.wait()
        try:
            made.append(keys.advance(parameter))
        except CannotContinueError as error:
            refused.append(str(error))

    people = [threading.Thread(target=rotate) for _ in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(made) + len(refused) == 8
    # Whoever came later, with the lock, found that it is too soon for the next step.
    assert made.count(timedelta(0)) == 1
    assert all("Somebody else is changing" in said for said in refused)
    history = ssm.get_parameter_history(Name=parameter.name, WithDecryption=True)["Parameters"]
    assert len(history) == 2
    first, second = (read_ring(version["Value"]) for version in history)
    assert first.keys.items() <= second.keys.items()
    assert second.stage is Stage.ANNOUNCED


def test_a_lock_keeps_others_out_and_goes_even_after_a_failure(parameter: SecureParameter) -> None:
    parameter.write(new_ring().write())
    with parameter.alone(), pytest.raises(CannotContinueError, match="at this moment"):
        keys.advance(parameter)
    with pytest.raises(RuntimeError), parameter.alone():
        raise RuntimeError
    assert not keys.advance(parameter)


def test_the_lock_of_a_run_that_died_is_removed_when_asked_and_not_sooner(
    monkeypatch: pytest.MonkeyPatch, parameter: SecureParameter
) -> None:
    assert not parameter.unlock()
    lock = parameter.alone()
    lock.__enter__()
    with pytest.raises(CannotContinueError, match="may be at work"):
        parameter.unlock()
    monkeypatch.setattr(parameters, "LOCK_ENDS_AFTER", timedelta(seconds=-5))
    with pytest.raises(CannotContinueError, match="--unlock"), parameter.alone():
        pass
    assert parameter.unlock()
    with parameter.alone():
        pass


def test_what_somebody_wrote_past_the_lock_is_noticed(parameter: SecureParameter) -> None:
    parameter.write(new_ring().write())
    before = parameter.read()
    parameter.write(new_ring().write())
    with pytest.raises(CannotContinueError, match="Somebody changed"):
        parameter.replace(before, new_ring().write())


def test_describe_reads_the_token_that_was_stored_and_none_when_it_is_deleted(
    monkeypatch: pytest.MonkeyPatch,
    ssm: Any,  # noqa: ANN401
    parameter: SecureParameter,
) -> None:
    monkeypatch.setattr(api_token, "client", lambda _service, **_options: ssm)
    vision_token.store(parameter, "hf_first\n")
    assert api_token.token_in_ssm(parameter.name).get() == "hf_first"
    vision_token.store(parameter, "hf_second")
    assert api_token.token_in_ssm(parameter.name).get() == "hf_second"
    parameter.delete()
    assert api_token.token_in_ssm(parameter.name).get() is None


def test_every_session_ends_and_nothing_else_goes(
    make_client: Callable[[str], Any], own_table: DynamoTable
) -> None:
    dynamodb = make_client("dynamodb")
    people_in = [new_ulid() for _ in range(3)]
    for user_id in people_in:
        own_table.write(
            Put(key_names.profile(user_id), {"username": "ada"}),
            *(Put(key_names.session(user_id, new_ulid()), {"n": 1}) for _ in range(20)),
        )
    assert people.sign_everyone_out(dynamodb, own_table, own_table._name) == 60
    left = dynamodb.scan(TableName=own_table._name, ConsistentRead=True)["Items"]
    assert {item["PK"]["S"] for item in left} == {f"USER#{user_id}" for user_id in people_in}
    assert {item["SK"]["S"] for item in left} == {"PROFILE"}
    assert people.sign_everyone_out(dynamodb, own_table, own_table._name) == 0


def test_the_table_is_checked_item_by_item_however_many_pages_there_are(
    make_client: Callable[[str], Any], own_table: DynamoTable
) -> None:
    dynamodb, pauses = make_client("dynamodb"), list[float]()
    profile = new_user(own_table)
    for _ in range(3):
        Predictions(own_table).add_all(profile.user_id, [SEEN] * 40)

    def read() -> Iterator[tuple[key_names.Key, dict[str, Any]]]:
        return read_items(dynamodb, own_table._name, sleep=pauses.append)

    assert check(read) == (123, [])
    assert len(pauses) == 1
    own_table.discard(key_names.username(username_key(profile.username)))
    (_, found) = check(read)
    assert [violation.rule for violation in found] == ["an account has its username"]
