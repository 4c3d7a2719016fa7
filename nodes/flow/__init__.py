"""How frames flow: between clocks, between frames, between branches."""
