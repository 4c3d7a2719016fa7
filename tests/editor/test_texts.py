"""Texts that hold what is no character: DearPyGui ends the process over them unless they are replaced before."""

from __future__ import annotations

import subprocess
import sys

from nodeflow.editor.texts import whole

_PROGRAM = r"""
import dearpygui.dearpygui as dpg
from nodeflow.editor.texts import guard_texts
guard_texts()
guard_texts()
dpg.create_context()
odd = "b\udcff \ud800 é"
with dpg.window(label=odd):
    text = dpg.add_text(odd)
    field = dpg.add_input_text(default_value=odd, hint=odd)
    dpg.add_button(label=odd)
    dpg.add_combo([odd, "fine"], default_value=odd)
    with dpg.drawlist(10, 10):
        dpg.draw_text((0, 0), odd)
dpg.set_value(text, odd)
dpg.configure_item(field, label=odd, default_value=odd)
dpg.create_viewport(title=odd)
dpg.set_viewport_title(odd)
print(dpg.get_value(text).encode("unicode_escape").decode())
dpg.destroy_context()
"""


def test_a_text_stays_what_it_is_but_for_halves_of_pairs() -> None:
    for text in ("", "plain", "é, \u4e2d, \U0001f642"):
        assert whole(text) == text
    assert whole("a\ud800b\udcff") == "a?b?"


def test_dearpygui_gets_whole_characters_only() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "b? ? \\xe9\n"), done.stderr[-500:]
