"""Days, months and small words of time in German, French and Spanish. Texts with them are refused: otherwise the
entry of "2h api gestern" would be stored for today."""

DAYS = {
    "gestern", "vorgestern", "heute", "morgen", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag",
    "sonnabend", "sonntag",
    "hier", "avant-hier", "aujourd'hui", "aujourd’hui", "demain", "lundi", "mardi", "mercredi", "jeudi", "vendredi",
    "samedi", "dimanche",
    "ayer", "anteayer", "hoy", "lunes", "martes", "miércoles", "miercoles", "jueves", "viernes", "sábado", "sabado",
    "domingo", "anoche", "ieri", "gisteren", "mittags", "nachmittags", "vormittags",
}  # fmt: skip
MONTHS = {
    "januar", "jänner", "februar", "märz", "maerz", "mai", "juni", "juli", "oktober", "okt", "dezember", "dez",
    "janvier", "février", "fevrier", "mars", "avril", "juin", "juillet", "août", "aout", "septembre", "octobre",
    "novembre", "décembre", "decembre",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
}  # fmt: skip
SELECTORS = {
    "am", "letzten", "letzte", "letzter", "letztes", "diese", "diesen", "dieser", "heute", "le", "ce", "cette", "el",
    "esta", "este", "last",
}  # fmt: skip
DAY_PARTS = {
    "morgen", "früh", "mittag", "nachmittag", "abend", "nacht", "woche", "monat", "matin", "soir", "nuit", "semaine",
    "mois", "mañana", "tarde", "noche", "semana", "mes",
}  # fmt: skip
HOURS = {"uhr", "heure", "heures", "hora", "horas", "std", "stunde", "stunden"}
# Before a number, these words always lead to a time: um 9, seit 9, vor 20 min.
LEADS = {
    "um", "seit", "vor", "ab", "gegen", "bis", "depuis", "vers", "dès", "à", "desde", "hace", "hasta", "las",
}  # fmt: skip
# As the last word of a note, these always name a day: "api gestern". Words that are also names of people are left
# out.
UNAMBIGUOUS_DAYS = DAYS - {"hier", "morgen", "domingo", "hoy"}
