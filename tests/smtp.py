"""A small mail server on loopback: speaks real SMTP, keeps what it accepts, refuses on demand."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Letter:
    """One accepted message."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        """The plain text."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""


@dataclass
class PostOffice:
    """What the server holds and how it answers; set the answers before sending."""

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    answer_rcpt: str = "250 ok"
    answer_data: str = "250 kept"
    before_keeping: Callable[[], None] | None = None

    def to(self, recipient: str) -> list[Letter]:
        """Return the letters of one mailbox."""
        return [letter for letter in self.letters if recipient in letter.recipients]


class _Conversation(socketserver.StreamRequestHandler):
    """One client, from greeting to goodbye."""

    office: PostOffice

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        sender, recipients = "", list[str]()
        self.say("220 loopback")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb in {"EHLO", "HELO"}:
                self.say("250 loopback")
            elif verb == "MAIL":
                sender, recipients = _address(line), []
                self.say("250 ok")
            elif verb == "RCPT":
                if self.office.answer_rcpt.startswith("250"):
                    recipients.append(_address(line))
                self.say(self.office.answer_rcpt)
            elif verb == "DATA":
                self.say("354 go on")
                self.keep(sender, recipients)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def keep(self, sender: str, recipients: list[str]) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.office.before_keeping:
            self.office.before_keeping()
        if self.office.answer_data.startswith("250"):
            message = message_from_bytes(b"".join(lines), policy=policy.default)
            self.office.letters.append(Letter(sender, recipients, message))
        self.say(self.office.answer_data)


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Open a server on a free port for the length of a test."""
    office = PostOffice()
    handler = type("Handler", (_Conversation,), {"office": office})
    with _Server(("127.0.0.1", 0), handler) as server:
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()
