"""The section of `docs/performance.md` on `recommend`, from the figures of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.cells import cell, describe_load, describe_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.reports import Report

RATIOS = {"faiss_flat": "global ÷ FAISS flat", "usearch_exact": "global ÷ usearch exact"}
TARGETS_MS = {10_000: 5, 1_000_000: 20}
COLUMNS = {
    "nearby": "nearby",
    "global": "global",
    "global_sentence": "global, a sentence",
    "faiss_flat": "FAISS flat",
    "usearch_exact": "usearch exact",
    "haversine_loop": "haversine loop",
}


def lines(report: Report) -> Iterator[str]:
    """Write the section."""
    request, machine = report["request"], report["machine"]
    yield "## Recommend"
    yield ""
    yield (
        f"A query is encoded, filtered, ranked and shaped: “{request['text']}”, within "
        f"{request['limit_km']:.0f} km of the {request['near']} (nearby) or anywhere (global); and "
        "the evaluation's queries, a sentence each, anywhere. FAISS and usearch search the same "
        "vectors for the ten most similar, and do nothing else; the loop in plain Python "
        "computes distances, and nothing else. Made-up landmarks lie around real ones. Their "
        "vectors are real ones with noise, or noise alone, which has no structure to make use of. "
        "Milliseconds: median, and quartiles in brackets, all taken in turns in one run."
    )
    yield ""
    yield f"| landmarks | vectors | {' | '.join(COLUMNS.values())} |"
    yield f"|--:|---|{'--:|' * len(COLUMNS)}"
    for run in report["runs"]:
        cells = [cell(run["times"][name]) for name in COLUMNS]
        yield f"| {run['landmarks']:,} | {run['vectors']} | {' | '.join(cells)} |"
    yield ""
    yield "What a whole query takes, of what others take to search the vectors alone:"
    yield ""
    yield f"| landmarks | vectors | {' | '.join(RATIOS.values())} |"
    yield f"|--:|---|{'--:|' * len(RATIOS)}"
    for run in report["runs"]:
        cells = [cell(run["ratios"][name], 2) for name in RATIOS]
        yield f"| {run['landmarks']:,} | {run['vectors']} | {' | '.join(cells)} |"
    yield ""
    yield "![Time of a query as the catalogue grows](performance/recommend-growth.svg)"
    yield ""
    for size, limit in TARGETS_MS.items():
        yield from _verdict(report, size, limit)
    yield from _scans(report)
    for run in report["runs"]:
        same = run["same_as_brute_force"]
        yield (
            f"- {run['landmarks']:,}, {run['vectors']}: of {run['texts']} queries, as brute force "
            f"answers them: {same['recommendations_nearby']} nearby ({run['landmarks_nearby']:,} "
            f"landmarks are), {same['recommendations_global']} global, {same['top_10']} of the ten "
            f"most similar (FAISS {same['faiss_flat']}, usearch {same['usearch_exact']})."
        )
    yield ""
    steps, largest = report["import"], max(report["runs"], key=lambda run: int(run["landmarks"]))
    yield (
        f"The vectors of {largest['landmarks']:,} take {largest['vectors_memory_mb']} MB of memory "
        "beside the mapped half-precision file. "
        f"Encoding the text is in the figures above and takes "
        f"{cell(report['runs'][0]['times']['encode'])} ms alone. Importing takes "
        f"{cell(steps['code'])} ms for the code, {cell(steps['handler'])} ms with the catalogue, "
        f"vectors and words read, {cell(steps['handler_and_encoder'])} ms with the encoder."
    )
    yield ""
    yield (
        f"Machine: {machine['processor']}; {machine['cores']} cores, {machine['memory_gb']} GB, "
        f"read at {machine['memory_read_gb_per_s']} GB/s; load average {describe_load(report)}; "
        f"{describe_versions(report)}; {report['threads']} threads each."
    )


def _scans(report: Report) -> Iterator[str]:
    """Say how much of the memory's speed the scan of all vectors has."""
    if "scan" not in report["runs"][0]:
        return
    yield "### How close to the limit"
    yield ""
    yield (
        "A query reads something of every landmark: all of its vector, in single precision, while "
        "the catalogue is small; of a large one four bits a value, a scale a block and an error a "
        "row, which bound how like the query it is (`functions/recommend/quantized.py`). Those "
        f"bytes over the time of that scan, on one core and on {report['threads']}, beside how "
        "fast all cores read 256 MB, in turns. What is larger than the processor's caches cannot "
        "be scanned faster than that; what fits into them can."
    )
    yield ""
    yield "| landmarks | vectors | bytes a query | scan, ms | GB/s | memory, GB/s | share |"
    yield "|--:|---|--:|--:|--:|--:|--:|"
    for run in report["runs"]:
        scan = run["scan"]
        kind = "4 bits" if scan["quantized"] else "32 bits"
        yield (
            f"| {run['landmarks']:,} | {run['vectors']}, {kind} | {scan['bytes']:,} | "
            f"{cell(scan['time'], 2)} | {cell(scan['speed'])} | {cell(scan['memory_speed'])} | "
            f"{cell(scan['share'], 2)} |"
        )
    yield ""
    yield "![Speed of the scan as the catalogue grows](performance/recommend-scan.svg)"
    yield ""


def _verdict(report: Report, size: int, limit_ms: int) -> Iterator[str]:
    """Say whether the slowest median of that size, whatever the vectors, keeps to the limit."""
    runs = [run["times"] for run in report["runs"] if run["landmarks"] == size]
    if not runs:
        return
    asked = max(run[mode]["median"] for run in runs for mode in ("nearby", "global"))
    sentence = max(run["global_sentence"]["median"] for run in runs)
    reached = "Reached" if asked <= limit_ms else "Missed"
    yield (
        f"To reach at {size:,} with that request: {limit_ms} ms. {reached}: {asked:.1f} ms; "
        f"the sentences take {sentence:.1f} ms."
    )
    yield ""
