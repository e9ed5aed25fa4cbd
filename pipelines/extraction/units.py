"""Spellings of units, of counted things, of scales and of numbers in words.

Belongs here: tables, and the one name that a unit has in this project. Does not belong here: where a
unit stands in a sentence (`quantities`).
"""

from __future__ import annotations

from pipelines.extraction.word_lists import words

# Spellings of a unit that may stand directly behind a number, and the one name we use for it.
UNIT_SPELLINGS: dict[str, str] = {
    "percentage points": "percentage-points percentage-point percent-points pp ppt p.p. %-points",
    "%": "% percent per-cent percentage pct ％",
    "fold": "fold -fold × x X times",
    "ms": "ms msec millisecond milliseconds",
    "µs": "µs μs us microsecond microseconds",
    "ns": "ns nanosecond nanoseconds",
    "s": "s sec secs second seconds",
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours",
    "day": "day days d",
    "week": "week weeks",
    "month": "month months",
    "years": "year years yr yrs year-old years-old",
    "decade": "decade decades",
    "KB": "KB kB kilobytes",
    "MB": "MB megabytes",
    "GB": "GB gigabytes GiB",
    "TB": "TB terabytes TiB",
    "kg": "kg kilograms",
    "g": "g grams",
    "mg": "mg milligrams",
    "µg": "µg μg ug mcg micrograms",
    "ng": "ng",
    "mg/dL": "mg/dL mg/dl",
    "mg/kg": "mg/kg",
    "mg/L": "mg/L mg/l",
    "L": "L litres liters",
    "mL": "mL ml millilitres milliliters",
    "µL": "µL μL ul",
    "M": "M",
    "mM": "mM mmol",
    "mmol/L": "mmol/L mmol/l",
    "µM": "µM μM uM",
    "nM": "nM",
    "nm": "nm nanometers nanometres",
    "µm": "µm μm um microns micrometers micrometres",
    "mm": "mm",
    "cm": "cm centimeters centimetres",
    "m": "m meters metres",
    "km": "km kilometers kilometres",
    "Hz": "Hz",
    "kHz": "kHz",
    "MHz": "MHz",
    "GHz": "GHz",
    "°": "° degrees degree",
    "°C": "°C ºC ℃",
    "K": "K",
    "W": "W watts",
    "kW": "kW",
    "MW": "MW megawatts",
    "kWh": "kWh",
    "V": "V volts",
    "mV": "mV",
    "eV": "eV",
    "mmHg": "mmHg",
    "dB": "dB",
    "bits": "bits bit",
    "bp": "bp",
    "kb": "kb",
    "Mb": "Mb",
    "FLOPs": "FLOPs FLOPS",
    "USD": "USD dollars US-dollars",
    "EUR": "EUR euros",
    "GBP": "GBP pounds",
    "JPY": "JPY yen",
    "points": "points point",
    "NOK": "kroner NOK",
    "CNY": "yuan renminbi RMB",
    "INR": "rupees INR",
    "cm2": "cm2 cm²",
    "m2": "m2 m²",
    "km2": "km2 km²",
    "cm3": "cm3 cm³",
    "m3": "m3 m³",
    "GeV": "GeV",
    "MeV": "MeV",
    "TeV": "TeV",
    "IU": "IU",
}
SPELLINGS_WITH_SPACE: dict[str, tuple[str, ...]] = {
    "%": ("per cent",),
    "percentage points": ("percentage points", "percentage point", "percent points", "% points"),
    "basis points": ("basis points", "basis point"),
    "USD": ("US dollars",),
    "years": ("years old", "years of age"),
}
# Things that are counted; the noun is the unit.
COUNTED = words(
    """
    airports articles authors benchmarks books cases categories cells chapters children choices
    citations claims classes clinics cohorts companies countries datasets devices dimensions
    documents domains employees epochs examples experiments experts features firms funds genes
    genomes genotypes groups heads hospitals images individuals infants institutions items
    iterations jobs labels languages layers locations metrics mice models modalities neurons nodes
    objectives operations organizations pages pairs papers parameters participants passages
    passengers patients people persons populations proteins qubits queries questions rats ratings
    rats records references regions reports responses respondents reviews rows rules samples
    sequences sentences sites species stages steps strains students studies subjects subsets surveys
    systems tasks teams tests tokens topics transistors trials types users variants visitors women
    men words workers
    """
)
SCALES: dict[str, float] = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9,
    "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12,
}  # fmt: skip
CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
NUMBER_WORDS = {
    word: float(value)
    for value, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=2
    )
} | {"twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "hundred": 100.0}

# Spelling -> the one name.
SPELLED: dict[str, str] = {
    spelling: name for name, spellings in UNIT_SPELLINGS.items() for spelling in spellings.split()
} | {spelling: name for name, spellings in SPELLINGS_WITH_SPACE.items() for spelling in spellings}
