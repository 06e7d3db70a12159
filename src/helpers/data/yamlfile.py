"""Reads a YAML file into a pydantic model; errors name file, line and field."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from helpers.data.errors import InputError
from helpers.data.filecache import FileCache

Model = TypeVar("Model", bound=BaseModel)

# Keeping line numbers makes the reader slow, and a study asks for the same files many times.
_MODELS = FileCache(limit=64)


def read_model(
    path, model: type[Model], *, check: Callable[[Model], Iterable[tuple]] | None = None
) -> Model:
    """Read a YAML file and validate it.

    Parameters
    ----------
    path : str or pathlib.Path
        The file, UTF-8.
    model : type
        The pydantic model the file must satisfy.
    check : callable, optional
        Given the model, what else is wrong: pairs of a place (keys from the root) and words.

    Returns
    -------
    pydantic.BaseModel
        An instance of `model`. Of the same text a frozen model is the same object each time,
        whose lists nobody changes.

    Raises
    ------
    InputError
        If the file is missing, is not YAML, repeats a key or breaks the
        model. The message lists every problem with file, line and field.
    """
    path = Path(path)
    name = "/".join(path.parts[-3:])
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{name}: no such file.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 text (byte {error.start}).") from None
    if model.model_config.get("frozen"):
        checked = _MODELS.get((model, text), lambda: _validate(text, model, name))
    else:
        checked = _validate(text, model, name)
    problems = [{"loc": place, "msg": words} for place, words in (check(checked) if check else ())]
    if problems:
        raise _list_problems(_load(text, name), problems, name)
    return checked


def _validate(text: str, model: type[Model], name: str) -> Model:
    tree = _load(text, name)
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        raise _list_problems(tree, error.errors(), name) from None


def _load(text: str, name: str):
    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}: " if mark else ""
        problem = str(error.problem).splitlines()[0]
        raise InputError(f"{name}: {line}not valid YAML: {problem}.") from None
    except YAMLError as error:
        raise InputError(f"{name}: not valid YAML: {error}.") from None


def _list_problems(tree, problems, name: str) -> InputError:
    return InputError("\n".join(f"{name}: {_describe(tree, problem)}" for problem in problems))


def _describe(tree, problem) -> str:
    field = ".".join(str(part) for part in problem["loc"]) or "(whole file)"
    message = problem["msg"].removeprefix("Value error, ")
    return f"line {_line(tree, problem['loc'])}: {field}: {message}"


def _line(tree, location) -> int:
    """Line (from 1) of the deepest part of `location` that is in the file."""
    line = 1
    for part in location:
        try:
            if hasattr(tree, "keys"):  # a key that is a number is named as text in a location
                part = next((key for key in tree if str(key) == str(part)), part)
            position = tree.lc.key(part) if hasattr(tree, "keys") else tree.lc.item(part)
            line = position[0] + 1
            tree = tree[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line
