"""What changed between two moments of a year's letters: in words, figures and what they are made from."""
