"""Things in pictures."""
