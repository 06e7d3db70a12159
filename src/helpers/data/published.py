"""Published figures: what the producers printed, with source and legibility."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from helpers.data.contracts import check_contract
from helpers.data.csvfile import read_text_table
from helpers.data.errors import InputError
from helpers.data.filecache import FileCache, stamp_files
from helpers.data.language import message
from helpers.data.root import find_root

FIGURES_SCHEMA = pa.DataFrameSchema(
    {
        "figure": pa.Column(str, pa.Check.str_matches(r"^F\d{3}$"), unique=True),
        "study": pa.Column(str),
        "wave": pa.Column(str, pa.Check.str_matches(r"^(\d{4}|n\.d\.)$")),
        "actor": pa.Column(
            str, pa.Check.isin(["companies", "associations", "citizens", "mayors", "all"])
        ),
        "territory": pa.Column(str),
        "territory_code": pa.Column(str, pa.Check.str_matches(r"^(FR|\d{2})$")),
        "question": pa.Column(str),
        "answer": pa.Column(str),
        "value": pa.Column(float, pa.Check.ge(0)),
        "decimals": pa.Column(int, pa.Check.in_range(0, 2)),
        "unit": pa.Column(
            str, pa.Check.isin(["percent", "points", "score_10", "count", "eur_million"])
        ),
        "base": pa.Column(str),
        "legibility": pa.Column(str, pa.Check.isin(["clear", "ambiguous", "inferred"])),
        "confidence": pa.Column(str, pa.Check.isin(["", "high", "medium", "low"])),
        "source": pa.Column(str, pa.Check.str_length(min_value=3)),
        "url": pa.Column(str),
        "note": pa.Column(str),
    },
    checks=[
        pa.Check(
            lambda frame: (frame["unit"] != "percent") | (frame["value"] <= 100),
            name="percent is at most 100",
        ),
        pa.Check(
            lambda frame: (frame["legibility"] == "ambiguous") == (frame["confidence"] != ""),
            name="ambiguous figures, and only they, state a confidence",
        ),
    ],
    unique=["study", "wave", "actor", "territory_code", "question", "answer"],
    strict=True,
    coerce=True,
)

LINKS_SCHEMA = pa.DataFrameSchema(
    {
        "figure": pa.Column(str, unique=True),
        "use": pa.Column(
            str,
            pa.Check.isin(["margin", "check", "shown", "not_computable", "inconsistent"]),
        ),
        "survey": pa.Column(str),
        "wave": pa.Column(str),
        "question": pa.Column(str),
        "answer": pa.Column(str),
        "domain_variable": pa.Column(str),
        "domain": pa.Column(str),
        "quantity": pa.Column(str, pa.Check.isin(["", "estimate", "gap_to_whole", "base"])),
        "reason": pa.Column(str),
    },
    checks=[
        pa.Check(
            lambda frame: frame["use"].isin(["margin", "check"]) | (frame["reason"] != ""),
            name="a figure that is not recomputed states the reason",
        ),
        pa.Check(
            lambda frame: frame["use"].isin(["margin", "check"]) == (frame["quantity"] != ""),
            name="figures that are recomputed, and only they, name the quantity",
        ),
    ],
    strict=True,
    coerce=True,
)

# Figures and links, once checked: every estimate of a reconstructed wave asks for them.
_CHECKED = FileCache(limit=8)


def read_figures(*, root: Path | None = None) -> pd.DataFrame:
    """Read the published figures.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        One row per figure: `figure` (id), `study`, `wave`, `actor`,
        `territory`, `territory_code`, `question`, `answer`, `value` (in
        `unit`), `decimals` (printed), `base`, `legibility`, `confidence`,
        `source`, `url`, `note`.

    Raises
    ------
    InputError
        If the file is missing, damaged or breaks the schema.
    """
    path = _locate("figures.csv", root)
    kept = _CHECKED.get(stamp_files(path), lambda: _read_figures(root))
    return kept.copy(deep=False)


def _read_figures(root: Path | None) -> pd.DataFrame:
    printed_columns = [name for name in FIGURES_SCHEMA.columns if name != "decimals"]
    frame = _read_text("figures.csv", printed_columns, root)
    printed = frame["value"]
    decimals = printed.str.partition(".")[2].str.len()
    frame = frame.assign(decimals=decimals, value=pd.to_numeric(printed, errors="coerce"))
    return check_contract(frame[list(FIGURES_SCHEMA.columns)], FIGURES_SCHEMA, name="figures.csv")


def read_links(*, root: Path | None = None) -> pd.DataFrame:
    """Read which estimate each published figure corresponds to, or why none does.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per figure of the studies: `use` (`margin` calibrates a
        reconstructed wave and is recomputed from it; `check` is recomputed
        only; `shown`, `not_computable` and `inconsistent` are not
        recomputed), `survey`, `wave`, `question`, `answer`,
        `domain_variable`, `domain`, `quantity`, `reason`.

    Raises
    ------
    InputError
        If the file is missing, damaged, or names a figure that does not exist.
    """
    files = stamp_files(_locate("links.csv", root), _locate("figures.csv", root))
    return _CHECKED.get(files, lambda: _read_links(root)).copy(deep=False)


def _read_links(root: Path | None) -> pd.DataFrame:
    links = check_contract(
        _read_text("links.csv", LINKS_SCHEMA.columns, root), LINKS_SCHEMA, name="links.csv"
    )
    unknown = sorted(set(links["figure"]) - set(read_figures(root=root)["figure"]))
    if unknown:
        raise InputError(
            f"links.csv: column figure: {len(unknown)} not in figures.csv: {', '.join(unknown)}."
        )
    return links


def read_readings(survey: str, wave: str, *, root: Path | None = None) -> pd.DataFrame:
    """Read the figures of a wave that are shown as such and calibrate nothing.

    Parameters
    ----------
    survey, wave : str
        Names, e.g. ``"evaluation"`` and ``"2015"``.

    Returns
    -------
    pandas.DataFrame
        One row per ambiguous reading or approximate wording that answers a
        question of the codebook: `figure`, `question`, `answer`,
        `domain_variable`, `domain`, `value` (a share, 0 to 1, or a score out of
        10), `year` it was published for, and `legibility` in words.
    """
    links = read_links(root=root)
    links = links[
        (links["use"] == "shown")
        & (links["survey"] == survey)
        & (links["wave"] == wave)
        & (links["question"] != "")
    ]
    figures = read_figures(root=root).set_index("figure")
    rows = figures.loc[links["figure"]]
    keys = ["figure", "question", "answer", "domain_variable", "domain"]
    return links[keys].assign(
        value=scale_values(rows).to_numpy(),
        year=rows["wave"].to_numpy(),
        legibility=describe_legibility(rows).to_numpy(),
    )


def read_programme(*, root: Path | None = None) -> pd.DataFrame:
    """Read what is known of the programme behind the studies.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per fact: `aspect` (research lever, path, resource centre),
        `when`, `fact`, `source` and `url`.
    """
    return _read_text("programme.csv", ["aspect", "when", "fact", "source", "url"], root)


def read_audits(*, root: Path | None = None) -> pd.DataFrame:
    """Read the arithmetic audits: `audit`, `kind`, `figures`, `claim`, `says`.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per audit; `figures` are ids separated by spaces, `claim` a
        figure id, a number, or empty.

    Raises
    ------
    InputError
        If an audit names a figure that does not exist.
    """
    audits = _read_text("audits.csv", ["audit", "kind", "figures", "claim", "says"], root)
    known = set(read_figures(root=root)["figure"])
    named = set(" ".join(audits["figures"]).split()) | set(
        audits.loc[audits["claim"].str.startswith("F"), "claim"]
    )
    if named - known:
        raise InputError(f"audits.csv: not in figures.csv: {', '.join(sorted(named - known))}.")
    return audits


def read_reading_frames(*, root: Path | None = None) -> pd.DataFrame:
    """Read the two frames in which the studies read their results, and what was published of them.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per element: `frame` (``need_and_means``: what answers a
        fragility; ``impact_model``: what alliances bring), `element`,
        `label_en`, `label_fr`, `figures` (list of ids; empty when nothing was
        published) and `says`, what was published and what was not.

    Raises
    ------
    InputError
        If the file is missing or damaged, or names a figure that does not exist.
    """
    columns = ["frame", "element", "label_en", "label_fr", "figures", "says"]
    table = _read_text("reading_frames.csv", columns, root)
    table["figures"] = table["figures"].str.split()
    named = {figure for figures in table["figures"] for figure in figures}
    unknown = sorted(named - set(read_figures(root=root)["figure"]))
    if unknown:
        raise InputError(f"reading_frames.csv: not in figures.csv: {', '.join(unknown)}.")
    return table[columns]


def select_usable(figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the figures fit for numeric checks: clear, or ambiguous with high confidence.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `read_figures`.

    Returns
    -------
    pandas.DataFrame
    """
    usable = (figures["legibility"] == "clear") | (figures["confidence"] == "high")
    return figures[usable]


def scale_values(figures: pd.DataFrame) -> pd.Series:
    """Values as the estimate table holds them: percentages as shares, scores out of 10 as printed.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `read_figures`.

    Returns
    -------
    pandas.Series
        One number per figure.
    """
    return figures["value"].where(figures["unit"] == "score_10", figures["value"] / 100)


def describe_legibility(figures: pd.DataFrame) -> pd.Series:
    """Legibility in words, one of `LEGIBILITIES`: messages, shown through `tr`.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `read_figures`.

    Returns
    -------
    pandas.Series
        One text per figure.
    """
    words = figures["legibility"].replace({"inferred": LEGIBILITIES[-1]})
    ambiguous = words == "ambiguous"
    return words.where(~ambiguous, "ambiguous (" + figures["confidence"] + " confidence)")


LEGIBILITIES = (
    message("clear"),
    message("ambiguous (high confidence)"),
    message("ambiguous (medium confidence)"),
    message("ambiguous (low confidence)"),
    message("approximate wording"),
)


def list_unlinked(*, root: Path | None = None) -> list[tuple[str, str]]:
    """Question and answer of the figures that no question of a codebook stands for.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of tuple
        For `name_figure`; each pair once.
    """
    figures = read_figures(root=root)
    links = read_links(root=root).set_index("figure").reindex(figures["figure"])
    named = (links["question"].fillna("") != "") & (links["quantity"] != "base")
    own = figures[~named.to_numpy()]
    return list(dict.fromkeys(zip(own["question"], own["answer"], strict=True)))


def list_notes(*, root: Path | None = None) -> list[str]:
    """Notes of the figures that are shown as read and calibrate nothing.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of str
        Of `read_readings`, over all surveys.
    """
    links = read_links(root=root)
    shown = links.loc[(links["use"] == "shown") & (links["question"] != ""), "figure"]
    notes = read_figures(root=root).set_index("figure").loc[shown, "note"]
    return [note for note in notes if note]


def name_figure(question: str, answer: str) -> str:
    """Name what a figure measures by the words of `figures.csv`, in English.

    Parameters
    ----------
    question, answer : str
        Of a row of `read_figures`.

    Returns
    -------
    str
        A message; shown through `helpers.data.language.tr`.
    """
    return f"{write_words(question)}: {write_words(answer)}"


def write_words(code: str) -> str:
    """Words of a question or answer of `figures.csv`, e.g. ``has partnership``: a message."""
    return code.replace("_", " ")


def _read_text(name: str, columns, root: Path | None) -> pd.DataFrame:
    return read_text_table(_locate(name, root), list(columns))


def _locate(name: str, root: Path | None) -> Path:
    return (root or find_root()) / "data" / "published" / name
