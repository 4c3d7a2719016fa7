"""What can be done with one parameter, wherever it stands: on its node, or in the inspector. Pure."""

from __future__ import annotations

from functools import partial

from nodeflow.editor.canvas.layout import value_text
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.documents.knob import Knob
from nodeflow.editor.documents.nesting import expose, exposed_name
from nodeflow.editor.icons import Icon
from nodeflow.graph import Endpoint


def param_rows(knob: Knob) -> list[Choice]:
    """Back to its default, grey where it is that; of one node inside a subgraph, whether its uses set it."""
    sheet, name = knob.sheet, knob.name
    defaults = list(knob.defaults.values())
    alike = all(default == defaults[0] for default in defaults)
    default = value_text(knob.param, {name: defaults[0]}) if alike else "the defaults"
    rows = [Choice(f"Set {name} back to {default}", knob.reset, icon=Icon.RESET, enabled=not knob.is_default)]
    if sheet.levels.path and len(knob.nodes) == 1:
        end = Endpoint(knob.nodes[0], name)
        known = exposed_name(sheet.graph, end)
        title = f"Expose {name}" if known is None else f"Hide {name}, which is exposed as {known}"
        rows.append(Choice(title, partial(expose, sheet, end), icon=Icon.LEAVE))
    return rows
