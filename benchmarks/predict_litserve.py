"""timm's eager network behind LitServe, over HTTP on this machine.

python -m benchmarks.predict_litserve CASE THREADS PORT
"""

# No postponed annotations: FastAPI reads those of `decode_request`.

import sys
from typing import Annotated, Any

import litserve as ls
from fastapi import Body

from benchmarks.predict_networks import Case
from benchmarks.predict_peers import timm_eager


class Landmarks(ls.LitAPI):  # type: ignore[misc] # it has no types
    """The four rooms of LitServe."""

    def __init__(self, case: str, threads: int) -> None:
        """Serve the network of `case`."""
        super().__init__()
        self._case, self._threads = case, threads

    def setup(self, _device: str) -> None:
        """Load the network once."""
        self._answer = timm_eager(Case(self._case), self._threads).answer

    def decode_request(self, request: Annotated[bytes, Body(media_type="image/jpeg")]) -> bytes:
        """Take the body as it is."""
        return request

    def predict(self, photo: bytes) -> list[int]:
        """Name the photo."""
        return self._answer(photo)

    def encode_response(self, output: list[int]) -> dict[str, Any]:
        """Tell."""
        return {"classes": output}


def main() -> None:
    """Serve as the command line says."""
    api = Landmarks(sys.argv[1], int(sys.argv[2]))
    server = ls.LitServer(api, accelerator="cpu", timeout=False, fast_queue=True)
    server.run(
        host="127.0.0.1", port=int(sys.argv[3]), log_level="error", generate_client_file=False
    )


if __name__ == "__main__":
    main()
