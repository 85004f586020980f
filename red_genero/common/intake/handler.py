"""How much of a request's files reaches the disk: what weighs too much is counted, not kept."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from red_genero.common.intake.receiving import LIMIT


class LimitHandler(FileUploadHandler):
    """Goes before Django's own handlers: drops the rest of a file that passed the limit.

    The form then gets a file without bytes that knows its size, and refuses it with the sentence of its field.
    """

    chunk_size = 64 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand the block on while the file is within the limit."""
        self.seen += len(raw_data)
        return raw_data if self.seen <= LIMIT else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """Return the empty stand-in of a file that was too big; others are none of its business."""
        if self.seen <= LIMIT:
            return None
        for other in self.request.upload_handlers if self.request else ():
            other.upload_interrupted()  # what was written before the limit leaves the disk now
        stand_in = ContentFile(b"")
        return UploadedFile(stand_in, self.file_name, self.content_type, size=self.seen)
