"""Words in columns' names, as data: one list for each meaning, lower case, in the languages that tables come in.

A name is cut at everything that is no letter, and at capitals, so that `patientId`, `patient_id` and `Patient ID` are
alike. A word alone decides nothing: it says what is measured first, and which choice is the safe one.
"""

from __future__ import annotations

import re

SUBJECT = frozenset(
    'chick chicken hen pig calf lamb goat horse rabbit monkey '
    'patient patienten subject subj proband participant person people user customer client kunde '
    'member mitglied household'
    ' haushalt family student pupil schueler schüler player spieler animal mouse rat dog cow '
    'device geraet gerät'
    ' machine maschine sensor engine motor unit vehicle fahrzeug truck driver fahrer session '
    'visitor panel respondent'
    ' employee mitarbeiter worker author speaker account konto owner borrower applicant donor '
    'nurse doctor surgeon'
    ' individual case record specimen sample batch lot plot field tree well cell cohort pair '
    'couple twin mother'
    ' turbine pump battery robot drone bus aircraft ship phone card meter bearing tool'
    ' paciente usuario cliente alumno client patiente utilisateur élève'
    ' mrn email mail login username handle imei vin plate kunden'.split()
)
PLACE = frozenset(
    'store shop filiale laden site standort plant werk station city stadt town village country '
    'land region state'
    ' county district hospital school schule clinic branch warehouse market markt zone area '
    'line route product produkt'
    ' item sku brand category department abteilung team league farm'
    ' tienda magasin sucursal usine'.split()
)
IDENTIFIER = frozenset(
    'id ids uuid guid key nr no num number nummer code index idx ref reference serial name'.split()
)
#: of them, those under which nothing but things stand
STRICT_IDENTIFIER = frozenset('id ids uuid guid key'.split())
COUNTER = frozenset(
    'id ids no nr num number nummer index idx row line case sample record seq serial order n obs'.split()
)
MOMENT = frozenset(
    'date datum time timestamp datetime day tag moment when at ts zeit zeitpunkt period week '
    'woche month monat fecha hora'
    ' jour mois mes dia'.split()
)
YEAR = frozenset('year yr jahr año ano annee année'.split())
#: words beside, or in place of, that of a year
OF_YEARS = YEAR | frozenset(
    'time period season term fy ay sy fiscal financial academic school crop saison origin'.split()
)
MONTH = frozenset('month mon monat mes mois'.split())
DAY = frozenset('day tag dia día jour dom mday'.split())
#: dates that describe a thing and do not say when its row was seen
ATTRIBUTE = frozenset(
    'birth born birthday birthdate dob geburt geboren geburtsdatum founded founding gegruendet '
    'built construction baujahr'
    ' established manufactured model vintage since released release nacimiento naissance'.split()
)
#: what is known only when the outcome is
AFTERWARDS = frozenset(
    'end ended ending closed close closing resolved resolution discharge discharged returned '
    'cancelled canceled'
    ' cancellation paid payment death died deceased failed failure exit exited left leaving '
    'delivered delivery completed'
    ' completion finished finish settled settlement decision decided outcome result status '
    'churned refund refunded outcome'
    ' charged chargeback recovered recovery terminated termination expired expiry ende beendet '
    'geschlossen bezahlt'
    ' gekuendigt kündigung entlassen erledigt final actual'.split()
)
EVENT = frozenset(
    'event failed failure status censored censor censoring cens dead death died observed churn '
    'churned relapse relapsed ended'
    ' stopped exit ereignis ausgefallen defekt terminated'.split()
)
#: of the words of events, those that say that it did not happen
CENSORED = frozenset('censored zensiert'.split())
DURATION = frozenset(
    'time duration months days weeks hours years tenure survival lifetime life age service '
    'until dauer laufzeit tage'
    ' monate jahre minutes km mileage cycles'.split()
)
COUNT = frozenset(
    'count counts cnt number num n claims visits accidents events calls purchases orders '
    'children items sales rides'
    ' rentals bikes passengers goals clicks views anzahl zahl menge trips defects failures '
    'incidents arrivals births'
    ' deaths admissions tickets complaints errors units sold'.split()
)
ORDINAL = frozenset(
    'rating ratings score grade quality stars level severity stage rank rings satisfaction '
    'note bewertung stufe'
    ' priority education'.split()
)
CLASS = frozenset(
    'class klasse type typ label target species category kategorie group gruppe cluster '
    'segment kind diagnosis outcome'
    ' result variety cultivar digit state status art clase classe'.split()
)
WEIGHT = frozenset('weight weights gewicht wt sampling'.split())
#: words that end like a span and are none
_NO_SPANS = frozenset('datetime daytime nighttime realtime fulltime parttime sometime'.split())
#: usual names of what is to be predicted, strongest first
TARGET = (
    frozenset(
        'target label class y outcome response dependent depvar output klasse ziel zielvariable labels '
        'classes'.split()
    ),
    frozenset(
        'churn churned attrition attrited exited survived survival default defaulted fraud isfraud '
        'diagnosis species variety cultivar'
        ' price preis precio prix saleprice salary wage earnings fare fee rent medv mpg tip'
        ' quality rating grade score points result won win winner approved approval'
        ' subscribed converted conversion purchase purchased bought cancelled canceled returned responded '
        'clicked choice chosen decision vote voted spam sentiment'
        ' disease sick infected infection case readmitted relapse recurrence recovered progression '
        'died death dead mortality'
        ' admitted admission admit accepted released arrest arrested convicted hired promoted quit left passed'
        ' deposit consumption demand sales revenue count cnt rentals rides passengers visits'
        ' claims amount cost charges balance expenditure spending yield failed failure failures defect anomaly'
        ' close closing bodyfat fat rings glass noshow'
        ' umsatz verbrauch kosten gehalt qualitaet qualität temperatur ergebnis gekauft bestanden '
        'gekuendigt'.split()
    ),
    frozenset(
        'type category value status temperature strength risk level group kind energy load'
        ' kwh flow accidents deaths events'.split()
    ),
)
#: what a row's subject is or where and when it is, seldom what is asked of it
BACKGROUND = frozenset(
    'age sex gender male female race racial ethnicity ethnic black white hispanic hisp asian colour color '
    'marital married education educ schooling occupation nationality religion citizen'
    ' state region district city county country continent province town village area zone zip south north '
    'east west urban rural metro'
    ' year month quarter week day weekday hour season trend lat lon latitude longitude'
    ' treatment treat treated arm control alter geschlecht land stadt jahr monat edad sexo'
    ' pais âge sexe pays'.split()
)


#: how one word that names a thing ends: kundennummer, customerid
_ENDS = ('id', 'nr', 'no', 'nummer', 'number', 'num', 'code', 'key', 'name', 'ref')
_NUMBERED_ENDS = ('id', 'nr', 'nummer', 'nro', 'numero', 'número', 'numéro', 'номер', 'ref', 'key', 'code')
_BARE_ENDS = frozenset(end.lstrip('sn') for end in _ENDS)


#: a part of somebody's name: many have the same
_PART_OF_A_NAME = frozenset('first last given middle family maiden fore sur nick vor nach'.split())


def is_part_of_a_name(name: str) -> bool:
    """Whether it is a part of somebody's name, which others have too: `First Name`, `surname`."""
    found = words_of(name)
    return any(word.removesuffix('name') in _PART_OF_A_NAME for word in found if word.endswith('name')) or (
        'name' in found and bool(_PART_OF_A_NAME & set(found))
    )


def names_subject(name: str) -> bool:
    """Whether a name is of one subject: by a word of its own, or by one that starts so and ends as identifiers do."""
    return says(name, SUBJECT) or any(
        word.startswith(subject) and word[len(subject) :].lstrip('sn') in _BARE_ENDS
        for word in words_of(name)
        for subject in SUBJECT
        if len(subject) > 3 and len(word) > len(subject)
    )


def says_event(name: str) -> bool:
    """Whether a name is of whether something happened, or was cut off before it could (`cens`, `censrec`)."""
    return says(name, EVENT) or any(word.startswith('cens') for word in words_of(name))


def says_duration(name: str) -> bool:
    """Whether a name is of a span until something happens: by a word, or one that ends so (`survtime`, `futime`)."""
    return says(name, DURATION) or any(
        word.endswith('time') and word not in _NO_SPANS for word in words_of(name)
    )


def names_rows(name: str) -> bool:
    """Whether a name is that of a running or a chosen number: orderid, Bestellnummer, case_nr."""
    found = words_of(name)
    if not found:
        return False
    last = found[-1]
    compound = any(last.endswith(end) and len(last) > len(end) + 2 for end in _NUMBERED_ENDS)
    return compound or (len(found) > 1 and last in _NUMBERED_ENDS)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a column's name, lower case: `smokerStatus_2` → smoker, status, 2."""
    spaced = re.sub(r'(?<=[a-zäöüß])(?=[A-Z])', ' ', name)
    return tuple(re.findall(r'[^\W\d_]+|\d+', spaced.lower()))


def says(name: str, words: frozenset[str]) -> bool:
    """Whether one of the name's words is among these, also in the plural."""
    found = words_of(name)
    return any(word in words or (word.endswith('s') and word[:-1] in words) for word in found)
