"""What is told of an image that failed among others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.errors import ImageFormatUnsupported
from predict.batch import answer_batch
from predict.identify import TimeIsUp
from predict.models import FailedImage

if TYPE_CHECKING:
    import io


def told(error: Exception) -> FailedImage:
    (result,) = answer_batch([error]).results
    assert isinstance(result, FailedImage)
    return result


def test_an_image_of_another_format_has_its_problem() -> None:
    problem = told(ImageFormatUnsupported("HEIC files are not read."))
    assert (problem.status, problem.code) == (415, "image_format_unsupported")
    assert problem.detail == "HEIC files are not read."
    assert problem.type.endswith(":image_format_unsupported")


def test_an_image_without_time_may_be_sent_again() -> None:
    problem = told(TimeIsUp())
    assert (problem.status, problem.code) == (503, "service_unavailable")


def test_a_defect_is_told_without_detail_and_logged_with_its_place(logged: io.StringIO) -> None:
    problem = told(ZeroDivisionError("secret"))
    assert (problem.status, problem.code) == (500, "internal_error")
    assert "secret" not in problem.model_dump_json()
    assert "ZeroDivisionError" in logged.getvalue()
    assert "secret" not in logged.getvalue()
