"""Nodes that run any model: from a file, with ports from its signature."""
