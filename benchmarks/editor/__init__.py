"""The editor's figures: `windows` takes them, from programs that start on their own.

Nothing is imported here: the program whose start is measured is in this package, too.
"""
