"""The model library as a person meets it: what there is, what fits, and what can be done with a model and a graph."""
