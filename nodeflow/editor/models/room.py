"""The library as the rest of the editor meets it: what there is, what is done with models, and what with the graph.

    room = ModelRoom(workspace)
    room.show(task="pose")               # open, on the models of a task
    room.add(entry); room.replace(entry); room.compare(entry)         # each one step of undo
    room.update()                        # once per frame

No DearPyGui here; GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.fonts import Icon
from nodeflow.editor.models import placing
from nodeflow.editor.models.browsing import Browsing
from nodeflow.editor.models.entries import Entry, Stock
from nodeflow.editor.models.jobs import Jobs
from nodeflow.editor.models.measuring import measuring
from nodeflow.editor.models.uses import Use, model_of, node_for, use_of
from nodeflow.editor.workspace import Workspace

MODEL_FILES: Final = ("*.onnx", "*.pt2", "*.pt")


class ModelRoom:
    """See the module's head. Whether it is open is remembered."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.stock = Stock()
        self.browsing = Browsing()
        settings = workspace.preferences
        measure = measuring(lambda: workspace.types, lambda: settings.now.device, lambda: settings.now.threads)
        self.jobs = Jobs(self.stock, workspace.offers, workspace.notices, measure)
        self._ended = (0, 0)
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
                help=f"model {entry.words}",
                icon=Icon.LIBRARY,
            )
            for entry in self.stock.entries or ()
        ]

    # ---- a model and the graph -----------------------------------------------------------------------------------

    def use(self, entry: Entry) -> Use | None:
        """The node type that runs the model."""
        return use_of(self._workspace.types, entry.task, entry.inputs, entry.outputs)

    def taker(self, entry: Entry) -> str | None:
        """The selected node, if it could have this model and has another."""
        workspace = self._workspace
        known = node_for(workspace.graph, workspace.catalog, workspace.canvas.selection.nodes, entry.task)
        return known[0] if known and model_of(workspace.graph, *known) != entry.id else None

    def add(self, entry: Entry) -> str | None:
        """Put a node with the model onto the canvas; its id."""
        use = self.use(entry)
        if use is None:
            self._workspace.notices.say(f"No installed node runs {entry.title}", "warning")
            return None
        return placing.added(self._workspace.canvas, use, entry.id, entry.title)

    def replace(self, entry: Entry) -> None:
        """Give the selected node this model. Its wires stay."""
        node = self.taker(entry)
        if node is not None:
            placing.use_in(self._workspace.canvas, node, entry.task, entry.id, entry.title)

    def compare(self, entry: Entry) -> None:
        """Put a second node with this model beside the selected one, and show the results of both, one over the other,
        with a divider between them. The graph runs from then on."""
        workspace, node = self._workspace, self.taker(entry)
        param = node and node_for(workspace.graph, workspace.catalog, {node}, entry.task)
        if node is None or not param:
            return
        boxes = {name: box.bounds for name, box in workspace.canvas.scene.boxes.items()}
        model = (param[1].name, entry.id, entry.title)
        made = placing.compared(workspace.graph, workspace.catalog, node, model, boxes)
        workspace.edit(f"Compare {node} with {entry.title}", made.graph)
        viewing = workspace.sheet.viewing
        viewing.pin(made.other)
        viewing.pin(made.one)
        viewing.compare(made.other)
        workspace.front.open_viewer()
        if not workspace.run.active:
            workspace.start_or_pause()

    def target(self, entry: Entry, world: Point) -> placing.Target | None:
        """What a drop of the model at a point of the canvas would do; None if nothing runs it."""
        use = self.use(entry)
        return placing.target_at(self._workspace.canvas, use, world) if use else None

    def drop(self, entry: Entry, world: Point) -> None:
        """Drop the model on the canvas."""
        use = self.use(entry)
        if use is None:
            self._workspace.notices.say(f"No installed node runs {entry.title}", "warning")
        else:
            placing.dropped(self._workspace.canvas, use, entry.id, entry.title, world)

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
