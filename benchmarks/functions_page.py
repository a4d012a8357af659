"""The section of `docs/performance.md` on how functions start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.cells import cell, describe_load, describe_versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.reports import Report

_PEERS = ("python", "boto3_and_dynamodb")
# Of the packages that take most in any function.
_PACKAGES_SHOWN = 14
_CHAINS_SHOWN = ("authorizer", "auth")

# What has been changed for these figures, each measured alone when it was: CPU time, the least of
# several fresh interpreters.
DONE = """
### What was done about it

CPU time, each measured alone when it was changed, the least of four to six fresh interpreters on a busy machine (`git log` has the changes):

- **Clients without boto3** (`common/aws_session.py`). boto3 loads s3transfer and, for it, `multiprocessing`, for methods that nobody calls here: the clients are botocore's own. botocore looked twice a client through all 430 folders of its services to learn their names, and read 1.2 MB of endpoints into ordered dictionaries, one Python call each. Importing them and making DynamoDB's client: from 170 to 136 ms, and 4.3 MB less. For the table's items, whose conversion came from boto3 too, thirty lines do (`common/table_values.py`), held to boto3's by a test.
- **Paths matched by ourselves** (`common/http.py`). Powertools' resolver loads every event source it knows, and asyncio for one of them: 32 ms and about a hundred modules.
- **Nothing in the init phase for the few**: `docs` and `authorizer` load no X-Ray SDK, since they call nobody whom a trace would show; `describe` makes no S3 client for the few photos that were uploaded (28 ms), and `account` does not load Powertools' idempotency, which loads boto3, for the one route that has it (25 ms). The first such request pays.
- **No looking for garbage while starting** (`common/__init__.py`, ended by `clients.prepare_on_lambda`). What is loaded stays, and Python's collector went through all of it again and again as it grew: a seventh of the init phase, 33 to 45 ms (recommend 605 to 560, auth 316 to 271, authorizer 204 to 171). What is loaded by the end of the phase is never looked through later either (`gc.freeze`).
- **Descriptions of AWS's services cut down to what is called** (`local/aws_models.py`). botocore parses 2.5 MB of JSON, all operations of SSM, DynamoDB and Lambda and every endpoint there is, for a handful of calls. The shared layer has copies with nothing else, made when it is built, and botocore's own loader takes them first: 18 to 28 ms and 7 to 13 MB less (authorizer 162 to 144, auth 256 to 235, describe 272 to 244). That they were to be made anew for each version of the runtime was the reason to leave them: they need not be, since the form of a description is the same in all versions, and the rules for endpoints stay the runtime's own. Requests are the same byte by byte, which a test sees to.
- **One BLAS thread** (`stacks/constructs/service_function.py`). NumPy's OpenBLAS starts a thread for each core that it sees, and they spin before they sleep: importing NumPy took 112 ms of CPU instead of 61, recommend's init phase 625 instead of 525, on a function that has one core.
- **The encoder's network by its path, and optimised as far as it can be** (`recommend/text_encoder.py`). Of bytes ONNX Runtime kept a copy, 25 MB; its last level of optimisation is for convolutions, takes 15 ms and changes no bit of the answers.
- **No search for plugins**: pydantic looks through the metadata of every installed package for plugins; `PYDANTIC_DISABLE_PLUGINS` is set for every function.

Tried or looked at, and left:

- **SSM without botocore, for the authorizer.** Its handler alone is 68 ms, and http.client and ssl are in there already, for PyJWT; a signed request by hand would spare some 75 of the 145 ms. botocore's own signer is no way to it: importing it is 90 ms, of the 116 that its session takes. A signature and a store of certificates of our own, in front of every other function, cannot be tried here against AWS, and if it fails nobody gets in.
- **wrapt 1.17 instead of 2.5** for the X-Ray SDK, since it does not load asyncio: 2 ms in the median of nine, within the spread. Without tracing altogether it is 14 ms (`traced=false`).
- **The encoder's network saved as ONNX Runtime optimises it**: 28 instead of 57 ms to load, against 42 now. It would be another 23 MB file, tied to the version of the runtime that wrote it.
- **Building pydantic's models on first use** (`defer_build`) spares 1 to 9 ms in the init phase, which has a whole core, and costs the first request 1 to 2 ms at the function's share of one.
- **Loading in threads**: with one core there is nobody to share with.

What is left is mostly pydantic and botocore themselves, in many small modules: in `authorizer` PyJWT (28 ms), Powertools' logger (14 ms) and botocore's client (100 ms); in `recommend` numpy (53 ms), the encoder's network and tokenizer (100 ms), the catalogue with its names (60 ms).
"""  # noqa: E501 - prose


def lines(report: Report) -> Iterator[str]:
    """Write the section."""
    functions, budgets = report["functions"], report["budgets"]
    names = [name for name in functions if name not in _PEERS]
    bare, peer = (functions[name]["peer"] for name in _PEERS)
    yield "## Starting a function"
    yield ""
    yield (
        "What a cold start does before the first request, in fresh interpreters with bytecode "
        "there and files in the page cache, in turns. *Import* is `<function>.handler` alone; "
        "*init* is Lambda's init phase, with the AWS clients, the tracer, the keys (from a "
        "stand-in for SSM on the same machine) and whatever else the first request would wait "
        "for. Milliseconds of waiting, with the budget of `benchmarks/budgets.toml` after the "
        "slash. `predict` is started with a stand-in for its network, which is measured apart."
    )
    yield ""
    yield (
        "| function | import, ms | init, ms | CPU of init, ms | peak, MB | "
        "init ÷ boto3's client |" + (" import, init ÷ before |" if report["against"] else "")
    )
    yield "|---|--:|--:|--:|--:|--:|" + ("--:|" if report["against"] else "")
    for name in names:
        row = [
            _with_budget(functions[name]["import"]["wall"], budgets["import_ms"].get(name)),
            _with_budget(functions[name]["init"]["wall"], budgets["init_ms"].get(name)),
            cell(functions[name]["init"]["cpu"], 0),
            _with_budget(functions[name]["init"]["peak"], budgets["peak_mb"].get(name)),
            cell(functions[name]["init_to_peer"], 2),
        ]
        if report["against"]:
            earlier = [functions[name][f"{step}_to_earlier"] for step in ("import", "init")]
            row.append(", ".join(f"{ratio['median']:.2f}" for ratio in earlier))
        yield f"| `{name}` | {' | '.join(row)} |"
    yield ""
    yield "![Import and init phase of each function](performance/functions-starts.svg)"
    yield ""
    yield _over(report["over_budget"])
    yield ""
    yield (
        f"Ratios are of CPU time. The peer is `import boto3; boto3.client('dynamodb')` and nothing "
        f"else: {cell(peer['wall'], 0)} ms, {cell(peer['cpu'], 0)} ms of CPU, "
        f"{peer['peak']['median']:.0f} MB; a bare Python takes {bare['peak']['median']:.0f} MB."
        + (
            f" *Before* is the code of `{report['against']}`, in the same turns."
            if report["against"]
            else ""
        )
    )
    yield ""
    yield from _where(report["where"])
    yield DONE
    yield (
        f"Machine: load average {describe_load(report)}; {describe_versions(report)}. Lambda's "
        "machines and its Python 3.13 on arm64 differ; what is loaded does not."
    )


def _with_budget(spread: Mapping[str, float], budget: int | None) -> str:
    return cell(spread, 0) + ("" if budget is None else f" / {budget}")


def _over(over: list[str]) -> str:
    return f"Over budget: {'; '.join(over)}." if over else "Nothing is over its budget."


def _where(where: Mapping[str, Report]) -> Iterator[str]:
    yield "### Where the time goes"
    yield ""
    yield (
        "`python -X importtime` in the init phase, by package: milliseconds in its own modules, "
        "without what they import. What a handler does while it is imported (making clients, "
        "reading the catalogue) counts as its own package's. Measuring takes time, too."
    )
    yield ""
    largest: dict[str, float] = {}
    for places in where.values():
        for package, spread in places["packages"].items():
            largest[package] = max(largest.get(package, 0), spread["median"])
    shown = sorted(largest, key=lambda package: -largest[package])[:_PACKAGES_SHOWN]
    yield f"| package | {' | '.join(f'`{name}`' for name in where)} |"
    yield f"|---|{'--:|' * len(where)}"
    for package in shown:
        cells = [places["packages"].get(package) for places in where.values()]
        figures = ["" if spread is None else f"{spread['median']:.1f}" for spread in cells]
        yield f"| {package} | {' | '.join(figures)} |"
    yield ""
    for name in _CHAINS_SHOWN:
        chains = where[name]["modules_with_imports"].items()
        listed = ", ".join(f"{module} {spread['median']:.0f}" for module, spread in chains)
        yield f"With what they import first, in `{name}`, milliseconds: {listed}."
        yield ""
