"""Names the landmark in a photo."""
