"""What NodeFlow costs, measured on this machine. See docs/performance.md.

    python -m benchmarks                  # everything, as tables with the target beside each figure
    python -m benchmarks.engine --json    # the engine alone, as JSON, in less than 50 s
    python -m benchmarks.editor --json    # what a frame of the editor costs, on a virtual screen if there is none
    python -m benchmarks.start --json     # how long programs and imports take to start

Machines are noisy and shared, so figures are ratios within one run, or the best or the median of several repeats,
together with the processor time spent, which a busy neighbour disturbs less than the clock on the wall.
"""
