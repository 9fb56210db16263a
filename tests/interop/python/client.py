"""Clients of stable connections: `client.py SETTINGS`, where SETTINGS is JSON (`../dirac.ts`).

Takes the orders that `../dirac_client.py` takes, and tells what it tells, without DIRAC.
"""
import asyncio
import ssl
import urllib.parse
import uuid

import program
from line import Broken, Line, Refused, error, success
from messages import TO_CLIENT, TO_SERVICE, VERSION

import exchange

# Seconds, for TCP and TLS together.
PATIENCE = 10


class Client:
    """One connection at a time. What is sent without one makes one first, with the arguments of the last."""

    def __init__(self, name, url, options, settings):
        parts = urllib.parse.urlsplit(url)
        self._host, self._port, self._service = parts.hostname, parts.port, parts.path.strip("/")
        self._tls = _tls(options, settings) if parts.scheme == "dips" else None
        setup, vo = options.get("setup", settings["setup"]), options.get("VO", settings["vo"])
        self._target = [self._service, setup, vo]
        self._extra = "hosts" if options.get("useCertificates") else ""
        self._encoding = settings["encoding"]
        self._name = name
        self._arguments = {}
        self._answers = {}
        self._line = None
        self._left = False
        self.identity = uuid.uuid4().hex

    @property
    def connected(self):
        return self._line is not None and not self._line.closed

    def subscribe(self, message, answer):
        """Tells of the messages of one name; with `answer` "error" or "raise", the callback does that."""
        self._answers[message] = answer

    async def connect(self, arguments):
        """Gives the result of the service's `conn_new`, or of what went wrong before."""
        if self.connected:
            return error("Already connected")
        if arguments:
            self._arguments = arguments
        try:
            line, result = await self._speak("Connection", "new", [self.identity, self._arguments])
        except (OSError, asyncio.TimeoutError, Broken) as broken:
            return error(str(broken) or type(broken).__name__)
        except Refused as refused:
            return refused.result
        if not result["OK"]:
            line.close()
            return result
        self._line = line
        self._left = False
        asyncio.ensure_future(self._listen(line))
        return success()

    async def call(self, method, arguments):
        """A remote procedure call, on a connection of its own."""
        try:
            line, result = await self._speak("RPC", method, list(arguments))
        except Refused as refused:
            return refused.result
        line.close()
        return result

    async def send(self, name, attributes, acknowledged):
        if not self.connected:
            result = await self.connect({})
            if not result["OK"]:
                return result
        return await self._line.send(name, {key: attributes[key] for key in TO_SERVICE[name]}, acknowledged)

    async def ping(self):
        await self._line.ping()

    def disconnect(self):
        """The other side's callbacks hear of it, and not this one's."""
        self._left = True
        if self._line is not None:
            self._line.close()

    async def _speak(self, kind, action, content):
        """A new connection: proposal and arguments, each with its answer."""
        opened = asyncio.open_connection(self._host, self._port, ssl=self._tls)
        reader, writer = await asyncio.wait_for(opened, PATIENCE)
        line = Line(reader, writer, self._encoding, "GlobalMessageBroker")
        try:
            line.write(success([self._target, [kind, action], self._extra, VERSION]))
            await line.expect()
            line.write(success(content))
            return line, await line.result()
        except BaseException:
            line.close()
            raise

    async def _listen(self, line):
        async def handle(name, attributes, flag):
            exchange.event("message", client=self._name, name=name, values=attributes, acknowledged=flag)
            answer = self._answers[name]
            if answer == "raise":
                raise ValueError("The callback failed.")
            return answer == "ok"

        await line.listen(TO_CLIENT, handle)
        if not self._left:
            exchange.event("dropped", client=self._name)


def _tls(options, settings):
    context = ssl.create_default_context(capath=settings["authorities"])
    # One authority made it all, without what stricter checks want of it.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if options.get("useCertificates"):
        context.load_cert_chain(settings["host"]["cert"], settings["host"]["key"])
    else:
        context.load_cert_chain(options["proxyLocation"])
    return context


async def run(settings):
    """Clients are known by the names that the orders give them."""
    clients = {}

    async def open_client(client, url, options):
        clients[client] = Client(client, url, options, settings)

    async def subscribe(client, message, answer):
        clients[client].subscribe(message, answer)

    async def connect(client, arguments):
        return await clients[client].connect(arguments)

    async def send(client, name, values, acknowledged):
        return await clients[client].send(name, values, acknowledged)

    async def call(url, options, method, arguments):
        return await Client("", url, options, settings).call(method, arguments)

    async def rename(client, name):
        clients[client].identity = name

    async def is_connected(client):
        return clients[client].connected

    async def disconnect(client):
        clients[client].disconnect()

    async def ping(client):
        await clients[client].ping()

    commands = {
        "open": open_client,
        "subscribe": subscribe,
        "connect": connect,
        "send": send,
        "call": call,
        "rename": rename,
        "connected": is_connected,
        "disconnect": disconnect,
        "ping": ping,
    }
    return {"version": VERSION}, commands


if __name__ == "__main__":
    program.start(run)
