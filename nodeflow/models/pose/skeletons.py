"""Joints and bones of the bodies that the pose models know."""

from __future__ import annotations

from nodeflow.values import Skeleton


def _skeleton(name: str, joints: str, bones: str) -> Skeleton:
    names = tuple(joints.split())
    pairs = (bone.split("-") for bone in bones.split())
    return Skeleton(name, names, tuple((names.index(a), names.index(b)) for a, b in pairs))


BLAZEPOSE = _skeleton(
    "blazepose-33",
    """
    nose left_eye_inner left_eye left_eye_outer right_eye_inner right_eye right_eye_outer left_ear right_ear
    mouth_left mouth_right left_shoulder right_shoulder left_elbow right_elbow left_wrist right_wrist
    left_pinky right_pinky left_index right_index left_thumb right_thumb left_hip right_hip left_knee right_knee
    left_ankle right_ankle left_heel right_heel left_foot_index right_foot_index
    """,
    """
    nose-left_eye_inner left_eye_inner-left_eye left_eye-left_eye_outer left_eye_outer-left_ear
    nose-right_eye_inner right_eye_inner-right_eye right_eye-right_eye_outer right_eye_outer-right_ear
    mouth_left-mouth_right left_shoulder-right_shoulder left_shoulder-left_hip right_shoulder-right_hip
    left_hip-right_hip left_shoulder-left_elbow left_elbow-left_wrist left_wrist-left_pinky left_wrist-left_index
    left_wrist-left_thumb left_pinky-left_index right_shoulder-right_elbow right_elbow-right_wrist
    right_wrist-right_pinky right_wrist-right_index right_wrist-right_thumb right_pinky-right_index
    left_hip-left_knee left_knee-left_ankle left_ankle-left_heel left_ankle-left_foot_index
    left_heel-left_foot_index right_hip-right_knee right_knee-right_ankle right_ankle-right_heel
    right_ankle-right_foot_index right_heel-right_foot_index
    """,
)
"""The 33 points of BlazePose, in the order of its outputs."""

COCO = _skeleton(
    "coco-17",
    """
    nose left_eye right_eye left_ear right_ear left_shoulder right_shoulder left_elbow right_elbow left_wrist
    right_wrist left_hip right_hip left_knee right_knee left_ankle right_ankle
    """,
    """
    nose-left_eye nose-right_eye left_eye-left_ear right_eye-right_ear left_shoulder-right_shoulder
    left_shoulder-left_elbow left_elbow-left_wrist right_shoulder-right_elbow right_elbow-right_wrist
    left_shoulder-left_hip right_shoulder-right_hip left_hip-right_hip left_hip-left_knee left_knee-left_ankle
    right_hip-right_knee right_knee-right_ankle
    """,
)
"""The 17 points of COCO, in the order of MoveNet's outputs."""
