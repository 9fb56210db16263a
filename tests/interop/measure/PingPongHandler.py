"""The handler of `Framework/PingPong`, with nothing in it that takes time. DIRAC wants a class named like its file."""
from DIRAC.Core.DISET.RequestHandler import RequestHandler


class PingPongHandler(RequestHandler):
    """Answers every Ping with a Pong."""

    MSG_DEFINITIONS = {"Ping": {"id": int}, "Pong": {"id": int}}

    auth_msg_Ping = ["all"]

    def msg_Ping(self, message):
        """Answered by a Pong of the same id."""
        result = self.srv_msgCreate("Pong")
        if not result["OK"]:
            return result
        pong = result["Value"]
        pong.id = message.id
        return self.srv_msgReply(pong)
