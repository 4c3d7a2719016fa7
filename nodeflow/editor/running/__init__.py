"""What a run shows: what is watched, the pictures and figures of it, and the ways out of its failures."""
