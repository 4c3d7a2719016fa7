"""Every file in the corpus opens as it should, or is refused as it should.

`good` holds files as the program writes them: a release adds some and removes none. `by_hand` holds files as people and
other programs write them, each beside what it is when saved again. `hostile` holds what must be refused, in words.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.graph import GraphFileError, dumps, load

CORPUS = Path(__file__).parent / "corpus"

REFUSED = {
    "another_program": 'no NodeFlow graph: it does not say "format": "nodeflow"',
    "array": "must be an object, not a list",
    "binary": "byte 0 is not text in UTF-8",
    "brackets_in_text": r"\(line 1, column",
    "deep": "more than 32 deep",
    "deep_parameter": 'node "pose": params.x: .*more than 24 deep',
    "deep_unended": "more than 32 deep",
    "empty": "this file is empty: there is no graph in it",
    "exposed_inside": 'subgraph "a": params.radius: .* is not a parameter of a node',
    "exposed_nowhere": 'subgraph "a": params.radius: \'radius\' is not a parameter of a node. Write "node.parameter"',
    "exposed_number": 'subgraph "a": params.radius: this must be a text, not 5',
    "exposed_strange_name": 'subgraph "a": params.the radius: this is not the name of a parameter.*"the_radius"',
    "field_twice": "'v' stands twice in one object, beside 'type'",
    "flat_id": "nodes.soft/blur: this is not a node id",
    "group_id": 'groups.My Group: this is not a group id.*such as "my_group"',
    "group_no_place": r'groups\.group: this does not say where it stands. Write "at"',
    "group_off_canvas": r"groups\.group: .*is not on the canvas",
    "group_size_zero": r"groups\.group: .*is not a size",
    "groups_list": "groups: this must be an object, not a list",
    "id_dotted": r'nodes\.a\.b: this is not a node id.*such as "a_b"',
    "id_empty": "this is not a node id",
    "id_long": "this is not a node id",
    "id_path": "this is not a node id",
    "id_with_space": 'nodes.Left Camera: this is not a node id.*such as "left_camera"',
    "infinite": "1e999 is too large",
    "large_number": 'node "pose": params.score: not a number that a graph can hold',
    "link_bad_id": r"links\[0\]: 'Camera.image' is not a port",
    "link_bad_port": r"links\[0\]: 'pose.im age' is not a port",
    "link_no_arrow": r'links\[1\]: .*is not a link: write "camera.image -> pose.image"',
    "link_no_port": "is not a port",
    "link_number": r"links\[0\]: this must be a text, not 7",
    "links_object": "links: this must be a list, not an object",
    "long_number": "too large for a number",
    "mode_list": 'node "pose": mode: this must be one of on, muted, bypassed, not a list',
    "mode_strange": 'node "pose": mode: this must be one of on, muted, bypassed, not',
    "nan": "NaN is not a number in JSON",
    "newer_format": "made by a newer NodeFlow: its format is 99, and this program knows 1. Update NodeFlow",
    "no_type": 'node "pose": this does not say what node it is. Write its type',
    "no_version": 'does not say its format version. Write "version": 1',
    "node_null": 'node "pose": this must be an object, not null',
    "node_text": """node "pose": this must be an object, not a text""",
    "node_twice": "'pose' stands twice",
    "node_version_fraction": 'node "pose": v: this must be a whole number above 0, not 1.5',
    "node_version_true": 'node "pose": v: this must be a whole number above 0, not true or false',
    "nodes_list": "nodes: this must be an object, not a list",
    "note_color_list": r"notes\.note\.color: this must be a text, not a list",
    "note_text_number": r"notes\.note\.text: this must be a text, not 5",
    "params_list": 'node "pose": params: this must be an object, not a list',
    "params_null": 'node "pose": params: this must be an object, not null',
    "port_not_an_id": 'subgraph "a": nodes.the picture: this is not a node id.*such as "the_picture"',
    "subgraph_deep": "more than 32 deep",
    "subgraph_id": 'subgraphs.Soft Face: this is not a subgraph id.*such as "soft_face"',
    "subgraph_in_subgraph": 'subgraph "a": subgraphs: this stands in a subgraph, which can hold none. Put it beside',
    "subgraph_link_bad": r'subgraph "a": links\[0\]: ',
    "subgraph_node_text": 'subgraph "a": node "pose": this must be an object, not a text',
    "subgraph_null": 'subgraph "a": this must be an object, not null',
    "subgraph_title_number": 'subgraph "a": title: this must be a text, not 5',
    "text": "must be an object, not a text",
    "truncated": r"Unterminated string starting at \(line 2, column 29\)",
    "type_blank": 'node "pose": type: this must be a name',
    "type_number": 'node "pose": type: this must be a name, not 5',
    "version_text": "version: this must be a whole number above 0, not a text",
    "version_zero": "version: this must be a whole number above 0, not 0",
    "view_collapsed_one": 'node "pose": view.collapsed: this must be true or false, not 1',
    "view_id": "view.A: this is not a node id",
    "view_label_number": 'node "pose": view.label: this must be a text, not 3',
    "view_list": "view: this must be an object, not a list",
    "view_no_place": r'node "pose": view: this does not say where it stands. Write "at": \[0, 0\]',
    "view_number": 'node "pose": view: this must be an object, not 5',
    "view_off_canvas": 'node "pose": view: .*is not on the canvas',
    "view_place_huge": 'node "pose": view.at: this must be a list of two numbers',
    "view_place_text": 'node "pose": view.at: this must be a list of two numbers',
    "view_place_three": 'node "pose": view.at: this must be a list of two numbers',
    "view_place_true": 'node "pose": view.at: this must be a list of two numbers',
    "view_preview_text": 'node "pose": view.preview: this must be true or false, not a text',
    "view_size_negative": 'node "pose": view: .*is not a size',
}


def names(folder: str) -> list[str]:
    return sorted(path.stem for path in (CORPUS / folder).glob("*.json") if not path.stem.endswith(".saved"))


@pytest.mark.parametrize("name", names("good"))
def test_a_file_of_ours_is_the_same_when_saved_again(name: str) -> None:
    path = CORPUS / "good" / f"{name}.json"
    assert dumps(load(path)).encode() == path.read_bytes()


@pytest.mark.parametrize("name", names("by_hand"))
def test_a_file_of_others_opens_and_is_put_in_order(name: str) -> None:
    saved = CORPUS / "by_hand" / f"{name}.saved.json"
    graph = load(CORPUS / "by_hand" / f"{name}.json")
    assert dumps(graph).encode() == saved.read_bytes()
    assert load(saved) == graph


@pytest.mark.parametrize("name", names("hostile"))
def test_a_bad_file_is_refused_in_words(name: str) -> None:
    path = CORPUS / "hostile" / f"{name}.json"
    with pytest.raises(GraphFileError, match=REFUSED[name]) as refusal:
        load(path)
    assert str(refusal.value).startswith(f"{path}: ")
    assert len(str(refusal.value)) < len(str(path)) + 300
