"""The text encoder's bundle, and the catalogue's vectors and words made with it."""
