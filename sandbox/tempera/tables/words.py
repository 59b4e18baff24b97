"""Words in columns' names that say what a column holds, in the languages that tables are often written in."""

from __future__ import annotations

import re

_SPLIT = re.compile(r'[^a-z0-9à-öø-ÿа-яё%#€$£]+')
_CAMEL = re.compile(r'(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])')

IDENTIFIER = frozenset(
    (
        'id ids uid uuid guid identifier key pk rowid row_id index idx nr no num number ref reference '
        'serial code sku hash token kennung nummer schlüssel номер код'
    ).split()
)
STRICT_IDENTIFIER = frozenset(
    'id ids uid uuid guid pid identifier rowid index idx pk nr kennung serial'.split()
)
#: what rows are taken from: under such a name alone, whole numbers that count on name things
SUBJECT = frozenset(
    'subject participant person individual respondent patient proband case customer client user member '
    'household student pupil player animal specimen chick chicken hen pig calf lamb goat horse rabbit monkey '
    'teilnehmer kunde'.split()
)
#: ends of words that name things by numbers: `cowcode`, `unitid`
_CODE_END, _ID_END = re.compile(r'[a-z]+codes?\d*'), re.compile(r'[a-z]{2,}id')
#: words that end so and name nothing
_NO_IDS = frozenset(
    'paid unpaid prepaid bid acid grid solid fluid humid void avoid mid hybrid rapid valid invalid covid said laid '
    'lipid thyroid steroid android asteroid centroid arid rigid liquid pyramid median postcode'.split()
)
CODE = frozenset(
    (
        'zip zipcode postal postcode plz fips naics sic ean isbn gtin upc phone tel telephone mobile fax '
        'account acct iban bic ssn ein vin cpf cnpj siren siret cusip isin barcode postleitzahl msa'
    ).split()
)
PLACE = frozenset(
    'state county district region province city municipality ward precinct country store shop branch department '
    'dept site plant zone school hospital clinic filiale kreis land tienda magasin'.split()
)
POSTAL = frozenset('zip zipcode postal postcode postcodes plz postleitzahl'.split())
YEAR = frozenset(
    ('year years yr yyyy jahr annee année año ano anno jaar vintage season baujahr год rok').split()
)
DATE = frozenset(
    (
        'date dates datum day fecha data дата time timestamp datetime ts created updated modified at on '
        'when epoch moment zeit zeitpunkt since until start end dob birthday birth posted'
    ).split()
)
DAY = frozenset(
    (
        'date dates datum day fecha data дата timestamp datetime created updated modified since until dob '
        'birthday'
    ).split()
)
TIME = frozenset(
    (
        'time timestamp datetime ts created updated modified at epoch unix moment zeit date zeitstempel '
        'horodatage время'
    ).split()
)
#: of columns that hold times of day
CLOCK = frozenset(
    (
        'time times clock hour hours hhmm hrmn hhmmss departure dep departs arrival arr arrives start starts started '
        'end ends begin began begins finish opens closes scheduled sched uhrzeit zeit heure horaire hora orario tid'
    ).split()
)
HEIGHT = frozenset('height heights ht hgt'.split())
DURATION = frozenset(
    ('duration elapsed length lap runtime dauer durée took wait waiting delay latency spent').split()
)
#: numbers of a calendar: they name a month or a day and count nothing
CALENDAR = frozenset(
    'month months day days week weeks weekday weekdays quarter dow doy hour monat tag woche mois jour mes dia'.split()
)
COUNT = frozenset(
    (
        'count counts cnt num n qty quantity number total visits clicks views claims rides orders items '
        'sold children siblings rooms bedrooms bathrooms anzahl menge'
    ).split()
)
#: what somebody gets or loses, often nothing
PAYOFF = frozenset(
    (
        'gain gains loss losses reward rewards outcome payoff payout win wins winnings won bonus prize points score '
        'cert certain refund discount donation gewinn verlust ertrag'
    ).split()
)
PERCENT = frozenset('percent percentage pct % prozent pourcent'.split())
MONEY = frozenset(
    (
        'price cost costs revenue salary income amount fee fees spend spending wage pay payment budget '
        'premium profit sales turnover balance debt loan rent limit preis betrag umsatz gehalt miete prix '
        'coût precio € $ £ usd eur gbp'
    ).split()
)
#: what measures are told in, in lower case
UNITS = frozenset(
    (
        '% ‰ ppm ppb $ € £ ¥ ₹ usd eur gbp chf jpy inr cny sek nok dkk aud cad rs cent cents dollars euros euro '
        'nm µm um mm cm dm m km in inch inches ft feet foot yd mi mile miles sqft sqm ha acre acres hectares '
        'ng µg ug mg g kg t lb lbs pounds oz ton tons tonnes stone cwt '
        'ns µs ms s sec secs second seconds min mins minute minutes h hr hrs hour hours d day days week weeks month '
        'months yr yrs y year years std stunden tage monate jahre '
        'ml cl dl l hl liter liters litre litres gal gallons cc bbl barrels '
        '° °c °f c f k degc degf deg degree degrees celsius fahrenheit kelvin rad '
        'hz khz mhz ghz rpm bpm w kw mw gw wh kwh mwh gwh j kj mj kcal cal v mv kv a ma ah mah ohm ω '
        'pa hpa kpa mpa bar mbar psi atm mmhg n kn nm lx lux db '
        'b kb mb gb tb bit bits mbps kph kmh mph knots kt cd mol mmol µmol umol mcg iu u cfu ph '
        'hundred thousand thousands million millions billion billions mio mrd bn k m people inhabitants persons'
    ).split()
)
LATITUDE = frozenset('lat latitude'.split())
LONGITUDE = frozenset('lon long lng longitude'.split())
COORDINATES = frozenset(
    ('coordinates coordinate coords latlon latlng location geo position geopoint point').split()
)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `signedUpAt` and `signed_up_at` are three each."""
    spaced = _CAMEL.sub(' ', name)
    return tuple(word for word in _SPLIT.split(spaced.lower()) if word)


def says(name: str, words: frozenset[str]) -> bool:
    """Whether one of the name's words is among these."""
    return any(word in words for word in words_of(name))


def is_code(name: str) -> bool:
    """Whether a name is one of codes: by a word, or one that ends in `code`."""
    found = words_of(name)
    return any(word in CODE or word in ('code', 'codes') or _CODE_END.fullmatch(word) for word in found)


def is_subject(name: str) -> bool:
    """Whether a name is nothing but that of what rows are taken from."""
    found = words_of(name)
    return len(found) == 1 and found[0] in SUBJECT


def is_place(name: str) -> bool:
    """Whether a name is nothing but that of a place or a house: whole numbers under it name some."""
    found = words_of(name)
    return len(found) == 1 and found[0] in PLACE


def ends_in_id(name: str) -> bool:
    """Whether the last word ends in `id`, written together with what it names: `unitid`."""
    found = words_of(name)
    return bool(found) and found[-1] not in _NO_IDS and bool(_ID_END.fullmatch(found[-1]))


def unit_in(name: str) -> str:
    """The unit that a name gives in brackets: `weight (kg)`, `price [€]`; empty without one, as in `fees (all)`."""
    found = re.search(r'[\[(]\s*([^\[\]()]{1,16}?)\s*[\])]\s*$', name)
    return found[1] if found and _is_unit(found[1]) else ''


def _is_unit(text: str) -> bool:
    """A known one, with a power of ten or of another before or behind it (`m2`, `1000 t`), or several (`mg/dl`)."""
    pieces = [piece for piece in re.split(r'[/*·⋅ ]|\bper\b', text.lower()) if piece]
    bare = [re.sub(r'^[\d.,]+|[\^-]?[\d²³]+$', '', piece).rstrip('.') for piece in pieces]
    known = [piece for piece in bare if piece]
    return bool(known) and all(piece in UNITS for piece in known)
