"""Results drawn onto pictures."""
