"""Nodes in processes of their own: for code that would hold the interpreter, or might take it down.

    instance = ProcessInstance(node_type)          # in place of nodeflow.node.Instance
    instance.open(ctx, values)                     # starts the process and opens the node in it
    outputs = instance.call(inputs, tick, live)    # arrays travel through shared memory
    instance.kill()                                # cuts a call off; any thread
    instance.close()                               # the process is gone when this returns

`instance` says what becomes of a node whose process ends, `outside` keeps one process, `inside` is what runs in it,
`wire` carries values between the two and `origin` finds the node's code there again.
"""

from nodeflow.engine.process.instance import ProcessInstance

__all__ = ["ProcessInstance"]
