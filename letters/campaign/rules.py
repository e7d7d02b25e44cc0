"""Rules for one line of text: a slug, a name, an address; only user of email_validator."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from email_validator import EmailNotValidError, validate_email

from letters.wording import TIME, meant, universal_time

SLUG = r"(?=.{1,100}$)[a-z0-9]+(-[a-z0-9]+)*"  # a file is named after it
NAME = r"[a-z][a-z0-9_]*"
GSS_CODE = r"[ENSW][0-9]{8}"
CODE_PREFIX = r"[ENSW][0-9]{2}"

DOMAIN = r"[a-z0-9-]+(\.[a-z0-9-]+)+"
DIGEST = r"[0-9a-f]{64}"
COLOUR = r"#[0-9a-fA-F]{6}"
FAMILY = r"[A-Za-z][A-Za-z0-9-]*( [A-Za-z0-9-]+)*"
HEIGHT = r"(?=.*[1-9])[0-9]{1,3}(\.[0-9]+)?(mm|cm|pt)"

#: what a slug says besides the council's short name
_KIND_OF_COUNCIL = re.compile(
    r"^(borough-council|city|council|london-borough|royal-borough)-of-(the-)?"
    r"|(-(and-district|borough|city|county|district|metropolitan))*-(council|corporation)$"
)

_DIGITS = str.maketrans("OIL", "011")  # what stands for a digit by mistake

#: By pattern: the code of what is spelt otherwise, and what was wanted.
_SPELLINGS = {
    SLUG: (
        "not-a-slug",
        "a slug (small letters a to z and digits, joined by hyphens; 100 at most)",
    ),
    NAME: (
        "not-a-name",
        "a name (small letters a to z, digits and underscores, beginning with a letter)",
    ),
    DOMAIN: ("not-a-domain", "a domain in small letters, such as maidstone.gov.uk"),
    DIGEST: ("not-a-digest", "64 digits and letters a to f"),
    GSS_CODE: ("not-a-gss-code", "a letter (E, N, S or W) and eight digits, such as E07000110"),
    COLOUR: ("not-a-colour", 'a colour, # and six digits or letters a to f, such as "#3d2059"'),
    FAMILY: ("not-a-family", "a font's name in letters, digits, spaces and hyphens"),
    HEIGHT: ("not-a-height", "a height with its unit (mm, cm or pt), such as 14mm"),
    CODE_PREFIX: (
        "not-a-code",
        "how codes begin: a letter (E, N, S or W) and two digits, as in E07",
    ),
}


class Refused(ValueError):
    """A text breaks a rule; the sentence never shows the text, which may be personal data.

    With `shows_text` it helps to add what was found, where that may be shown.
    """

    def __init__(self, code: str, sentence: str, hint: str = "", shows_text: bool = False) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.hint = code, sentence, hint
        self.shows_text = shows_text


def spelt(pattern: str, text: str) -> str:
    """The text when it is spelt as one of the patterns above wants; raises Refused."""
    if not re.fullmatch(pattern, text):
        code, wanted = _SPELLINGS[pattern]
        hint = meant(_respelt(pattern, text))
        if pattern == SLUG and re.search(r"[a-z][,;/&+][ ]?[a-z]|[a-z] (?:and )?[a-z0-9]+-", text):
            hint = "write an entry for each authority: a key is one slug"
        raise Refused(code, f"expected {wanted}", hint, shows_text=True)
    return text


def in_universal_time(text: str) -> str:
    """The text when it is a moment as `universal_time` writes one; raises Refused."""
    try:
        return universal_time(datetime.strptime(text, TIME).replace(tzinfo=UTC))
    except ValueError as error:
        sentence = "expected a moment in universal time, such as 2024-07-18 09:31:00"
        raise Refused("not-a-moment", sentence, shows_text=True) from error


def slug_of(name: str) -> str:
    """The slug that a name has; "" for a name that has none."""
    return _respelt(SLUG, name)


def short_of(slug: str) -> str:
    """A slug without what it says of the kind of council: camden of london-borough-of-camden."""
    return _KIND_OF_COUNCIL.sub("", slug)


def _respelt(pattern: str, text: str) -> str:
    """A name's words as the pattern wants them, without accents: Alder Council, alder-council.

    "" where there are none.
    """
    if pattern == GSS_CODE:
        code = re.sub(r"[^A-Z0-9]", "", text.upper())
        code = code[:1] + code[1:].translate(_DIGITS)
        return code if re.fullmatch(GSS_CODE, code) else ""
    if pattern == COLOUR:
        digits = text.strip().lstrip("#")
        digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
        return f"#{digits}" if re.fullmatch(COLOUR, f"#{digits}") else ""
    if pattern == HEIGHT:
        height = re.sub(r"\s", "", text.lower()).replace(",", ".")
        height += "mm" if height[-1:].isdigit() else ""
        return height if re.fullmatch(HEIGHT, height) else ""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    words = re.findall(r"[a-z0-9]+", re.sub("['’]", "", plain).replace("&", " and "))
    respelt = ("_" if pattern == NAME else "-").join(words)
    return next((word for word in (respelt, respelt.upper()) if re.fullmatch(pattern, word)), "")


def one_line(text: str) -> str:
    """The text when it is one line that can be printed as it is; raises Refused."""
    if not text:
        raise Refused("empty-text", "expected text, found none between the quotes")
    if text != text.strip():
        raise Refused("space-at-the-edge", "a space begins or ends this text", "delete it")
    if "  " in text:
        raise Refused("two-spaces", "two spaces follow one another in this text", "delete one")
    if not text.isprintable():
        raise Refused(
            "unprintable-text",
            "this text holds a line break or a character that cannot be printed",
            "write it on one line",
        )
    return text


def single(value: Any) -> Any:
    """The value when it is a single one: no list, no entries; raises Refused."""
    if isinstance(value, dict | list):
        raise Refused("not-a-single-value", "expected a single value", shows_text=True)
    return value


def domain_of(address: str) -> str:
    """What follows the @ of an address, in small letters."""
    return address.rpartition("@")[2].lower()


def is_at(address: str, domains: Sequence[str]) -> bool:
    """Whether an address is at one of the domains or below it; at any when there are none."""
    domain = domain_of(address)
    return not domains or any(domain == one or domain.endswith(f".{one}") for one in domains)


def is_this_machine(host: str) -> bool:
    """Whether a host's name or number is that of the machine itself: it is not resolved."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


#: what a mail program copies with an address
_MORE_THAN_AN_ADDRESS = re.compile(r"^mailto:|<[^<>@]+@[^<>@]+>", re.IGNORECASE)


def address(text: str) -> str:
    """The text when mail can be addressed to it; raises Refused."""
    if _MORE_THAN_AN_ADDRESS.search(text):
        sentence = "expected an address alone, found one with more around it"
        raise Refused("not-an-address", sentence, "leave out mailto:, the name and the < and >")
    if quotes := set(text) & set('“”„‘’‚"'):
        sentence = f"quotes stand in this address: {' '.join(sorted(quotes))}"
        raise Refused("not-an-address", sentence, "delete them")
    if re.search(r"@[^@]*[;,/ ][^@]*@", text):
        sentence = "expected one e-mail address, found several"
        raise Refused("not-an-address", sentence, "write one entry for each")
    if text.count("@") != 1:
        raise Refused(
            "not-an-address",
            f"expected one e-mail address, found {text.count('@') or 'no'} @ in it",
        )
    if not text.isascii():
        raise Refused(
            "not-an-address",
            "an e-mail address holds no letters with accents",
            "ask for the address that mail is sent to",
        )
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        raise Refused(
            "not-an-address",
            "this is no valid e-mail address",
            "look for a space, a comma, a missing or a second dot",
        ) from error
    return text


def is_address(text: str) -> bool:
    """Whether mail can be addressed to the text."""
    try:
        return bool(address(text))
    except Refused:
        return False
