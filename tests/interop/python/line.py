"""One connection: frames, results, keep-alives and acknowledgements. What the two sides have in common.

Everything happens on one event loop: nothing is locked, and TLS is never used by two threads at once.
"""
import asyncio
import itertools

import values

UNAUTHORIZED = {"OK": False, "Errno": 1111, "Message": "Unauthorized query ( 1111 : Unauthorized query)"}
KEEP_ALIVE = b"dka"
# A colon is looked for in the first ten bytes.
LONGEST_LENGTH = 9
# Seconds.
ACKNOWLEDGEMENT = 30


class Broken(Exception):
    """The other side has closed, or says nothing that could be understood."""


class Refused(Exception):
    """The other side has answered with an error: here is its result."""

    def __init__(self, result):
        super().__init__(result["Message"])
        self.result = result


def success(value=None):
    return {"OK": True, "Value": value}


def error(message):
    return {"OK": False, "Errno": 0, "Message": message}


def wire_order(names):
    """Attributes travel without names, in this order."""
    return sorted(names, key=lambda name: (name.lower(), name))


class Line:
    """See the module's text."""

    def __init__(self, reader, writer, encoding, broker):
        self._reader = reader
        self._writer = writer
        self._encoding = encoding
        self._broker = broker
        self._ids = itertools.count()
        self._acknowledgements = {}
        self._pongs = {}
        self._handled = set()
        self.closed = False
        ends = [writer.get_extra_info(name) for name in ("sockname", "peername")]
        if None in ends:
            writer.close()
            raise Broken("Connection closed by peer")
        self.trid = "->".join(f"{host}:{port}" for host, port, *_ in ends)

    @property
    def tls(self):
        """What is known of the connection's TLS; `None` where there is none."""
        return self._writer.get_extra_info("ssl_object")

    def write(self, payload, prefix=b""):
        """Each frame by itself: the original reads one frame of a TLS record, and lets the others lie."""
        data = values.encode(payload, self._encoding)
        self._writer.write(b"%s%d:%s" % (prefix, len(data), data))

    async def result(self, longest=None):
        """The next result. Keep-alives between two steps of a conversation are answered on the way."""
        while True:
            prefix, payload = await self._frame(longest)
            if prefix == KEEP_ALIVE:
                self._kept_alive(payload)
            elif not isinstance(payload, dict) or "OK" not in payload:
                raise Broken("That is no result.")
            else:
                return payload

    async def expect(self):
        """The value of the next result, which is to be a success."""
        result = await self.result()
        if not result["OK"]:
            raise Refused(result)
        return result["Value"]

    async def _frame(self, longest):
        try:
            prefix = b""
            length = b""
            while not length.endswith(b":"):
                length += await self._reader.readexactly(1)
                if length == KEEP_ALIVE:
                    prefix, length = length, b""
                elif len(length) > LONGEST_LENGTH + 1:
                    raise Broken("That is no length.")
            size = int(length[:-1])
            if size <= 0 or longest is not None and size > longest:
                raise Broken("That is no length.")
            return prefix, values.decode(await self._reader.readexactly(size))
        except (OSError, EOFError, ValueError, values.Unreadable) as broken:
            raise Broken(str(broken)) from broken

    def _kept_alive(self, payload):
        if not payload["OK"]:
            raise Broken("A keep-alive went wrong.")
        found = payload["Value"]
        if found["kaping"]:
            self.write(success({"id": found["id"], "kaping": False}), KEEP_ALIVE)
        elif found["id"] in self._pongs:
            self._pongs.pop(found["id"]).set_result(None)

    async def ping(self):
        """Sends a keep-alive, and waits for the answer."""
        ping = f"{self.trid}{next(self._ids)}"
        answer = self._pongs[ping] = asyncio.get_running_loop().create_future()
        self.write(success({"id": ping, "kaping": True}), KEEP_ALIVE)
        await asyncio.wait_for(answer, ACKNOWLEDGEMENT)

    async def send(self, name, attributes, acknowledged):
        """Sends a message. Gives the result that the other side acknowledges it with, or a success at once."""
        if self.closed:
            return error("Connection closed by peer")
        given = [attributes[one] for one in wire_order(attributes)]
        message = {"request": True, "name": name, "attrs": [acknowledged, given]}
        if not acknowledged:
            self.write(success(message))
            return success()
        message["id"] = f"{self._broker}:{next(self._ids)}"
        answer = self._acknowledgements[message["id"]] = asyncio.get_running_loop().create_future()
        self.write(success(message))
        try:
            result = await asyncio.wait_for(answer, ACKNOWLEDGEMENT)
        except asyncio.TimeoutError:
            result = error("Timeout while waiting for message ack")
        if not result["OK"]:
            self.close()
        return result

    async def listen(self, definitions, handle):
        """Hears messages until the connection is gone: `handle(name, attributes, flag)` is false where it is to end.

        Several may be handled at the same time.
        """
        try:
            while True:
                frame = await self.expect()
                if not frame["request"]:
                    self._acknowledged(frame["id"], frame["result"])
                    continue
                # It says that the message has arrived, and nothing else.
                if "id" in frame:
                    self.write(success({"request": False, "id": frame["id"], "result": success()}))
                name = frame["name"]
                flag, given = frame.get("attrs", (False, ()))
                attributes = _named(definitions[name], given)
                task = asyncio.ensure_future(self._handle(handle, name, attributes, bool(flag)))
                self._handled.add(task)
                task.add_done_callback(self._handled.discard)
        except (Broken, Refused, KeyError, TypeError, ValueError):
            pass  # Whatever breaks a rule ends the connection, without a word.
        finally:
            self.close()

    async def _handle(self, handle, name, attributes, flag):
        try:
            if await handle(name, attributes, flag):
                return
        except Exception:  # A callback may fail in any way: the connection ends.
            pass
        self.close()

    def _acknowledged(self, message, result):
        answer = self._acknowledgements.pop(message, None)
        if not isinstance(result, dict) or "OK" not in result:
            raise Broken("That is no acknowledgement.")
        if answer is not None and not answer.done():
            answer.set_result(result)

    def close(self):
        """Once is enough. What has been written still leaves."""
        if self.closed:
            return
        self.closed = True
        for answer in self._acknowledgements.values():
            if not answer.done():
                answer.set_result(error("Connection closed by peer"))
        self._writer.close()


def _named(definition, given):
    """Attributes by name. What is too much is passed over, as in the original; a declared type is insisted on."""
    names = wire_order(definition)
    if not isinstance(given, (list, tuple)) or len(given) < len(names):
        raise ValueError("There are too few attributes.")
    attributes = dict(zip(names, given))
    for name, kind in definition.items():
        if kind is not None and not isinstance(attributes[name], kind):
            raise ValueError(f"{name} is not what it is declared to be.")
    return attributes
