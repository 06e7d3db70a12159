"""Maps of the index: the regions whose page is there, each a link, without any script."""

import re
from html import escape

from helpers.data.gazetteer import plain
from helpers.data.regions import read_regions
from helpers.view.palette import PALE
from helpers.view.svg_maps import ScreenMap

REGION_PAGE = re.compile(r"region=([^,]+)")
_GEOGRAPHY = "regions-2016"


def find_region(variant: str) -> str:
    """Code of the region a page is of, from the ending of its name; "" for any other page.

    Parameters
    ----------
    variant : str
        E.g. ``"region=53"``; with a second parameter the page is no plain portrait.

    Returns
    -------
    str
    """
    match = REGION_PAGE.fullmatch(variant)
    return match[1] if match and match[1] in set(read_regions(_GEOGRAPHY)["code"]) else ""


def name_region(variant: str) -> str:
    """Name of the region a page is of, from the ending of its name; "" for any other page."""
    regions = read_regions(_GEOGRAPHY)
    return "".join(regions.loc[regions["code"] == find_region(variant), "name"])


def write_index_map(pages: dict[str, str], *, label: str, colour: str) -> str:
    """Write a map of the 13 regions as SVG, and the same links as a list.

    Parameters
    ----------
    pages : dict of str to str
        Code of a region to the address of its page; other regions are pale.
    label : str
        What the map leads to, for those who cannot see it.
    colour : str
        Fill of the regions with a page.

    Returns
    -------
    str
        HTML; works from the keyboard and without a network.
    """
    regions = read_regions(_GEOGRAPHY)
    screen = ScreenMap(regions, "index")
    names = dict(zip(regions["code"], regions["name"], strict=True))
    shapes = []
    for code, name in names.items():
        look = f'd="{screen.outline(code)}" stroke="#ffffff" stroke-width="1.5"'
        if code not in pages:
            shapes.append(f'<path {look} fill="{PALE}"/>')
            continue
        words = escape(name, quote=True)
        shapes.append(
            f'<a href="{escape(pages[code], quote=True)}" aria-label="{words}"><title>{words}'
            f'</title><path {look} fill="{colour}"/></a>'
        )
    links = [
        f'<li><a href="{escape(pages[code], quote=True)}">{escape(names[code])}</a></li>'
        for code in sorted(pages, key=lambda code: plain(names[code]))
    ]
    return (
        f'<figure class="regions"><svg viewBox="{screen.box}" role="group" '
        f'aria-label="{escape(label, quote=True)}" xmlns="http://www.w3.org/2000/svg">'
        f"{''.join(shapes)}</svg><figcaption>{escape(label)}"
        f"<ul>{''.join(links)}</ul></figcaption></figure>"
    )
