"""Numbers, to set things by: made, counted, brought from one range to another."""
