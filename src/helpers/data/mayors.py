"""The frame of mayors: how many, how many women, how many aged 60 or over."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from helpers.data.contracts import check_contract
from helpers.data.csvfile import read_text_table
from helpers.data.errors import InputError
from helpers.data.regions import recode_regions
from helpers.data.root import find_root

# Bands of the 2024 survey, as in the codebook of mayors.
BANDS = ("under_2000", "2000_19999", "20000_plus")
COUNTS = ["mayors", "women", "aged_60_plus"]

_COUNT = pa.Column(int, pa.Check.ge(0))
FRAME_SCHEMA = pa.DataFrameSchema(
    {
        "region_code": pa.Column(str),
        "commune_band": pa.Column(str, pa.Check.isin(BANDS)),
        **dict.fromkeys(COUNTS, _COUNT),
    },
    strict=True,
    coerce=True,
)


def read_mayors_frame(*, root: Path | None = None) -> pd.DataFrame:
    """Read the counts of mayors, summed to the study's zones.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        One row per zone (`region`) and band of commune size (`commune_band`), in the
        order of BANDS: `mayors`, and among them `women` and `aged_60_plus` (born in 1966
        or before). Real counts of metropolitan France.

    Raises
    ------
    InputError
        If the file is missing or breaks its contract: columns, bands, whole counts of
        zero or more, a region and band twice or absent, more women or more people aged
        60 or over than mayors.
    """
    path = (root or find_root()) / "data" / "frames" / "mayors.csv"
    counts = read_text_table(path, list(FRAME_SCHEMA.columns))
    counts = _check_cells(check_contract(counts, FRAME_SCHEMA, name="mayors.csv"))
    zone = recode_regions(counts["region_code"], "regions-2016", "zones-2015")
    band = pd.Categorical(counts["commune_band"], categories=BANDS)
    frame = counts.assign(region=zone, commune_band=band)
    frame = frame.groupby(["region", "commune_band"], observed=False)[COUNTS].sum().reset_index()
    return frame.astype({"commune_band": str})


def _check_cells(counts: pd.DataFrame) -> pd.DataFrame:
    cells = counts.groupby("region_code")["commune_band"].agg(list)
    wrong = [region for region, bands in cells.items() if sorted(bands) != sorted(BANDS)]
    if wrong:
        raise InputError(
            f"mayors.csv: {len(wrong)} regions without one row per band: {', '.join(wrong[:5])}."
        )
    for name in COUNTS[1:]:
        over = counts[counts[name] > counts["mayors"]]
        if len(over):
            cell = over.iloc[0]
            raise InputError(
                f"mayors.csv: column {name}: {len(over)} counts above that of mayors, "
                f"the first in {cell['region_code']} {cell['commune_band']}."
            )
    return counts
