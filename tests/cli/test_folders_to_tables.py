"""`nodeflow run classify_folder` and `caption_folder`: a folder of pictures becomes a table, of classes by the real
model, of sentences by a small one in place of it."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from nodeflow.cli import main
from nodeflow.models import Library
from nodeflow.samples import sample_graphs
from tests.models.small_nets import captions
from tests.models.stand_in import StandIn
from tests.models.stand_in import stand_in as stand_in


def test_each_picture_of_a_folder_gets_a_line(
    stand_in: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import cv2

    stand_in("vit-gpt2", **captions(), pipeline={"start": 0, "end": 0})
    (pictures := tmp_path / "pictures" / "more").mkdir(parents=True)
    for name, level in (("a.png", 10), ("more/b.png", 240)):
        cv2.imwrite(str(pictures.parent / name), np.full((30, 40, 3), level, np.uint8))
    (pictures / "broken.png").write_bytes(b"no picture")
    graph = Path(shutil.copy(sample_graphs()["caption_folder"], tmp_path))
    code = main(lambda path, device, start: 7, ("run", str(graph), "--set", "folder.folder=pictures"))
    said = capsys.readouterr()
    assert code == 0, said.err
    assert "more/broken.png" in said.err
    lines = [json.loads(line) for line in (tmp_path / "out" / "captions.jsonl").read_text("utf-8").splitlines()]
    wanted = [("a.png", "a dark room"), ("more/b.png", "a bright room")]
    assert [(line["file"], line["value"]) for line in lines] == wanted
    with (tmp_path / "out" / "captions.csv").open(encoding="utf-8") as table:
        assert [(row["file"], row["text"]) for row in csv.DictReader(table)] == wanted


@pytest.mark.weights
def test_each_picture_of_a_folder_gets_its_class(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures := tmp_path / "pictures" / "more").mkdir(parents=True)
    shutil.copy(library.asset("coffee"), pictures / "b.png")
    shutil.copy(library.asset("cat"), pictures.parent / "a.png")
    (pictures / "broken.png").write_bytes(b"no picture")
    graph = Path(shutil.copy(sample_graphs()["classify_folder"], tmp_path))
    code = main(lambda path, device, start: 7, ("run", str(graph), "--set", "folder.folder=pictures"))
    said = capsys.readouterr()
    assert code == 0, said.err
    assert "more/broken.png" in said.err
    wanted = [("a.png", "Egyptian cat"), ("more/b.png", "espresso")]
    with (tmp_path / "out" / "classes.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert [(row["file"], row["label"]) for row in rows] == wanted
    assert float(rows[1]["score"]) > 0.8
    lines = [json.loads(line) for line in (tmp_path / "out" / "classes.jsonl").read_text("utf-8").splitlines()]
    assert [(line["file"], line["label"]) for line in lines] == wanted
