"""The names and codes by which files call territories, and where each goes in the target."""

import re
import unicodedata
from difflib import get_close_matches
from pathlib import Path

from helpers.data.csvfile import read_text_table
from helpers.data.filecache import FileCache, stamp_files
from helpers.data.root import find_root
from helpers.data.vintages import VINTAGES

KINDS = {
    "regions-2016": "region of 2016",
    "zones-2015": "zone of the study",
    "regions-2015": "region before 2016",
    "departements": "département",
}
# A code or name that several vintages share is described by the first of them.
_ORDER = list(KINDS)
_ARTICLES = {"le", "la", "les", "l", "de", "du", "des", "d", "et", "and", "region", "departement"}
_CODE = re.compile(r"0?(\d{1,2}|2[ab])(?:\.0+)?", re.IGNORECASE)
_CODE_AND_NAME = re.compile(
    r"\(?(?P<first>\d{1,3}|2[ab])\)?\s*[-–:.,]?\s*(?P<name>[^\W\d].*)"
    r"|(?P<name_first>.*\w)\s*\((?P<last>\d{1,3}|2[ab])\)",
    re.IGNORECASE,
)
_OVERSEAS = "overseas; the collection holds metropolitan France"
_CACHE = FileCache(2 * len(VINTAGES))


def read_gazetteer(target: str) -> "Gazetteer":
    """The gazetteer of a target; kept until its files change, so not to be written to.

    Parameters
    ----------
    target : str
        A vintage of `helpers.data.vintages.VINTAGES`.

    Returns
    -------
    Gazetteer

    Raises
    ------
    InputError
        If `shapefiles/names.csv` or `crosswalk.csv` is missing or damaged.
    """
    folder = find_root() / "shapefiles"
    key = (target, *stamp_files(folder / "names.csv", folder / "crosswalk.csv"))
    return _CACHE.get(key, lambda: Gazetteer(target, folder))


class Gazetteer:
    """Codes and names of every vintage, and where each goes in the target.

    Parameters
    ----------
    target : str
        A vintage of `helpers.data.vintages.VINTAGES`.
    folder : pathlib.Path
        Holds `names.csv` and `crosswalk.csv`.

    Attributes
    ----------
    target_codes : set of str
    codes : dict
        Vintage to its codes.
    targets : dict
        (vintage, code) to the code of the target; None if that would split the area.
    most : dict
        Vintage of regions to the most départements that one region of 2016 has among
        those whose codes are codes of that vintage too.
    overseas_regions : set of str
        Codes of the overseas regions, which are codes of départements as well.
    """

    def __init__(self, target: str, folder: Path):
        table = read_text_table(folder / "names.csv", ["vintage", "code", "name", "kind"])
        crosswalk = read_text_table(folder / "crosswalk.csv", list(VINTAGES.values()))
        self.target = target
        self.target_codes = set(crosswalk[VINTAGES[target]])
        self.targets = {
            (vintage, code): goals[0] if len(goals) == 1 else None
            for vintage, column in VINTAGES.items()
            for code, goals in crosswalk.groupby(column)[VINTAGES[target]].unique().items()
        }
        self.codes = {
            vintage: {code for name, code in self.targets if name == vintage}
            for vintage in VINTAGES
        }
        regions = crosswalk["region_2016"]
        self.most = {
            vintage: crosswalk["departement"].isin(self.codes[vintage]).groupby(regions).sum().max()
            for vintage in ("regions-2016", "regions-2015")
        }
        overseas = table["kind"].eq("overseas")
        self.overseas_regions = set(table.loc[table["vintage"].eq("overseas-regions"), "code"])
        self.overseas = {fold(name) for name in table.loc[overseas, "name"]}
        self.entries: dict[str, list] = {}
        self.names: dict[tuple[str, str], str] = {}
        known = table[~overseas].sort_values(
            "vintage", key=lambda vintages: vintages.map(_ORDER.index), kind="stable"
        )
        for row in known.itertuples():
            self.entries.setdefault(fold(row.name), []).append(row)
            self.names.setdefault((row.vintage, row.code), row.name)

    def is_zone(self, text: str) -> bool:
        """Whether a name is that of a zone which is no region, such as 93+94."""
        return any(entry.vintage == "zones-2015" for entry in self.entries.get(fold(text), ()))

    def name_of(self, code: str, vintage: str | None = None) -> str:
        """Name of a code of the target, or of another vintage."""
        vintage = vintage or self.target
        return self.names.get((vintage, code)) or self.names["regions-2016", code]

    def resolve(self, text: str, code: str | None, vintage: str | None) -> tuple:
        """Code in the target, name of the source area, how (or why not) and closest names."""
        if code and code in self.codes.get(vintage, ()):
            return self._place(vintage, code, f"code of a {KINDS[vintage]}")
        key = fold(text)
        entries = self.entries.get(key, [])
        both = None if code or entries else _CODE_AND_NAME.fullmatch(text)
        if both:
            code = read_code(both["first"] or both["last"])
            key = fold(both["name"] or both["name_first"])
            named = self.entries.get(key, [])
            entries = [entry for entry in named if entry.code == code]
            if named and not entries:
                return None, "", "its code and its name disagree", (named[0].name,)
            code = None
        if entries:
            first = entries[0]
            how = f"{first.kind} of a {KINDS[first.vintage]}"
            return self._place(first.vintage, first.code, how)
        return None, "", *self._explain(text, key, code, vintage)

    def _explain(self, text: str, key: str, code: str | None, vintage: str | None) -> tuple:
        """Why a value is not understood, and the closest names."""
        numbered = code in self.overseas_regions and vintage != "departements"
        if numbered or key in self.overseas or re.fullmatch(r"9[78]\d?", text):
            return _OVERSEAS, ()
        if code:
            known = any(code in codes for codes in self.codes.values())
            return f"no code of a {KINDS[vintage] if known else 'region or département'}", ()
        if re.fullmatch(r"\d[\dab]\d{3}", text, re.IGNORECASE):
            return "five digits, as of a commune or a postal code", ()
        keys = get_close_matches(key, self.entries, n=3, cutoff=0.6)
        return "not understood", tuple(self.entries[match][0].name for match in keys)

    def _place(self, vintage: str, code: str, how: str) -> tuple:
        name = self.name_of(code, vintage)
        goal = self.targets[vintage, code]
        if goal is None:
            return None, "", f"{name} cannot be split into {self.target}", ()
        return goal, name, how, ()


def read_code(text: str) -> str | None:
    """A number as a code with its leading zero; None if it is none."""
    match = _CODE.fullmatch(text)
    return match[1].upper().zfill(2) if match else None


def fold(text: str) -> str:
    """A name without accents, capitals, signs and articles, its words in alphabetical order."""
    words = re.findall(r"[a-z0-9]+", plain(text))
    words = ["saint" if word == "st" else word for word in words]
    return " ".join(sorted(word for word in words if word not in _ARTICLES))


def plain(text: str) -> str:
    """Text without accents and capitals."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe")).casefold()
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
