"""The pose node: its errors always, and the people of the sample clips where the weights are there."""

from __future__ import annotations

import pytest

from nodeflow.models import ModelError
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Image, Poses
from nodes.draw.poses import draw_poses
from nodes.io.video import VideoFile
from nodes.people.pose import Pose


def test_an_unknown_model_is_said_with_what_there_is() -> None:
    with (
        pytest.raises(ModelError, match=r"blazepose-ful.*did you mean.*blazepose-full"),
        open_node(Pose, model="blazepose-ful"),
    ):
        pass


def found_in(clip: str, model: str, frames: int) -> list[tuple[Image, Poses]]:
    ctx = NodeContext()
    with (
        open_node(VideoFile, ctx=ctx, file=f"sample:{clip}", end=frames / 60) as video,
        open_node(Pose, ctx=ctx, model=model) as pose,
    ):
        found = [(image, pose(image)) for _, image in video.frames()]
    assert ctx.providers[0]
    assert len(found) == frames
    return found


@pytest.mark.weights
def test_the_man_of_the_sample_clip_is_found_and_drawn() -> None:
    found = found_in("one_person", "blazepose-full", 12)
    assert all(len(poses) == 1 for _, poses in found)
    image, poses = found[-1]
    drawn = run_node(draw_poses, image, poses)
    changed = (drawn.array != image.array).any(axis=2)
    assert 0.002 < changed.mean() < 0.05
    left, top = poses.xy[0].min(axis=0) - 20
    right, bottom = poses.xy[0].max(axis=0) + 20
    changed[int(max(top, 0)) : int(bottom), int(max(left, 0)) : int(right)] = False
    assert not changed.any()


@pytest.mark.weights
def test_both_people_of_the_other_clip_are_found() -> None:
    found = found_in("two_people", "movenet-multipose", 6)
    assert [len(poses) for _, poses in found] == [2] * 6


@pytest.mark.weights
def test_a_score_of_one_leaves_everybody_out() -> None:
    ctx = NodeContext()
    with open_node(Pose, ctx=ctx, model="movenet-multipose") as pose:
        image = next(iter(run_node(VideoFile, ctx=ctx, file="sample:two_people", end=1 / 60)))
        assert len(pose(image, score=1.0)) == 0
