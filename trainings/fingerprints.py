"""The SHA-256 of an uploaded file, taken while it arrives; its bytes are kept nowhere."""

import hashlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

LARGEST = 5 * 1024 * 1024


class Fingerprint(FileUploadHandler):
    """Receives one file and remembers its ``digest`` alone; a larger one than the limit is ``too_big``."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.digest, self.too_big = "", False
        self.received, self.hash = 0, hashlib.sha256()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin anew: only the last file counts."""
        super().new_file(*args, **kwargs)
        self.received, self.hash = 0, hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece in and give nothing on."""
        self.received += len(raw_data)
        if self.received > LARGEST:
            self.too_big = True
            raise StopUpload(connection_reset=False)
        self.hash.update(raw_data)

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        """Return an empty file in place of the one that came."""
        self.digest = self.hash.hexdigest()
        return SimpleUploadedFile(self.file_name or "archivo", b"")
