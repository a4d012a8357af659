"""What a signed-in user has: the profile."""
