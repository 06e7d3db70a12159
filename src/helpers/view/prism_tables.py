"""Tables of the three prisms, as texts: territories beside a reference, actors side by side."""

import pandas as pd

from helpers.stats.gaps import ACTORS
from helpers.view.scales import Scale, find_scale
from helpers.view.tables import write_states

_SIGNS = {"higher": " ▲", "lower": " ▼"}


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
            "Territory": [names[code] for code in rows["domain"]],
            scale.heading: write(rows["estimate"]),
            "95% CI": [f"{low}–{high}" if low else "" for low, high in bounds],
            "Base (n)": [f"{n:,}" if n else "" for n in rows["n"]],
        }
    )
    if (rows["mark"] != "untestable").any():
        gaps = scale.factor * rows["difference"]
        table[f"{against[0].upper()}{against[1:]}"] = write(rows["reference_estimate"])
        table["Gap"] = ["" if pd.isna(gap) else f"{gap:+.{scale.decimals + 1}f}" for gap in gaps]
        table["p (adjusted)"] = [
            "" if pd.isna(p) else "<0.001" if p < 0.001 else f"{p:.3f}" for p in rows["p_adjusted"]
        ]
        table["Mark"] = rows["mark"].replace({"none": "no difference"}).to_numpy()
    table["State"] = write_states(rows)
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
    rows = []
    for item in fragilities.itertuples():
        row = {"Fragility": item.label_en, "Family": item.family_en}
        for actor in ACTORS:
            row[actor.capitalize()] = write_cell(places[item.fragility, actor], scale)
        if tested:
            row["Gaps between actors"] = "; ".join(
                f"{gap.actor_second} {gap.mark} than {gap.actor_first}"
                for gap in found[found["answer"] == item.fragility].itertuples()
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
        states = {"not_published": "not published", "suppress": "withheld"}
        return states.get(row["reliability"], row["reason"])
    care = "*" if row["reliability"] == "warn" else ""
    value = f"{scale.number(row['estimate'])}{scale.sign if scale.is_share else ''}{care}"
    interval = f"{scale.number(row['ci_low'])}–{scale.number(row['ci_high'])}"
    return f"{value} ({interval}){_SIGNS.get(row['mark'], '')}"
