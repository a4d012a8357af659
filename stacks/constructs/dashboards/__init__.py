"""What people look at: a dashboard for each function and an overview, or the three that are free.

`queries` has what is asked of the logs, `charts` what a widget looks like, `rows` what every
function is shown by; `functions` and `overview` say what is particular; `dashboards` puts them on
pages. `docs/dashboards.md` shows the pages.
"""
