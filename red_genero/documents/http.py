"""What the portal answers when PDF documents cannot be made."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from red_genero.documents.engine import DocumentsUnavailable


class DocumentsMiddleware:
    """Turns DocumentsUnavailable, raised by any view, into the page «PDF no disponible» (503)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let every request pass."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answers for one kind of exception only."""
        if not isinstance(exception, DocumentsUnavailable):
            return None
        answer = render(request, "documents/unavailable.html", status=503)
        answer["Cache-Control"] = "no-store"
        return answer
