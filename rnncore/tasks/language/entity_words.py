"""Sentences with names in them, and names that can be a person's, a place's or a company's.

In a pattern ``{person}`` and the like stand for an entity. In its wordings ``@`` is a name, ``00`` a day of the month,
``0000`` a year, ``000`` some other number, and a letter behind a word says what it belongs to: ``/p`` a person, ``/l``
a place, ``/c`` an organisation (company), ``/d`` a date; a capital letter marks its first word.
"""

NAMES = (
    "Adelaide", "Alberta", "Alexandria", "Arlington", "Ashford", "Austin", "Barnes", "Bolton", "Bradford", "Brooklyn",
    "Camden", "Carlisle", "Charlotte", "Chelsea", "Chester", "Cheyenne", "Clayton", "Crawley", "Dakota", "Dallas",
    "Darwin", "Denver", "Devon", "Durham", "Elgin", "Everett", "Florence", "Franklin", "Gary", "Georgia", "Geneva",
    "Hamilton", "Harlow", "Hastings", "Hudson", "India", "Ipswich", "Jackson", "Jordan", "Kent", "Kingston",
    "Lancaster", "Lawrence", "Lincoln", "Logan", "London", "Lorraine", "Madison", "Marion", "Marlow", "Melbourne",
    "Milan", "Milton", "Montgomery", "Nelson", "Newton", "Norfolk", "Odessa", "Orlando", "Oxford", "Paris", "Perth",
    "Phoenix", "Preston", "Raleigh", "Regina", "Ripley", "Salem", "Savannah", "Selby", "Sheridan", "Sofia", "Stafford",
    "Stanley", "Sterling", "Sutton", "Sydney", "Trenton", "Troy", "Valencia", "Verona", "Victoria", "Vienna",
    "Virginia", "Warren", "Warwick", "Washington", "Whitby", "Winchester", "Windsor", "York",
)  # fmt: skip
PATTERNS = (
    "{person} {aside} was born in {place} on {day} .", "{person} met {person} in {place} .",
    "{person} {aside} laughed and {person} cried .", "on {day} {person} wrote a letter to {person} .",
    "she married {person} in {year} .", "{person} works for {company} .",
    "{person} , a doctor from {place} , retired on {day} .", "we asked {person} about the bank in {place} .",
    "last winter {person} {aside} fell ill .", "{person} left {place} for {place} in {year} .",
    "in {year} {person} moved to {place} .", "everybody says that {person} {aside} can sing .",
    "{place} {aside} lies on the coast , far from {place} .", "{place} , a town of 000 people , has a new bridge .",
    "it rained in {place} from {day} to {day} .", "the road from {place} to {place} opened in {year} .",
    "{place} {aside} has 000 inhabitants .", "last winter {place} {aside} was covered in snow .",
    "0000 was a good year for wine from {place} .", "0000 people left {place} in {year} .",
    "everybody says that {place} {aside} is a small town .", "{company} {aside} hired 000 people in {place} .",
    "{company} {aside} raised its prices on {day} .", "shares in {company} fell on {day} .",
    "{company} {aside} bought {company} for 0000 pounds .", "the owners of {company} sold it to {person} in {year} .",
    "last winter {company} {aside} closed 000 shops .", "{company} , a company from {place} , makes clocks .",
    "everybody says that {company} {aside} will soon go bankrupt .", "on {day} {company} opened a bank in {place} .",
)  # fmt: skip
PARTS = {
    "person": ("@/P", "@/P", "@/P @/p", "Dr/P @/p", "Ms/P @/p @/p"),
    "place": ("@/L", "@/L", "@/L", "Port/L @/l", "New/L @/l", "Lake/L @/l"),
    "company": ("@/C", "@/C", "@/C Bank/c", "Bank/C of/c @/c", "@/C Airways/c", "@/C and/c @/c"),
    "aside": ("", ", so they say ,", ", as you know ,"),
    "day": ("00/D {month} 0000/d", "00/D {month}", "{weekday}", "{weekday} 00/d {month}"),
    "year": ("0000/D", "{month first} 0000/d"),
    "month": ("January/d", "March/d", "October/d", "December/d"),
    "month first": ("January/D", "March/D", "October/D", "December/D"),
    "weekday": ("Monday/D", "Thursday/D", "Sunday/D"),
}
