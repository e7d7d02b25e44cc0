"""Letters as they would go out: each is one value, made of what is built and of what goes along."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from hashlib import sha256
from pathlib import Path

import pytest

from letters.check import gather
from letters.errors import MailError
from letters.mail.office import load_office
from letters.mail.parcels import Parcel, Parcels, parcels
from tests.doing import edit
from tests.paper import parcels_of, put_on_paper

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"


def made(root: Path) -> Parcels:
    edition = gather(root, "2024").sound()
    slugs = tuple(edition.campaign.statistics)
    files = {slug: edition.files(slug) for slug in slugs}
    return parcels(edition.drafts, load_office(root), files, slugs)


def test_a_parcel_is_a_letter_and_all_that_goes_along(small_year: Path) -> None:
    put_on_paper(small_year)
    cases = small_year / "data/2024/attachments" / ASHBY / "cases.xlsx"
    cases.parent.mkdir(parents=True)
    cases.write_bytes(b"confidential")
    parcel = parcels_of(small_year)[ASHBY]
    pdf = small_year / f"build/2024/letters/{ASHBY}.pdf"
    assert (parcel.pdf, parcel.size) == (pdf, pdf.stat().st_size)
    assert parcel.sha256 == sha256(pdf.read_bytes()).hexdigest()
    assert parcel.told.title == "Annual letter to Ashby District Council"
    assert parcel.told.statistics["authority"]["slug"] == ASHBY
    assert parcel.greeting == "Dear Mr Oak"
    envelope = parcel.envelope
    assert (envelope.sender, envelope.sent_from, envelope.reply_to) == (
        "Office of the Ombudsman",
        "letters@office.example",
        "answers@office.example",
    )
    assert envelope.recipients is not None
    assert envelope.recipients.addresses == ("oak@ashby.example", "leader@ashby.example")
    assert envelope.words is not None
    assert envelope.words.subject == "Annual letter 2024 to Ashby District Council"
    [file] = envelope.enclosed
    digest = sha256(b"confidential").hexdigest()
    assert (file.name, file.path, file.size, file.sha256) == ("cases.xlsx", cases, 12, digest)
    assert parcel.contents() == (pdf.read_bytes(), b"confidential")
    assert parcel.largest == (f"{ASHBY}.pdf", parcel.size)


def test_nothing_of_a_parcel_can_be_assigned(small_year: Path) -> None:
    put_on_paper(small_year)
    parcel = parcels_of(small_year)[ASHBY]
    for value in (parcel, parcel.envelope):
        for field in fields(value):
            with pytest.raises(FrozenInstanceError):
                setattr(value, field.name, None)


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("data/office.yaml", "Office of the Ombudsman", "The Ombudsman", {ASHBY, BIRCH, CEDAR}),
        ("data/office.yaml", "answers@office", "other@office", {ASHBY, BIRCH, CEDAR}),
        ("templates/2024/email.html.jinja", "attached", "here", {ASHBY, BIRCH, CEDAR}),
        ("data/2024/contacts.yaml", "leader@ashby", "chair@ashby", {ASHBY}),
        ("data/2024/contacts.yaml", "md@birch", "director@birch", {BIRCH}),
        ("data/2024/contacts.yaml", "role: Leader", "role: Chair", set()),
    ],
)
def test_the_digest_of_a_parcel_changes_with_what_it_is_and_with_nothing_else(
    small_year: Path, file: str, old: str, new: str, changed: set[str]
) -> None:
    put_on_paper(small_year)
    before = parcels_of(small_year)
    edit(small_year / file, old, new)
    after = parcels_of(small_year)
    assert {slug for slug in before if after[slug].digest != before[slug].digest} == changed
    assert {slug for slug in before if after[slug].seal != before[slug].seal} == changed


def test_the_digest_tells_the_letter_the_authority_and_the_files_apart(small_year: Path) -> None:
    put_on_paper(small_year)
    parcel = parcels_of(small_year)[ASHBY]
    others: list[Parcel] = [
        replace(parcel, slug=BIRCH),
        replace(parcel, sha256="0" * 64),
        replace(parcel, envelope=replace(parcel.envelope, recipients=None)),
        replace(parcel, envelope=replace(parcel.envelope, words=None)),
    ]
    assert len({one.digest for one in (parcel, *others)}) == 5


def test_a_letter_that_is_not_as_data_and_templates_now_are_is_outdated(small_year: Path) -> None:
    put_on_paper(small_year)
    edit(small_year / "data/2024/statistics.yaml", "population: 51000", "population: 51001")
    (small_year / f"build/2024/letters/{BIRCH}.pdf").unlink()
    found = made(small_year)
    assert set(found.ready) == {ASHBY}
    assert found.outdated[BIRCH] == ("its PDF is missing",)
    assert found.outdated[CEDAR][0].startswith("statistics: population 51000 -> 51001")
    with pytest.raises(MailError, match=rf"2 letters are not built as .*: {BIRCH} \(its PDF is"):
        found.require_built()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"something else"])
def test_what_is_no_letter_s_pdf_is_never_ready(small_year: Path, content: bytes) -> None:
    put_on_paper(small_year)
    (small_year / f"build/2024/letters/{BIRCH}.pdf").write_bytes(content)
    assert made(small_year).outdated == {BIRCH: ("its PDF is not the one that was built",)}


def test_another_council_s_pdf_is_never_ready(small_year: Path) -> None:
    put_on_paper(small_year)
    folder = small_year / "build/2024/letters"
    (folder / f"{BIRCH}.pdf").write_bytes((folder / f"{CEDAR}.pdf").read_bytes())
    assert set(made(small_year).outdated) == {BIRCH}


def test_a_letter_that_cannot_be_written_or_was_never_built_holds_back_no_other(
    small_year: Path,
) -> None:
    put_on_paper(small_year)
    with (small_year / "data/2024/statistics.yaml").open("a") as opened:
        opened.write("elm: {investigations: 9, upheld: 4, remedied: 0, population: 5000}\n")
    with (small_year / "data/authorities.yaml").open("a") as opened:
        opened.write("elm: {name: Elm}\n")
    email = small_year / "templates/2024/email.text.jinja"
    email.write_text(
        f"{{% if letter.slug == '{CEDAR}' %}}{{{{ letter.none }}}}{{% endif %}}{email.read_text()}"
    )
    found = made(small_year)
    assert set(found.ready) == {ASHBY, BIRCH}
    assert found.outdated == {}
    assert found.missing["elm"] == "it is not built"
    assert found.missing[CEDAR].startswith("the template uses a name that does not exist")
    assert found.require_built() == found.ready


def test_a_file_that_went_since_its_folder_was_looked_at_holds_back_its_letter_alone(
    small_year: Path,
) -> None:
    put_on_paper(small_year)
    cases = small_year / "data/2024/attachments" / BIRCH / "cases.xlsx"
    cases.parent.mkdir(parents=True)
    cases.write_bytes(b"x")
    edition = gather(small_year, "2024").sound()
    cases.unlink()
    files = {slug: edition.files(slug) for slug in edition.campaign.statistics}
    found = parcels(edition.drafts, load_office(small_year), files, (ASHBY, BIRCH))
    assert set(found.ready) == {ASHBY}
    assert found.missing == {BIRCH: f"{cases}: No such file or directory"}


def test_a_build_that_cannot_be_read_is_told_as_what_hinders_the_mail(small_year: Path) -> None:
    put_on_paper(small_year)
    (small_year / "build/2024/manifest.json").write_text("{}")
    with pytest.raises(MailError, match=r"manifest\.json is none of ours, or damaged"):
        made(small_year)
