"""Which suites there are, in the order of the page."""

SUITES = ("functions", "request", "recommend")
