"""What all tests of whole commands share."""

import pytest


@pytest.fixture(autouse=True)
def unmeasured(no_cover: None) -> None:
    """Count no lines here: what the fast tests reach is measured, and measuring takes time."""
