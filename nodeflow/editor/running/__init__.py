"""The run of a document: its session, what it needs that is not on this machine, how it does and what it says."""
