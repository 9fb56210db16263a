"""Services of stable connections: `service.py SETTINGS`, where SETTINGS is JSON (`../dirac.ts`).

Tells what `../dirac_service.py` and its handlers tell, without DIRAC.
"""
import asyncio
import datetime
import ssl

import program
from callers import Caller, caller_of, is_allowed
from line import UNAUTHORIZED, Broken, Line, Refused, error, success
from messages import TO_CLIENT, TO_SERVICE, VERSION

import exchange

LONGEST_PROPOSAL = 1024
CONNECTIONS = 20
RULES = {"Restricted": ["CSAdministrator"]}


class Service:
    """One of the services, on a port of its own."""

    def __init__(self, name, options, settings):
        self.name = name
        rules = options.get("Authorization", {})
        # Who may connect to a service may ask it things too, unless the configuration says more.
        self._default = _words(rules.get("Default"))
        self._connection = _words(rules.get("Connection", {}).get("Default"))
        # One more is let in.
        self._room = int(options.get("MaxMessagingConnections", CONNECTIONS)) + 1
        self._settings = settings
        self._lines = {}

    async def listen(self, protocol):
        """Gives the port."""
        tls = self._tls() if protocol == "dips" else None
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        return server.sockets[0].getsockname()[1]

    def _tls(self):
        settings = self._settings
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings["host"]["cert"], settings["host"]["key"])
        context.load_verify_locations(capath=settings["authorities"])
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_ALLOW_PROXY_CERTS
        return context

    async def _serve(self, reader, writer):
        try:
            line = Line(reader, writer, self._settings["encoding"], f"{self.name}MSB")
            await self._propose(line)
        except (Broken, Refused, KeyError, TypeError, ValueError):
            pass  # It has said what it had to say.
        finally:
            writer.close()

    async def _propose(self, line):
        """A proposal is refused with a word; what comes of it afterwards depends on its kind."""
        try:
            result = await line.result(LONGEST_PROPOSAL)
            (service, *claims), (kind, action), extra, *version = result["Value"]
        except (Broken, KeyError, TypeError, ValueError):
            line.write(error("Invalid action proposal"))
            return
        caller = caller_of(line.tls, extra, self._settings["registry"])
        if service != self.name:
            line.write(error(f"{service} is not up in this server"))
        elif kind not in ("RPC", "Connection"):
            line.write(error(f"{kind} is not a known action type"))
        elif not is_allowed(caller, self._connection if kind == "Connection" else self._default):
            line.write(UNAUTHORIZED)
        elif kind == "RPC":
            line.write(success())
            line.write(self._called(action, await line.expect(), caller))
        else:
            line.write(success())
            await self._converse(line, caller, (*claims, *version))

    def _called(self, method, arguments, caller):
        if method == "ping":
            now = datetime.datetime.now().replace(microsecond=0)
            return success({"name": self.name, "time": now, "version": VERSION})
        if method == "whoami":
            return success(caller.credentials)
        if method == "echo" and len(arguments) == 1:
            return success(arguments[0])
        return error(f"Unknown method {method}")

    async def _converse(self, line, caller, claims):
        if len(self._lines) >= self._room:
            return
        self._lines[line.trid] = line
        told = False
        try:
            content = await line.expect()
            if not isinstance(content, (list, tuple)) or len(content) != 2:
                line.write(error("Expected 2 arguments"))
                return
            identity, arguments = content
            if not isinstance(arguments, dict):
                line.write(error("Invalid type for argument 1"))
                return
            setup, vo, version = (*claims, None, None, None)[:3]
            told = True
            who = {"credentials": caller.credentials, "setup": setup, "vo": vo, "version": version}
            self._tell(line, "new", identity=identity, arguments=arguments, **who)
            verdict = _verdict(arguments, "new")
            line.write(verdict)
            if not verdict["OK"]:
                return
            self._tell(line, "connected", identity=identity, arguments=arguments)
            if _verdict(arguments, "connected")["OK"]:
                await line.listen(TO_SERVICE, lambda *message: self._handle(line, caller, *message))
        finally:
            del self._lines[line.trid]
            if told:
                self._tell(line, "dropped")

    async def _handle(self, line, caller, name, attributes, flag):
        if not is_allowed(caller, RULES.get(name)) or name == "Unhandled":
            return False
        self._tell(line, "message", name=name, values=attributes, acknowledged=flag)
        answers = {"Ping": "Pong", "Echo": "Echoed", "Sample": "Sampled", "Empty": "Emptied"}
        if name in answers:
            await line.send(answers[name], attributes, False)
        elif name == "Push":
            notice = {key: attributes[key] for key in TO_CLIENT["Notice"]}
            await self.push(line.trid, "Notice", notice, attributes["acknowledged"])
        return name not in ("Fail", "Leave")

    async def push(self, trid, name, values, acknowledged):
        """Sends a message to one client, and tells what came of it."""
        result = await self._lines[trid].send(name, values, acknowledged)
        exchange.event("pushed", trid=trid, name=name, result=result)
        return result

    async def ping(self, trid):
        """Sends a client a keep-alive: the original's services answer only, but its clients would answer one too."""
        await self._lines[trid].ping()

    def _tell(self, line, event, **what):
        exchange.event(event, trid=line.trid, **what)


def _words(rule):
    return [rule] if isinstance(rule, str) else rule


def _verdict(arguments, step):
    if arguments.get("raise") == step:
        return error(f"Server error while serving {step}: The handler failed.")
    return error("Not today.") if arguments.get("refuse") == step else success()


async def run(settings):
    """Serves until it is told to close."""
    services = {}
    ports = {}
    for name, one in settings["services"].items():
        services[name] = Service(name, one["options"], settings)
        ports[name] = await services[name].listen(one["protocol"])

    async def push(service, trid, name, values, acknowledged):
        return await services[service].push(trid, name, values, acknowledged)

    async def ping(service, trid):
        await services[service].ping(trid)

    return {"version": VERSION, "ports": ports}, {"push": push, "ping": ping}


if __name__ == "__main__":
    program.start(run)
