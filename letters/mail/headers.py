"""Headers written so that old mail programs and gateways read them, too.

The standard library folds them rightly by the RFCs, and yet so that some readers stumble: a subject
that begins on its second line, encoded words of any length, the name of a file in several pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import quote
from typing import Any
from urllib.parse import quote as percent_coded

_LINE = 76  #: characters (RFC 2047, 2; bodies: RFC 2045, 6.7 and 6.8)
_LONGEST_WORD = 60  #: of a header that is folded between its words
_LONGEST_LINE = 998  #: (RFC 5322, 2.1.1)
_END = "\r\n"


class _Policy(EmailPolicy):
    """The library's policy, with these headers in the place of its own."""

    def fold(self, name: str, value: Any) -> str:
        """The header as lines."""
        text = _text(name, value)
        return super().fold(name, value) if text is None else f"{name}: {text}{_END}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same as bytes."""
        return self.fold(name, value).encode()


#: for messages on the wire
WIRE = _Policy().clone(linesep=_END, max_line_length=_LINE)


def _text(name: str, value: Any) -> str | None:
    """What stands after a header's name; None where the library's way is good."""
    match name.lower():
        case "subject":
            return _words(name, str(value))
        case "from" | "to" | "cc" | "reply-to":
            return _addresses(name, value.addresses)
        case "content-disposition" if "filename" in value.params:
            return _file_name(value.content_disposition, value.params["filename"])
        case "content-type" if "name" in value.params:
            return _old_name(value.content_type, value.params["name"])
    return None


def _words(name: str, text: str) -> str:
    """Words on lines that never begin before the first one; each encoded word has 75 or less."""
    plain = _is_plain(text) and all(len(word) <= _LONGEST_WORD for word in text.split(" "))
    charset = "us-ascii" if plain else "utf-8"
    return Header(text, charset, maxlinelen=_LINE, header_name=name).encode(linesep=_END)


def _addresses(name: str, addresses: Sequence[Address]) -> str:
    return f",{_END} ".join(_address(name, one) for one in addresses)


def _address(name: str, address: Address) -> str:
    shown = address.display_name
    if not shown:
        return address.addr_spec
    words = f'"{quote(shown)}"' if _is_plain(shown) else _words(name, shown)
    if words == f'"{shown}"' and all(word.isalnum() for word in shown.split(" ")):
        words = shown
    last = words.rpartition(_END)[2]
    between = " " if len(f"{name}: {last} <{address.addr_spec}>") <= _LINE else f"{_END} "
    return f"{words}{between}<{address.addr_spec}>"


def _file_name(disposition: str, name: str) -> str | None:
    """In one piece: between quotes where it is ASCII, else percent-coded (RFC 2231, 4).

    None for one that no line can hold.
    """
    coded = f'filename="{quote(name)}"'
    if not _is_plain(name):
        coded = f"filename*=utf-8''{percent_coded(name, safe='')}"
    return f"{disposition};{_END} {coded}" if len(coded) < _LONGEST_LINE else None


def _old_name(content_type: str, name: str) -> str:
    """For readers that do not know RFC 2231: as encoded words, as common mail programs do it."""
    return f'{content_type};{_END} name="{_words("name", name)}"'


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text
