"""Sound and speech."""

from __future__ import annotations

from typing import ClassVar, Literal

from nodeflow.models.pipelines.settings import Settings


class SileroVoice(Settings):
    """How likely somebody speaks, 32 ms at a time, by a network that remembers."""

    roles: ClassVar = ("voice",)
    tasks: ClassVar = ("voice-activity",)
    code: ClassVar = "nodeflow.models.sound.voice:open_voice"

    kind: Literal["silero-voice"]


class HibariSpeech(Settings):
    """A text read aloud: dictionaries and a network for what they lack, then a network that makes frames of sound."""

    roles: ClassVar = ("voice", "unknown")
    assets: ClassVar = ("letters", "sounds", "gold", "silver")
    tasks: ClassVar = ("speech-from-text",)
    code: ClassVar = "nodeflow.models.speech.speaking:open_speech"

    kind: Literal["hibari"]


class WhisperSpeech(Settings):
    """Speech written down by an encoder and a decoder, with their list of word pieces."""

    roles: ClassVar = ("encoder", "decoder")
    assets: ClassVar = ("pieces", "config")
    tasks: ClassVar = ("speech-to-text",)
    code: ClassVar = "nodeflow.models.speech.hearing:open_whisper"

    kind: Literal["whisper"]


class BasicPitchNotes(Settings):
    """Notes by a network that hears two seconds at a time."""

    roles: ClassVar = ("notes",)
    tasks: ClassVar = ("notes",)
    code: ClassVar = "nodeflow.models.sound.notes:open_notes"

    kind: Literal["basic-pitch"]


class CrepePitch(Settings):
    """Pitch by a network that hears 64 ms at a time."""

    roles: ClassVar = ("pitch",)
    tasks: ClassVar = ("pitch",)
    code: ClassVar = "nodeflow.models.sound.pitch:open_pitch"

    kind: Literal["crepe"]


class YamNetSounds(Settings):
    """Which sounds are heard, by a network that sees a second as a picture; their names stand in a table."""

    roles: ClassVar = ("sounds",)
    assets: ClassVar = ("names",)
    tasks: ClassVar = ("sound-events",)
    code: ClassVar = "nodeflow.models.sound.events:open_events"

    kind: Literal["yamnet"]
