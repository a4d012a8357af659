"""What predictions do that the contract of tables cannot show: time, and failures in between."""

from __future__ import annotations

import pytest

from common import keys
from common.errors import Unavailable
from common.predictions import Answer, PredictionCache, Predictions
from common.table import Put
from tests.fakes.tables import FaultyTable, InMemoryTable


def test_an_expired_answer_is_forgotten_before_the_table_deletes_it() -> None:
    table = InMemoryTable()
    cache = PredictionCache(table)
    cache.put("image", "v1", Answer({"landmark": "Colosseum"}))
    table.items[keys.cached_prediction("image", "v1")]["expires_at"] = 1
    assert cache.get("image", "v1") is None


def test_a_throttled_table_loses_nothing_and_writes_nothing() -> None:
    table = InMemoryTable()
    table.write(Put(keys.profile("U1"), {"prediction_count": 0}))
    predictions = Predictions(FaultyTable(table, [Unavailable()]))
    with pytest.raises(Unavailable):
        predictions.add("U1", {"landmark": "Colosseum"})
    assert list(table.items) == [keys.profile("U1")]
    assert predictions.add("U1", {"landmark": "Colosseum"})
    assert table.items[keys.profile("U1")]["prediction_count"] == 1
