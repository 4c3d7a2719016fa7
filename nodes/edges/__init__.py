"""Where one thing ends and another begins."""
