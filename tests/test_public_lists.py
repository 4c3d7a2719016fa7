"""What each package offers, word by word: a change of the public face is meant, or this fails."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import nodeflow

PUBLIC = {
    "nodeflow": "",
    "nodeflow.cli": "",
    "nodeflow.editor": "",
    "nodeflow.editor.canvas": "OPERATIONS CanvasActions Held Hit Interaction Operation Port Rect Scene Viewport",
    "nodeflow.editor.canvas.drawing": "",
    "nodeflow.editor.commands": "",
    "nodeflow.editor.documents": "",
    "nodeflow.editor.looking": "",
    "nodeflow.editor.mending": "",
    "nodeflow.editor.models": "",
    "nodeflow.editor.painting": "",
    "nodeflow.editor.panels": "",
    "nodeflow.editor.running": "",
    "nodeflow.editor.settings": "",
    "nodeflow.engine": "Command Edit Glance Look NodeState NodeStatus Part Pause Picture Retry Rows RunState Seek "
    "Series Session Shown Snapshot Spread Start Step Stop Watch Wave Words",
    "nodeflow.engine.process": "ProcessInstance",
    "nodeflow.graph": "ANY Catalog Change Conversion Copies Difference Drawing Endpoint Graph GraphFileError Group "
    "History INPUT Json LIST Link Mode Node NodeSchema Note OUTPUT ParamSchema PortSchema Problem Stroke Subgraphs "
    "View Written WrittenPort base_type check difference dumps enclose expanded fault independent load loads lowered "
    "place read_type refitted renames save subgraphs try_connect without_feedback",
    "nodeflow.models": "BadModel Cancelled Card CardError Declined DeviceUnavailable FetchFailed InUse Library "
    "Loaded ModelError OnnxModel Parts PoseModel Progress Sample UnknownModel library loaded open_for open_pose "
    "open_task",
    "nodeflow.models.importers": "ImportFailed import_tfjs import_tflite to_onnx",
    "nodeflow.models.importers.keras_nets": "import_model",
    "nodeflow.models.importers.ctranslate2": "import_model",
    "nodeflow.models.importers.tf_checkpoint": "import_model",
    "nodeflow.models.importers.tfjs": "import_model",
    "nodeflow.models.importers.tflite": "import_model",
    "nodeflow.models.importers.torch_nets": "import_model",
    "nodeflow.models.bare": "BareModel Limits Options Plan names_in plan_for read_names",
    "nodeflow.models.captions": "Caption CaptionModel",
    "nodeflow.models.classes": "ClassModel",
    "nodeflow.models.depth": "DepthModel Nearness",
    "nodeflow.models.edges": "EdgeModel",
    "nodeflow.models.faces": "DescriptionModel FaceDescription FaceModel FoundFaces MeshModel",
    "nodeflow.models.generate": "GeneratorModel KindGeneratorModel TextToPictureModel between latent",
    "nodeflow.models.hands": "Hands HandsModel",
    "nodeflow.models.masks": "MaskModel Prompt PromptedMaskModel SegmentModel Segments",
    "nodeflow.models.objects": "ObjectModel",
    "nodeflow.models.pipelines": "",
    "nodeflow.models.pose": "PoseModel open_pose",
    "nodeflow.models.signature": "Dimension Signature TensorInfo read_signature",
    "nodeflow.models.sound": "Curve EventModel Events Note NoteModel PitchModel VoiceModel",
    "nodeflow.models.text": "EmbeddingModel Language LanguageModel",
    "nodeflow.models.transform": "ColorModel DenoiseModel InpaintModel PictureStyleModel RetouchModel StyleModel "
    "TranslateModel UpscaleModel",
    "nodeflow.models.speech": "HearModel Said SpeakModel",
    "nodeflow.models.words": "Line ReadModel",
    "nodeflow.node": "Adapted Context DefinitionError Drawing Instance Layer ModelRef NodeError NodeType Nothing "
    "PackProblem Params Ports Registry RetryLater Slider Stream Tick Timed Widget WrongValue choice chosen color "
    "drawing driven_arguments file folder lines live_arguments load_registry model node node_type_of number save "
    "slider text toggle",
    "nodeflow.testing": "",
    "nodeflow.values": "CONVERSIONS IDENTITY KINDS Affine Audio Boolean Classes Color Copies Detections Frame Image "
    "Items Mask Number Poses Rule Skeleton Table Tensor Text Vector compose converter copies invert summary transform",
}
"""Packages without a list of their own are named with nothing: one imports their modules."""


def test_no_package_is_forgotten() -> None:
    below = (found.name for found in pkgutil.walk_packages(nodeflow.__path__, "nodeflow.") if found.ispkg)
    assert {"nodeflow", *below} == set(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_package_offers_what_is_written_here(name: str) -> None:
    package = importlib.import_module(name)
    offered = getattr(package, "__all__", [])
    assert sorted(offered) == sorted(PUBLIC[name].split())
    assert all(hasattr(package, word) for word in offered)
