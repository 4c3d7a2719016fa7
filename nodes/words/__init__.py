"""Text, in pictures and by itself."""
