"""One letter: from figures to HTML and PDF."""
