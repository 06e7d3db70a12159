"""Which cells of a reconstructed wave may be shown: those somebody published."""

import pandas as pd

from helpers.data.language import message, tr
from helpers.data.published import read_links
from helpers.data.responses import Wave

WITHHELD = ["n", "n_weighted", "estimate", "se", "ci_low", "ci_high", "deff", "n_eff"]

_ASSUMED = {
    "n": message("sample size assumed"),
    "base": message("base of the domain assumed"),
    " spread": message("spread of the scores assumed"),
    "n spread": message("sample size and spread of the scores assumed"),
    "base spread": message("base of the domain and spread of the scores assumed"),
}


def find_published_cells(wave: Wave) -> set[tuple[str, str, str, str]]:
    """Cells of a reconstructed wave that published figures cover.

    Parameters
    ----------
    wave : Wave
        A reconstructed wave.

    Returns
    -------
    set of tuple
        (question, answer, domain_variable, domain); the last two are empty for
        the whole. A cell is covered by its own figure, or by those of all the
        other answers of a single question (they leave one value for it).
    """
    links = read_links().query("survey == @wave.survey and wave == @wave.name")
    links = links[links["quantity"] == "estimate"]
    keys = ["question", "answer", "domain_variable", "domain"]
    cells = set(links[keys].itertuples(index=False, name=None))
    for (name, variable, domain), rows in links.groupby(["question", "domain_variable", "domain"]):
        item = wave.codebook.variable(name)
        if getattr(item, "type", "single") != "single":
            continue
        missing = set(item.answer_ids) - set(rows["answer"])
        if len(missing) <= 1:
            answers = [*item.answer_ids, *getattr(item, "nets", {})]
            cells |= {(name, answer, variable, domain) for answer in answers}
    return cells


def qualify_reconstructed(estimates: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Empty the cells of a reconstructed wave that nobody published; warn on the others.

    Parameters
    ----------
    estimates : pandas.DataFrame
        `question`, `answer`, `domain_variable`, `domain`, `unit` and the estimates.
    wave : Wave
        A reconstructed wave.

    Returns
    -------
    pandas.DataFrame
        The same rows. Unpublished cells have n = 0, no number and the state
        ``not_published``. The others are ``ok`` when their base was published,
        else ``warn``: their interval follows from an assumed base. So does that
        of every score, whose spread is assumed. The base of a domain was never
        published, so no domain is tested.
    """
    cells = find_published_cells(wave)
    keys = ["question", "answer", "domain_variable", "domain"]
    covered = [cell in cells for cell in estimates[keys].itertuples(index=False, name=None)]
    hidden = ~pd.Series(covered, index=estimates.index, dtype=bool)
    in_domain = estimates["domain_variable"] != ""
    states = estimates.copy()
    assumed = pd.Series("", index=estimates.index)
    if wave.file.n_status == "assumed":
        assumed[:] = "n"
    assumed[in_domain] = "base"
    assumed[estimates["unit"] == "score_10"] += " spread"
    states["reliability"] = assumed.mask(assumed != "", "warn").replace("", "ok")
    states["reason"] = assumed.map({name: tr(words) for name, words in _ASSUMED.items()}).fillna("")
    states.loc[hidden, ["reliability", "reason"]] = ["not_published", tr("no published figure")]
    states.loc[hidden, WITHHELD[2:]] = float("nan")
    states.loc[hidden, ["n", "n_weighted"]] = 0
    states["p_value"] = float("nan")
    return states
