"""A widget to ask what a sample of another size would say."""

import io

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np

from helpers.data.language import tr
from helpers.stats.draws import SampleDesign, allocate_equally
from helpers.stats.precision import WHOLE, measure_precision
from helpers.view.precision_charts import draw_spread, stamp_simulation
from helpers.view.precision_sentences import describe_national, name_design


def build_sampler(
    populations: dict, names: dict[str, str], labels: dict[str, str], *, characteristic: str,
    size: int, samples: int, seed: int,
) -> widgets.VBox:  # fmt: skip
    """Build a view: characteristic, design and sample size to where samples land.

    Parameters
    ----------
    populations : dict
        Characteristic to its Population.
    names : dict
        Characteristic to its name.
    labels : dict
        Domain to its name, the whole among them.
    characteristic : str
        Shown first.
    size : int
        Respondents of the first view.
    samples : int
        Samples drawn for each view.
    seed : int
        Every view starts from it, so that the same choices give the same chart.

    Returns
    -------
    ipywidgets.VBox
        Needs a live kernel.
    """
    what = widgets.Dropdown(
        options=[(name, key) for key, name in names.items()], value=characteristic,
        description=tr("Share of"),
    )  # fmt: skip
    how = widgets.Dropdown(
        options=[(tr("at random"), "random"), (tr("in equal bands"), "equal")],
        description=tr("Drawn"),
    )
    # The largest equal sample is bounded by the smallest stratum.
    least = min(
        population.size.sum(axis=1).min() * len(population.strata)
        for population in populations.values()
    )
    many = widgets.IntSlider(
        value=size,
        min=100,
        max=int(least),
        step=1,
        description=tr("Mayors"),
        continuous_update=False,
    )
    chart = widgets.Image(format="png", layout={"max_width": "100%"})
    sentence = widgets.HTML()

    def draw(_=None):
        population = populations[what.value]
        sizes = (
            {"all": many.value}
            if how.value == "random"
            else allocate_equally(many.value, population.strata)
        )
        design = SampleDesign(name_design(many.value, how.value), sizes)
        table = measure_precision(
            {what.value: population}, [design], samples=samples, rng=np.random.default_rng(seed)
        ).query("method == 'design'")
        title = tr("Share of {noun}: where samples put it", noun=names[what.value])
        ax = draw_spread(table, labels, title=title)
        picture = io.BytesIO()
        stamp_simulation(ax, samples).figure.savefig(
            picture, format="png", bbox_inches="tight", dpi=90
        )
        plt.close(ax.figure)
        chart.value = picture.getvalue()
        whole = table[table["domain"] == WHOLE].iloc[0]
        sentence.value = f"<p><strong>{describe_national(whole, names[what.value])}.</strong></p>"

    for control in (what, how, many):
        control.observe(draw, names="value")
    draw()
    return widgets.VBox([widgets.HBox([what, how, many]), sentence, chart])
