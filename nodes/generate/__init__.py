"""Pictures made of numbers."""
