"""The handler of `Tests/Lab`: a message for each thing that can happen on a stable connection.

A client loads this too, for `MSG_DEFINITIONS`. DIRAC wants a class named like its file.
"""
import datetime

import exchange
from DIRAC import S_ERROR, S_OK
from DIRAC.Core.DISET.RequestHandler import RequestHandler

_SAMPLE = {
    "flag": bool,
    "count": int,
    "ratio": float,
    "text": str,
    "items": list,
    "table": dict,
    "when": datetime.datetime,
    # A list would be taken here, and break the first who sends one.
    "either": (int, str),
    "anything": None,
}


class LabHandler(RequestHandler):
    """See the module's text."""

    MSG_DEFINITIONS = {
        # To the service.
        "Ping": {"id": int},
        "Echo": {"value": None},
        "Sample": _SAMPLE,
        "Empty": {},
        "Note": {"text": str},
        "Push": {"number": int, "text": str, "acknowledged": bool},
        "Fail": {"how": str},
        "Restricted": {"text": str},
        "Unhandled": {"text": str},
        "Leave": {},
        # To the client.
        "Pong": {"id": int},
        "Echoed": {"value": None},
        "Sampled": _SAMPLE,
        "Emptied": {},
        "Notice": {"number": int, "text": str},
    }

    # The rules of a service are read from what its handlers say, and changed in place: a list for each.
    auth_msg_Ping = ["all"]
    auth_msg_Echo = ["all"]
    auth_msg_Sample = ["all"]
    auth_msg_Empty = ["all"]
    auth_msg_Note = ["all"]
    auth_msg_Push = ["all"]
    auth_msg_Fail = ["all"]
    auth_msg_Restricted = ["CSAdministrator"]
    auth_msg_Unhandled = ["all"]
    auth_msg_Leave = ["all"]

    def conn_new(self, trid, identity, arguments):
        """Says who is there. Fails where the arguments ask for it: `{"refuse": "new"}` or `{"raise": "new"}`."""
        self._tell(
            "new",
            identity=identity,
            arguments=arguments,
            credentials={key: value for key, value in self.getRemoteCredentials().items() if key != "x509Chain"},
            setup=self.srv_getClientSetup(),
            vo=self.srv_getClientVO(),
            version=self.srv_getClientVersion(),
        )
        return _verdict(arguments, "new")

    def conn_connected(self, trid, identity, arguments):
        """As `conn_new`, by `{"refuse": "connected"}` or `{"raise": "connected"}`."""
        self._tell("connected", identity=identity, arguments=arguments)
        return _verdict(arguments, "connected")

    def conn_drop(self, trid):
        """Says who has gone."""
        self._tell("dropped")
        return S_OK()

    def msg_Ping(self, message):
        """Answered by a Pong of the same id."""
        return self._answer(message, "Pong", id=message.id)

    def msg_Echo(self, message):
        """Answered by an Echoed of the same value."""
        return self._answer(message, "Echoed", value=message.value)

    def msg_Sample(self, message):
        """Answered by a Sampled of the same values."""
        return self._answer(message, "Sampled", **{name: getattr(message, name) for name in _SAMPLE})

    def msg_Empty(self, message):
        """Answered by an Emptied."""
        return self._answer(message, "Emptied")

    def msg_Note(self, message):
        """Not answered."""
        self._heard(message)
        return S_OK()

    def msg_Push(self, message):
        """Answered by a Notice."""
        self._heard(message)
        values = {"number": message.number, "text": message.text}
        self.push(self.srv_getTransportID(), "Notice", values, message.acknowledged)
        return S_OK()

    def msg_Fail(self, message):
        """Fails in the way that is named: `error`, `raise` or `nothing`."""
        self._heard(message)
        if message.how == "raise":
            raise ValueError("The handler failed.")
        return S_ERROR("The handler refused.") if message.how == "error" else None

    def msg_Restricted(self, message):
        """For administrators only."""
        self._heard(message)
        return S_OK()

    def msg_Leave(self, message):
        """The service closes."""
        self._heard(message)
        self.srv_disconnect()
        return S_OK()

    @classmethod
    def push(cls, trid, name, values, acknowledged):
        """Sends a message to one client, and tells what came of it."""
        result = cls.srv_msgCreate(name)
        if result["OK"]:
            message = result["Value"]
            message.setWaitForAck(acknowledged)
            result = message.loadAttrsFromDict(values)
            if result["OK"]:
                result = cls.srv_msgSend(trid, message)
        exchange.event("pushed", trid=trid, name=name, result=_plain(result))
        return _plain(result)

    def _answer(self, message, name, **values):
        self._heard(message)
        result = self.srv_msgCreate(name)
        if not result["OK"]:
            return result
        answer = result["Value"]
        answer.loadAttrsFromDict(values)
        return self.srv_msgReply(answer)

    def _heard(self, message):
        values = {name: getattr(message, name) for name in message.getAttrNames()}
        self._tell("message", name=message.getName(), values=values, acknowledged=message.getWaitForAck())

    def _tell(self, event, **what):
        exchange.event(event, trid=self.srv_getTransportID(), **what)


def _verdict(arguments, step):
    if arguments.get("raise") == step:
        raise ValueError("The handler failed.")
    return S_ERROR("Not today.") if arguments.get("refuse") == step else S_OK()


def _plain(result):
    return {key: value for key, value in result.items() if key != "CallStack"}
