"""Opening and saving: what stands between the sheets and the disk.

What a person has not saved is asked about before it is left. Whatever goes wrong with a file is said and changes
nothing. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nodeflow.editor.canvas.clipping import place
from nodeflow.editor.canvas.layout import GRID, make_face
from nodeflow.editor.documents.carry import carried
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.documents.document import SUFFIX, Document
from nodeflow.editor.documents.front import Front
from nodeflow.editor.documents.home import told
from nodeflow.editor.documents.pasting import reader_of
from nodeflow.editor.documents.sheet import Sheet
from nodeflow.editor.documents.sheets import Sheets
from nodeflow.editor.documents.templates import read_template
from nodeflow.editor.notices import Notices
from nodeflow.editor.settings.memory import Memory
from nodeflow.engine.script import python_script, way
from nodeflow.graph import Catalog, Graph, GraphFileError, Node, View, check, load, renames, subgraphs
from nodeflow.samples import is_sample
from nodeflow.whole import write_whole

_PATTERNS = ("*.json",)
_NAMED = 5
"""The graphs that a question about several names."""


class Files:
    """See the module's head. `catalog` gives the node types of now."""

    def __init__(
        self, sheets: Sheets, front: Front, notices: Notices, memory: Memory, catalog: Callable[[], Catalog]
    ) -> None:
        self._sheets, self._front, self._notices, self._catalog = sheets, front, notices, catalog
        self._memory = memory

    def new(self) -> None:
        """An empty document in a tab of its own; where the one in front is still empty, that one."""
        if self._sheets.front.blank:
            return
        names = {sheet.document.name for sheet in self._sheets}
        numbered = (f"Untitled {number}" if number > 1 else "Untitled" for number in range(1, len(names) + 2))
        self._sheets.add(Document(title=next(name for name in numbered if name not in names)))

    def open(self) -> None:
        """Ask for a graph file and open it."""
        self._front.ask_path(Ask("open", "Open a graph", self._sheets.front.document.folder, _PATTERNS), self.open_path)

    def open_path(self, path: Path) -> Sheet | None:
        """Show the graph in a file, in a tab of its own; where it is open already, that one. None if it is no graph.

        A sample graph is a template: it opens as a copy that has no file yet.
        """
        if is_sample(path):
            return self._open_template(path)
        same = path.absolute()
        there = self._sheet_of(same)
        if there is not None:
            self._sheets.show(there)
            return there
        try:
            document = Document.open(path, self._catalog())
        except GraphFileError as error:
            self._notices.say(str(error), "error")
            return None
        self._memory.use("graph", str(same))
        return self._sheets.add(document)

    def reopen(self) -> None:
        """Show the graph again that was closed last, with its undo; where its file was opened anew and nothing in it
        is unsaved, that one."""
        closed = self._sheets.closed
        if closed is None:
            return
        document = closed.document
        there = self._sheet_of(document.path) if document.path and not document.dirty else None
        if there is not None:
            self._sheets.forget(closed)
            self._sheets.show(there)
            return
        if document.path and not document.dirty and not self._as_written(document):
            document.history.mark_unsaved()
        self._sheets.reopen()

    def _sheet_of(self, path: Path) -> Sheet | None:
        """The open sheet of a file."""
        return next((sheet for sheet in self._sheets if sheet.document.path == path), None)

    def _as_written(self, document: Document) -> bool:
        """Whether the document's file still says what it says."""
        try:
            return document.path is not None and load(document.path, renames(self._catalog())) == document.graph
        except GraphFileError:
            return False

    def _open_template(self, path: Path) -> Sheet | None:
        template = read_template(path, self._catalog())
        if template is None:
            self._notices.say(f"{path}: this template cannot be read", "error")
            return None
        return self._sheets.add(Document(template.graph, title=template.title))

    @property
    def recent(self) -> list[Path]:
        """The files that were opened or saved last, newest first."""
        return [Path(path) for path in self._memory.recent("graph")]

    def forget(self, path: Path) -> None:
        """Leave a file out of the recent ones."""
        self._memory.forget("graph", str(path))

    def import_graph(self) -> None:
        """Ask for a graph file and add its nodes to the graph in front."""
        ask = Ask("open", "Import a graph", self._sheets.front.document.folder, _PATTERNS)
        self._front.ask_path(ask, self.import_path)

    def import_path(self, path: Path) -> None:
        """Add the nodes of a graph file where the pointer is, selected, as one step."""
        try:
            part = load(path, renames(self._catalog()))
        except GraphFileError as error:
            self._notices.say(str(error), "error")
            return
        front, folder = self._sheets.front, path.absolute().parent
        place(front.canvas, carried(part, self._catalog(), folder, front.document.relative), f"Import {path.stem}")

    def take(self, paths: Sequence[Path]) -> None:
        """Files that were dropped or whose paths were pasted: graphs are opened, others become nodes that read them."""
        others = []
        for path in paths:
            if path.suffix.lower() == SUFFIX and path.is_file():
                self.open_path(path)
            else:
                others.append(path)
        self._read(others)

    def _read(self, paths: Sequence[Path]) -> None:
        """Add the nodes that read some files to the graph in front, where the pointer is, as one step."""
        sheet, part, at = self._sheets.front, Graph(), 0.0
        for path in paths:
            reader = reader_of(self._catalog(), path)
            if reader is None:
                self._notices.say(f"No node reads {path.name}", "warning")
                continue
            schema, param = reader
            node = Node(schema.type, schema.version, {param: sheet.document.relative(path)})
            if schema.adapts:
                node = sheet.adapting.told(node, param) or node
                schema = subgraphs(sheet.document.graph, self._catalog()).catalog.get(node.type) or schema
            part, _ = part.add(node, (0.0, at))
            at += make_face(node, schema, View()).height + 2 * GRID
        name = f"Add {paths[0].name}" if len(part.nodes) == 1 else f"Add {len(part.nodes)} files"
        place(sheet.canvas, part, name)

    def save(self, then: Callable[[], None] | None = None, sheet: Sheet | None = None) -> None:
        """Save to the document's file, asking for one if it has none; then do `then`."""
        sheet = sheet or self._sheets.front
        document = sheet.document
        if document.path is None:
            self.save_as(then, sheet)
        elif document.changed_elsewhere:
            self._front.ask_sure(
                f"Replace {document.path.name}?",
                "Something else has changed this file since it was opened here. Saving puts what is here in its place.",
                "Replace",
                lambda: self._save(sheet, None, then),
            )
        else:
            self._save(sheet, None, then)

    def save_as(self, then: Callable[[], None] | None = None, sheet: Sheet | None = None) -> None:
        sheet = sheet or self._sheets.front
        document = sheet.document
        start = document.path or Path.cwd() / _file_name(document, SUFFIX)
        ask = Ask("save", f"Save {document.name}", start, _PATTERNS)
        self._front.ask_path(ask, lambda path: self._save(sheet, path, then))

    def export_python(self) -> None:
        """Ask for a file and put into it a Python program that runs the graph in front, if that can run."""
        document, catalog = self._sheets.front.document, self._catalog()
        errors = [problem for problem in check(document.graph, catalog) if problem.severity == "error"]
        if errors:
            self._notices.say(f"There is nothing to export until this is mended: {errors[0]}", "error")
            return
        start = (document.folder or Path.cwd()) / _file_name(document, ".py")
        ask = Ask("save", "Export as a Python program", start, ("*.py",))
        self._front.ask_path(ask, lambda path: self._export(document.graph, document, path))

    def close(self, sheet: Sheet | None = None) -> None:
        """Close a sheet, by default the one in front, once what is unsaved is taken care of."""
        sheet = sheet or self._sheets.front
        self._ask(sheet, lambda: self._sheets.drop(sheet))

    def leave(self, then: Callable[[], None]) -> None:
        """Do `then` once all that is unsaved is taken care of; not at all if the person decides to stay."""
        unsaved = [sheet for sheet in self._sheets if sheet.document.dirty]
        if len(unsaved) < 2:
            self._ask(unsaved[0] if unsaved else self._sheets.front, then)
            return
        names = [f"\u201c{sheet.document.name}\u201d" for sheet in unsaved]
        more = f"{', '.join(names[:_NAMED])}{f' and {len(names) - _NAMED} more' if len(names) > _NAMED else ''}"
        self._front.ask_unsaved(
            f"Save {len(unsaved)} graphs?",
            f"Not saved yet: {more}. Otherwise what was changed is lost.",
            lambda: self._save_all(unsaved, then),
            then,
        )

    def discard(self, sheets: Sequence[Sheet]) -> None:
        """Close sheets with what is not saved in them, and show their files, as they are, instead."""
        for sheet in sheets:
            self._sheets.drop(sheet)
        for sheet in sheets:
            path = sheet.document.path
            if path is not None and path.exists():
                self.open_path(path)

    def _save_all(self, unsaved: Sequence[Sheet], then: Callable[[], None]) -> None:
        """Save one after the other, then do `then`; where one is not saved after all, stop there."""
        if not unsaved:
            then()
            return
        self._sheets.show(unsaved[0])
        self.save(partial(self._save_all, unsaved[1:], then), unsaved[0])

    def _ask(self, sheet: Sheet, then: Callable[[], None]) -> None:
        document = sheet.document
        if not document.dirty:
            then()
            return
        self._sheets.show(sheet)
        more = "Otherwise the changes since it was last saved are lost."
        if document.path is None:
            more = "It was never saved; otherwise it is lost."
        self._front.ask_unsaved(f"Save {document.name}?", more, lambda: self.save(then, sheet), then)

    def _export(self, graph: Graph, document: Document, path: Path) -> None:
        path = path if path.suffix else path.with_suffix(".py")
        folder = way(document.folder, path.absolute().parent) if document.folder else None
        text = python_script(graph, self._catalog(), name=document.name, file=path.name, folder=folder)
        try:
            write_whole(path, text)
        except OSError as error:
            self._notices.say(f"{path}: this cannot be written: {error.strerror}", "error")
            return
        self._notices.say(f"Saved {told(path.absolute())}: a program that runs this graph", "done")

    def _save(self, sheet: Sheet, path: Path | None, then: Callable[[], None] | None) -> None:
        document = sheet.document
        before, written = document.folder or Path.cwd(), document.graph
        if path is not None and path.absolute().parent != before:
            written = carried(written, self._catalog(), before, lambda file: str(file.absolute()))
        try:
            document.save(path, written)
        except (GraphFileError, ValueError) as error:
            self._notices.say(str(error), "error")
            return
        if written is not document.graph:
            sheet.rewrite("Keep the files that are read", written)
            document.history.mark_saved()
        self._memory.use("graph", str(document.path))
        self._notices.say(f"Saved {document.name}", "done")
        if then:
            then()


def _file_name(document: Document, ending: str) -> str:
    """What a file of a document is called until a person says something else."""
    return document.name.replace(" ", "_").lower() + ending
