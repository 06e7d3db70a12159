"""The region a portrait is of, and the zone of the surveys it lies in."""

from dataclasses import dataclass

from helpers.data.errors import InputError
from helpers.data.regions import read_crosswalk, read_regions
from helpers.data.territories import resolve_region


@dataclass(frozen=True)
class Place:
    """One of the 13 metropolitan regions of 2016.

    Attributes
    ----------
    code, name : str
        INSEE code and name of the region.
    zone, zone_name : str
        The zone of the surveys that holds it; PACA and Corse are one zone there.
    regions : tuple of str
        Codes of the regions of that zone.
    how : str
        How the text given was understood.
    """

    code: str
    name: str
    zone: str
    zone_name: str
    regions: tuple[str, ...]
    how: str

    @property
    def shares_zone(self) -> bool:
        """Whether the surveys know it only together with another region."""
        return len(self.regions) > 1


def find_place(text: str) -> Place:
    """Find the region meant by a text.

    Parameters
    ----------
    text : str
        Code or name of a region, of one before 2016 or of a département, as
        `helpers.data.territories.resolve_region` reads them.

    Returns
    -------
    Place

    Raises
    ------
    InputError
        If it is not understood, names no metropolitan region, or could be
        several; the closest names, or the readings, are given.
    """
    pairs = read_crosswalk("regions-2016", "zones-2015").set_index("source")["target"]
    merged = {zone for zone in pairs if zone not in pairs.index}
    if str(text).strip() in merged:
        inside = " or ".join(pairs.index[pairs == str(text).strip()])
        raise InputError(f"Region {text!r}: a zone of two regions; give {inside}.")
    territory = resolve_region(text, target="regions-2016")
    zone = pairs[territory.code]
    names = read_regions("zones-2015").set_index("code")["name"]
    return Place(
        code=territory.code,
        name=territory.name,
        zone=zone,
        zone_name=names[zone],
        regions=tuple(pairs.index[pairs == zone]),
        how=territory.how,
    )
