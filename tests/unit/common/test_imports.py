"""What a cold start does not load. Callers wait for imports, so the heavy ones come late or never.

How long the imports take is a benchmark; which they are is behaviour, tested here.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

HANDLERS = sorted((Path(__file__).parents[3] / "functions").glob("*/handler.py"))
# botocore is loaded with the first client (on AWS: in the init phase), X-Ray only where it is on.
NEVER_AT_IMPORT = {"boto3", "botocore.session", "aws_xray_sdk.core"}
# What some functions want beside the variables of all.
FURTHER_VARIABLES = {
    "MODEL_ROOT": "/opt",
    "PREDICT_FUNCTION_NAME": "predict",
    "UPLOADS_BUCKET": "uploads",
    "VISION_TOKEN_PARAMETER": "/x/token",
}


def modules_after_importing(module: str, then: str = "pass") -> set[str]:
    """Import a module in a new interpreter and return the names of all modules loaded then."""
    program = f"import {module}, sys; {then}; print(' '.join(sys.modules))"
    environment = {
        **os.environ,
        **FURTHER_VARIABLES,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env=environment,
        text=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("name", ["account", "auth", "authorizer", "describe", "docs"])
def test_no_function_loads_the_aws_clients_while_it_is_imported(name: str) -> None:
    loaded = modules_after_importing(f"{name}.handler")
    assert "common.observability" in loaded
    assert not NEVER_AT_IMPORT & loaded
    assert not {"aws_lambda_powertools.event_handler", "asyncio"} & loaded


def test_the_init_phase_leaves_out_what_few_requests_want(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    monkeypatch.setenv("LAMBDA_TASK_ROOT", "/var/task")
    loaded = modules_after_importing("account.handler")
    assert {"botocore.session", "aws_xray_sdk.core"} <= loaded
    assert not {"boto3", "aws_lambda_powertools.utilities.idempotency"} & loaded
    # It calls nobody, so there is nothing to trace.
    assert not NEVER_AT_IMPORT & modules_after_importing("docs.handler")


def test_the_init_phase_collects_no_garbage_and_requests_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    monkeypatch.setenv("POWERTOOLS_TRACE_DISABLED", "true")
    # Prints what is asked for among the names of modules.
    state = "import gc; print(f'enabled={gc.isenabled()}', f'kept={gc.get_freeze_count() > 0}')"
    assert "enabled=False" in modules_after_importing("common.errors", state)
    assert {"enabled=True", "kept=True"} <= modules_after_importing("docs.handler", state)


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda path: path.parent.name)
def test_every_handler_ends_its_init_phase(handler: Path) -> None:
    last = ast.parse(handler.read_text(encoding="utf-8")).body[-1]
    assert ast.unparse(last).startswith("prepare_on_lambda(")


def test_clients_and_items_of_the_table_do_without_boto3() -> None:
    use = "common.clients.client('dynamodb'); common.table_values.decode({'n': {'N': '1'}})"
    loaded = modules_after_importing("common.clients, common.table_values", use)
    assert "botocore.session" in loaded
    assert not {"boto3", "s3transfer", "multiprocessing"} & loaded


def test_the_authorizer_loads_neither_pydantic_nor_routes() -> None:
    loaded = modules_after_importing("authorizer.handler")
    assert not {"pydantic", "common.http", "bcrypt"} & loaded


def test_describe_loads_the_http_client_with_the_first_call_only() -> None:
    assert not {"httpx", "python_multipart"} & modules_after_importing("describe.handler")


def test_account_loads_what_writes_files_and_records_only_when_it_is_wanted() -> None:
    loaded = modules_after_importing("account.handler")
    idempotency = "aws_lambda_powertools.utilities.idempotency"
    assert not {"icalendar", "gpxpy", "geojson", idempotency} & loaded
