"""The templates as the start screen lists them: group by group, or those that fit what is looked for. Pure.

    gallery.look_for("camera"); gallery.group = "Sound"
    gallery.sections(first_run=False)        # headings with the files under each

Files are read one after the other, so that no frame takes long; until then a template has a place, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nodeflow.editor.documents.templates import FIRST, Template, read_template, template_groups
from nodeflow.editor.search import rank
from nodeflow.graph import Catalog


@dataclass(frozen=True, slots=True)
class Section:
    """Templates under a heading. A `large` one is a single template, told at length."""

    title: str
    paths: tuple[Path, ...]
    large: bool = False


class Gallery:
    """See the module's head. `group` is the only one that is shown, "" for all; `query` is what is typed."""

    def __init__(self) -> None:
        self.query = ""
        self.group = ""
        self.read: dict[Path, Template] = {}
        self._groups = template_groups()
        self._unread = [path for paths in self._groups.values() for path in paths]

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self._groups)

    @property
    def narrowed(self) -> bool:
        """Whether something is looked for or chosen."""
        return bool(self.query.strip() or self.group)

    def read_next(self, catalog: Catalog) -> Template | None:
        """Read one more file; None where all are read, or where it holds no template, which is then left out."""
        if not self._unread:
            return None
        path = self._unread.pop(0)
        template = read_template(path, catalog)
        if template is None:
            self._groups = {title: [each for each in paths if each != path] for title, paths in self._groups.items()}
            return None
        self.read[path] = template
        return template

    def clear(self) -> None:
        self.query = self.group = ""

    def sections(self, first_run: bool) -> list[Section]:
        """What to show, in order; no section is empty. A first run is offered one template before all others."""
        groups = {title: paths for title, paths in self._groups.items() if self.group in ("", title)}
        if self.query.strip():
            found = self._found([path for paths in groups.values() for path in paths])
            many = f"{len(found)} template{'s' * (len(found) != 1)}"
            return [Section(many, found)] if found else []
        first = [path for path in groups.get(next(iter(groups)), []) if path.stem == FIRST]
        sections = [Section("Begin with this one", tuple(first), large=True)] if first_run and not self.group else []
        for title, paths in groups.items():
            rest = tuple(path for path in paths if not sections or path not in first)
            sections += [Section(title, rest)] if rest else []
        return sections

    def _found(self, paths: list[Path]) -> tuple[Path, ...]:
        """Those in which each word that is typed begins a word, in the title before elsewhere; if there are none, those
        with its letters in their title."""
        known = [self.read[path] for path in paths if path in self.read]
        titled = [each.path for each in known if self._fits(each.title)]
        more = [each.path for each in known if each.path not in titled and self._fits(each.everything)]
        letters = [(each.path, each.title, "") for each in known]
        return tuple(titled + more or rank(self.query, letters))

    def _fits(self, text: str) -> bool:
        text = f" {text.lower()}"
        return all(f" {word}" in text for word in self.query.lower().split())
