"""Joins the modules of a script, and the imported files of a style, into one file: a page then asks for few files.

Only what our own files use is understood: imports and exports by name, and `() => import("./x.js")` for what is loaded
later. Anything else is a ValueError that names the place. Comments on lines of their own are left out.
"""

import re
from collections.abc import Callable
from pathlib import Path

IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([\w.-]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function\*? |const |class )(\w+)", re.MULTILINE)
LOADED_LATER = re.compile(r'(=> import\()"\./([\w.-]+)"\)')
NOT_UNDERSTOOD = re.compile(r"^(import\b|export\b).*", re.MULTILINE)
SCRIPT_COMMENT = re.compile(r"^ *(/\*\*?(?:(?!\*/).)*\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
STYLE_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
STYLE_IMPORT = re.compile(r'^@import url\("([\w.-]+)"\)(?: layer\((\w+)\))?;\n', re.MULTILINE)


def join_script(folder: Path, entry: str, address_of: Callable[[str], str]) -> str:
    """The script `entry` with all that it imports. `address_of` says where what is loaded later will be.

    Each imported module becomes the result of a function, so that what it keeps to itself stays its own."""
    order: list[str] = []
    _visit(folder, entry, order, ())
    parts = []
    for name in order[:-1]:
        code = _with_addresses(_imports_bound(_script(folder, name)), address_of)
        exported = [found[2] for found in EXPORT.finditer(code)]
        code = EXPORT.sub(r"\1\2", code)
        _refuse_rest(name, code)
        result = f"return {{ {', '.join(exported)} }};\n"
        parts.append(f"const {_variable(name)} = await (async () => {{\n{code}{result}}})();\n")
    return "".join(parts) + _with_addresses(_imports_bound(_script(folder, entry)), address_of)


def join_style(folder: Path, entry: str) -> str:
    """The style `entry` with the files that it imports in their places, and in their layers."""

    def inlined(found: re.Match[str]) -> str:
        style = STYLE_COMMENT.sub("", (folder / found[1]).read_text())
        return f"@layer {found[2]} {{\n{style}}}\n" if found[2] else style

    return STYLE_IMPORT.sub(inlined, STYLE_COMMENT.sub("", (folder / entry).read_text()))


def _visit(folder: Path, name: str, order: list[str], above: tuple[str, ...]) -> None:
    """Put what a module imports before it, each once."""
    if name in above:
        raise ValueError(f"{name} imports itself: {' → '.join([*above, name])}")
    for found in IMPORT.finditer(_script(folder, name)):
        if found[2] not in order:
            _visit(folder, found[2], order, (*above, name))
    order.append(name)


def _script(folder: Path, name: str) -> str:
    return SCRIPT_COMMENT.sub("", (folder / name).read_text())


def _imports_bound(code: str) -> str:
    """With `const { a, b: c } = $module` for `import { a, b as c } from "./module.js"`."""

    def bound(found: re.Match[str]) -> str:
        names = (found[1] or "").replace(" as ", ": ")
        return f"const {{{names}}} = {_variable(found[2])};\n"

    return IMPORT.sub(bound, code)


def _with_addresses(code: str, address_of: Callable[[str], str]) -> str:
    return LOADED_LATER.sub(lambda found: f'{found[1]}"{address_of(found[2])}")', code)


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _refuse_rest(name: str, code: str) -> None:
    if found := NOT_UNDERSTOOD.search(code):
        raise ValueError(f"{name}: cannot be joined: {found[0]}")
