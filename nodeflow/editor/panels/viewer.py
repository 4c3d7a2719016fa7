"""The viewer: one value as large as there is room, beside another if wanted, with a strip of those that are pinned.

What it shows is `sheet.viewing`; how a picture is drawn is in picture_view.py, everything else in value_view.py. GUI
thread only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.looking.copied import as_text
from nodeflow.editor.looking.pictures import Taking
from nodeflow.editor.looking.pixels import pixel_words
from nodeflow.editor.looking.sight import Sight, enlargement, name
from nodeflow.editor.looking.textures import Textures, Wanted
from nodeflow.editor.looking.watching import Watching
from nodeflow.editor.painting.board import Board
from nodeflow.editor.palette import colors
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.panels.paint_bar import PaintBar
from nodeflow.editor.panels.picture_view import Layer, PictureView
from nodeflow.editor.panels.pin_strip import PinStrip
from nodeflow.editor.panels.transport import Transport
from nodeflow.editor.panels.value_view import ValueView
from nodeflow.editor.panels.viewer_bars import FOOT, HEAD, Said, ViewerFoot, ViewerHead
from nodeflow.editor.running.standing import unseen_words
from nodeflow.editor.running.viewing import Viewing, counterpart, ground
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.look import Look, Picture
from nodeflow.graph import Endpoint

_PART: Final = "viewer"


class Viewer:
    """A child window of its own. `expanded`: it takes the place of the canvas."""

    def __init__(
        self,
        ui: Ui,
        workspace: Workspace,
        commands: Commands,
        watching: Watching,
        textures: Textures,
        parent: int,
    ) -> None:
        self._ui, self._workspace, self._commands = ui, workspace, commands
        self._watching, self._textures = watching, textures
        self._taking = Taking(workspace, watching)
        self.expanded = False
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True))
        self._head = ViewerHead(ui, commands, self.root, self._choose_port)
        self._foot = ViewerFoot(ui, commands, self.root)
        self._frame = int(dpg.add_child_window(parent=self.root, no_scrollbar=True, no_scroll_with_mouse=True))
        drawing = self._drawing = int(dpg.add_drawlist(10, 10, parent=self._frame))
        self._board = Board()
        self._pictures = PictureView(ui, workspace, drawing, self._pick)
        self._values = ValueView(ui, drawing, self._frame)
        self.paint_bar = PaintBar(ui, workspace.easel, commands, self.root)
        self._strip = PinStrip(ui, workspace, textures, self._foot.root)
        self._transport = Transport(ui, workspace, self._foot.root)
        self._placed: tuple[object, ...] = ()
        self._empty: tuple[object, ...] = ()
        self._mode = ""
        self.read = ""
        """What is said of the pixel under the pointer."""

    # ---- what a person asks --------------------------------------------------------------------------------------

    @property
    def _viewing(self) -> Viewing:
        return self._workspace.sheet.viewing

    @property
    def spot(self) -> Endpoint | None:
        """What is shown."""
        workspace, viewing = self._workspace, self._viewing
        node = workspace.viewed
        if node is None:
            return None
        spot = viewing.spot(node)
        return (ground(spot, workspace.graph, workspace.catalog) or spot) if viewing.bare else spot

    @property
    def look(self) -> Look | None:
        """What was last seen of it."""
        spot = self.spot
        return self._looks.get(name("main", spot)) if spot is not None else None

    @property
    def _looks(self) -> Mapping[str, Look]:
        """What was seen, with what is painted in it."""
        return self._board.looks(self._workspace.easel, self._workspace.run.snapshot.looks, self._painted)

    @property
    def _painted(self) -> tuple[str, ...]:
        """The looks that are painted on."""
        spot = self.spot
        return (name("main", spot), name("base", spot)) if spot is not None else ()

    def toggle(self) -> None:
        self.expanded = not self.expanded

    def toggle_pin(self) -> None:
        viewing, spot = self._viewing, self._to_pin
        if spot in viewing.pins:
            viewing.unpin(spot)
        elif spot is not None:
            viewing.pin(spot)

    @property
    def _to_pin(self) -> Endpoint | None:
        """What the pin is about: the value of the selected node, also while another one is held."""
        selected = self._workspace.canvas.selection.nodes
        return self._viewing.spot(next(iter(selected))) if len(selected) == 1 else self.spot

    def fit(self) -> None:
        self._viewing.lens = self._viewing.lens.fitted()

    def actual(self) -> None:
        """One pixel of the picture to one of the screen, about the middle."""
        picture = self._picture
        if picture is not None:
            room, viewing = self._pictures.room, self._viewing
            viewing.lens = viewing.lens.at(1.0, room.center, room, (picture.width, picture.height))

    def toggle_counts(self) -> None:
        self._viewing.counts = not self._viewing.counts

    def toggle_overlays(self) -> None:
        """Show pictures without what was drawn into them, or with it again."""
        viewing, workspace = self._viewing, self._workspace
        node = workspace.viewed
        drawn = node is not None and ground(viewing.spot(node), workspace.graph, workspace.catalog)
        if not viewing.bare and not drawn:
            workspace.notices.say("Nothing is drawn into what the viewer shows", "warning")
            return
        viewing.bare = not viewing.bare

    def toggle_compare(self) -> None:
        """Show beside the picture the last other pin, or what goes into its node; or show it alone again."""
        viewing, spot, workspace = self._viewing, self.spot, self._workspace
        if viewing.other is not None or spot is None:
            viewing.compare(None)
            return
        looks = workspace.run.snapshot.looks
        pinned = {pin: looks.get(name("pin", pin)) for pin in viewing.pins}
        pictured = {pin for pin, look in pinned.items() if look is not None and isinstance(look.shows, Picture)}
        other = counterpart(viewing, spot, workspace.graph, workspace.schema(spot.node), pictured)
        if other is None:
            workspace.notices.say("There is nothing to compare it with: pin another value first", "warning")
        viewing.compare(other)

    def _pick(self) -> None:
        """Paint with the colour under the pointer."""
        point = self._pictures.pointed
        color = self._board.color(*point) if point is not None else None
        if color is not None:
            self._workspace.easel.choose(color)

    def copy(self) -> None:
        """The picture, the table, the numbers or the text, onto the clipboard."""
        look, spot = self.look, self.spot
        if look is None or spot is None:
            return
        if isinstance(look.shows, Picture):
            self._taking.copy(spot)
        else:
            dpg.set_clipboard_text(as_text(look))
            self._workspace.notices.say(f"Copied {self._workspace.title(spot.node)}: {look.summary}", "done")

    def save(self) -> None:
        """The whole picture into a file."""
        spot, workspace = self.spot, self._workspace
        if spot is None or self._picture is None:
            return
        folder = workspace.document.folder
        start = (folder / f"{spot.node}.png") if folder else None
        workspace.front.ask_path(Ask("save", "Save the picture", start, ("*.png",)), partial(self._taking.save, spot))

    # ---- once per frame ------------------------------------------------------------------------------------------

    def update(self, width: float, height: float) -> None:
        """The panel's size in logical pixels."""
        workspace, viewing, spot = self._workspace, self._viewing, self.spot
        viewing.keep_only(workspace.graph.nodes)
        self._taking.update()
        workspace.easel.look(spot)
        sight = Sight(viewing, self._looks, spot, viewing.other if viewing.other != spot else None)
        room = self._place(width, height)
        glances = sight.glances(room, self._pictures.pointed)
        self._watching.want(_PART, self._board.asked(workspace.easel, glances, self._painted))
        self._strip.update(width)
        self._transport.update()
        look = sight.look("main", spot)
        layers = self._layers(sight, room)
        if look is not None and isinstance(look.shows, Picture):
            main, base, other = layers
            if main is not None:
                self._turn_to("picture")
                self._pictures.draw(room, main, base, other)
        elif look is not None:
            self._turn_to("value")
            scale = self._ui.scale
            self._values.draw(Rect(0.0, 0.0, room.width / scale, room.height / scale), look)
        else:
            self._turn_to("nothing")
            self._say_nothing(room, spot)
        said = self._said(sight, look)
        self.read = said.read
        self._head.update(said, width)
        self._foot.update(said, width)

    def rest(self) -> None:
        """Once per frame while it is out of sight: nothing is looked at for it."""
        self._taking.update()
        self._watching.want(_PART, {})

    @property
    def _picture(self) -> Picture | None:
        look = self.look
        return look.shows if look is not None and isinstance(look.shows, Picture) else None

    def _place(self, width: float, height: float) -> Rect:
        """Put the parts where they belong; returns the room for the value, in real pixels."""
        px = self._ui.px
        strip, transport, head = self._strip.height, self._transport.height, HEAD + self.paint_bar.height(width)
        room = Rect(0.0, 0.0, px(width), max(8, px(height - head - FOOT - strip - transport)))
        self.paint_bar.update(HEAD, width)
        placed = (width, height, strip, transport, head)
        if placed != self._placed:
            self._placed = placed
            dpg.configure_item(self._frame, pos=(0, px(head)), width=int(room.width), height=int(room.height))
            dpg.configure_item(self._drawing, width=int(room.width), height=int(room.height))
            foot = strip + transport
            top = px(head) + int(room.height)
            self._head.place(width)
            self._foot.place(top, width, max(px(height) - top, 1), foot)
            self._strip.place(0.0, width)
            self._transport.place(strip, width)
        return room

    def _layers(self, sight: Sight, room: Rect) -> tuple[Layer | None, Layer | None, Layer | None]:
        """The pictures that are there, each in a texture."""
        main = sight.picture("main", sight.main)
        scale = sight.viewing.lens.scale(room, (main.width, main.height)) if main is not None else 1.0
        found: dict[str, tuple[Endpoint, Look, Picture]] = {}
        wanted: dict[str, Wanted] = {}
        for role, spot in (("main", sight.main), ("base", sight.main), ("other", sight.other)):
            look, picture = sight.look(role, spot), sight.picture(role, spot)
            if spot is None or look is None or picture is None:
                continue
            found[role] = (spot, look, picture)
            side = max(picture.pixels.shape[:2])
            wanted[f"{_PART} {role}"] = Wanted(picture.pixels, look.serial, side, enlargement(picture, scale))
        self._textures.update(_PART, wanted)
        layers: list[Layer | None] = []
        for role in ("main", "base", "other"):
            texture = self._textures.get(f"{_PART} {role}")
            if role not in found or texture is None:
                layers.append(None)
                continue
            spot, look, picture = found[role]
            title = f"{self._workspace.title(spot.node)}  {look.output}"
            layers.append(Layer(texture.item, picture.part, (picture.width, picture.height), title, picture))
        return layers[0], layers[1], layers[2]

    def _turn_to(self, mode: str) -> None:
        if mode != self._mode:
            self._mode = mode
            self._pictures.forget()
            self._values.forget()
            self._empty = ()
            dpg.delete_item(self._drawing, children_only=True)

    def _say_nothing(self, room: Rect, spot: Endpoint | None) -> None:
        ui = self._ui
        text = "Select a node to look at what it gives"
        if spot is not None:
            start, step = (self._commands[name].keys for name in ("run.start", "run.step"))
            text = unseen_words(self._workspace.run.started, self._workspace.easel.paper is not None, start, step)
        empty = (room, text, colors.version)
        if empty == self._empty:
            return
        self._empty = empty
        dpg.delete_item(self._drawing, children_only=True)
        size = ui.px(15)
        left = (room.width - ui.faces.width(text, ui.fonts.text) * size) / 2
        at = (left, (room.height - size) / 2)
        dpg.draw_text(at, text, parent=self._drawing, color=colors.text_faint, size=size)

    # ---- what is said around it ----------------------------------------------------------------------------------

    def _said(self, sight: Sight, look: Look | None) -> Said:
        spot, viewing = sight.main, sight.viewing
        picture = look.shows if look is not None and isinstance(look.shows, Picture) else None
        return Said(
            title=self._workspace.title(spot.node) if spot is not None else "",
            port=(look.output if look is not None else spot.port) if spot is not None else "",
            several=spot is not None and len(self._ports(spot.node)) > 1,
            about=self._about(look, picture),
            read=self._read(sight, look, picture),
            seen=look is not None,
            pictured=picture is not None,
            pinned=self._to_pin in viewing.pins,
            expanded=self.expanded,
            counted=viewing.counts,
            compared=sight.other is not None,
            bare=viewing.bare,
        )

    def _about(self, look: Look | None, picture: Picture | None) -> str:
        if picture is not None:
            return f"{picture.width} x {picture.height}" if picture.items is None else f"{picture.items} pictures"
        return look.kind if look is not None else ""

    def _read(self, sight: Sight, look: Look | None, picture: Picture | None) -> str:
        """The pixel under the pointer, or else what there is to say."""
        if self._board.wrong:
            return f"Too much to draw: {self._board.wrong}"
        if look is None:
            return ""
        if picture is None or picture.items is not None:
            return look.summary
        size, lens = (picture.width, picture.height), sight.viewing.lens
        zoom = f"{lens.scale(self._pictures.room, size):.0%}"
        point = self._pictures.pointed
        if point is None:
            return zoom
        return f"{point[0]}, {point[1]}   {pixel_words(picture, *point)}"

    def _ports(self, node: str) -> tuple[str, ...]:
        """The values of a node that can be chosen among."""
        schema = self._workspace.schema(node)
        return tuple(port.name for port in schema.outputs or schema.inputs) if schema else ()

    def _choose_port(self) -> None:
        spot, look = self.spot, self.look
        if spot is None:
            return
        now = look.output if look is not None else spot.port
        rows = [
            Choice(port, partial(self._viewing.choose, spot.node, port), checked=port == now)
            for port in self._ports(spot.node)
        ]
        self._ui.popups.show(Menu(self._ui, lambda _query: rows, width=200.0), *self._ui.under(self._head.port))
