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
        raise InputError("\n".join(_sentences(name, error.failure_cases))) from None


def _sentences(name: str, cases: pd.DataFrame) -> list[str]:
    """One sentence per mistake: what cannot be converted breaks no further rule."""
    # A failed conversion of numbers loses the value; the rule it also breaks still has it.
    lost = cases["check"].astype(str).str.startswith("coerce_dtype") & cases["failure_case"].isna()
    cases = cases[~lost]
    broken = cases["check"].astype(str).str.startswith("coerce_dtype")
    unreadable = set(cases.loc[broken, "column"])
    cases = cases[broken | ~cases["column"].isin(unreadable)]
    lines = []
    for check, rows in cases.groupby("check", sort=False, dropna=False):
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
            lines += [
                f"{name}: column {column}: {_describe(str(check), values)}"
                for column, values in rows.groupby("column", sort=False)["failure_case"]
            ]
    return lines


def _describe(check: str, values: pd.Series) -> str:
    """What is wrong with some values, in words."""
    shown = ", ".join(str(value) for value in values.drop_duplicates().head(5))
    count = f"{len(values)} values" if len(values) > 1 else "1 value"
    argument = check.partition("(")[2].removesuffix(")").strip("[]").replace("'", "")
    words = {
        "isin": f"not among the codes {argument}",
        "greater_than": f"not greater than {argument}",
        "greater_than_or_equal_to": f"below {argument}",
        "less_than": f"not less than {argument}",
        "in_range": f"outside {argument}",
        "not_nullable": "missing",
        "field_uniqueness": "given more than once",
        "coerce_dtype": f"not of the type {argument.lower()}",
        "dtype": f"not of the type {argument.lower()}",
        "str_matches": f"not of the form {argument}",
    }
    return f"{count} {words.get(check.partition('(')[0], f'breaking the rule {check}')}: {shown}."
