"""What a person calls the device that a session was started on, from its User-Agent."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""What a User-Agent contains and what that is called: the first that fits, since browsers name each other."""

LONGEST = 40


def device(user_agent: str) -> str | None:
    """`Firefox, Linux`, or the name of a program such as `curl`; None if it says nothing."""
    browser = _first(BROWSERS, user_agent)
    if browser:
        system = _first(SYSTEMS, user_agent)
        return f"{browser}, {system}" if system else browser
    program = user_agent.strip().partition("/")[0].partition(" ")[0]
    return "".join(letter for letter in program if letter.isprintable())[:LONGEST] or None


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for part, name in names if part in user_agent), None)
