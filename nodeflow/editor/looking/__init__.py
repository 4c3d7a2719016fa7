"""What is looked at of a run: which values are watched, and the pictures, numbers and texts that are shown of them."""
