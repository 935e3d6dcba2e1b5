"""Sentences that people say to an assistant: patterns of nine kinds of request.

A pattern begins with what it is: ``!`` a command, ``?`` a question, ``.`` a statement, ``~`` a correction ("not a joke
but the time"); that decides which polite words may stand before and after it.
"""

REQUESTS = {
    "time": (
        "? what time is it", "? what is the time", "? how late is it", "? do you know the time",
        "? do you know what time it is", "? have you got the time", "? what does the clock say", "! read me the clock",
        "! look at the clock", "? is it {hour} already", "! tell me how late it is",
        "! tell me the time", "! tell me what time it is", "? do you know how late it is",
    ),
    "weather": (
        "? what is the weather like {when}", "? what will the weather be {when}", "? will it {rain} {when}",
        "? is it going to {rain} {when}", "? how {cold} is it {when}", "? how {cold} will it be {when}",
        "? do i need an umbrella {when}", "! tell me the weather for {when}", "! check whether it will {rain} {when}",
        "! look up the weather for {when}", ". i want to know whether it will {rain} {when}",
        "? how is the weather {when}", "? do you know whether it will {rain} {when}",
    ),
    "alarm": (
        "! set an alarm for {hour}", "! set the alarm to {hour}", "! wake me at {hour}", "! wake me up {when}",
        "! get me out of bed at {hour}", "! make it ring at {hour}", "! ring at {hour} {when}",
        ". i have to get up at {hour}", ". i must be out of bed by {hour}", ". i need an alarm for {hour}",
        "! do not let me sleep past {hour}", ". i want to get up at {hour}",
        ". i need to wake up at {hour}", "! let the alarm ring at {hour}",
    ),
    "music": (
        "! play some {jazz}", "! play {jazz} music", "! play me a {jazz} song", "! put on some {jazz}",
        "! put on a song", "! start the music", "! start the radio", ". i want to hear some {jazz}",
        ". i want to hear the radio", ". i would like to listen to {jazz} music", "! let me hear a {jazz} song",
        "? can we have some {jazz} music",
        "! start a {jazz} song", "! put the radio on", ". i want to listen to {jazz} music",
    ),
    "volume": (
        "! turn the music {down}", "! turn {down} the music", "! turn it {down}", "! turn the radio {down}",
        "! set the volume to {number}", "! turn the volume {down}", "! make it {louder}", "! make the music {louder}",
        ". it is too {loud}", ". the music is too {loud}", ". i can not hear you", "! speak {louder}",
        ". that is too {loud}", ". the radio is so {loud}", "! play it {louder}", "! make it less {loud}",
        "! make the radio {louder}", ". the song is too {loud}", ". the radio is too {loud}",
    ),
    "directions": (
        "? how do i get to the {station}", "? how do i go to the {station}", "? where is the {station}",
        "? which way is the {station}", "? what is the way to the {station}", "! show me the way to the {station}",
        "! take me to the {station}", "! bring me to the {station}", "? where do i turn for the {station}",
        ". i am looking for the {station}", ". i can not find the {station}", "? how far is the {station}",
        "! tell me the way to the {station}", "? how do i find the {station}",
    ),
    "joke": (
        "! tell me a joke", "! tell me a {good} joke", "! tell me something funny", "! make me laugh",
        "! say something funny", "! cheer me up", "? do you know a {good} joke", "? do you know something funny",
        ". i want to laugh", ". i need a {good} joke", "? have you heard a {good} joke",
        "! let me hear something funny", ". i want to hear something funny",
        "! let me hear a {good} joke", ". i want to hear a joke", ". i need something funny",
    ),
    "greeting": (
        ". hello", ". hello there", ". hi", ". hi you", ". good morning", ". good evening", ". hey there",
        ". nice to meet you", ". nice to see you", ". good to see you", "? how are you", "? how are you {when}",
        "? how do you do", "? how is it going", ". hello , how are you",
        ". good to meet you", ". hi there",
    ),
    "goodbye": (
        ". goodbye", ". bye", ". bye bye", ". good night", ". see you {soon}", ". bye , see you {soon}",
        ". i have to go now", ". i must go", ". i have to leave", ". time to go", ". it is late , i must go",
        ". that was all", ". until {soon}", ". have a nice evening", ". sleep well",
        ". i must leave", ". goodbye , see you {soon}", ". have a good night",
    ),
}  # fmt: skip
THINGS = {
    "time": ("the time", "the clock"), "weather": ("the weather", "the forecast"), "alarm": ("an alarm", "the alarm"),
    "music": ("some music", "a song", "the radio"), "volume": ("the volume",),
    "directions": ("the way to the {station}",), "joke": ("a joke", "something funny"),
}  # fmt: skip
CORRECTIONS = (
    "~ not {other} , {this}", "~ not {other} but {this}", "~ i do not want {other} but {this}",
    "~ i said {this} , not {other}", "~ i want {this} and not {other}", "~ forget {other} , give me {this}",
    "~ give me {this} instead of {other}", "~ instead of {other} i want {this}", "~ {this} , please , not {other}",
    "~ forget {other} , i said {this}", "~ i said {this} instead of {other}", "~ give me {this} , not {other}",
)  # fmt: skip
HELD_OUT = (
    "tell time", "know late",
    "how weather", "know you whether",
    "need wake", "let alarm",
    "start song", "put radio", "listen want",
    "make radio", "song too", "radio too",
    "tell way", "how find",
    "hear joke", "need something",
    "good meet", "hi there",
    "must leave", "goodbye see", "have night",
    "forget said", "said instead", "give not",
)  # fmt: skip
PARTS = {
    "hour": ("six", "seven", "eight", "nine", "ten", "noon"),
    "when": ("", "today", "tomorrow", "tonight", "tomorrow morning", "this evening"),
    "rain": ("rain", "snow", "be sunny", "be windy"),
    "cold": ("cold", "warm", "hot"),
    "jazz": ("jazz", "rock", "piano", "dance"),
    "down": ("up", "down"),
    "number": ("two", "five", "seven", "ten"),
    "louder": ("louder", "quieter"),
    "loud": ("loud", "quiet"),
    "station": ("station", "museum", "park", "airport", "library", "hotel"),
    "good": ("good", "new", "short", "funny"),
    "soon": ("soon", "later", "tomorrow", "tonight"),
    "polite": ("", "", "please", "could you", "can you", "would you please", "i want you to", "hello , please"),
    "opening": ("", "", "hello ,", "hey ,", "excuse me ,", "by the way ,", "so ,"),
    "thanks": ("", "please", ", thank you"),
    "no": ("", "no ,", "sorry ,"),
}
AROUND = {"!": "{polite} %s {thanks}", "?": "{opening} %s ?", ".": "{opening} %s", "~": "{no} %s"}


def patterns() -> tuple[dict[str, list[str]], dict[str, tuple[str, ...]]]:
    """Return all patterns of each intent, corrections and polite words included, and the parts that they name."""
    found = {intent: list(own) for intent, own in REQUESTS.items()}
    parts = dict(PARTS)
    for intent, things in THINGS.items():
        parts[f"this {intent}"] = things
        parts[f"not {intent}"] = tuple(thing for other, more in THINGS.items() if other != intent for thing in more)
        found[intent] += [
            text.replace("{this}", f"{{this {intent}}}").replace("{other}", f"{{not {intent}}}") for text in CORRECTIONS
        ]
    return {intent: [AROUND[text[0]].replace("%s", text[2:]) for text in own] for intent, own in found.items()}, parts
