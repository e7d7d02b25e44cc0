"""From the office's workbooks to counts, contacts and enclosures, with the place of every cell."""
