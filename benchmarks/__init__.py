"""Measurements beside peers, in one run each: `make bench`.

A suite is measured, kept and shown in three steps, and each can be repeated alone:

- `benchmarks/<suite>.py` measures. Run as `python -m benchmarks.<suite> --out FILE`, it writes
  `benchmarks/<suite>.json` with `reports.write_report`: the machine (`machine.describe_machine`),
  and every figure as a `timing.Spread`.
- `benchmarks/<suite>_page.py` has `lines(report)`: the suite's section of `docs/performance.md`
  from that JSON and nothing else. A test renders it again and compares.
- `benchmarks/<suite>_plots.py`, where there is one, has `draw(report)`: figures of matplotlib by
  name, saved as `docs/performance/<suite>-<name>.svg`.

To add a suite, write these files and put its name into `suites.SUITES`. Peers that it needs are
pinned in `benchmarks/requirements.txt`; only `make bench` installs them.

    make bench                          every suite, one after another
    make bench SUITE=request            one
    make bench SUITE=request ARGS=…     one, with options of its own
    make bench-page                     the page and its plots again, without measuring
    make bench-compare SUITE=request    whether the last two runs agree within their spread
"""
