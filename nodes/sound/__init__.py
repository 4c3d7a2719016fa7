"""What can be heard, and what is said."""
