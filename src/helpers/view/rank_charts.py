"""Ranks of what is perceived beside ranks of what is measured, every territory named."""

import matplotlib.pyplot as plt
import pandas as pd

from helpers.data.language import tr
from helpers.stats.ranks import OUTLIER
from helpers.view.palette import GREY, INK


def draw_ranks(
    pairs: pd.DataFrame,
    names: dict[str, str],
    *,
    title: str,
    perceived: str,
    measured: str,
    colour: str,
    ax=None,
):
    """Draw one point per territory: measured rank across, perceived rank upwards.

    Parameters
    ----------
    pairs : pandas.DataFrame
        From `helpers.stats.ranks.pair_ranks`; territories without ranks are left out.
    names : dict
        Code of a territory to its name.
    title, perceived, measured : str
        Title of the chart and of its two axes.
    colour : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Rank 1 is at the top right. On the dashed line both ranks are the same.
        Île-de-France is hollow.

    Notes
    -----
    A territory has a row of its own, save for ties, so a name beside its point
    meets no other; tied territories write theirs above and below.
    """
    ax = ax or plt.subplots(figsize=(7.6, 6.6))[1]
    rows = pairs[pairs["perceived_rank"].notna()].sort_values(["perceived_rank", "measured_rank"])
    count = len(rows)
    ax.plot([1, count], [1, count], color=GREY, linewidth=1, linestyle="--", zorder=1)
    tie = rows.groupby("perceived_rank").cumcount()
    tied = rows.groupby("perceived_rank")["region"].transform("size") > 1
    for row, number, shared in zip(rows.itertuples(), tie, tied, strict=True):
        fill = "white" if row.region == OUTLIER else colour
        ax.plot(row.measured_rank, row.perceived_rank, "o", color=colour, markerfacecolor=fill,
                markersize=8, markeredgewidth=1.8)  # fmt: skip
        # The axes run from the last rank to the first: names are written towards the middle.
        right = row.measured_rank > count / 2
        lift = 0 if not shared else (7 if number % 2 == 0 else -7)
        ax.annotate(
            names[row.region], (row.measured_rank, row.perceived_rank),
            xytext=(8 if right else -8, lift), textcoords="offset points",
            ha="left" if right else "right", va="center", fontsize=8.5, color=INK,
        )  # fmt: skip
    ax.text(
        1, 1, tr("dashed: the same rank on both sides"), transform=ax.transAxes, ha="right",
        va="bottom", fontsize=8, color=GREY,
    )  # fmt: skip
    ax.set_xlim(count + 0.7, 0.3)
    ax.set_ylim(count + 0.7, 0.3)
    ax.set_xticks(range(1, count + 1))
    ax.set_yticks(range(1, count + 1))
    ax.set_title(title, loc="left", fontsize=12, color=INK)
    ax.set_xlabel("\n".join([measured, tr("measured rank (1: most fragile)")]), fontsize=9)
    ax.set_ylabel("\n".join([perceived, tr("perceived rank (1: highest)")]), fontsize=9)
    ax.tick_params(labelsize=8.5, length=0)
    ax.grid(color="#EEEEEE", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    return ax
