"""The section of `docs/performance.md` on `recommend`, from the figures of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

BEGIN, END = "<!-- recommend: written by make bench -->", "<!-- recommend: end -->"
TARGETS_MS = {10_000: 5, 1_000_000: 20}
COLUMNS = {
    "nearby": "nearby",
    "global": "global",
    "global_sentence": "global, a sentence",
    "faiss_flat": "FAISS flat",
    "usearch_exact": "usearch exact",
    "haversine_loop": "haversine loop",
}


def write_section(page: Path, report: Mapping[str, Any]) -> None:
    """Put the section into `page`, in place of the one before."""
    section = "\n".join([BEGIN, "", *_lines(report), "", END])
    text = page.read_text(encoding="utf-8") if page.exists() else "# Performance\n\n"
    before, begin, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    text = before + section + (after if begin else "\n")
    page.write_text(text, encoding="utf-8")


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    request, machine = report["request"], report["machine"]
    yield "## Recommend"
    yield ""
    yield "`make bench` measures this and writes `benchmarks/recommend.json` and this section."
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
        cells = [_cell(run["times"][name]) for name in COLUMNS]
        yield f"| {run['landmarks']:,} | {run['vectors']} | {' | '.join(cells)} |"
    yield ""
    for size, limit in TARGETS_MS.items():
        yield from _verdict(report, size, limit)
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
        f"{_cell(report['runs'][0]['times']['encode'])} ms alone. Importing takes "
        f"{_cell(steps['code'])} ms for the code, {_cell(steps['handler'])} ms with the catalogue, "
        f"vectors and words read, {_cell(steps['handler_and_encoder'])} ms with the encoder."
    )
    yield ""
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    yield (
        f"Machine: {machine['processor']}; {machine['cores']} cores, {machine['memory_gb']} GB, "
        f"read at {machine['memory_read_gb_per_s']} GB/s; load average "
        f"{machine['load_average_at_start']} at the start, {report['load_average_at_end']} at the "
        f"end (1 or so is the benchmark itself); {machine['system']}, Python {machine['python']}, "
        f"{packages}; {report['threads']} threads each."
    )


def _verdict(report: Mapping[str, Any], size: int, limit_ms: int) -> Iterator[str]:
    """Say whether the slowest median of that size, whatever the vectors, keeps to the limit."""
    runs = [run["times"] for run in report["runs"] if run["landmarks"] == size]
    if not runs:
        return
    asked = max(run[mode]["median_ms"] for run in runs for mode in ("nearby", "global"))
    sentence = max(run["global_sentence"]["median_ms"] for run in runs)
    reached = "Reached" if asked <= limit_ms else "Missed"
    yield (
        f"To reach at {size:,} with that request: {limit_ms} ms. {reached}: {asked:.1f} ms; "
        f"the sentences take {sentence:.1f} ms."
    )
    yield ""


def _cell(spread: Mapping[str, float]) -> str:
    low, high = spread["lower_quartile_ms"], spread["upper_quartile_ms"]
    return f"{spread['median_ms']:.1f} ({low:.1f} to {high:.1f})"
