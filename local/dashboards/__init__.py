"""`make dashboards`: the pictures of the dashboards in `docs/dashboards`, from a real local run.

A local cloud of its own is started (`run`), travellers send it requests for some minutes
(`travellers`), and what it measured and logged is read back (`measurements`). The dashboards are
those that were deployed there: their queries are answered by `insights`, their metrics by
`metrics`, and `draw` puts both on paper. Nothing is made up: what a local cloud does not measure is
drawn as such.
"""
