"""The colours of the editor, by what they are for, and the two palettes that fill these roles. Pure.

    from nodeflow.editor.palette import colors
    pen.rect(rect, colors.field, fade(colors.contrast, 0.2))

The greys carry the interface; colour is kept for meaning: kinds on the canvas (`canvas.kinds_style`), one accent for
what is selected or primary, amber and red for what needs a look. Every text role can be read (4.5:1) on every ground
it stands on, in both palettes; tests hold that.

`colors` is what the editor draws with now. `use` puts another palette into the same object, so a colour is to be read
when something is drawn and never kept in a constant. What was drawn before is drawn anew by whoever drew it: when
`colors.version` is another number than it was. GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

Rgb = tuple[int, int, int]
Rgba = tuple[int, int, int, int]


def rgb(code: int, alpha: int = 255) -> Rgba:
    """0xRRGGBB as a DearPyGui colour."""
    return (code >> 16, code >> 8 & 255, code & 255, alpha)


def rgba(color: Rgb, alpha: float = 1.0) -> Rgba:
    """Red, green and blue with an opacity, 0..1."""
    return (*color, round(255 * alpha))


def fade(color: Rgba, alpha: float) -> Rgba:
    """The colour with its opacity multiplied by `alpha`, 0..1."""
    return (*color[:3], round(color[3] * alpha))


def mix(one: Rgba, other: Rgba, share: float) -> Rgba:
    """`one` with `share` (0..1) of `other` in it."""
    red, green, blue, alpha = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue, alpha)


BLACK: Final = rgb(0x000000)
CLEAR: Final[Rgba] = (0, 0, 0, 0)


@dataclass(slots=True)
class Palette:
    """A colour for every role."""

    ground: Rgba
    """What everything lies on, canvas and panels alike: the screen is cleared to it. To fill panels with another colour
    would take a fifth of a frame without a GPU."""
    grid: Rgba
    raised: Rgba
    """What floats: menus, dialogs, notices."""
    field: Rgba
    field_hover: Rgba
    field_active: Rgba
    border: Rgba
    node: Rgba
    node_title: Rgba
    rim: Rgba
    """Round a port, to lift it off its wire, and inside one that is a ring."""
    shadow: Rgba
    contrast: Rgba
    """White on a dark ground, black on a light one: faded, it makes edges and icons; mixed in, it makes stronger."""
    text: Rgba
    text_dim: Rgba
    text_faint: Rgba
    accent: Rgba
    primary: Rgba
    """The ground of the one button that most people want, and of a switch that is on."""
    on_primary: Rgba
    """What is written on it."""
    good: Rgba
    warn: Rgba
    bad: Rgba

    sky: Rgba
    orange: Rgba
    green: Rgba
    yellow: Rgba
    blue: Rgba
    red: Rgba
    pink: Rgba
    grey: Rgba
    """From `sky` on: the hues of kinds, kept apart for every colour blindness."""

    version: int = 0
    """Of `colors`: how often its palette was changed."""


DARK: Final = Palette(
    ground=rgb(0x18191C),
    grid=rgb(0x2E3137),
    raised=rgb(0x25272C),
    field=rgb(0x2A2C32),
    field_hover=rgb(0x31343B),
    field_active=rgb(0x3A3E47),
    border=rgb(0x303238),
    node=rgb(0x25272C),
    node_title=rgb(0x2E3137),
    rim=rgb(0x0E0F11),
    shadow=rgb(0x000000),
    contrast=rgb(0xFFFFFF),
    text=rgb(0xE7E9ED),
    text_dim=rgb(0xB4B8C0),
    text_faint=rgb(0x989DA7),
    accent=rgb(0x6C9EF8),
    primary=rgb(0x3F66B0),
    on_primary=rgb(0xFFFFFF),
    good=rgb(0x58B98A),
    warn=rgb(0xE0A84E),
    bad=rgb(0xF0807C),
    sky=rgb(0x56B4E9),
    orange=rgb(0xE69F00),
    green=rgb(0x00B282),
    yellow=rgb(0xF0E442),
    blue=rgb(0x568CFF),
    red=rgb(0xE86C20),
    pink=rgb(0xD686B2),
    grey=rgb(0xBEBEBE),
)

LIGHT: Final = Palette(
    ground=rgb(0xF1F2F5),
    grid=rgb(0xCDD1D8),
    raised=rgb(0xFFFFFF),
    field=rgb(0xE6E8EC),
    field_hover=rgb(0xDCDFE5),
    field_active=rgb(0xCFD3DB),
    border=rgb(0xD5D8DE),
    node=rgb(0xFFFFFF),
    node_title=rgb(0xE3E6EB),
    rim=rgb(0xFFFFFF),
    shadow=rgb(0x3C4658, 120),
    contrast=rgb(0x000000),
    text=rgb(0x1B1E24),
    text_dim=rgb(0x474D58),
    text_faint=rgb(0x5C626D),
    accent=rgb(0x1B59C7),
    primary=rgb(0x2563CE),
    on_primary=rgb(0xFFFFFF),
    good=rgb(0x146B47),
    warn=rgb(0x855000),
    bad=rgb(0xB92828),
    sky=rgb(0x1580DC),
    orange=rgb(0x9C5800),
    green=rgb(0x00694F),
    yellow=rgb(0x878A0E),
    blue=rgb(0x2A45D8),
    red=rgb(0xD23C0C),
    pink=rgb(0xC04C98),
    grey=rgb(0x6C6C6C),
)

PALETTES: Final[dict[str, Palette]] = {"dark": DARK, "light": LIGHT}

colors: Final = replace(DARK)
"""What is drawn with now. See the module's head."""


def use(palette: Palette) -> None:
    """Draw with `palette` from now on."""
    version = colors.version + 1
    for role in fields(palette):
        setattr(colors, role.name, getattr(palette, role.name))
    colors.version = version


_TINTS: Final[dict[str, Rgba]] = {
    "input": rgb(0x4F8F6B),
    "output": rgb(0xA8705A),
    "find": rgb(0x4E86B8),
    "people": rgb(0x4E86B8),
    "draw": rgb(0x8C6BB1),
    "image": rgb(0x5C7F9E),
    "model": rgb(0x4E86B8),
    "number": rgb(0x7C68A8),
    "text": rgb(0x9C8A45),
    "time": rgb(0x8A6F8A),
}


def category_color(category: str) -> Rgba:
    """The tint of a category, told by its first word that has one; for small marks as it is, see `title_color`."""
    for word in category.lower().replace("/", " ").split():
        if word in _TINTS:
            return _TINTS[word]
    return rgb(0x6A7080)


def title_color(category: str) -> Rgba:
    """The title bar of a node of a category: its tint, so that the title can be read on it."""
    return mix(colors.node_title, category_color(category), 0.42)
