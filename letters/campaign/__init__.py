"""What the office supplies: the register, the year's words and figures, the contacts, the bespoke paragraphs."""
