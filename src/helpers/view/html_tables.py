"""Plain HTML tables whose rows can be chosen."""

from html import escape

import pandas as pd

from helpers.data.language import message, tr

_PROSE = (
    message("Question"), message("Answer"), message("State"), message("Family"),
    message("Gaps between actors"),
)  # fmt: skip


def write_table(
    table: pd.DataFrame, *, caption: str, codes: list[str] | None = None, chosen: str = ""
) -> str:
    """Write a table of texts.

    Parameters
    ----------
    table : pandas.DataFrame
        Texts; columns are headings.
    caption : str
    codes : list of str, optional
        A code per row: the first cell becomes a button with it.
    chosen : str
        Code of the row that stands out.

    Returns
    -------
    str
        HTML; everything from the data is escaped.
    """
    first = table.columns[0]
    kinds = {name: _classify(name, name == first) for name in table.columns}
    head = "".join(f'<th scope="col"{kinds[name]}>{escape(name)}</th>' for name in table.columns)
    classes = list(kinds.values())[1:]
    rows = []
    for place, (title, *texts) in enumerate(table.to_numpy()):
        cells = "".join(
            f"<td{kind}>{escape(str(text))}</td>" for kind, text in zip(classes, texts, strict=True)
        )
        head_cell, marked = escape(str(title)), ""
        if codes:
            pressed = codes[place] == chosen
            marked = ' class="chosen"' if pressed else ""
            head_cell = (
                f'<button data-code="{escape(codes[place], quote=True)}" '
                f'aria-pressed="{str(pressed).lower()}">{head_cell}</button>'
            )
        rows.append(f'<tr{marked}><th scope="row">{head_cell}</th>{cells}</tr>')
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _classify(heading: str, first: bool) -> str:
    """Texts are set left, numbers right; marks are kept on one line."""
    if first or heading in map(tr, _PROSE):
        return ""
    kind = "mark" if heading == tr("Mark") else "number"
    return f' class="{kind}"'
