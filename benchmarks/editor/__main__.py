"""`python -m benchmarks.editor`."""

from benchmarks.editor import main

main()
