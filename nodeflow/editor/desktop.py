"""What the desktop does for the editor."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def show_in_folder(path: Path) -> bool:
    """Have the desktop show a file where it lies; False where there is nothing that does."""
    if sys.platform == "darwin":
        command = ["open", "-R", str(path)]
    elif sys.platform == "win32":
        command = ["explorer", f"/select,{path}"]
    else:
        command = ["xdg-open", str(path.parent)]
    if shutil.which(command[0]) is None:
        return False
    quiet = subprocess.DEVNULL
    subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    return True
