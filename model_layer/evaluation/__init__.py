"""How well words find the landmarks they describe, and whether travellers would agree."""
