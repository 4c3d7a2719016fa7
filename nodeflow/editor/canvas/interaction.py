"""The canvas as a person handles it: events of pointer and wheel in, view state and wishes out.

    canvas = Interaction(Scene(catalog), actions)
    canvas.show(graph)                                    # the document, whenever it changed
    canvas.press(x, y, "left", Held()); canvas.move(...); canvas.release(...)

Events are in screen pixels from the canvas's top left corner. A painter reads `viewport`, `selection`, `hover`,
`gesture` (see gestures.py) and `scene`; the document changes only through `actions` (see actions.py). What `press`
means on what is in press.py, what keys do in operations.py. Plain Python, no drawing; GUI thread only.
"""

from __future__ import annotations

from nodeflow.editor.canvas.actions import CanvasActions
from nodeflow.editor.canvas.edge_pan import LONGEST, push
from nodeflow.editor.canvas.edits import added, dotted, folded, previewed, put_into
from nodeflow.editor.canvas.free_place import free_place
from nodeflow.editor.canvas.geometry import Point, Rect, Viewport
from nodeflow.editor.canvas.gestures import NO_KEYS, Gesture, Held, Idle
from nodeflow.editor.canvas.glide import Glide
from nodeflow.editor.canvas.habits import Habits
from nodeflow.editor.canvas.layout import make_face
from nodeflow.editor.canvas.minimap import Minimap, minimap
from nodeflow.editor.canvas.names import Names
from nodeflow.editor.canvas.press import Button, begun, selected_by
from nodeflow.editor.canvas.scene import NOTHING, Hit, Onto, Port, Scene
from nodeflow.editor.canvas.selection import Mode, Selection
from nodeflow.graph import Graph, Link, Node, NodeSchema, ParamSchema, View

_WHEEL_ZOOM = 1.15
_WHEEL_PAN = 60.0


class Interaction:
    """The one state machine of the canvas. Its attributes are the view state; read them, and set only `size` (of the
    canvas, in pixels), `viewport` and `habits`."""

    def __init__(self, scene: Scene, actions: CanvasActions) -> None:
        self.scene = scene
        self.actions = actions
        self.graph = scene.graph
        self.viewport = Viewport()
        self.size: Point = (1280.0, 720.0)
        self.habits = Habits()
        self.selection = Selection()
        self.pointer: Point = (-1.0, -1.0)
        """Outside until it has been here."""
        self.held = NO_KEYS
        self.hover = NOTHING
        self.gesture: Gesture = Idle(self)
        self._button: Button | None = None
        self._glide: Glide | None = None
        self._pushed_at: float | None = None
        """When a drag at the edge last panned."""

    # ---- events --------------------------------------------------------------------------------------------------

    def press(self, x: float, y: float, button: Button = "left", held: Held = NO_KEYS) -> None:
        """A button went down. While another is down already, this one means nothing."""
        self._at(x, y, held)
        if self._button is None:
            self._button = button
            self.gesture = begun(self, button)

    def move(self, x: float, y: float, held: Held = NO_KEYS) -> None:
        """The pointer moved."""
        self._at(x, y, held)
        self.gesture.move()

    def release(self, x: float, y: float, button: Button = "left", held: Held = NO_KEYS) -> None:
        """A button went up."""
        self._at(x, y, held)
        if button == self._button:
            self._end().release()
            self._settle()

    def double_click(self, x: float, y: float) -> None:
        """The second press of a double click, told beside `press`: type a value or a label, look closer, add a node."""
        self._at(x, y, NO_KEYS)
        hit = self.hit()
        param = self.param(hit)
        if hit.kind == "title" and hit.node:
            self.cancel()
            self.actions.open_rename(hit.node)
        elif hit.kind == "preview" and hit.node:
            self.cancel()
            self.actions.open_viewer(hit.node)
        elif hit.pad is not None:
            self.cancel()
            self.actions.open_words(hit.pad)
        elif hit.link is not None:
            self.cancel()
            self.put_dot(hit.link, self.world)
        elif hit.kind == "empty":
            self.cancel()
            self.actions.open_search(self.world, None)
        elif hit.node and param is not None and param.type in ("number", "integer", "text"):
            self.cancel()
            self.actions.open_param(hit.node, param.name)
        elif hit.node and hit.kind == "body":
            self.cancel()
            self.actions.enter(hit.node)

    def wheel(self, x: float, y: float, turns: float, held: Held = NO_KEYS) -> None:
        """The wheel turned, up being positive: zoom about the pointer; Shift pans sideways, Ctrl up and down.

        Where the wheel pans by habit, it is Ctrl that zooms.
        """
        self._at(x, y, held)
        if held.shift:
            self.viewport = self.viewport.panned(turns * _WHEEL_PAN, 0.0)
        elif held.ctrl != self.habits.wheel_pans:
            self.viewport = self.viewport.panned(0.0, turns * _WHEEL_PAN)
        else:
            about = (self.size[0] / 2, self.size[1] / 2) if self.hit().kind == "map" else self.pointer
            self.viewport = self.viewport.zoomed(_WHEEL_ZOOM ** min(max(turns, -20.0), 20.0), about)
        self.gesture.move()

    def cancel(self) -> bool:
        """Drop the gesture, as on Escape or when the window loses the keyboard; False if there was none."""
        if self._button is None:
            return False
        self._end().cancel()
        self._settle()
        return True

    # ---- the view ------------------------------------------------------------------------------------------------

    @property
    def goal(self) -> Viewport:
        """The view, or the one it glides to."""
        return self._glide.end if self._glide else self.viewport

    def look_at(self, viewport: Viewport) -> None:
        """Show another part of the world, gliding there if that is the habit."""
        if self.habits.glides:
            self._glide = Glide(self.viewport, viewport, self.size)
        else:
            self.viewport = viewport

    def advance(self, now: float) -> bool:
        """Move the view on to where it is at `now`, in seconds: along with a drag that is at the canvas's edge, or as
        far as it has glided. True while it moves. Once per frame.

        Where the view is not as the glide left it, somebody has moved it meanwhile, and the glide is over.
        """
        pushed, glide = self._push(now), self._glide
        if glide is None:
            return pushed
        if self.viewport == glide.now:
            self.viewport = glide.at(now)
        else:
            self._glide = None
        if glide.done:
            self._glide = None
        return self._glide is not None

    # ---- the document --------------------------------------------------------------------------------------------

    @property
    def names(self) -> Names:
        """What the things on the canvas are called."""
        return Names(self.graph, self.scene.catalog)

    def show(self, graph: Graph) -> None:
        """The document is `graph` now. A gesture that was made on another graph ends without a trace."""
        if graph is self.graph:
            return
        self._end()
        self._adopt(graph)
        self._settle()

    def edit(self, name: str, graph: Graph, merge: str | None = None) -> None:
        """Make `graph` the document, as one named step. The same graph again is no step."""
        if graph is not self.graph:
            self._adopt(graph)
            self.actions.edit(name, graph, merge)

    def add(self, schema: NodeSchema, at: Point, onto: Onto | None = None, to: Graph | None = None) -> str:
        """Add a node at a world point, or as near as it lies on no other, wired to `onto` if that is still there: the
        answer to `open_search`. Into a wire it goes with its middle at the point.

        `to` is the graph as it is to be before, such as with the definition that the node uses.
        """
        link = onto if isinstance(onto, Link) and onto in self.graph.links else None
        port = onto if isinstance(onto, Port) and self.scene.port_at(onto) is not None else None
        if link is not None:
            face = make_face(Node(schema.type, schema.version), schema, View())
            at = at[0] - face.width / 2, at[1] - face.height / 2
        if port is None:
            at = self.habits.spot(at)
        catalog, kind = self.scene.catalog, self.scene.kind_of(port) if port else ""
        graph, node = added(self.graph if to is None else to, catalog, schema, at, port, kind)
        graph, put = self.habits.dressed(graph, node), None
        if link is not None:
            bounds = Rect.of(*at, face.width, face.height)
            put = put_into(graph, catalog, self.scene.rects, node, bounds, link)
        if put is not None and link is not None:
            self.edit(f"Insert {schema.title} into {self.names.link(link)}", put)
        else:
            self.edit(f"Add {schema.title}", self.apart(graph, node, schema))
        self.select(Selection(frozenset({node})))
        self.reveal_selected()
        return node

    def apart(self, graph: Graph, node: str, schema: NodeSchema | None) -> Graph:
        """The graph with a new node where it lies on none of those that are there."""
        view = graph.view.get(node, View())
        face = make_face(graph[node], schema, view, measure=self.scene.measure)
        at = free_place(self.scene, Rect.of(*view.at, face.width, face.height))
        return graph if at == view.at else graph.move({node: self.habits.spot(at)})

    def put_dot(self, link: Link, at: Point) -> None:
        """Put a dot into a wire, to lead it around other nodes."""
        made = dotted(self.graph, self.scene.catalog, link, at)
        if made is not None:
            self.edit(f"Put a dot into {self.names.link(link)}", made[0])
            self.select(Selection(frozenset({made[1]})))

    def spot(self) -> Point:
        """Where something new goes: where the pointer is, or in the middle if that is elsewhere. A world point."""
        shown = self.viewport.shown(self.size)
        return self.world if shown.contains(self.world) else shown.center

    def reveal(self, node: str) -> None:
        """Pan so far that a node is in sight."""
        self.viewport = self.viewport.revealing(self.scene.boxes[node].bounds, self.size)

    def selected_bounds(self) -> Rect | None:
        """What holds the selected nodes, groups and notes, or None if there are none."""
        boxes, pads = self.scene.boxes, self.scene.pads.all
        return Rect.around(
            [boxes[node].bounds for node in self.selection.nodes] + [pads[pad].bounds for pad in self.selection.pads]
        )

    def reveal_selected(self) -> None:
        """Pan so far that what is selected, as it was added just now, is in sight."""
        bounds = self.selected_bounds()
        if bounds is not None:
            there = self.goal.revealing(bounds, self.size, margin=12.0)
            if there != self.goal:
                self.look_at(there)

    def select(self, selection: Selection) -> None:
        """Select what of `selection` is there."""
        self.selection = selection.within(self.graph)

    # ---- what gestures ask and do --------------------------------------------------------------------------------

    @property
    def world(self) -> Point:
        """Where the pointer is in the world."""
        return self.viewport.to_world(self.pointer)

    def hit(self) -> Hit:
        """What is under the pointer."""
        overlay = self.map
        if overlay is not None and overlay.frame.contains(self.pointer):
            return Hit("map")
        return self.scene.hit(self.world, self.viewport.zoom)

    @property
    def map(self) -> Minimap | None:
        """The map in the corner, if there is one."""
        return minimap(self.scene.bounds, self.viewport, self.size) if self.habits.minimap else None

    def param(self, hit: Hit) -> ParamSchema | None:
        """The parameter under the pointer, if it is over one."""
        if hit.node is None or hit.param is None:
            return None
        schema = self.scene.catalog.get(self.graph[hit.node].type)
        return schema.param(hit.param) if schema else None

    def click(self, hit: Hit, held: Held, was_selected: bool) -> None:
        """A left press that did not become a drag; what it selects was selected when it went down."""
        if hit.kind == "empty":
            if held.mode == "only":
                self.select(Selection())
            return
        if hit.kind in ("fold", "eye") and hit.node:
            self._toggle(hit.kind, hit.node)
            return
        if was_selected and hit.kind != "port":
            mode: Mode = "only" if held.mode == "only" else "take"
            self.select(self.selection.combined(selected_by(hit), mode))
        param = self.param(hit)
        if hit.node and param is not None and held == NO_KEYS:
            self._click_param(hit.node, param)

    def menu(self, hit: Hit) -> None:
        """A right press that did not become a drag."""
        if hit.kind == "empty":
            self.actions.open_search(self.world, None)
        else:
            self.actions.open_menu(self.world, hit)

    def touch(self, hit: Hit) -> None:
        """Select what a press lands on, at once, and lift it over its neighbours."""
        if hit.kind in ("empty", "port", "fold", "eye"):
            return
        if hit.node is not None:
            self.scene.raise_up([hit.node])
        if self.held.mode == "take" or not self.selection.meets(selected_by(hit)):
            self.select(self.selection.combined(selected_by(hit), self.held.mode))

    def _click_param(self, node: str, param: ParamSchema) -> None:
        if param.type == "toggle":
            value = self.graph[node].params.get(param.name, param.default)
            graph = self.graph.set_param(node, param.name, value is not True)
            self.edit(f"Set {self.names.node(node)}.{param.name}", graph)
        elif param.type not in ("number", "integer", "text"):
            self.actions.open_param(node, param.name)

    def _toggle(self, button: str, node: str) -> None:
        change = folded if button == "fold" else previewed
        self.edit(*change(self.graph, self.scene.catalog, [node]))

    def _push(self, now: float) -> bool:
        """Pan for a drag that goes on beyond the edge; False if there is none."""
        dx, dy = push(self.pointer, self.size) if self.gesture.goes_on else (0.0, 0.0)
        before, self._pushed_at = self._pushed_at, now if dx or dy else None
        if before is not None and (dx or dy):
            seconds = min(max(now - before, 0.0), LONGEST)
            self.viewport = self.viewport.panned(dx * seconds, dy * seconds)
            self.gesture.move()
        return bool(dx or dy)

    def _at(self, x: float, y: float, held: Held) -> None:
        self.pointer, self.held = (x, y), held

    def _adopt(self, graph: Graph) -> None:
        self.graph = graph
        self.scene.update(graph)
        self.select(self.selection)

    def _end(self) -> Gesture:
        """Be idle, and return the gesture that was."""
        gesture, self.gesture, self._button = self.gesture, Idle(self), None
        return gesture

    def _settle(self) -> None:
        """Put back what a gesture showed but did not do."""
        self.scene.update(self.graph)
        self.hover = self.hit()
