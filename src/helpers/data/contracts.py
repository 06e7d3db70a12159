"""Turns broken pandera contracts into one sentence per column."""

import pandas as pd
from pandera.errors import SchemaErrors

from helpers.data.errors import InputError


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
    try:
        return schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        rules = cases.groupby(["column", "check"], sort=False, dropna=False)["failure_case"]
        lines = [_sentence(name, column, check, values) for (column, check), values in rules]
        raise InputError("\n".join(lines)) from None


def _sentence(name: str, column, check, values: pd.Series) -> str:
    if check == "column_in_dataframe":
        return f"{name}: column {values.iloc[0]} is missing."
    if check == "column_in_schema":
        return f"{name}: unexpected column {', '.join(map(str, values))}."
    shown = ", ".join(repr(value) for value in values.drop_duplicates().head(5))
    return f"{name}: column {column}: {len(values)} values break the rule {check}: {shown}."
