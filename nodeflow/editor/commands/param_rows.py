"""What can be done with one parameter, wherever it stands: on its node, or in the inspector. Pure."""

from __future__ import annotations

from functools import partial

from nodeflow.editor.canvas.layout import value_text
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.documents.nesting import expose, exposed_name
from nodeflow.editor.fonts import Icon
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Endpoint


def param_rows(workspace: Workspace, node: str, name: str) -> list[Choice]:
    """Back to its default, grey where it is that; inside a subgraph, whether its uses set it."""
    sheet, schema = workspace.sheet, workspace.schema(node)
    param = schema.param(name) if schema else None
    rows = []
    if param is not None:
        is_other = workspace.graph[node].params.get(name, param.default) != param.default
        reset = partial(workspace.set_param, node, name, param.default)
        title = f"Set {name} back to {value_text(param, {})}"
        rows.append(Choice(title, reset, icon=Icon.RESET, enabled=is_other))
    if sheet.levels.path:
        end = Endpoint(node, name)
        known = exposed_name(sheet.graph, end)
        title = f"Expose {name}" if known is None else f"Hide {name}, which is exposed as {known}"
        rows.append(Choice(title, partial(expose, sheet, end), icon=Icon.LEAVE))
    return rows
