"""The library as the rest of the editor meets it: what there is, what is done with models, and what with the graph.

    room = ModelRoom(workspace)
    room.show(task="pose")               # open, on the models of a task
    room.add(entry); room.replace(entry); room.compare(entry)         # each one step of undo
    room.update()                        # once per frame

No DearPyGui here; GUI thread only.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.icons import Icon
from nodeflow.editor.models import placing
from nodeflow.editor.models.browsing import Browsing
from nodeflow.editor.models.entries import Entry, Stock
from nodeflow.editor.models.held import Held
from nodeflow.editor.models.jobs import Jobs
from nodeflow.editor.models.measuring import measuring
from nodeflow.editor.models.uses import model_of, model_param, node_for, use_of
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Node, base_type, refitted
from nodeflow.models.finding import words_of
from nodeflow.sizes import size_text

if TYPE_CHECKING:
    from nodeflow.models import Loaded

MODEL_FILES: Final = ("*.onnx", "*.pt2", "*.pt")


class ModelRoom:
    """See the module's head. Whether it is open is remembered."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.stock = Stock()
        self.browsing = Browsing()
        self.held = Held()
        settings = workspace.preferences
        measure = measuring(lambda: workspace.types, lambda: settings.now.device, lambda: settings.now.threads)
        self.jobs = Jobs(self.stock, workspace.offers, workspace.notices, measure)
        self._ended = (0, 0)
        self._told: tuple[Entry, Node] | None = None
        """The node of a model whose ports are its own."""
        self._added = ""
        """A model whose card was just made, to be shown once it is known."""

    @property
    def open(self) -> bool:
        return self._workspace.preferences.now.library

    def toggle(self) -> None:
        self._workspace.preferences.change(library=not self.open)

    def show(self, task: str = "") -> None:
        """Open it, on the models of a task if one is given."""
        if not self.open:
            self.toggle()
        if task:
            self.browsing.only(task)

    def update(self) -> None:
        """Once per frame."""
        self.jobs.update()
        if self.open and self._workspace.ready:
            self.stock.want()
        if self._added and self.stock.get(self._added) is not None:
            self.browsing.clear()
            self.browsing.card, self._added = self._added, ""
        ended = self.jobs.ended, self._workspace.offers.ended
        if ended != self._ended:
            if ended[1] != self._ended[1] and self.stock.entries is not None:
                self.stock.refresh()
            self._ended = ended
            self._workspace.shelf.refresh()

    def show_card(self, entry: Entry) -> None:
        """Open it on a model's card."""
        self.show()
        self.browsing.card = entry.id

    def rows(self) -> list[Choice]:
        """Every model, for a menu that finds things: each opens its card."""
        return [
            Choice(
                f"Model {entry.title}",
                partial(self.show_card, entry),
                note=entry.task_title,
                help=f"model {words_of(entry)}",
                icon=Icon.LIBRARY,
            )
            for entry in self.stock.entries or ()
        ]

    # ---- a model and the graph -----------------------------------------------------------------------------------

    def node(self, entry: Entry) -> Node | None:
        """A node that runs the model, to be added; None if no installed one does. Its ports are read from the model's
        file where they depend on that."""
        use = use_of(self._workspace.types, entry.task, entry.inputs, entry.outputs)
        if use is None:
            return None
        node = Node(use.schema.type, use.schema.version, {use.param.name: entry.id})
        if not use.schema.adapts:
            return node
        if self._told is None or self._told[0] is not entry:  # it is asked with every move of a drag
            told = self._workspace.sheet.adapting.told(node, use.param.name)
            if told is None:
                return node
            self._told = entry, told
        return self._told[1]

    def taker(self, entry: Entry) -> str | None:
        """The selected node, if it could have this model and has another."""
        workspace = self._workspace
        known = node_for(workspace.graph, workspace.catalog, workspace.canvas.selection.nodes, entry.task)
        return known[0] if known and model_of(workspace.graph, *known) != entry.id else None

    def add(self, entry: Entry) -> str | None:
        """Put a node with the model onto the canvas; its id."""
        node = self._node_or_say(entry)
        return placing.added(self._workspace.canvas, node, entry.title) if node else None

    def replace(self, entry: Entry) -> None:
        """Give the selected node this model. Its wires stay."""
        node = self.taker(entry)
        if node is not None:
            self._use_in(node, entry)

    def compare(self, entry: Entry) -> None:
        """Put a second node with this model beside the selected one, and show the results of both, one over the other,
        with a divider between them. The graph runs from then on."""
        workspace, node = self._workspace, self.taker(entry)
        param = node and node_for(workspace.graph, workspace.catalog, {node}, entry.task)
        fresh = self.node(entry)
        if node is None or not param or fresh is None:
            return
        boxes = workspace.canvas.scene.rects
        model = (param[1].name, entry.id, entry.title)
        made = placing.compared(workspace.graph, workspace.catalog, node, model, boxes)
        copy = made.graph[made.copy]
        adapted = replace(copy, type=fresh.type, params={**copy.params, **fresh.params})
        same = base_type(copy.type) == base_type(fresh.type)
        graph = refitted(made.graph, workspace.catalog, made.copy, adapted) if same else made.graph
        workspace.edit(f"Compare {workspace.title(node)} with {entry.title}", graph)
        viewing = workspace.sheet.viewing
        viewing.pin(made.other)
        viewing.pin(made.one)
        viewing.compare(made.other)
        workspace.front.open_viewer()
        if not workspace.run.active:
            workspace.start_or_pause()

    def target(self, entry: Entry, world: Point) -> placing.Target | None:
        """What a drop of the model at a point of the canvas would do; None if nothing runs it."""
        node = self.node(entry)
        return placing.target_at(self._workspace.canvas, entry.task, node, world) if node else None

    def drop(self, entry: Entry, world: Point) -> None:
        """Drop the model on the canvas."""
        node = self._node_or_say(entry)
        if node is None:
            return
        target = placing.target_at(self._workspace.canvas, entry.task, node, world)
        if target.node:
            self._use_in(target.node, entry)
        else:
            placing.placed(self._workspace.canvas, node, entry.title, world, target.link)

    def _use_in(self, node: str, entry: Entry) -> None:
        workspace, schema = self._workspace, self._workspace.schema(node)
        param = model_param(schema, entry.task)
        if schema is not None and schema.adapts and param is not None:
            workspace.set_param(node, param.name, entry.id)  # its ports follow, when they are known
            workspace.canvas.select(Selection(frozenset({node})))
        else:
            placing.use_in(workspace.canvas, node, entry.task, entry.id, entry.title)

    def _node_or_say(self, entry: Entry) -> Node | None:
        node = self.node(entry)
        if node is None:
            self._workspace.notices.say(f"No installed node runs {entry.title}", "warning")
        return node

    def unload(self, model: Loaded) -> None:
        """Take a model out of memory, or say why that cannot be."""
        why = self.held.let_go(model)
        if why:
            self._workspace.notices.say(why, "warning")

    # ---- files ---------------------------------------------------------------------------------------------------

    def untried(self) -> list[Entry]:
        """The models to try first that are not here, but for those that were not checked."""
        return [e for e in self.stock.entries or () if e.default and e.checked and not e.here]

    def ask_get_untried(self) -> None:
        """Ask whether to fetch all of these, and do so."""
        wanted = self.untried()

        def get() -> None:
            for entry in wanted:
                self.jobs.get(entry)

        unsure = sum(not entry.free for entry in wanted)
        most = size_text(sum(entry.download for entry in wanted))
        said = f"{', '.join(entry.title for entry in wanted)}. Up to {most}, less where they come in one package."
        said += f" Of {unsure} the licence forbids commercial use or leaves it open: see their cards." if unsure else ""
        many = f"{len(wanted)} model{'s' * (len(wanted) != 1)}"
        self._workspace.front.ask_sure(f"Get {many} to try?", said, "Get", get)

    def unused(self, days: int) -> list[Entry]:
        """The models here that were not used for so many days."""
        return [e for e in self.stock.entries or () if e.idle_days is not None and e.idle_days >= days]

    def ask_remove_unused(self, days: int) -> None:
        """Ask whether to delete the files of what was not used for so long, and do so."""
        unused = self.unused(days)

        def remove() -> None:
            for entry in unused:
                self.jobs.remove(entry)

        self._workspace.front.ask_sure(
            f"Remove {len(unused)} model{'s' * (len(unused) != 1)} that {days} days have not seen used?",
            f"{', '.join(entry.title for entry in unused)}. They can be fetched again.",
            "Remove",
            remove,
        )

    def ask_file(self) -> None:
        """Ask for a model file, make a card of it, and show that."""

        def tell(model_id: str) -> None:
            self._added = model_id

        ask = Ask("open", "Add a model file", None, MODEL_FILES)
        self._workspace.front.ask_path(ask, lambda path: self.jobs.add(path, tell))

    def ask_remove(self, entry: Entry) -> None:
        """Ask whether to delete the model's files, and do so."""
        self._workspace.front.ask_sure(
            f"Remove {entry.title} from this machine?",
            "It can be fetched again. Graphs that use it keep naming it; files that another model needs stay.",
            "Remove",
            lambda: self.jobs.remove(entry),
        )
