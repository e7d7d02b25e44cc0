"""What was approved, kept on this machine, and what has changed since: in words, one by one."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

from letters.batch.manifest import Origin, made_from
from letters.campaign.records import Approval
from letters.errors import MailError
from letters.files import digest_of, shown
from letters.mail.approvals import Seal, is_for
from letters.mail.archive import approved_path, keep_approved
from letters.mail.envelope import size_shown
from letters.mail.look_alikes import different
from letters.mail.message import pdf_name
from letters.mail.pages import says_the_same
from letters.mail.parcels import Parcel
from letters.typesetting.markup import read_page

BEFORE = "before."  #: begins the kinds of files that are of an approval before the last
MADE_FROM = "made_from"  #: the key of what a letter was made from
PAGE = "page_sha256"  #: the key of its page's digest

Plain = Mapping[str, Any]


class Damaged(MailError):
    """What is kept of an approval is here, and is not what was kept."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A letter as it was approved once."""

    seal: Seal
    envelope: Plain
    needed: int  #: people, when it was approved
    pdf: Path
    page: Path

    @property
    def words(self) -> Sequence[str]:
        """What the letter says, a paragraph each. Raises OSError, and UnicodeError."""
        return read_page(self.page.read_text(encoding="utf-8")).words

    @property
    def page_sha256(self) -> str:
        """The digest of its page, "" where that was not kept."""
        noted = self.envelope.get(PAGE)
        if isinstance(noted, str):
            return noted
        return self.origin.entry.html_sha256 if self.origin else ""

    @property
    def origin(self) -> Origin | None:
        """What it was made from; None where that was not kept."""
        try:
            return made_from(self.envelope[MADE_FROM])
        except (ValueError, KeyError, TypeError):
            return None


def keep(root: Path, year: str, parcel: Parcel, given: Sequence[Approval], needed: int) -> None:
    """Keep a letter as it is approved, and the last one before it that enough people approved.

    `given` are the approvals of before. Raises OSError, and MailError for files that changed.
    """
    slug = parcel.slug
    last, before = _kept(root, year, slug, given), _kept(root, year, slug, given, BEFORE)
    if last and last.seal != parcel.seal and (_by_enough(last, given) or not before):
        files = {kind: path.read_bytes() for kind, path in _paths(root, year, slug).items()}
        keep_approved(root, year, slug, {f"{BEFORE}{kind}": one for kind, one in files.items()})
    pdf, *_ = parcel.contents()
    page = parcel.html()
    noted = {"needed": needed, PAGE: sha256(page).hexdigest(), **_made_from(parcel)}
    text = json.dumps({**_plain(parcel), **noted}, ensure_ascii=False, indent=1) + "\n"
    files = {"pdf": pdf, "html": page, "json": text.encode()}
    keep_approved(root, year, slug, files)


def last_approved(root: Path, year: str, slug: str, given: Sequence[Approval]) -> Approved | None:
    """The letter that enough people approved last; None where it is not kept here, or none was.

    Raises Damaged where its files, or the record of a later one, are not those that were kept, and
    OSError where they cannot be read.
    """
    for which in ("", BEFORE):
        noted = _noted(root, year, slug, which)
        if noted and _by_enough(noted, given):
            return _sound(noted)
    return None


def kept_with(root: Path, year: str, slug: str, sha256: str) -> Approved | None:
    """What is kept of an approval of the letter with this digest of its PDF; None for nothing."""
    both = (_kept_anyway(root, year, slug, which) for which in ("", BEFORE))
    return next((one for one in both if one and one.seal.sha256 == sha256), None)


def envelope_lines(parcel: Parcel) -> Iterator[str]:
    """What goes out beside a letter, for the eye: To, copies, sender, subject, files, sizes."""
    envelope = parcel.envelope
    to = envelope.recipients
    yield f"To:      {to.to if to else 'nobody: the contacts have no address'}"
    for role, address in to.copies if to else ():
        yield f"Copy:    {address} ({role})"
    yield f"From:    {envelope.shown_sender}"
    yield f"Subject: {envelope.words.subject if envelope.words else 'there is no e-mail'}"
    for name, size in _files(parcel).items():
        yield f"File:    {name} ({size_shown(size)})"


def changes(
    root: Path, year: str, parcel: Parcel, words: Sequence[str], given: Sequence[Approval]
) -> Iterator[str]:
    """What has changed in a letter, and what goes with it, since enough people approved it.

    Where they never did, since it was approved otherwise. A line for each thing, none where
    nothing else was approved; the letter's words and the e-mail's as lines gone after "-" and new
    ones after "+".
    """
    if all(is_for(one, parcel.seal) for one in given):
        return
    kept = _approved_before(root, year, parcel, given)
    if kept is None:
        yield "what was approved is not kept on this machine, so what changed cannot be told"
        return
    now = _plain(parcel)
    yield from _changes_beside(kept.envelope, now)
    yield from _differing(kept.words, words)
    if kept.seal.sha256 != parcel.sha256 and list(kept.words) == list(words):
        yield "the letter's pages look otherwise; its words are the same"


def _approved_before(
    root: Path, year: str, parcel: Parcel, given: Sequence[Approval]
) -> Approved | None:
    """What a letter is held against: the last one that enough people approved, else any other."""
    last = _kept(root, year, parcel.slug, given)
    other = last if last and last.seal != parcel.seal else None
    if other and _by_enough(other, given):
        return other
    return _kept(root, year, parcel.slug, given, BEFORE) or other


def _by_enough(kept: Approved, given: Sequence[Approval]) -> bool:
    return different(one.by for one in given if is_for(one, kept.seal)) >= kept.needed


def _changes_beside(before: Plain, now: Plain) -> Iterator[str]:
    for key, what in (
        ("to", "chief executive's address"),
        ("sender", "sender"),
        ("reply_to", "where answers go"),
        ("subject", "subject"),
    ):
        if before[key] != now[key]:
            yield f"{what}: {before[key] or 'none'} -> {now[key] or 'none'}"
    yield from _changed_copies(before["copies"], now["copies"])
    yield from _changed_files(before["files"], now["files"])
    lines = list(_differing(before["text"].splitlines(), now["text"].splitlines()))
    yield from (f"e-mail: {line}" for line in lines)
    if before["text"] != now["text"] and not lines:
        yield "e-mail: only its blank lines have changed"
    if before["text"] == now["text"] and before["html"] != now["html"]:
        yield "e-mail: its HTML has changed, and its plain text has not"


def _changed_copies(before: Sequence[Any], now: Sequence[Any]) -> Iterator[str]:
    roles = dict.fromkeys(role for role, _ in (*before, *now))
    for role in roles:
        old = [address for one, address in before if one == role]
        new = [address for one, address in now if one == role]
        gone = [one for one in old if one not in new]
        come = [one for one in new if one not in old]
        for was, is_ in zip_longest(gone, come):
            if was and is_:
                yield f"copy to {role}: {was} -> {is_}"
            else:
                yield f"copy added: {is_} ({role})" if is_ else f"copy removed: {was} ({role})"


def _changed_files(before: Plain, now: Plain) -> Iterator[str]:
    for name in dict.fromkeys((*before, *now)):
        if name not in now:
            yield f"file removed: {name}"
        elif name not in before:
            yield f"file added: {name} ({size_shown(now[name][0])})"
        elif before[name] != now[name]:
            yield f"file changed: {name} ({size_shown(before[name][0])} -> {size_shown(now[name][0])})"


def _differing(before: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    if list(before) != list(now):
        for line in difflib.ndiff(list(before), list(now)):
            if line.startswith(("- ", "+ ")) and line[2:].strip():
                yield line


def _paths(root: Path, year: str, slug: str, which: str = "") -> Mapping[str, Path]:
    return {
        kind: approved_path(root, year, slug, f"{which}{kind}") for kind in ("pdf", "html", "json")
    }


def _kept(
    root: Path, year: str, slug: str, given: Sequence[Approval], which: str = ""
) -> Approved | None:
    """A letter as it was approved last, or before; None where another one is kept here, or none."""
    kept = _kept_anyway(root, year, slug, which)
    return kept if kept and any(is_for(one, kept.seal) for one in given) else None


def _kept_anyway(root: Path, year: str, slug: str, which: str = "") -> Approved | None:
    """The same, whoever approved it; None for one that is damaged, too."""
    try:
        noted = _noted(root, year, slug, which)
        return _sound(noted) if noted else None
    except (Damaged, OSError):
        return None


def _noted(root: Path, year: str, slug: str, which: str) -> Approved | None:
    """What was noted of an approval, its files unread; None where nothing was. Raises Damaged, OSError."""
    paths = _paths(root, year, slug, which)
    try:
        envelope = json.loads(paths["json"].read_text(encoding="utf-8"))
        seal = Seal(slug, _text(envelope, "sha256"), _text(envelope, "envelope"))
        needed = envelope.get("needed", 1)
        if not isinstance(needed, int) or isinstance(needed, bool) or needed < 1:
            raise ValueError(needed)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(paths["json"]) from error
    return Approved(seal, envelope, needed, paths["pdf"], paths["html"])


def _text(envelope: Any, key: str) -> str:
    value = envelope[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def _sound(noted: Approved) -> Approved | None:
    """The same with its files, None where one is not here. Raises Damaged, OSError."""
    pdf, page = noted.pdf, noted.page
    if not (pdf.exists() and page.exists()):
        return None
    if digest_of(pdf) != noted.seal.sha256:
        raise _damaged(pdf)
    try:
        if digest := noted.page_sha256:
            sound = digest_of(page) == digest
        else:
            sound = says_the_same(page.read_text(encoding="utf-8"), pdf.read_bytes())
    except UnicodeError:
        sound = False
    if not sound:
        raise _damaged(page)
    return noted


def _damaged(path: Path) -> Damaged:
    return Damaged(
        f"{shown(path)} is not what was kept: bring it back, or approve the letter again"
    )


def _made_from(parcel: Parcel) -> dict[str, Any]:
    """What a letter was made from, so that it can be told later why another one is made."""
    entry, setting = parcel.origin or (None, None)
    if entry is None or setting is None:
        return {}
    return {MADE_FROM: {"entry": asdict(entry), "setting": asdict(setting)}}


def _plain(parcel: Parcel) -> dict[str, Any]:
    """All that goes out beside a letter, as it is kept."""
    envelope = parcel.envelope
    to, words = envelope.recipients, envelope.words
    return {
        "sha256": parcel.sha256,
        "envelope": envelope.digest,
        "to": to.to if to else "",
        "copies": [list(one) for one in to.copies] if to else [],
        "sender": f"{envelope.sender} <{envelope.sent_from}>",
        "reply_to": envelope.reply_to,
        "subject": words.subject if words else "",
        "text": words.text if words else "",
        "html": sha256(words.html.encode()).hexdigest() if words else "",
        "files": {one.name: [one.size, one.sha256] for one in envelope.enclosed},
    }


def _files(parcel: Parcel) -> dict[str, int]:
    """Name and size of each file of the message."""
    enclosed = {one.name: one.size for one in parcel.envelope.enclosed}
    return {pdf_name(parcel.told.title): parcel.size, **enclosed}
