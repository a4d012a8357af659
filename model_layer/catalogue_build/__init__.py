"""The catalogue of landmarks: read, checked, joined into the one file that is served."""
