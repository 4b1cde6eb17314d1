"""A real SMTP server (aiosmtpd) that fails where a test wants it, and a second opinion on what a message says.

    smtp_server.py serve --store FOLDER [options]   serves on a free port of 127.0.0.1, which it prints as {"port": 12345};
                                                    ends when its standard input does
    smtp_server.py read FILE…                       prints what Python's email package reads in each file, as a JSON list

A fault is named by the local part of the sender (step `mail`) or of the recipient (the others): STEP-WHAT or STEP-WHATxTIMES,
for the first so many times only. Steps are `mail`, `rcpt`, `data` (the command), `body` (between 354 and the dot) and `dot`.

    550, 421, …   answers with this code (421 closes)    mute    never answers
    drop          closes; at `dot` the message is kept   lose    at `dot`: closes, and the message is lost
    noise         answers what is no SMTP                flood   answers with 10 MB on one line
    sjis          answers 250 in Shift_JIS               slow    at `dot`: answers after --slow seconds

What it takes is in FOLDER/00001.json and so on, every command in FOLDER/commands.jsonl, before it is answered. With --tally, for
very many messages, each is a line of FOLDER/tally.jsonl instead, and commands are not noted.
"""

import argparse
import asyncio
import email
import email.header
import email.policy
import email.utils
import json
import os
import re
import socket
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

FAULT = re.compile(r"(mail|rcpt|data|body|dot)-(\w+?)(?:x(\d+))?")
RECORDED = ["EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "QUIT", "NOOP"]


def reading(raw):
    """What a program that we did not write reads in the message."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    # Its newer parser forgets that encoded words in a name belong together; its older one does not.
    older = email.message_from_bytes(raw)
    lines = raw.split(b"\r\n")

    def mailbox(name):
        if older[name] is None:
            return None
        unfolded = re.sub(r"\r?\n", "", older[name])
        phrase, address = email.utils.parseaddr(unfolded)
        return [str(email.header.make_header(email.header.decode_header(phrase))), address]

    unstructured = [message["subject"], message["date"], message["message-id"]]
    defects = message.defects + [defect for header in unstructured for defect in header.defects]
    return {
        "headers": message.keys(),
        "subject": message["subject"],
        "from": mailbox("from"),
        "to": mailbox("to"),
        "reply_to": mailbox("reply-to"),
        "message_id": message["message-id"],
        "date": message["date"].datetime.isoformat(),
        "auto_submitted": message["auto-submitted"],
        "type": message.get_content_type(),
        "charset": message.get_content_charset(),
        "text": message.get_content().replace("\r\n", "\n"),
        "defects": [repr(defect) for defect in defects],
        "longest_line": max(len(line) for line in lines),
        "clean_lines": not any(b"\r" in line or b"\n" in line for line in lines),
        "ascii": raw.isascii(),
    }


def tallied(envelope):
    """Who was meant to get the message, by its envelope, its header and its own words."""
    message = email.message_from_bytes(envelope.original_content)
    return {
        "message_id": message["message-id"],
        "recipients": envelope.rcpt_tos,
        "to": email.utils.parseaddr(message["to"])[1],
        "text": message.get_payload(decode=True).decode(message.get_content_charset()),
    }


class Store:
    def __init__(self, folder, tally):
        self.folder = folder
        self.tally = open(os.path.join(folder, "tally.jsonl"), "a", buffering=1) if tally else None
        self.count = 0
        self.commands = open(os.path.join(folder, "commands.jsonl"), "a", buffering=1)
        self.met = {}

    def command(self, session, encrypted, name, argument):
        if self.tally:
            return
        row = {"session": session, "encrypted": encrypted, "name": name, "argument": argument or ""}
        self.commands.write(json.dumps(row) + "\n")

    def message(self, session, encrypted, envelope):
        if self.tally:
            self.tally.write(json.dumps(tallied(envelope)) + "\n")
            return
        self.count += 1
        path = os.path.join(self.folder, f"{self.count:05}.json")
        raw = envelope.original_content
        row = {
            "session": session,
            "encrypted": encrypted,
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "bytes": raw.decode("latin-1"),
            **reading(raw),
        }
        with open(path + ".part", "w") as file:
            json.dump(row, file)
        os.rename(path + ".part", path)

    def still_fails(self, local, times):
        self.met[local] = self.met.get(local, 0) + 1
        return times is None or self.met[local] <= int(times)


class Server(SMTP):
    sessions = 0

    def __init__(self, options, store, **settings):
        super().__init__(Handler(), **settings)
        self.options = options
        self.store = store
        Server.sessions += 1
        self.number = Server.sessions

    @property
    def encrypted(self):
        return self.transport.get_extra_info("sslcontext") is not None

    async def _handle_client(self):
        if self.options.at_connect == "close":
            self.transport.abort()
        if self.options.at_connect in ("close", "mute"):
            await forever()
        if self.options.at_connect in ("554", "421"):
            await self.push(f"{self.options.at_connect} {self.options.at_connect[0]}.7.0 not from there")
            self.transport.close()
            return
        await super()._handle_client()

    async def push(self, status):
        if isinstance(status, str) and status.startswith("220 Ready") and self.options.inject:
            status += "\r\n250 injected"
        if isinstance(status, bytes):
            self._writer.write(status + b"\r\n")
            await self._writer.drain()
        else:
            await super().push(status)
        if isinstance(status, str) and status.startswith("421"):
            self.transport.close()
        if isinstance(status, str) and status.startswith("354") and self.envelope.rcpt_tos:
            await self.body_fault(self.envelope.rcpt_tos[0])

    async def body_fault(self, recipient):
        what = self.fault("body", recipient)
        if what is None:
            return
        self.transport.pause_reading()
        if what == "drop":
            await asyncio.sleep(0.3)
            self.transport.abort()
        await forever()

    def fault(self, step, address):
        match = FAULT.fullmatch(address.partition("@")[0])
        if match is None or match[1] != step or not self.store.still_fails(match[0], match[3]):
            return None
        return match[2]

    async def at(self, step, address):
        """The answer of a fault, or None where there is none."""
        return await self.answer(self.fault(step, address), address)

    async def answer(self, what, address):
        if what in ("drop", "lose"):
            self.transport.abort()
        if what in ("drop", "lose", "mute"):
            await forever()
        if what == "slow":
            await asyncio.sleep(self.options.slow)
            return None
        if what == "noise":
            return "how do you do"
        if what == "flood":
            return b"250 " + b"x" * (10 << 20)
        if what == "sjis":
            return "250 2.0.0 受け付けました".encode("shift_jis")
        if what is None:
            return None
        finer = {"5": "5.1.1", "4": "4.2.0"}.get(what[0], "2.0.0")
        return f"{what} {finer} <{address}>: as the test wants it"


def recorded(name):
    of_library = getattr(SMTP, "smtp_" + name)

    async def command(self, argument):
        self.store.command(self.number, self.encrypted, name, argument)
        if name == "EHLO" and self.options.mute_hello:
            await forever()
        if name == "DATA" and self.envelope.rcpt_tos:
            answer = await self.at("data", self.envelope.rcpt_tos[0])
            if answer is not None:
                await self.push(answer)
                return
        await of_library(self, argument)

    command.__doc__ = of_library.__doc__
    for attribute, value in vars(of_library).items():
        setattr(command, attribute, value)
    return command


for name in RECORDED:
    setattr(Server, "smtp_" + name, recorded(name))


class Handler:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [line for line in responses if not server.options.strip or server.options.strip not in line]

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = await server.at("mail", address)
        if answer is not None:
            return answer
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await server.at("rcpt", address)
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        what = server.fault("dot", envelope.rcpt_tos[0])
        if what != "lose" and not (what and what.isdigit()):
            server.store.message(server.number, server.encrypted, envelope)
        answer = await server.answer(what, envelope.rcpt_tos[0])
        return answer or "250 2.0.0 OK"


async def forever():
    await asyncio.Event().wait()


async def serve(options):
    store = Store(options.store, options.tally)
    settings = {"hostname": "sink.example.jp", "data_size_limit": 64 << 20}
    # It would hang up on who waits for a slow answer.
    settings["timeout"] = max(300, options.slow + 60)
    context = None
    if options.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
        if not options.implicit:
            settings["tls_context"] = context
    if options.user:

        def authenticator(server, session, envelope, mechanism, data):
            given = (data.login.decode(), data.password.decode())
            return AuthResult(success=given == (options.user, options.password), handled=False)

        settings |= {"authenticator": authenticator, "auth_required": True}
        settings["auth_require_tls"] = not options.implicit and context is not None

    listener = socket.socket()
    if options.small_window:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    listener.bind(("127.0.0.1", 0))
    loop = asyncio.get_running_loop()
    await loop.create_server(
        lambda: Server(options, store, **settings), sock=listener, ssl=context if options.implicit else None
    )
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    # The test holds the other end of it, however it ends.
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve")
    serving.add_argument("--store", required=True)
    serving.add_argument("--tally", action="store_true")
    serving.add_argument("--certificate")
    serving.add_argument("--key")
    serving.add_argument("--implicit", action="store_true")
    serving.add_argument("--user")
    serving.add_argument("--password")
    # An extension that is not offered.
    serving.add_argument("--strip")
    serving.add_argument("--inject", action="store_true")
    serving.add_argument("--mute-hello", action="store_true")
    # A long message that is not read does not fit into the sockets then.
    serving.add_argument("--small-window", action="store_true")
    serving.add_argument("--slow", type=int, default=5)
    serving.add_argument("--at-connect", choices=["close", "mute", "554", "421"])
    files = commands.add_parser("read")
    files.add_argument("files", nargs="+")
    options = parser.parse_args()
    if options.command == "serve":
        asyncio.run(serve(options))
    else:
        found = []
        for path in options.files:
            with open(path, "rb") as file:
                found.append(reading(file.read()))
        print(json.dumps(found))


main()
