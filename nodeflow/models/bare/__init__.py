"""Networks without a pipeline of their own: any file, by its signature and what a person says of it.

    signature = read_signature(path)
    plan = plan_for(signature, Options(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)))
    model = BareModel(OnnxModel(path, device="auto"), plan, names=read_names(labels))
    classes, = model([image], Limits())

Pictures go in as the signature has it (size, layout, channels), or as the options say; what comes out is read as
tensors, a picture, a mask, classes, boxes or keypoints, which lie on the picture that was seen.
"""

from nodeflow.models.bare.model import BareModel
from nodeflow.models.bare.names import names_in, read_names
from nodeflow.models.bare.options import Limits, Options
from nodeflow.models.bare.ports import Plan, plan_for

__all__ = ["BareModel", "Limits", "Options", "Plan", "names_in", "plan_for", "read_names"]
