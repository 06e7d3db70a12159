"""Tables of the three prisms, as texts: territories beside a reference, actors side by side."""

import pandas as pd

from helpers.data.actors import name_actor
from helpers.data.language import get_language, join_clauses, message, tr, upper_first, write_number
from helpers.stats.gaps import ACTORS
from helpers.stats.reliability import name_state
from helpers.view.scales import Scale, find_scale
from helpers.view.tables import name_mark, write_states

_SIGNS = {"higher": " ▲", "lower": " ▼"}
_GAPS = {
    "higher": message("{second} higher than {first}"),
    "lower": message("{second} lower than {first}"),
}


def tabulate_reference(rows: pd.DataFrame, names: dict[str, str], against: str) -> pd.DataFrame:
    """Write the territories of one answer, each beside the reference.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `helpers.stats.cube.Cube.compare`.
    names : dict
        Code of a territory to its name.
    against : str
        Name of the reference, e.g. ``"France"``.

    Returns
    -------
    pandas.DataFrame
        Texts, one row per row; columns of the test only if something is tested.
    """
    scale = find_scale(rows)

    def write(values, more=1):
        return ["" if pd.isna(value) else scale.number(value, more=more) for value in values]

    bounds = zip(write(rows["ci_low"]), write(rows["ci_high"]), strict=True)
    table = pd.DataFrame(
        {
            tr("Territory"): [names[code] for code in rows["domain"]],
            scale.heading: write(rows["estimate"]),
            tr("95% CI"): [f"{low}–{high}" if low else "" for low, high in bounds],
            tr("Base (n)"): [write_number(n) if n else "" for n in rows["n"]],
        }
    )
    if (rows["mark"] != "untestable").any():
        gaps = scale.factor * rows["difference"]
        table[upper_first(against)] = write(rows["reference_estimate"])
        table[tr("Gap")] = [
            "" if pd.isna(gap) else write_number(gap, scale.decimals + 1, signed=True)
            for gap in gaps
        ]
        table[tr("p (adjusted)")] = [_write_p(p) for p in rows["p_adjusted"]]
        table[tr("Mark")] = [name_mark(mark) for mark in rows["mark"]]
    table[tr("State")] = write_states(rows)
    return table


def tabulate_actors(
    cells: pd.DataFrame, gaps: pd.DataFrame, fragilities: pd.DataFrame
) -> pd.DataFrame:
    """Write one territory: a row per fragility, a column per actor, and the gaps between them.

    Parameters
    ----------
    cells, gaps : pandas.DataFrame
        Slices of the cube at one question and one territory.
    fragilities : pandas.DataFrame
        From `helpers.data.fragilities.read_fragilities`; gives the order.

    Returns
    -------
    pandas.DataFrame
        Texts: value and interval, with the mark of the territory against the
        rest (▲, ▼) and an asterisk for care. The last column names the gaps
        between actors that are significant.
    """
    scale = find_scale(cells)
    places = {(row["answer"], row["actor"]): row for _, row in cells.iterrows()}
    found = gaps[gaps["mark"].isin(["higher", "lower"])]
    tested = (gaps["mark"] != "untestable").any()
    rows, lang = [], get_language()
    for item in fragilities.to_dict("records"):
        fragility = item["fragility"]
        row = {tr("Fragility"): item[f"label_{lang}"], tr("Family"): item[f"family_{lang}"]}
        for actor in ACTORS:
            row[name_actor(actor, start=True)] = write_cell(places[fragility, actor], scale)
        if tested:
            row[tr("Gaps between actors")] = join_clauses(
                [
                    tr(
                        _GAPS[gap.mark],
                        second=name_actor(gap.actor_second),
                        first=name_actor(gap.actor_first),
                    )
                    for gap in found[found["answer"] == fragility].itertuples()
                ]
            )
        rows.append(row)
    return pd.DataFrame(rows)


def write_cell(row: pd.Series, scale: Scale) -> str:
    """Value, interval and marks of one cell of the cube, or why it has none.

    Parameters
    ----------
    row : pandas.Series
        A row of the estimates.
    scale : Scale

    Returns
    -------
    str
        ▲ ▼ mark a territory against the rest; an asterisk asks for care.
    """
    if pd.isna(row["estimate"]):
        named = row["reliability"] in ("not_published", "suppress")
        return name_state(row["reliability"]) if named else row["reason"]
    care = "*" if row["reliability"] == "warn" else ""
    value = f"{scale.number(row['estimate'])}{scale.sign if scale.is_share else ''}{care}"
    interval = f"{scale.number(row['ci_low'])}–{scale.number(row['ci_high'])}"
    return f"{value} ({interval}){_SIGNS.get(row['mark'], '')}"


def _write_p(p: float) -> str:
    if pd.isna(p):
        return ""
    return f"<{write_number(0.001, 3)}" if p < 0.001 else write_number(p, 3)
