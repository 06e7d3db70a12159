"""The sampling design of a wave, as declared in its `wave.yaml`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Design(BaseModel):
    """How the respondents of a wave were drawn and weighted.

    Parameters
    ----------
    weight : str
        Column of positive weights, any common scale.
    strata : tuple of str, default ()
        Columns whose crossing is the stratum; empty for one stratum.
    psu : str, optional
        Column of primary sampling units; None when respondents are the units.
    fpc : str, optional
        Column of population counts per stratum (units: psus); None for
        sampling with replacement.
    single_psu : {"fail", "centre", "certainty"}, default "fail"
        What a stratum with one unit does: raise, centre on the overall mean,
        or contribute no variance.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: str
    strata: tuple[str, ...] = ()
    psu: str | None = None
    fpc: str | None = None
    single_psu: Literal["fail", "centre", "certainty"] = "fail"
