"""Following things over time."""

from __future__ import annotations

from nodeflow.node import Params, node, number, slider
from nodeflow.values import Detections, Frame
from nodes.objects.tracks import Tracker


@node("objects.track", category="Find/Objects", title="Track", words="follow id tracking count")
class Track:
    """Give boxes numbers that they keep from frame to frame.

    Draw boxes then colours each thing by its number. Boxes that belong to nothing and are not sure enough to
    begin a track are left out.
    """

    class Live(Params):
        score: float = slider(0.5, 0, 1, doc="How sure a box must be to begin a track")
        overlap: float = slider(0.25, 0.01, 1, doc="How much a box must overlap with where its thing is expected")
        patience: int = number(30, 0, 1000, unit="frames", doc="For how long a thing may be out of sight")

    def open(self) -> None:
        self._tracker = Tracker()

    def run(self, detections: Detections, live: Live) -> Detections:
        boxes = detections.on(_source(detections))
        numbers = self._tracker(
            boxes, detections.score, detections.class_id, sure=live.score, overlap=live.overlap, patience=live.patience
        )
        kept = numbers > 0
        return Detections(
            detections.xyxy[kept],
            detections.score[kept],
            detections.class_id[kept],
            detections.names,
            detections.frame,
            numbers[kept],
        )


def _source(detections: Detections) -> Frame:
    """The frame of the source: on a crop that moves, things must not seem to."""
    frame = detections.frame
    return Frame.of(frame.source_width, frame.source_height)
