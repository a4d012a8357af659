"""Which suites there are, in the order of the page."""

SUITES = ("predict", "functions", "request", "recommend", "sizes")
