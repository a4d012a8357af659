"""Plots of how functions start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from benchmarks.reports import Report


def draw(report: Report) -> dict[str, Figure]:
    """Draw the CPU time of each function's import and of the rest of its init phase."""
    functions = report["functions"]
    names = [name for name in functions if "init" in functions[name]][::-1]
    figure = Figure(figsize=(7, 4))
    axes = figure.subplots()
    for offset, prefix, title, shade in (
        (0.2, "earlier_", "before, ", 0.4), (-0.2, "", "", 1.0)
    ):  # fmt: skip
        if f"{prefix}init" not in functions[names[0]]:
            continue
        imports, inits = (
            [functions[name][f"{prefix}{step}"]["cpu"]["median"] for name in names]
            for step in ("import", "init")
        )
        rest = [max(0, init - part) for part, init in zip(imports, inits, strict=True)]
        rows = [number + offset for number in range(len(names))]
        axes.barh(rows, imports, 0.36, color="tab:blue", alpha=shade, label=f"{title}import")
        axes.barh(
            rows, rest, 0.36, left=imports, color="tab:orange", alpha=shade,
            label=f"{title}rest of init",
        )  # fmt: skip
    peer = functions["boto3_and_dynamodb"]["peer"]["cpu"]["median"]
    axes.axvline(peer, color="black", linestyle=":", label="boto3 with one client")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("ms of CPU")
    figure.legend(loc="outside right upper", frameon=False)
    return {"starts": figure}
