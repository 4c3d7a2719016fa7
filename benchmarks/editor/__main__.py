"""`python -m benchmarks.editor`."""

from benchmarks.editor.windows import main

main()
