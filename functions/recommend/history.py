"""The user's earlier predictions, as far as recommending reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common import keys
from common.errors import PredictionNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.table import Table


class StoredPredictions:
    """Reads predictions from the table."""

    def __init__(self, table: Table) -> None:
        """Read from `table`."""
        self._table = table

    def get(self, user_id: str, prediction_id: str) -> Mapping[str, Any]:
        """Return a prediction of this user.

        Raises:
            PredictionNotFound: the user has none with this id.
            Unavailable: the table is throttling or out of reach.

        """
        # Consistently: people ask for recommendations the moment their photo is named.
        item = self._table.get(keys.prediction(user_id, prediction_id), consistent=True)
        if item is None:
            raise PredictionNotFound
        return item
