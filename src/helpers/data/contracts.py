"""Turns broken pandera contracts into one sentence per column."""

from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from helpers.data.errors import InputError

_TYPES = {"int64": "not a whole number", "float64": "not a number", "boolean": "not true or false"}


@dataclass(frozen=True)
class Mistake:
    """What breaks one rule of a contract in one column.

    Attributes
    ----------
    column : str
    rule : str
        What is wrong with the values, e.g. ``"not among the codes 1, 2"``.
    count : int
        How many values, repeated ones too.
    texts : tuple of str
        The distinct values.
    rows : tuple of int
        Their rows, from 1.
    """

    column: str
    rule: str
    count: int
    texts: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


def check_contract(frame, schema, *, name: str):
    """Validate a frame and return it, coerced to the types of the schema.

    Parameters
    ----------
    frame : pandas.DataFrame
    schema : pandera.pandas.DataFrameSchema or DataFrameModel subclass
    name : str
        What to call the frame in a message, usually its file.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    InputError
        One sentence per broken rule: file, column, offending values, count.
    """
    if _is_kept(frame, schema):
        return frame.copy()
    try:
        return schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        raise InputError("\n".join(_sentences(name, error.failure_cases))) from None


def _is_kept(frame: pd.DataFrame, schema) -> bool:
    """Whether a frame is just what a contract asks for, without the copies pandera makes to say so.

    False also where it may be and pandera has to tell, or to change it.
    """
    columns = getattr(schema, "columns", None)
    if not columns or list(frame.columns) != list(columns) or schema.index or schema.parsers:
        return False
    for name, column in columns.items():
        values = frame[name]
        if column.dtype is None or values.dtype != column.dtype.type or column.parsers:
            return False
        if (values.hasnans and not column.nullable) or (column.unique and not values.is_unique):
            return False
        if not all(check(values).check_passed for check in column.checks):
            return False
    if schema.unique and frame.duplicated(schema.unique).any():
        return False
    return all(check(frame).check_passed for check in schema.checks)


def find_mistakes(frame, schema) -> tuple[pd.DataFrame, list[Mistake]]:
    """Validate each column on its own, so that one mistake does not hide the others.

    Parameters
    ----------
    frame : pandas.DataFrame
        Its rows are counted from 1, whatever its index.
    schema : pandera.pandas.DataFrameSchema

    Returns
    -------
    good : pandas.DataFrame
        The columns that keep the contract, coerced to its types, index 0, 1, 2, ...
    mistakes : list of Mistake
        Columns missing, unexpected or breaking a rule.
    """
    frame = frame.reset_index(drop=True)
    mistakes = [
        Mistake(str(column), "unexpected: the codebook has no such column", 1)
        for column in frame.columns
        if column not in schema.columns
    ]
    good = {}
    for name, column in schema.columns.items():
        if name not in frame:
            mistakes.append(Mistake(name, "missing from the file", 1))
            continue
        broken = _find_fractions(frame[name], column)
        if broken.any():
            mistakes.append(_mistake(name, _TYPES["int64"], frame.loc[broken, name]))
            continue
        single = pa.DataFrameSchema({name: column}, coerce=schema.coerce)
        try:
            good[name] = single.validate(frame[[name]], lazy=True)[name]
        except SchemaErrors as error:
            mistakes += _list_mistakes(_without_echoes(error.failure_cases))
    return pd.DataFrame(good, index=frame.index), mistakes


def _find_fractions(values: pd.Series, column: pa.Column) -> pd.Series:
    """Fractions where whole numbers are due: pandera loses the value when converting them."""
    if str(column.dtype) != "Int64":
        return pd.Series(False, index=values.index)
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    return numbers.notna() & (numbers % 1 != 0)


def _mistake(column: str, rule: str, values: pd.Series) -> Mistake:
    """A mistake of some values, whose index counts the rows from 0."""
    texts = tuple(map(str, values.drop_duplicates()))
    return Mistake(
        column, rule, len(values), texts, tuple(int(row) + 1 for row in values.index.dropna())
    )


def _list_mistakes(cases: pd.DataFrame) -> list[Mistake]:
    return [
        _mistake(column, _name_rule(str(check)), rows.set_index("index")["failure_case"])
        for check, group in cases.groupby("check", sort=False)
        for column, rows in group.groupby("column", sort=False)
    ]


def _without_echoes(cases: pd.DataFrame) -> pd.DataFrame:
    """One mistake each: what cannot be converted breaks no further rule."""
    # A failed conversion of numbers loses the value; the rule it also breaks still has it.
    lost = cases["check"].astype(str).str.startswith("coerce_dtype") & cases["failure_case"].isna()
    cases = cases[~lost]
    broken = cases["check"].astype(str).str.startswith("coerce_dtype")
    unreadable = set(cases.loc[broken, "column"])
    return cases[broken | ~cases["column"].isin(unreadable)]


def _sentences(name: str, cases: pd.DataFrame) -> list[str]:
    """One sentence per mistake."""
    lines = []
    for check, rows in _without_echoes(cases).groupby("check", sort=False, dropna=False):
        if check == "column_in_dataframe":
            lines.append(f"{name}: columns missing: {', '.join(rows['failure_case'])}.")
        elif check == "column_in_schema":
            lines.append(
                f"{name}: unexpected columns: {', '.join(map(str, rows['failure_case']))}."
            )
        elif check == "multiple_fields_uniqueness":
            lines.append(f"{name}: {rows['index'].nunique()} rows repeat the key of another.")
        elif (rows["schema_context"] == "DataFrameSchema").all():
            first = rows["index"].dropna()
            place = f", first at row {int(first.iloc[0]) + 1}" if len(first) else ""
            count = first.nunique() if len(first) else 1
            lines.append(f'{name}: {count} rows break the rule "{check}"{place}.')
        else:
            for mistake in _list_mistakes(rows):
                shown = ", ".join(mistake.texts[:5])
                count = f"{mistake.count} values" if mistake.count > 1 else "1 value"
                lines.append(f"{name}: column {mistake.column}: {count} {mistake.rule}: {shown}.")
    return lines


def _name_rule(check: str) -> str:
    """What is wrong with a value that breaks a rule, in words."""
    argument = check.partition("(")[2].removesuffix(")").strip("[]").replace("'", "")
    words = {
        "isin": f"not among the codes {argument}",
        "greater_than": f"not greater than {argument}",
        "greater_than_or_equal_to": f"below {argument}",
        "less_than": f"not less than {argument}",
        "in_range": f"outside {argument}",
        "not_nullable": "missing",
        "field_uniqueness": "given more than once",
        "coerce_dtype": _TYPES.get(argument.lower(), f"not of the type {argument.lower()}"),
        "dtype": _TYPES.get(argument.lower(), f"not of the type {argument.lower()}"),
        "str_matches": f"not of the form {argument}",
    }
    return words.get(check.partition("(")[0], f"breaking the rule {check}")
