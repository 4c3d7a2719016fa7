"""NodeFlow: wire models and inputs/outputs into a graph and see it run, live."""

__version__ = "0.1.0"
