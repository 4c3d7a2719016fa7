"""What models are for, and which one of each task is taken unless another is asked for. Plain data."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Task(NamedTuple):
    """`title` for people; `default` is the id of a model's card; `words` are others that people look for it by."""

    title: str
    default: str
    words: str = ""


TASKS = MappingProxyType(
    {
        "pose": Task(
            "People and their joints",
            "blazepose-full",
            "skeleton body person people motion capture mocap keypoints openpose",
        ),
        "faces": Task("Faces as boxes", "blazeface-short", "face detection person"),
        "face-mesh": Task("Points of faces", "facemesh", "landmarks eyes iris gaze"),
        "face-description": Task("Age, gender and likeness of faces", "faceres", "face recognition identity embedding"),
        "emotion": Task("Expressions of faces", "emotion", "feeling mood smile happy"),
        "hands": Task("Hands and their joints", "hands-full", "fingers gesture landmarks"),
        "objects": Task("Things as boxes", "nanodet", "object detection detector yolo person people dog cat car count"),
        "classes": Task(
            "What a picture shows", "efficientnet-lite0", "classify classifier recognise recognize label imagenet"
        ),
        "edges": Task("Outlines of things", "hed", "outline contour line drawing canny"),
        "depth": Task("Near and far", "depth-anything-v2-small", "distance 3d midas"),
        "segments": Task("What each pixel is", "deeplab-v3", "segmentation semantic"),
        "prompted-mask": Task(
            "Outlines of what is pointed at", "efficientsam", "segment anything sam cut out segmentation"
        ),
        "person-mask": Task(
            "People from the background",
            "selfie",
            "background removal remove blur background person people segmentation portrait green screen",
        ),
        "text-in-pictures": Task("Text in pictures", "ppocr-v4", "ocr read reading recognition scan"),
        "language": Task("The language of a text", "lid-176", "detect language identification"),
        "text-embedding": Task(
            "What a text means, as numbers", "minilm-l6", "sentence embedding similarity spam sentiment bert"
        ),
        "style": Task("Pictures in a style", "multistyle26", "art painting filter neural style transfer"),
        "style-from-picture": Task(
            "Pictures in the style of another", "arbitrary-style", "art painting filter neural style transfer"
        ),
        "inpaint": Task("Holes filled", "lama", "inpainting remove object eraser retouch"),
        "colour": Task("Colours for grey pictures", "ddcolor-tiny", "colorize colourise black and white"),
        "picture-to-picture": Task(
            "Pictures of another kind", "cyclegan-vintage", "gan image to image translation img2img pix2pix cyclegan"
        ),
        "deblur": Task("Sharper pictures", "nafnet-deblur", "deblurring sharpen unblur"),
        "denoise": Task("Pictures without noise", "ffdnet", "denoising grain"),
        "low-light": Task("Dark pictures made light", "sci-difficult", "night brighten enhance dark photo"),
        "upscale": Task("Larger pictures", "esrgan-slim-x2", "upscale upscaler super resolution enlarge enhance"),
        "voice-activity": Task("Whether somebody speaks", "silero-vad", "vad speech silence detection"),
        "notes": Task("Notes of music", "basic-pitch", "midi transcription music piano"),
        "pitch": Task("How high a voice is", "crepe-tiny", "tuner frequency singing"),
        "sound-events": Task("What is heard", "yamnet", "sound classification audio noise"),
        "speech-from-text": Task("Text read aloud", "hibari-heart", "tts text to speech voice synthesis"),
        "speech-to-text": Task(
            "Speech written down",
            "whisper-tiny-en",
            "stt asr speech recognition transcribe transcription subtitles dictation whisper",
        ),
        "caption": Task("Pictures in words", "vit-gpt2", "captioning describe image to text alt text"),
        "text-to-picture": Task("Pictures from words", "sd-turbo", "stable diffusion text to image prompt txt2img"),
        "kind-generator": Task("Pictures of a kind of thing", "biggan-deep-128", "gan latent walk imagenet dog cat"),
        "picture-generator": Task("Pictures made of numbers", "dcgan-faces", "gan latent walk faces generate"),
    }
)
"""By the task's name in cards."""


def called(task: str) -> str:
    """All that people call a task by; "" for one that is not known."""
    known = TASKS.get(task)
    return f"{task} {known.title} {known.words}" if known else ""


def is_default(model_id: str, task: str) -> bool:
    """Whether a model is the one that its task takes unless told otherwise."""
    known = TASKS.get(task)
    return known is not None and known.default == model_id
