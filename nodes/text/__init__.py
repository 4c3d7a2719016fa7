"""Texts: where they come from, their language, and what sort they are."""
