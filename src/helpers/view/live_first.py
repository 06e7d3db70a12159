"""The first view of an explorer: what stands on a page where no script runs."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from helpers.data.codebook import REGION
from helpers.data.language import tr
from helpers.data.published import read_readings
from helpers.data.responses import Wave
from helpers.stats.results import Rule
from helpers.view.html_tables import write_table
from helpers.view.live_data import find_shared_breaks
from helpers.view.palette import ACTORS
from helpers.view.provenance import COLOURS, describe_source
from helpers.view.sentences import pick
from helpers.view.svg_charts import write_chart
from helpers.view.svg_maps import ScreenMap
from helpers.view.tables import tabulate_estimates


class FirstView:
    """What an explorer shows before anything is chosen.

    Parameters
    ----------
    estimates : pandas.DataFrame
        From `helpers.view.live_data.collect_estimates`, not empty.
    waves : sequence of Wave
    question, by, answer
        As in `helpers.view.live.show_explorer`; what no wave has is replaced by
        what the first one has.
    rule : Rule
    """

    def __init__(
        self, estimates: pd.DataFrame, waves: Sequence[Wave], question: str, *,
        by: str | None, answer: str, rule: Rule,
    ):  # fmt: skip
        asked = estimates[estimates["question"] == question]
        own = asked if len(asked) else estimates
        held = set(own[["survey", "wave"]].itertuples(index=False, name=None))
        self._waves = waves
        self._wave = next(wave for wave in waves if (wave.survey, wave.name) in held)
        self._rule = rule
        own = own[(own["survey"] == self._wave.survey) & (own["wave"] == self._wave.name)]
        self._own = own[own["question"] == own["question"].iloc[0]]
        self._item = self._wave.codebook.variable(self._own["question"].iloc[0])
        known = list(self._own["domain_variable"].unique())
        self._by = next(name for name in (by, REGION, *known) if name in known)
        self._rows = self._own[self._own["domain_variable"] == self._by]
        given = set(self._rows["answer"])
        self._answer = answer if answer in given else self._item.headline
        if self._by:
            self._rows = self._rows[self._rows["answer"] == self._answer]
        self._breaks = find_shared_breaks(estimates, self._wave.name, self._item.id, self._answer)

    @property
    def choices(self) -> dict[str, str]:
        """What the controls hold at first: places of survey and wave, ids of the others."""
        surveys = list(dict.fromkeys(wave.survey for wave in self._waves))
        own = [wave.name for wave in self._waves if wave.survey == self._wave.survey]
        return {
            "survey": str(surveys.index(self._wave.survey)),
            "wave": str(own.index(self._wave.name)),
            "question": self._item.id,
            "shown": f"by:{self._by}" if self._by else "all:",
            "answer": self._answer,
        }

    def write(self, screen: ScreenMap) -> str:
        """Write it as picture and table.

        Parameters
        ----------
        screen : ScreenMap

        Returns
        -------
        str
            HTML and SVG; nothing in it can be chosen.
        """
        wave, item, by = self._wave, self._item, self._by
        title = item.label.text
        if by:
            answer = item.label_of(self._answer)
            title = tr("{question}: {answer}", question=title, answer=answer)
        caption = f"{title} — {describe_source(wave)}"
        table = write_table(tabulate_estimates(self._rows, wave), caption=caption)
        rule = self._rule.describe(wave.provenance, self._rows["unit"].iloc[0])
        return (
            f'<p class="live-title">{escape(title)}</p>'
            f'<p class="live-source" style="color:{COLOURS[wave.provenance]}">'
            f"{escape(describe_source(wave))}</p>{self._draw(screen)}{table}"
            f'<p class="live-rule">{escape(rule)}</p>'
        )

    def _draw(self, screen: ScreenMap) -> str:
        item, rows = self._item, self._rows
        labels = {name: item.label_of(name) for name in rows["answer"]}
        if self._by:
            labels = self._wave.codebook.variable(self._by).labels()
        options = {"readings": self._read(), "chosen": None}
        if self._by == REGION:
            return screen.write(rows, labels, breaks=self._breaks, **options)
        options["key"] = "domain" if self._by else "answer"
        whole = self._own[self._own["domain_variable"] == ""]
        if self._by and len(whole):
            options["whole"] = pick(whole, self._answer)
        return write_chart(rows, labels, colour=ACTORS[self._wave.codebook.actor], **options)

    def _read(self) -> pd.DataFrame:
        """Readings of what is drawn."""
        readings = read_readings(self._wave.survey, self._wave.name)
        return readings[
            (readings["question"] == self._item.id)
            & (readings["domain_variable"] == self._by)
            & readings["answer"].isin(self._rows["answer"])
        ]
