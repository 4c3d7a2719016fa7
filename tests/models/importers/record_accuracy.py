"""Measure every imported model and write the figures into docs/importers.md.

python -m tests.models.importers.record_accuracy FOLDER_OF_MODEL_FILES
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .accuracy import compared, cpu_milliseconds, imported, operators
from .subjects import EVERY

DOCUMENT = Path(__file__).parents[3] / "docs" / "importers.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def main(weights: Path) -> None:
    rows = [
        "| Model | Max error | of largest value | Nodes | Transposes | CPU ms |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        for subject in EVERY:
            model = imported(subject, weights, Path(scratch))
            accuracy, found = compared(subject, model), operators(model)
            rows.append(
                f"| {subject.file} | {accuracy.absolute:.1e} | {accuracy.relative:.1e} "
                f"| {found.total()} | {found['Transpose']} | {cpu_milliseconds(subject, model):.1f} |"
            )
            print(rows[-1], flush=True)
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(before + BEGIN + "\n".join(rows) + "\n" + END + after)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
