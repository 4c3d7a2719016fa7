"""Painting in the viewer: the paper, the brush, the colours, and what they give as pixels. Plain Python throughout."""
