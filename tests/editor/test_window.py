"""The editor as a person meets it: a window, a mouse and a keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nodeflow.graph import Graph, Node, load, save

from .desk import PATIENCE, Desk

pytestmark = pytest.mark.gui


def test_the_first_frame_waits_for_nothing_heavy(desk: Desk) -> None:
    look = desk.look()
    assert look["first_modules"] == []
    assert set(look["nodes"]) == {"balls", "invert", "count", "preview"}
    assert look["title"] == "graph"


def test_wires_are_drawn_with_the_mouse_and_undone_with_keys(desk: Desk) -> None:
    desk.drag(desk.port("balls.image"), desk.port("invert.image", "in"))
    assert desk.look()["links"] == ["balls.image -> invert.image"]
    desk.drag(desk.port("invert.image", "out"), desk.port("preview.value", "in"))
    assert len(desk.look()["links"]) == 2

    desk.key("ctrl+z")
    assert desk.look()["links"] == ["balls.image -> invert.image"]
    desk.key("ctrl+z")
    assert desk.look()["links"] == []
    assert not desk.look()["dirty"]
    desk.key("ctrl+y")
    desk.key("ctrl+shift+z")
    assert len(desk.look()["links"]) == 2


def test_a_wire_of_the_wrong_kind_is_refused_with_a_reason(desk: Desk) -> None:
    desk.drag(desk.port("balls.image"), desk.port("count.number", "in"))
    look = desk.look()
    assert look["links"] == []
    assert any("Image" in notice and "Number" in notice for notice in look["notices"])


def test_nodes_are_added_from_the_list_and_wired_when_a_wire_asked_for_them(desk: Desk) -> None:
    desk.move(desk.empty())
    desk.key("Tab")
    assert desk.look()["popup"] == "AddMenu"
    desk.type("qj")
    desk.key("Return")  # nothing is found, and the field keeps the keyboard
    desk.key("BackSpace")
    desk.key("BackSpace")
    desk.type("invert")
    assert desk.look()["rows"][0] == "Invert"
    desk.key("Return")
    assert "invert_2" in desk.wait(lambda look: look["popup"] is None)["nodes"]

    desk.drag(desk.port("balls.image"), desk.empty())
    rows = desk.wait(lambda look: look["popup"] == "AddMenu")["rows"]
    assert "Invert" in rows
    assert "Count" not in rows
    desk.type("broken")
    desk.key("Return")
    assert desk.wait(lambda look: look["popup"] is None)["links"] == ["balls.image -> broken.image"]

    desk.move(desk.empty())
    desk.key("Tab")
    desk.key("Escape")
    assert desk.look()["popup"] is None


def test_values_are_scrubbed_typed_and_changed_in_the_inspector_as_single_steps(desk: Desk) -> None:
    x, y = desk.param("invert.strength")
    desk.drag((x, y), (x - 60, y))
    scrubbed = desk.look()["nodes"]["invert"]["strength"]
    assert 0 < scrubbed < 1
    desk.double_click((x, y))
    assert desk.look()["popup"] == "TextPrompt"
    desk.type("0.25")
    desk.key("Return")
    assert desk.look()["nodes"]["invert"]["strength"] == 0.25

    desk.key("ctrl+z")
    assert desk.look()["nodes"]["invert"]["strength"] == scrubbed
    desk.key("ctrl+z")
    assert "strength" not in desk.look()["nodes"]["invert"]


def test_the_inspector_changes_what_is_selected(desk: Desk) -> None:
    desk.click(desk.title("invert"))
    x, y = desk.look()["fields"]["strength"]
    desk.drag((x, y), (x - 60, y))
    assert 0 < desk.look()["nodes"]["invert"]["strength"] < 1
    desk.double_click((x, y))
    desk.key("ctrl+a")
    desk.key("BackSpace")  # is the field's, as is Return, and neither the canvas's
    desk.type("1/4")
    desk.key("Return")
    look = desk.wait(lambda look: look["nodes"]["invert"].get("strength") == 0.25)
    assert look["popup"] is None
    desk.double_click(desk.look()["name"])
    desk.key("ctrl+a")
    desk.type("Negative")
    desk.key("Return")
    assert '"label": "Negative"' in desk.wait(lambda look: look["undo"] == "Rename Invert")["graph"]

    assert desk.look()["popup"] is None

    desk.click(desk.empty())
    for _ in range(3):
        desk.key("ctrl+z")
    assert not desk.look()["dirty"]


def test_the_inspector_sets_all_that_are_selected_in_one_step(desk: Desk) -> None:
    desk.click(desk.title("invert"))
    desk.key("ctrl+d")
    desk.xdotool("keydown", "Shift_L")
    desk.click(desk.title("invert"))
    desk.xdotool("keyup", "Shift_L")
    look = desk.wait(lambda look: look["selected"] == ["invert", "invert_2"] and "strength" in look["fields"])
    x, y = look["fields"]["strength"]
    desk.drag((x, y), (x - 60, y))
    look = desk.wait(lambda look: look["undo"] == "Set strength of 2 nodes")
    assert 0 < look["nodes"]["invert"]["strength"] == look["nodes"]["invert_2"]["strength"] < 1
    desk.key("ctrl+z")
    look = desk.look()
    assert look["nodes"]["invert"] == look["nodes"]["invert_2"] == {}


def test_nodes_are_copied_pasted_and_duplicated_with_keys(desk: Desk) -> None:
    desk.click(desk.title("invert"))
    desk.key("ctrl+c")
    desk.move(desk.empty())
    desk.key("ctrl+v")
    assert desk.look()["selected"] == ["invert_2"]
    desk.key("ctrl+d")
    assert desk.look()["selected"] == ["invert_3"]
    desk.key("ctrl+x")
    assert "invert_3" not in desk.look()["nodes"]


def test_saving_writes_the_file_and_quitting_asks_about_what_is_not_saved(desk: Desk, graph_file: Path) -> None:
    desk.drag(desk.port("balls.image"), desk.port("preview.value", "in"))
    desk.key("ctrl+s")
    assert not desk.wait(lambda look: not look["dirty"])["dirty"]
    assert [str(link) for link in load(graph_file).links] == ["balls.image -> preview.value"]

    desk.click(desk.title("count"))
    desk.key("Delete")
    assert "count" not in desk.look()["nodes"]
    desk.press_close_button()
    desk.wait(lambda look: look["popup"] == "UnsavedQuestion")
    for key in ("Tab", "Right", "Return"):  # Cancel
        desk.key(key)
    assert desk.look()["popup"] is None
    assert desk.look()["dirty"]
    desk.key("ctrl+z")
    desk.press_close_button()
    assert desk.process.wait(PATIENCE) == 0


def test_a_new_graph_is_saved_where_the_person_says(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    with open_desk(None) as desk:
        desk.key("Escape")
        desk.move(desk.empty())
        desk.key("Tab")
        desk.type("balls")
        desk.key("Return")
        desk.key("ctrl+w")
        desk.wait(lambda look: look["popup"] == "UnsavedQuestion" and look["popup_seen"])
        desk.key("Return")  # Save: one question takes the place of another
        desk.wait(lambda look: look["popup"] == "PathPrompt" and look["popup_seen"])
        desk.key("Escape")
        desk.key("ctrl+s")
        assert desk.wait(lambda look: look["popup"])["popup"] == "PathPrompt"
        desk.key("ctrl+a")
        desk.type(str(tmp_path / "made"))
        desk.key("Return")
        desk.wait(lambda look: not look["dirty"])
        assert set(load(tmp_path / "made.json").nodes) == {"balls"}

        (tmp_path / "there.json").write_text("mine")
        desk.key("ctrl+shift+s")
        desk.wait(lambda look: "there.json" in look["rows"])
        desk.key("ctrl+a")
        desk.type("there")
        desk.key("Return")
        desk.wait(lambda look: "Replace" in look["buttons"])
        assert (tmp_path / "there.json").read_text() == "mine"
        desk.key("Return")
        desk.wait(lambda look: look["title"] == "there")

        desk.key("ctrl+o")
        desk.wait(lambda look: "made.json" in look["rows"])
        desk.type("mad")
        desk.wait(lambda look: look["marked"] == "made.json")
        desk.key("Tab")
        desk.wait(lambda look: look["typed"] == "made.json")
        desk.key("Return")
        desk.wait(lambda look: look["title"] == "made")


def test_previews_move_while_the_graph_runs_and_stop_when_it_stops(desk: Desk) -> None:
    desk.drag(desk.port("balls.image"), desk.port("invert.image", "in"))
    desk.drag(desk.port("invert.image", "out"), desk.port("preview.value", "in"))
    desk.key("F5")
    first = desk.wait(lambda look: look["finished"] > 3 and look["previews"].get("preview"))
    later = desk.wait(lambda look: look["previews"]["preview"] > first["previews"]["preview"] + 3)
    assert later["state"] == "running"
    assert later["statuses"]["invert"][0] in ("ready", "running")
    assert later["textures"] >= 1

    desk.key("F5")
    desk.wait(lambda look: look["state"] == "paused")
    desk.key("F5")
    desk.wait(lambda look: look["state"] == "running")
    desk.key("shift+F5")
    desk.wait(lambda look: look["state"] == "stopped")


def test_an_edit_takes_effect_while_it_runs(desk: Desk) -> None:
    desk.drag(desk.port("balls.image"), desk.port("preview.value", "in"))
    desk.key("F5")
    desk.wait(lambda look: look["finished"] > 3)
    desk.drag(desk.port("balls.image"), desk.port("invert.image", "in"))
    desk.drag(desk.port("invert.image", "out"), desk.port("preview.value", "in"))
    look = desk.wait(lambda look: look["statuses"].get("invert", [""])[0] in ("ready", "running"))
    assert look["state"] == "running"


def test_a_failing_node_says_why_and_the_rest_runs(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    graph, _ = Graph().add(Node("desk.balls"), (0.0, 0.0))
    graph, _ = graph.add(Node("desk.broken"), (320.0, -100.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, -100.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, 200.0))
    graph = graph.connect(
        "balls.image -> broken.image", "broken.image -> preview.value", "balls.image -> preview_2.value"
    )
    path = tmp_path / "broken.json"
    save(graph, path)
    with open_desk(path, start=True) as desk:
        look = desk.wait(lambda look: look["statuses"].get("broken", [""])[0] == "failed")
        assert look["statuses"]["broken"][1] == "The lamp is broken."
        serial = look["previews"].get("preview_2", 0)
        desk.wait(lambda look: look["previews"].get("preview_2", 0) > serial + 3)


def test_a_node_that_failed_is_reported_and_tried_again_from_the_canvas(
    open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    graph, _ = Graph().add(Node("desk.balls"), (0.0, 0.0))
    graph, _ = graph.add(Node("desk.lamp"), (320.0, -100.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, -100.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, 200.0))
    graph = graph.connect("balls.image -> lamp.image", "lamp.image -> preview.value", "balls.image -> preview_2.value")
    path = tmp_path / "lamp.json"
    save(graph, path)
    with open_desk(path, start=True) as desk:
        look = desk.wait(lambda look: "lamp.retry" in look["ways"] and look["previews"].get("preview_2", 0) > 3)
        assert look["statuses"]["lamp"][0] == "failed"
        desk.click(look["ways"]["lamp.report"])
        desk.wait(lambda look: "A report of Lamp is on the clipboard" in look["notices"])

        (tmp_path / "bulb").write_text("")
        desk.click(look["ways"]["lamp.retry"])
        look = desk.wait(lambda look: look["statuses"]["lamp"][0] in ("ready", "running"))
        assert look["state"] == "running"
        assert look["ways"] == {}
        desk.wait(lambda look: look["previews"].get("preview", 0) > 3)


def test_closing_the_window_ends_the_run_and_the_process(desk: Desk) -> None:
    desk.drag(desk.port("balls.image"), desk.port("preview.value", "in"))
    desk.key("ctrl+s")
    desk.key("F5")
    desk.wait(lambda look: look["finished"] > 3)
    desk.quit()
    assert desk.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("scale", ["0.75", "2"])
def test_the_mouse_hits_what_it_is_on_at_any_scale(
    open_desk: Callable[..., Desk], graph_file: Path, scale: str
) -> None:
    with open_desk(graph_file, env={"NODEFLOW_SCALE": scale}) as desk:
        desk.click(desk.title("invert"))
        assert desk.look()["selected"] == ["invert"]
        desk.drag(desk.port("balls.image"), desk.port("invert.image", "in"))
        assert desk.look()["links"] == ["balls.image -> invert.image"]


def test_the_performance_panel_ranks_the_nodes_and_a_click_goes_to_one(desk: Desk, tmp_path: Path) -> None:
    desk.drag(desk.port("balls.image"), desk.port("preview.value", "in"))
    desk.key("F8")
    desk.key("F5")
    look = desk.wait(lambda look: look["finished"] > 3 and set(look["costs"]) >= {"balls", "preview"})
    left, top, row, _width = look["dock_rows"]
    desk.key("F5")
    desk.wait(lambda look: look["state"] == "paused")
    place = desk.settle()["costs"].index("preview")
    desk.click((left + 60, top + row * (place + 0.5)))
    assert desk.look()["selected"] == ["preview"]
    desk.key("F8")
    assert desk.look()["costs"] == []
