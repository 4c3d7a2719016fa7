"""Figures about what flows by."""
