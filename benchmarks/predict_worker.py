"""One contender in a process of its own, told what to run by a pipe.

What oneDNN may use, how many threads there are and how memory is laid out is settled once in a
process; so every contender has one, and all wait for their turn.

    python -m benchmarks.predict_worker CASE CONTENDER THREADS

reads lines of JSON, `{"do": "answer" | "network", "photo": name}`, and answers each with one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from benchmarks.reports import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.predict_peers import Contender

_PATHS = (ROOT, ROOT / "functions", ROOT / "shared_layer" / "python", ROOT / "model_layer")


class Worker:
    """The other end of the pipe."""

    def __init__(self, case: str, contender: str, threads: int) -> None:
        """Start it; it sets up while others do."""
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, _PATHS)),
            "POWERTOOLS_SERVICE_NAME": "benchmark",
            "POWERTOOLS_TRACE_DISABLED": "1",
            "LOG_LEVEL": "ERROR",
            # As the function has it: numpy's own threads wait for work by turning round.
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._name = f"{case} by {contender}"
        self._process = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-m", __name__, case, contender, str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=ROOT, text=True,
        )  # fmt: skip

    def tell(self, do: str, photo: str = "") -> Any:  # noqa: ANN401 - JSON
        """Have it done, and return what it answers.

        Raises:
            RuntimeError: the process has failed; it has said why on standard error.

        """
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise AssertionError
        to.write(json.dumps({"do": do, "photo": photo}) + "\n")
        to.flush()
        line = back.readline()
        if not line:
            message = f"{self._name} has failed"
            raise RuntimeError(message)
        return json.loads(line)

    def end(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=60)


@contextmanager
def workers(case: str, contenders: tuple[str, ...], threads: int) -> Iterator[dict[str, Worker]]:
    """Start one for each contender, and wait until all are set up."""
    started = {name: Worker(case, name, threads) for name in contenders}
    try:
        for worker in started.values():
            worker.tell("wait")
        yield started
    finally:
        for worker in started.values():
            worker.end()


def main() -> None:
    """Do what the lines of standard input say, until there are no more."""
    from benchmarks.predict_networks import FOLDER, Case  # noqa: PLC0415 - not in the parent
    from benchmarks.predict_peers import set_up  # noqa: PLC0415

    # Whatever a library writes to standard output does not go into the pipe.
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    case = Case(sys.argv[1])
    photos = {path.stem: path.read_bytes() for path in (FOLDER / "photos").glob("*.jpg")}
    contender = set_up(sys.argv[2], case, int(sys.argv[3]))
    answers = _Answers(case, contender, photos)
    for line in sys.stdin:
        told = json.loads(line)
        answer = getattr(answers, told["do"])(told["photo"])
        pipe.write(json.dumps(answer) + "\n")
        pipe.flush()


class _Answers:
    """What can be told, by name."""

    def __init__(self, case: Any, contender: Contender, photos: dict[str, bytes]) -> None:  # noqa: ANN401 - as imported in `main`
        self._contender, self._photos = contender, photos
        self._pixels: dict[str, Any] = {}
        self._px = case.bundle.px

    def wait(self, _photo: str) -> None:
        """Do nothing."""

    def answer(self, photo: str) -> list[int]:
        """Name a photo, from its bytes on; what is no photo's name is passed on."""
        return self._contender.answer(self._photos.get(photo, photo.encode()))

    def network(self, photo: str) -> None:
        """Run the network alone."""
        self._run(photo)

    def logits(self, photo: str) -> list[float] | None:
        """Return what the network alone makes of pixels that are the same for all."""
        if self._contender.network is None:
            return None
        logits: list[float] = self._run(photo)[0].tolist()
        return logits

    def _run(self, photo: str) -> Any:  # noqa: ANN401 - of the contender's library
        from predict.classify import prepare  # noqa: PLC0415 - not in the parent

        contender = self._contender
        if contender.network is None or contender.take is None:
            message = "its network is out of reach"
            raise RuntimeError(message)
        if photo not in self._pixels:
            self._pixels[photo] = contender.take(prepare(self._photos[photo], self._px))
        return contender.network(self._pixels[photo])


if __name__ == "__main__":
    main()
