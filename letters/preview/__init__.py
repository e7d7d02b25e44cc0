"""A year's letters in a browser, a moment after a file is saved. It changes nothing."""
