"""What was approved, kept on this machine, and what has changed since: in words, one by one."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

from letters.campaign.records import Approval
from letters.files import digest_of
from letters.mail.approvals import Seal, is_for
from letters.mail.archive import approved_path, keep_approved
from letters.mail.envelope import size_shown
from letters.mail.look_alikes import different
from letters.mail.message import pdf_name
from letters.mail.parcels import Parcel
from letters.typesetting.markup import read_markup

BEFORE = "before."  #: begins the kinds of files that are of an approval before the last

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A letter as it was approved once."""

    seal: Seal
    envelope: Plain
    words: Sequence[str]  #: of the letter, a paragraph each
    needed: int  #: people, when it was approved


def keep(root: Path, year: str, parcel: Parcel, given: Sequence[Approval], needed: int) -> None:
    """Keep a letter as it is approved, and the last one before it that enough people approved.

    `given` are the approvals of before. Raises OSError, and MailError for files that changed.
    """
    slug = parcel.slug
    last, before = _kept(root, year, slug, given), _kept(root, year, slug, given, BEFORE)
    if last and last.seal != parcel.seal and (_by_enough(last, given) or not before):
        files = {kind: path.read_bytes() for kind, path in _paths(root, year, slug).items()}
        keep_approved(root, year, slug, {f"{BEFORE}{kind}": one for kind, one in files.items()})
    plain = {**_plain(parcel), "needed": needed}
    text = json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
    pdf, *_ = parcel.contents()
    files = {"pdf": pdf, "html": parcel.html(), "json": text.encode()}
    keep_approved(root, year, slug, files)


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
    if kept.seal.sha256 != parcel.sha256 and kept.words == list(words):
        yield "the letter's pages look otherwise; its words are the same"


def _approved_before(
    root: Path, year: str, parcel: Parcel, given: Sequence[Approval]
) -> _Kept | None:
    """What a letter is held against: the last one that enough people approved, else any other."""
    last = _kept(root, year, parcel.slug, given)
    other = last if last and last.seal != parcel.seal else None
    if other and _by_enough(other, given):
        return other
    return _kept(root, year, parcel.slug, given, BEFORE) or other


def _by_enough(kept: _Kept, given: Sequence[Approval]) -> bool:
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
) -> _Kept | None:
    """A letter as it was approved last, or before; None where another one is kept here, or none."""
    paths = _paths(root, year, slug, which)
    try:
        envelope = json.loads(paths["json"].read_text(encoding="utf-8"))
        words = read_markup(paths["html"].read_text(encoding="utf-8")).words
        seal = Seal(slug, digest_of(paths["pdf"]), envelope["envelope"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not any(is_for(one, seal) for one in given):
        return None
    return _Kept(seal, envelope, list(words), int(envelope.get("needed", 1)))


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
