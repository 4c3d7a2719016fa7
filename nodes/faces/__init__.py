"""Faces in pictures."""
