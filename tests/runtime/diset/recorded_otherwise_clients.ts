/**
 * What our clients do otherwise than the original's, on purpose, when a recorded service speaks to them. As for our
 * services, nothing is said here of what holds everywhere (`recorded_otherwise.ts`); our clients say no version either,
 * and the ids of their messages begin otherwise.
 *
 * @module
 */

import { inBoth, type Otherwise } from "./recorded_otherwise.ts";

/** By scenario; and where the two sides write differently, by how the client does. */
export const CLIENTS_OTHERWISE: Readonly<Record<string, Otherwise>> = {
  "reject-conn-connected": inBoth("The recorded client had not noticed yet that the service had closed.", [
    '1 - {"OK": True, "Value": {"request": True, "name": "Ping", "attrs": [False, [1]]}}',
    "1 + closed",
  ]),
  "no-callback-on-client": inBoth(
    "Messages that nobody listens for are passed over: they are no fault of the service's.",
    [
      "0 - closed",
      "0 + nothing",
    ],
  ),
  "keepalive-from-client": {
    why: "Our clients send keep-alives when they like, not when these were sent.",
    json: [
      '0 - keep-alive {"OK": True, "Value": {"id": "d0944de57498552cf3f3851151fda6f00", "kaping": True}}',
      "0 + nothing",
      '0 - keep-alive {"OK": True, "Value": {"id": "d0944de57498552cf3f3851151fda6f01", "kaping": True}}',
      "0 + nothing",
    ],
    dencode: [
      '0 - keep-alive {"OK": True, "Value": {"id": "1b6dd3ef6d1df86753bd506b41efe2340", "kaping": True}}',
      "0 + nothing",
      '0 - keep-alive {"OK": True, "Value": {"id": "1b6dd3ef6d1df86753bd506b41efe2341", "kaping": True}}',
      "0 + nothing",
    ],
  },
  "value-floats": {
    why: "To a program, a number in `any` is a number: what has no fraction is sent as an int.",
    json: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [[0.0, -0.0, 0.1, 1.0, -2.5, 1000000000000000.0, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-308, 5e…',
      '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [[0, -0.0, 0.1, 1, -2.5, 1000000000000000, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-308, 5e-324, …',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[0.0, -0.0, 0.1, 1.0, -2.5, 1000000000000000.0, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-30…',
      '0 heard + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[0, -0.0, 0.1, 1, -2.5, 1000000000000000, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-308, 5e-…',
    ],
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [[0.0, -0.0, 0.1, 1.0, -2.5, 1000000000000000.0, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-308, 5e…',
      '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [[0, -0.0, 0.1, 1, -2.5, 1000000000000000, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-308, 5e-324, …',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[0.0, -0.0, 0.1, 1.0, -2.5, 1000000000000000.0, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-30…',
      '0 heard + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[0, -0.0, 0.1, 1, -2.5, 1000000000000000, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-308, 0, …',
    ],
  },
  "value-date": inBoth("A date is its first moment.", [
    '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [date(2024,2,29)]]}}',
    '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [date(2024,2,29) time(0,0,0,0)]]}}',
    '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [date(2024,2,29)]]}}',
    '0 heard + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [date(2024,2,29) time(0,0,0,0)]]}}',
  ]),
  "value-dict-key-order": inBoth("Of an object's keys those that are whole numbers come first, in any JavaScript.", [
    '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [{"z": 1, "a": 2, "M": 3, "10": 4, "9": 5}]]}}',
    '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [{"9": 5, "10": 4, "z": 1, "a": 2, "M": 3}]]}}',
    '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"z": 1, "a": 2, "M": 3, "10": 4, "9": 5}]]}}',
    '0 heard + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"9": 5, "10": 4, "z": 1, "a": 2, "M": 3}]]}}',
  ]),
  "value-dict-unknown-marker": {
    why: "Nothing is sent that JSON's readers would take for a class of that name.",
    json: [
      '0 - 95:{"OK": true, "Value": {"request": true, "name": "Any", "attrs": [false, [{"__dCls": "Nope"}]]}}',
      "0 + nothing",
    ],
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [{"__dCls": "Nope"}]]}}',
      "0 + nothing",
      '0 send: Any.a0["__dCls"]: the original takes a dictionary with the key __dCls for something else, not ok',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"__dCls": "Nope"}]]}}',
    ],
  },
  "value-lone-surrogate": {
    why: "Half a character is no text.",
    json: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, ["high \\ud83d low \\udc00 end"]]}}',
      '0 + Any.a0: expected valid Unicode, got half of a surrogate pair in "high \\ud83d low \\udc00 end"',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, ["high \\ud83d low \\udc00 end"]]}}',
    ],
  },
  "value-surrogate-escaped-byte": {
    why: "What stands for a byte that is no UTF-8 is no text.",
    json: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, ["byte \\udcff"]]}}',
      '0 + Any.a0: expected valid Unicode, got half of a surrogate pair in "byte \\udcff"',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, ["byte \\udcff"]]}}',
    ],
  },
  "value-deep-list-900": inBoth("Values may be nested as deep as the limits say.", [
    '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…',
    "0 + Any.a0[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]…: values are nested more than 64 deep",
    '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…',
  ]),
  "keepalive-default-lapse-400-seconds-idle": {
    why: "Our clients send keep-alives when they like, not when these were sent.",
    json: [
      '0 - keep-alive {"OK": True, "Value": {"id": "bd2143483d2129ef5bcd6b93381ff2f50", "kaping": True}}',
      "0 + nothing",
      '0 - keep-alive {"OK": True, "Value": {"id": "bd2143483d2129ef5bcd6b93381ff2f51", "kaping": True}}',
      "0 + nothing",
    ],
  },
  "keepalive-from-client-scheduler": {
    why: "Our clients send keep-alives when they like, not when these were sent.",
    json: [
      '0 - keep-alive {"OK": True, "Value": {"id": "7c25cb6ced63991a7b95c6840ed2640a0", "kaping": True}}',
      "0 + nothing",
      '0 - keep-alive {"OK": True, "Value": {"id": "7c25cb6ced63991a7b95c6840ed2640a1", "kaping": True}}',
      "0 + nothing",
    ],
    dencode: [
      '0 - keep-alive {"OK": True, "Value": {"id": "1e0b6a9f00bb2b3ae23b592c3b43e9610", "kaping": True}}',
      "0 + nothing",
      '0 - keep-alive {"OK": True, "Value": {"id": "1e0b6a9f00bb2b3ae23b592c3b43e9611", "kaping": True}}',
      "0 + nothing",
    ],
  },
  "no-callback-on-service-with-ack": {
    why: "The acknowledgement came before the end; the recorded client lost it.",
    dencode: [
      "0 send: ok, not Connection closed by peer",
    ],
  },
  "value-tuples": {
    why: "To a program, a tuple is a list.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [(1, (2, "x", (3)), [4, (5)], ())]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [[1, [2, "x", [3]], [4, [5]], []]]]}}',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [(1, (2, "x", (3)), [4, (5)], ())]]}}',
      '0 heard + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[1, [2, "x", [3]], [4, [5]], []]]]}}',
    ],
  },
  "value-bytes": {
    why: "What stands for bytes that are no UTF-8 is no text.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, ["\\u0000\\u0001\\udcfe\\udcff plain"]]}}',
      '0 + Any.a0: expected valid Unicode, got half of a surrogate pair in "\\u0000\\u0001\\udcfe\\udcff plain"',
    ],
  },
  "value-datetime": {
    why: "A Date has milliseconds, no microseconds.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [date(2024,2,29) time(23,59,58,123456)]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [date(2024,2,29) time(23,59,58,123000)]]}}',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [date(2024,2,29) time(23,59,58,123456)]]}}',
      '0 heard + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [date(2024,2,29) time(23,59,58,123000)]]}}',
    ],
  },
  "value-dict-int-keys": {
    why: "The keys of an object are text.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [{1: "one", 2: "two", -3: "minus three"}]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [{"1": "one", "2": "two", "-3": "minus three"}]]}}',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{1: "one", 2: "two", -3: "minus three"}]]}}',
      '0 heard + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"1": "one", "2": "two", "-3": "minus three"}]]}}',
    ],
  },
  "value-dict-odd-keys": {
    why: "The keys of an object are text, as they are in JSON.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [{None: "none", True: "true", 1.5: "float", "s": "str"}]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [{"null": "none", "true": "true", "1.5": "float", "s": "str"}]]}}',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{None: "none", True: "true", 1.5: "float", "s": "str"}]]}}',
      '0 heard + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"null": "none", "true": "true", "1.5": "float", "s": "str"}]]}}',
    ],
  },
  "value-dict-tuple-key": {
    why: "No key of an object is a tuple.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [{(1, 2): "pair"}]]}}',
      '0 + Any.a0[""]: expected a key that is text, a number, true, false or None, got a tuple',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{(1, 2): "pair"}]]}}',
    ],
  },
  "value-dict-looks-like-a-marker": {
    why: "Nothing is sent that JSON's readers would take for a date.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [{"__dCls": "dt", "obj": "2024-02-29 23:59:58"}]]}}',
      "0 + nothing",
      '0 send: Any.a0["__dCls"]: the original takes a dictionary with the key __dCls for something else, not ok',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"__dCls": "dt", "obj": "2024-02-29 23:59:58"}]]}}',
    ],
  },
  "value-time": {
    why: "There is no type for a time of day.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [time(23,59,58,123456)]]}}',
      "0 + Any.a0: expected null, a boolean, a number, a bigint, a string, bytes, a Date, an array or a plain object, got a time",
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [time(23,59,58,123456)]]}}',
    ],
  },
  "value-tuples, dencode client": {
    why: "To a program, a tuple is a list.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [(1, (2, "x", (3)), [4, (5)], ())]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [[1, [2, "x", [3]], [4, [5]], []]]]}}',
    ],
  },
  "value-bytes, dencode client": {
    why: "What stands for bytes that are no UTF-8 is no text.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, ["\\u0000\\u0001\\udcfe\\udcff plain"]]}}',
      '0 + Any.a0: expected valid Unicode, got half of a surrogate pair in "\\u0000\\u0001\\udcfe\\udcff plain"',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, ["\\u0000\\u0001\\udcfe\\udcff plain"]]}}',
    ],
  },
  "value-bytes, json client": {
    why: "What stands for bytes that are no UTF-8 is no text.",
    json: [
      '0 heard - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, ["\\u0000\\u0001\\udcfe\\udcff plain"]]}}',
    ],
  },
  "value-datetime, dencode client": {
    why: "A Date has milliseconds, no microseconds.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [date(2024,2,29) time(23,59,58,123456)]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "Any", "attrs": [False, [date(2024,2,29) time(23,59,58,123000)]]}}',
    ],
  },
  "keepalive-from-client, dencode client": {
    why: "Our clients send keep-alives when they like, not when these were sent.",
    dencode: [
      '0 - keep-alive {"OK": True, "Value": {"id": "4317b6bb9ff015750a48e04b364aeaa30", "kaping": True}}',
      "0 + nothing",
      '0 - keep-alive {"OK": True, "Value": {"id": "4317b6bb9ff015750a48e04b364aeaa31", "kaping": True}}',
      "0 + nothing",
    ],
  },
  "keepalive-from-client, json client": {
    why: "Our clients send keep-alives when they like, not when these were sent.",
    json: [
      '0 - keep-alive {"OK": True, "Value": {"id": "74581bd69a9bf33c21baedc287faeb000", "kaping": True}}',
      "0 + nothing",
      '0 - keep-alive {"OK": True, "Value": {"id": "74581bd69a9bf33c21baedc287faeb001", "kaping": True}}',
      "0 + nothing",
    ],
  },
  "fake-closes-while-ack-is-awaited": {
    why: "The same, in our words.",
    json: [
      "0 send: The connection ended before it was known whether this was handled: The peer ended the connection without a word., not Connection closed by peer",
    ],
  },
  "fake-keepalive-never-answered": {
    why: "Our clients send keep-alives when they like, not when these were sent.",
    json: [
      '0 - keep-alive {"OK": True, "Value": {"id": "326f8c3dde6a240320939a4e246a50f30", "kaping": True}}',
      "0 + nothing",
    ],
  },
  "fake-keepalive-pong-with-other-id": {
    why: "Our clients send keep-alives when they like, not when these were sent.",
    json: [
      '0 - keep-alive {"OK": True, "Value": {"id": "0fbc2930b391ecadab225359e8918da50", "kaping": True}}',
      "0 + nothing",
      '0 - keep-alive {"OK": True, "Value": {"id": "0fbc2930b391ecadab225359e8918da51", "kaping": True}}',
      "0 + nothing",
    ],
  },
  "fake-closes-after-proposal": {
    why: "The same, in our words.",
    json: [
      "0 connect: The peer ended the connection without a word., not Peer closed connection",
    ],
  },
  "fake-closes-after-ok-to-proposal": {
    why: "The same, in our words.",
    json: [
      "0 connect: The peer ended the connection without a word., not Peer closed connection",
    ],
  },
  "fake-unknown-message-to-client": {
    why: "No program hears what its definition lacks; the connection ends, as in the recording.",
    json: [
      '0 heard - {"OK": True, "Value": {"request": True, "name": "Nope", "attrs": [False, [1]]}}',
    ],
  },
  "fake-message-with-id-to-client-without-callback": {
    why: "Messages that nobody listens for are passed over: they are no fault of the service's.",
    json: [
      "0 - closed",
      "0 + nothing",
    ],
  },
  "fake-wrong-type-to-client": {
    why: "No program hears what is wrong; the connection ends, as in the recording.",
    json: [
      '0 heard - {"OK": True, "Value": {"request": True, "name": "Pong", "attrs": [False, ["x"]]}}',
    ],
  },
  "fake-non-structure-frame-to-client": {
    why: "The original's client falls over it, and all its connections with it; ours ends this one.",
    json: [
      '0 + {"OK": False, "Errno": 0, "Message": "A payload is no result: neither a success with a value nor an error with a text."}',
      '0 heard - {"OK": True, "Value": {"request": True, "name": "Pong", "attrs": [False, [1]]}}',
    ],
  },
};
