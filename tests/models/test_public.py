"""What `nodeflow.models` promises as a package."""

import json
import subprocess
import sys

import nodeflow.models

HEAVY = ("pydantic", "onnx", "onnxruntime", "cv2", "torch", "numpy")


def _loaded_by(code: str) -> set[str]:
    show = f"import json, sys; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{show}"], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_the_public_list_is_there() -> None:
    for name in nodeflow.models.__all__:
        assert getattr(nodeflow.models, name).__name__ == name or name == "Progress"


def test_the_package_imports_nothing_heavy() -> None:
    assert _loaded_by("import nodeflow.models") == set()


def test_a_menu_of_models_imports_nothing_heavy() -> None:
    assert _loaded_by("from nodeflow.models import library; assert library().ids(task='pose')") == set()
