"""Everything a person can do: the table of commands, its keys, and the lists that are made from it."""
