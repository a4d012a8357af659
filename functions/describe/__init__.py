"""`POST /describe`: a photo in words, by a vision-language model or by our own classifier."""
