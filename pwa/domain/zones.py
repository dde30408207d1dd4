"""Which of the names in the time-zone database a person should have to choose from."""

REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)

# Older spellings and merged places: in the database (2026f), but not in its table of places, zone.tab.
# Accounts may hold them all the same.
_SUPERSEDED = """
    Africa/Asmera Africa/Timbuktu America/Argentina/ComodRivadavia America/Atka America/Buenos_Aires
    America/Catamarca America/Coral_Harbour America/Cordoba America/Ensenada America/Fort_Wayne
    America/Godthab America/Indianapolis America/Jujuy America/Knox_IN America/Louisville America/Mendoza
    America/Montreal America/Nipigon America/Pangnirtung America/Porto_Acre America/Rainy_River
    America/Rosario America/Santa_Isabel America/Shiprock America/Thunder_Bay America/Virgin
    America/Yellowknife Antarctica/South_Pole Asia/Ashkhabad Asia/Calcutta Asia/Choibalsan Asia/Chongqing
    Asia/Chungking Asia/Dacca Asia/Harbin Asia/Istanbul Asia/Kashgar Asia/Katmandu Asia/Macao Asia/Rangoon
    Asia/Saigon Asia/Tel_Aviv Asia/Thimbu Asia/Ujung_Pandang Asia/Ulan_Bator Atlantic/Faeroe
    Atlantic/Jan_Mayen Australia/ACT Australia/Canberra Australia/Currie Australia/LHI Australia/NSW
    Australia/North Australia/Queensland Australia/South Australia/Tasmania Australia/Victoria
    Australia/West Australia/Yancowinna Europe/Belfast Europe/Kiev Europe/Nicosia Europe/Tiraspol
    Europe/Uzhgorod Europe/Zaporozhye Pacific/Enderbury Pacific/Johnston Pacific/Ponape Pacific/Samoa
    Pacific/Truk Pacific/Yap
"""
SUPERSEDED = frozenset(_SUPERSEDED.split())
