"""Hands in pictures."""
