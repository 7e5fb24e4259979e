"""A real mail server on loopback, and strict readers of what the studio sends.

post.py serve FOLDER PORT [starttls]   takes letters into FOLDER/N.eml until it is ended; its authority is FOLDER/authority.pem
post.py letter FILE                    headers and text of a letter, JSON
post.py calendar FILE                  days of a calendar, JSON

A letter to refuse@… is refused for good, one to hold@… is kept and never answered. With STARTTLS a password is needed, too.
"""
import asyncio
import email
import email.policy
import json
import os
import ssl
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path


class Taking:
    def __init__(self, folder):
        self.folder, self.taken = folder, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse@"):
            return "550 5.1.1 there is nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken += 1
        part = self.folder / f"{self.taken}.part"
        part.write_bytes(envelope.content)
        os.replace(part, self.folder / f"{self.taken}.eml")
        if envelope.rcpt_tos[0].startswith("hold@"):
            await asyncio.sleep(600)
        return "250 OK"


def serve(folder, port, starttls):
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    folder = Path(folder)
    options = {}
    if starttls:
        import trustme

        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "authority.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)

        def knows(server, session, envelope, mechanism, login):
            return AuthResult(success=(login.login, login.password) == (b"studio", b"a secret"), handled=False)

        options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": knows}
    name = "localhost" if starttls else "127.0.0.1"
    Controller(Taking(folder), hostname=name, port=int(port), **options).start()
    print("ready", flush=True)
    # Ends with whoever started it.
    sys.stdin.read()
    os._exit(0)


def letter(file):
    read = email.message_from_bytes(Path(file).read_bytes(), policy=email.policy.strict)
    text = read.get_body().get_content()
    headers = {name.lower(): str(value) for name, value in read.items()}
    at = parsedate_to_datetime(headers["date"])
    print(json.dumps({"headers": headers, "text": text, "day": at.date().isoformat(), "type": read.get_content_type(),
                      "charset": read.get_content_charset(), "names": len(read.keys())}))


def calendar(file):
    from icalendar import Calendar

    read = Calendar.from_ical(Path(file).read_bytes())
    assert not read.errors and all(not event.errors for event in read.walk()), read.errors
    days = [{"title": str(event["summary"]), "from": event.decoded("dtstart").isoformat(), "uid": str(event["uid"]),
             "words": str(event.get("description", ""))} for event in read.walk("VEVENT")]
    print(json.dumps({"name": str(read.get("name", "")), "days": days}))


def main():
    what, *rest = sys.argv[1:]
    match what:
        case "serve":
            serve(rest[0], rest[1], "starttls" in rest)
        case "letter":
            letter(rest[0])
        case "calendar":
            calendar(rest[0])


main()
