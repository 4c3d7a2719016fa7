"""Open graphs and their files: sheets, saving, recovery, what is pasted, templates."""
