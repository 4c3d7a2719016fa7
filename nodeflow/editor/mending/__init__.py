"""What is wrong, and the ways out of it: problems of the graph, failures of its run, models that are missing."""
