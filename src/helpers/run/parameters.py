"""Parameters of a study: names, types, allowed values, and whether anything reads them.

They are the assignments of the cell tagged ``parameters``. A comment may list the
values allowed, in braces: ``lang = "fr"  # language of the page: {fr, en}``; give their
bounds: ``alpha = 0.05  # level of the tests: {0 < alpha < 1}``; or name the territories whose
codes are meant: ``region = "53"  # its code: {regions-2016}``. Of bounds ``<`` is the sign to
use: papermill, which reads the cell too, warns of a line with a second ``=``.
"""

import ast
import operator
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.data.catalog import Study
from helpers.data.errors import InputError
from helpers.data.notebooks import PARAMETERS, Cell
from helpers.data.vintages import VINTAGES, list_codes

_NOT_PLAIN = object()
_BRACES = re.compile(r"\{([^{}]+)\}")
_ORDERS = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a study.

    Attributes
    ----------
    study, name : str
    default : object
        Its value in the notebook, which gives the type.
    allowed : tuple
        Values it may take; empty if any value of the type will do.
    vintage : str
        Territories whose codes they are; other codes and names of these are understood.
    bounds : str
        What holds of its value, or of each value of a list, e.g. ``0 < alpha < 1``.
    read : bool
        Whether a later cell reads it.
    """

    study: str
    name: str
    default: Any
    allowed: tuple = ()
    read: bool = True
    vintage: str = ""
    bounds: str = ""

    def convert(self, text: str) -> Any:
        """Value of a text in the type of the default, if it is allowed.

        Raises
        ------
        InputError
            If the text is of another type, is not allowed, or nobody would read it.
        """
        place = f"{self.study}: parameter {self.name}"
        if self.default is _NOT_PLAIN:
            raise InputError(f"{place}: its default in the notebook is no plain value.")
        if not self.read:
            raise InputError(f"{place}: no later cell reads it; a value would change nothing.")
        value = _literal(text, self.default)
        if type(value) is not type(self.default):
            raise InputError(
                f"{place}: {text!r} is not a {type(self.default).__name__} "
                f"(its default is {self.default!r})."
            )
        if self.vintage and value not in self.allowed:
            return _resolve(place, value, self.vintage)
        if self.allowed and value not in self.allowed:
            raise InputError(
                f"{place}: {text!r} is not allowed; valid are {', '.join(map(str, self.allowed))}."
            )
        if self.bounds and not _lies_within(value, self.bounds, self.name):
            raise InputError(f"{place}: {text!r} is not allowed; it must be {self.bounds}.")
        return value


def read_parameters(study: Study, *, root: Path | None = None) -> dict[str, Parameter]:
    """Read the parameters of a study from its notebook.

    Parameters
    ----------
    study : Study
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    dict of str to Parameter
        Empty if no cell is tagged ``parameters``.

    Raises
    ------
    InputError
        If the cell cannot be parsed, or a default is not among its allowed values or
        within its bounds.
    """
    cells = study.notebook.cells
    place = next((i for i, cell in enumerate(cells) if PARAMETERS in cell.tags), None)
    if place is None:
        return {}
    try:
        assignments = _assignments(cells[place].source)
    except SyntaxError as error:
        raise InputError(
            f"{study.study}: the parameters cell is not valid Python: {error}."
        ) from None
    names = _names_read(cells[place + 1 :])
    parameters = {}
    for name, (default, comment) in assignments.items():
        allowed = _allowed(comment, default, root)
        if allowed and default not in allowed:
            raise InputError(
                f"{study.study}: parameter {name}: its default {default!r} is not among the "
                f"values its comment allows: {', '.join(map(str, allowed))}."
            )
        bounds = _bounds(comment)
        if bounds and _read_comparison(bounds, name) is None:
            raise InputError(
                f"{study.study}: parameter {name}: its comment has {bounds!r} in braces, which "
                f"compares it with no number as in '0 < {name} < 1'."
            )
        if bounds and not _lies_within(default, bounds, name):
            raise InputError(
                f"{study.study}: parameter {name}: its default {default!r} is not {bounds}."
            )
        vintage = _vintage(comment)
        parameters[name] = Parameter(
            study.study, name, default, allowed, name in names, vintage, bounds
        )
    return parameters


def read_defaults(source: str) -> dict[str, Any]:
    """Names and values that a parameters cell assigns; those that are no plain value are left out.

    Parameters
    ----------
    source : str
        Of the cell, valid Python.

    Returns
    -------
    dict
    """
    found = {name: default for name, (default, _) in _assignments(source).items()}
    return {name: value for name, value in found.items() if value is not _NOT_PLAIN}


def _assignments(source: str) -> dict[str, tuple[Any, str]]:
    """Default and comment of each name assigned."""
    lines = source.splitlines()
    found = {}
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                # Offsets of the parser count bytes.
                rest = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode()
                found[target.id] = (_default(node.value), rest.partition("#")[2].strip())
    return found


def _default(node) -> Any:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return _NOT_PLAIN
    return _NOT_PLAIN if value is None else value


def _bounds(comment: str) -> str:
    """The comparison that a comment gives in braces, or ""."""
    braces = _BRACES.search(comment)
    return braces[1].strip() if braces and re.search("[<>]", braces[1]) else ""


def _read_comparison(text: str, name: str) -> ast.Compare | None:
    """The chain of comparisons of one name with numbers that a text is, if it is one."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None
    if not isinstance(tree, ast.Compare) or not all(type(one) in _ORDERS for one in tree.ops):
        return None
    sides = [tree.left, *tree.comparators]
    own = [side.id for side in sides if isinstance(side, ast.Name)]
    numbers = [_default(side) for side in sides if not isinstance(side, ast.Name)]
    known = all(isinstance(number, int | float) for number in numbers)
    return tree if own == [name] and known else None


def _lies_within(value, bounds: str, name: str) -> bool:
    """Whether a number, or each number of a list, satisfies a comparison."""
    tree = _read_comparison(bounds, name)
    for number in value if isinstance(value, list) else [value]:
        sides = [number if isinstance(side, ast.Name) else _default(side)
                 for side in [tree.left, *tree.comparators]]  # fmt: skip
        if not isinstance(number, int | float) or not all(
            _ORDERS[type(one)](low, high)
            for one, low, high in zip(tree.ops, sides[:-1], sides[1:], strict=True)
        ):
            return False
    return True


def _allowed(comment: str, default, root: Path | None) -> tuple:
    braces = _BRACES.search(comment)
    if not braces or _bounds(comment):
        return ()
    words = [word.strip().strip("\"'") for word in braces[1].split(",")]
    if vintage := _vintage(comment):
        words = list_codes(vintage, root=root)
    return tuple(_literal(word, default) for word in words)


def _vintage(comment: str) -> str:
    """The territories a comment names in braces, or ""."""
    braces = _BRACES.search(comment)
    word = braces[1].strip() if braces else ""
    return word if word in VINTAGES else ""


def _resolve(place: str, text: str, vintage: str) -> str:
    """Code of a territory given by name, or by a code of another vintage."""
    from helpers.data.territories import resolve_region

    try:
        return resolve_region(text, target=vintage).code
    except InputError as error:
        raise InputError(f"{place}: {error}") from None


def _literal(text: str, default) -> Any:
    """Value of a text; a whole number where the default is a decimal one becomes decimal."""
    if isinstance(default, str):
        return text
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _names_read(cells: tuple[Cell, ...]) -> set[str]:
    """Names that code cells read; also those in text, as in ``query("alpha < @alpha")``."""
    names: set[str] = set()
    for cell in cells:
        if cell.kind != "code":
            continue
        # Lines for IPython (%magic, !command, help?) are no Python; they may read anything.
        magic = re.compile(r"^\s*[%!].*$|^.*\?\s*$", re.MULTILINE)
        try:
            tree = ast.parse(magic.sub("pass", cell.source))
        except SyntaxError:
            names |= set(re.findall(r"\w+", cell.source))
            continue
        for line in magic.findall(cell.source):
            names |= set(re.findall(r"\w+", line))
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                names.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                names |= set(re.findall(r"@(\w+)", node.value))
    return names
