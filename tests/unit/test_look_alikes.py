"""Whose a name is that only looks like another, and that different names stay so."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.mail.look_alikes import alike, different

#: common first names and surnames, many of which differ in one letter
COMMON = """
    Ada Adam Ahmad Ahmed Aisha Alan Aled Alex Ali Alice Allan Alun Amelia Ananya Anaya Arjun Arun Ava Barnes Bell
    Bella Ben Bill Björn Bjorn Bob Bobby Burns Cari Carl Carol Carole Charles Charlie Chen Chloe Chloé Ciarán Clair
    Claire Clare Clive Cole Corin Daisy Dan Daniel David Dom Don Dylan Edward Eilidh Eleanor Elen Elena Elin Eliza
    Ella Ellen Ellie Ellis Elliot Elliott Elsie Emilia Emily Emma Erin Esme Ethan Eva Evan Eve Evie Fatima Felix
    Florence François Freya Gail Gareth George Gill Grace Gwen Gwyn Hannah Harley Harriet Harry Hasan Hassan Henry
    Hugh Hugo Hussain Huw Hyeon Hyun Hywel Ian Ibrahim Ieuan Ifan Imogen Ioan Iolo Ion Isaac Isabella Isabelle Isla
    Ivan Ivy Iwan Jack Jacob Jake James Jan Jana Jane Jean Jess Jesse Jill Jim Joan John Jon José Joseph Joshua Jude
    Jürgen Kari Karl Karol Kay Kim Lee Leo Leon Lewis Li Liam Lila Lily Lin Ling Llŷr Logan Lola Louis Lucas Lucy Luke
    Łukasz Lukasz Mair Mari Maria Marie Mark Mary Max Maya Mei Mia Mila Milla Millie Min Ming Mohamed Mohammed Molly
    Morgan Muhammad Muller Müller Nance Nancy Nathan Neal Neil Nell Nerys Nia Niamh Nick Nicky Ning Noah Non Núñez Nunez
    Olive Oliver Olivia Oscar Owain Owen Phil Phoebe Poppy Priya Rani Ravi Rhian Rhys Rina Riya Rob Robyn Ron Rory
    Rosie Ruby Ryan Sam Samuel Sara Sarah Sean Seán Siân Sian Sofia Sophie Søren Soren Stan Thomas Tim Toby Tom Tommy
    Vance Vera Vicky Violet Wei Wen Will William Wim Xi Xin Yan Yang Yin Ying Yousef Yun Yusuf Zara Zheng Zhen Zoe Zoë
""".split()


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ada", "\u0410da"),  # a Cyrillic letter
        ("Ada", "\u0391da"),  # a Greek one
        ("Ada", "\uff21\uff44\uff41"),
        ("Ada", "\U0001d400da"),
        ("Ada", "A\u200dd\u00ada\u3164"),
        ("Ada", " ADA "),
        ("Ada Smith", "ada\u00a0 smith"),
        ("helen", "\u041dELEN"),
        ("Cara", "\u03f9ara"),
        ("Ida", "lda"),
        ("Ida", "1DA"),
        ("Ida", "ida"),
        ("Otto", "0tto"),
        ("Tom", "Torn"),
        ("O'Brien", "O\u2019Brien"),
        ("Zoë", "Zoe\u0308"),
        ("Νίκος", "νίκος"),
        ("Ada", "\u17b4Ada\u17b5"),
        ("Ada", "A\u115fd\u1160a\ufffc\uffa0\u2800"),
        ("Ada Approver", "Ada Approver."),
        ("Ada Approver", "Ada-Approver"),
        ("Ada Approver", "AdaApprover"),
        ("Ada Approver", "Ada  Approver"),
        ("Ada Approver", "Ada (Approver)!"),
        ("Ada", "Ada\u01c3"),  # a letter that looks like an exclamation mark
        ("O'Brien", "OBrien"),
        ("O'Brien", "O\u02bcBrien"),  # a letter, as Unicode has it
        ("Ada", "Ada\u02c6"),
        ("Ada", "A\u0332da"),
        ("Ada", "Ad\u0301\u0302\u0303\u20dda"),
        ("Ada", "Ad\u05b0a"),  # a Hebrew point
        ("Ida", "|da"),
        ("Ida B", "|da B."),
        ("Ada", "Ada|"),
        (".", "-"),
    ],
)
def test_names_that_look_alike_are_one_person_s(name: str, other: str) -> None:
    assert alike(name, other)
    assert alike(other, name)
    assert different((name, other)) == 1


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Zoë", "Zoe"),
        ("Nicky", "Vicky"),
        ("Øre", "Ore"),
        ("Ada Ash", "Ada Asher"),
        ("Çelik", "Celik"),
        ("Phương", "Phượng"),
        ("Zając", "Zajac"),
        ("\u05d2\u05dc", "\u05d2\u05d9\u05dc"),  # Gal and Gil, in Hebrew
        ("木下", "木ノ下"),
        ("ida", "lda"),
        ("Guðrun", "Gurun"),
        ("Эмма", "Мма"),
        ("\u0930\u0940\u092e\u093e", "\u0930\u092e\u093e"),  # Rima and Rama, in Devanagari
    ],
)
def test_names_that_differ_for_the_eye_are_of_two_people(name: str, other: str) -> None:
    assert not alike(name, other)
    assert different((name, other)) == 2


def test_common_names_stay_apart() -> None:
    assert len(COMMON) > 250
    assert [pair for pair in combinations(COMMON, 2) if alike(*pair)] == []
    assert different(COMMON) == len(COMMON)


def test_who_looks_like_two_names_makes_them_one_person_s() -> None:
    assert different(("ida", "lda", "Ida")) == different(("Ida", "lda", "ida")) == 1


@given(st.text(), st.text())
def test_the_order_of_names_does_not_matter(name: str, other: str) -> None:
    assert alike(name, other) == alike(other, name)
    assert alike(name, name)
    assert (different((name, other)) == 1) == alike(name, other)
