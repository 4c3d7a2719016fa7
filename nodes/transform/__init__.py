"""Pictures made of pictures."""
