"""The smoke test of a deployment: `python -m local.smoke --url …`."""
