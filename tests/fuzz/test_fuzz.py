"""A short run of `./dev fuzz`: the service answers as its own document says, whatever it is asked and whoever asks."""

from pathlib import Path

import pytest

from tests.database import Database
from tests.full import size
from tests.fuzz.campaign import fuzz
from tests.fuzz.parts import PARTS, serving

EXAMPLES = size("EVENTBOOKER_FUZZ_EXAMPLES", 2, 2)
"""For each operation."""


@pytest.mark.parametrize("caller", PARTS)
def test_the_service_answers_as_its_document_says(database: Database, tmp_path: Path, caller: str) -> None:
    with serving(PARTS[caller], database.url, tmp_path) as address:
        findings = fuzz(PARTS[caller], address, database.url, seed=1, examples=EXAMPLES)

    assert findings.failures == {}, "\n".join(f"{what}: {how}" for what, how in findings.failures.items())
    assert findings.cases > 1000
    if PARTS[caller].limit:
        assert findings.statuses[429] > 0
    database.must_keep_the_law()
