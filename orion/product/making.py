"""`orion modules new`: a module that works and that its author then makes their own."""

import keyword
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Template

from flask import Flask

from orion.checking import check_installation
from orion.contracts.errors import Conflict, Invalid
from orion.data.tables import metadata
from orion.i18n.extract import module_sources
from orion.i18n.update import begin_module
from orion.installation import Installation
from orion.loader import package_folder
from orion.manifest.checks import shape
from orion.manifest.diagnostics import ERROR, as_text
from orion.manifest.schema import schema

SKELETON = Path(__file__).parent / "skeleton"
END = ".tmpl"


class Making:
    """A module to be: `code` is its id, `name` what people call it (default: the id in words).

    `commands` are names that the command line has already.
    """

    def __init__(self, app: Flask, code: str, name: str = "", commands: tuple[str, ...] = ()) -> None:
        self.app, self.code, self.commands = app, code, commands
        self.here: Installation = app.extensions["orion"]
        self.settings = self.here.settings
        self.name = name.strip() or code.replace("_", " ").capitalize()
        self.path = code.replace("_", "-")
        self.package = package_folder(self.settings)

    def refuse(self) -> None:
        """Raise Invalid for an id or a name that can't be one, and Conflict for an id that is taken."""
        form, code = schema("module")["$defs"]["code"], self.code
        if not re.fullmatch(form["pattern"], code) or len(code) > form["maxLength"]:
            raise Invalid(f"{code!r} can't be a module's id: {form['patternErrorMessage']}, of at most"
                          f" {form['maxLength']} characters")  # fmt: skip
        if keyword.iskeyword(code):
            raise Invalid(f"{code!r} can't be a module's id: it is a word of Python's own")
        if code in self.commands:
            raise Invalid(f"{code!r} can't be a module's id: orion {code} is a command already")
        if not re.fullmatch(r"[^\"'\\{}%:#\n$]{1,60}", self.name):
            raise Invalid(f"{self.name!r} can't be a module's name: one line of at most 60 plain characters")
        if self.package is None or self.keeper is None:
            raise Conflict("no module here keeps vendors, and the new one's rows are theirs")
        for taken in (self.package / code, self._manifest):
            if taken.exists():
                raise Conflict(f"{code} is taken: {taken} is there already")
        for table in metadata.tables:
            if table.startswith(f"{code}_"):
                raise Conflict(f"{code} is taken: its tables would be named as {table} is")
        self._refuse_places()

    def _refuse_places(self) -> None:
        wanted = {f"/admin/{self.path}", f"/vendor/*/{self.path}", f"/shop/*/{self.path}"}
        for rule in self.app.url_map.iter_rules():
            if shape(rule.rule) in wanted:
                raise Conflict(
                    f"{self.code} is taken: its pages would be where {rule.endpoint} is, {rule.rule}"
                )

    @property
    def keeper(self) -> str | None:
        """The module whose vendors the rows belong to: it keeps memberships, and its API names vendors."""
        wanted = ("Vendor", "vendor_codes")
        keepers = (code for code, module in self.here.modules.items() if module.permission_source is not None)
        return next(
            (c for c in keepers if all(hasattr(self.here.modules[c].parts["api"], w) for w in wanted)), None
        )

    @property
    def _manifest(self) -> Path:
        return self.settings.manifests / f"{self.code}.yaml"

    def make(self) -> list[Path]:
        """Write everything; the files. Raises what `refuse` does, and Invalid, with nothing written, where
        `orion check` would find an error afterwards."""
        self.refuse()
        assert self.package is not None
        known = {(d.code, d.message) for d in check_installation(self.settings)}
        made = [*self._write()]
        found = [d for d in check_installation(self.settings) if d.severity == ERROR]
        wrong = [as_text(d) for d in found if (d.code, d.message) not in known]
        if wrong:
            shutil.rmtree(self.package / self.code)
            for file in made:
                file.unlink(missing_ok=True)
            raise Invalid("nothing was written, for this would be wrong then:\n" + "\n".join(wrong))
        return made

    def _write(self) -> Iterator[Path]:
        """The manifest last: who watches the folder takes a module that is whole."""
        assert self.package is not None
        folder = self.package / self.code
        for template in sorted((SKELETON / "module").rglob(f"*{END}")):
            file = folder / template.relative_to(SKELETON / "module").with_suffix("")
            yield self._filled(template, file)
        _tidy(folder)
        manifest = self._filled(SKELETON / f"manifest.yaml{END}", folder / "manifest.yaml")
        named = f"{self._manifest.parent.name}/{self._manifest.name}"
        yield from begin_module(
            self.settings, self.code, module_sources(self.settings.root, folder, manifest, named)
        )
        yield manifest.rename(self._manifest)

    def _filled(self, template: Path, file: Path) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(template.read_text("utf-8")).substitute(self._words), "utf-8")
        return file

    @property
    def _words(self) -> dict[str, str]:
        assert self.keeper is not None
        vendors = self.here.modules[self.keeper].parts["api"].Vendor.__tablename__
        lower = self.name[:1].lower() + self.name[1:]
        words = {"code": self.code, "name": self.name, "lower": lower, "path": self.path}
        return words | {"keeper": self.keeper, "vendors": vendors}


def _tidy(folder: Path) -> None:
    """Put the code into the one form, which depends on how long the id is; where the tool is there."""
    for how in (["check", "--fix", "--select", "I"], ["format"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", *how, "--quiet", str(folder)], check=False, capture_output=True
        )
