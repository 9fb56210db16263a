/**
 * What our services do otherwise than the original's, on purpose, when a recorded client speaks to them.
 *
 * Nothing is said here of what holds everywhere: where the original closes without a word, ours says why; errors don't
 * tell where in the source they came up; and on plain TCP there are keep-alives, by which a reader goes on that lets
 * frames lie.
 *
 * @module
 */

/** What is done otherwise in a scenario. */
export interface Otherwise {
  readonly why: string;
  /** By how the service writes: what of the recorded is missing (`-`), and what is there instead (`+`), by connection. */
  readonly json?: readonly string[];
  readonly dencode?: readonly string[];
}

/** The same, however the service writes. */
export function inBoth(why: string, lines: readonly string[]): Otherwise {
  return { why, json: lines, dencode: lines };
}

/** By scenario; and where the two sides write differently, by how the client does. */
export const OTHERWISE: Readonly<Record<string, Otherwise>> = {
  "reject-conn-new-raise": inBoth("What no error was made to tell, a service of ours does not tell.", [
    '0 - {"OK": False, "Errno": 0, "Message": "Server error while serving new: boom in conn_new"}',
    '0 + {"OK": False, "Errno": 0, "Message": "Server error while serving new: Internal error. Whoever runs the other side finds it in the log."}',
  ]),
  "reject-conn-new-returns-none": inBoth(
    "Nothing that `onConnect` returns is wrong; here it throws, and what it throws is not told.",
    [
      '0 - {"OK": False, "Errno": 0, "Message": "Method new for action Connection does not return a S_OK/S_ERROR!"}',
      '0 + {"OK": False, "Errno": 0, "Message": "Server error while serving new: Internal error. Whoever runs the other side finds it in the log."}',
    ],
  ),
  "conn-new-returns-value": inBoth("`onConnect` returns nothing to the client; the original's passes it over.", [
    '0 - {"OK": True, "Value": {"ignored": "value"}}',
    '0 + {"OK": True, "Value": None}',
  ]),
  "bool-where-int-expected": inBoth("To a handler, `true` in place of an int is the number 1.", [
    '0 - {"OK": True, "Value": {"request": True, "name": "Pong", "attrs": [False, [True]]}}',
    '0 + {"OK": True, "Value": {"request": True, "name": "Pong", "attrs": [False, [1]]}}',
  ]),
  "keepalive-from-service": {
    why: "No handler can send a keep-alive; the service sends some when it has heard nothing for long.",
    json: [
      '0 - keep-alive {"OK": True, "Value": {"id": "4f2a912f6903600cf4864b612e5382530", "kaping": True}}',
      "0 + nothing",
    ],
    dencode: [
      '0 - keep-alive {"OK": True, "Value": {"id": "bdef990d1a839136f1347da79e68d0b50", "kaping": True}}',
      "0 + nothing",
    ],
  },
  "value-floats": inBoth("To a handler, a number in `any` is a number: what has no fraction goes back as an int.", [
    '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[0.0, -0.0, 0.1, 1.0, -2.5, 1000000000000000.0, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-30…',
    '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[0, -0.0, 0.1, 1, -2.5, 1000000000000000, 1e+16, 123456789.12345679, 1.7976931348623157e+308, 2.2250738585072014e-308, 5e-…',
  ]),
  "value-date": inBoth("A date is its first moment.", [
    '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [date(2024,2,29)]]}}',
    '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [date(2024,2,29) time(0,0,0,0)]]}}',
  ]),
  "value-dict-key-order": inBoth("Of an object's keys those that are whole numbers come first, in any JavaScript.", [
    '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"z": 1, "a": 2, "M": 3, "10": 4, "9": 5}]]}}',
    '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"9": 5, "10": 4, "z": 1, "a": 2, "M": 3}]]}}',
  ]),
  "value-lone-surrogate": {
    why: "Half a character is no text.",
    json: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, ["high \\ud83d low \\udc00 end"]]}}',
      '0 + {"OK": False, "Errno": 0, "Message": "Any.value: expected valid Unicode, got half of a surrogate pair in \\"high \\\\ud83d low \\\\udc00 end\\""}',
    ],
  },
  "value-surrogate-escaped-byte": {
    why: "What stands for a byte that is no UTF-8 is that byte again.",
    json: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, ["byte \\udcff"]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [bytes(98,121,116,101,32,255)]]}}',
    ],
  },
  "value-deep-list-900": inBoth("Values may be nested as deep as the limits say.", [
    '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…',
    '0 + {"OK": False, "Errno": 0, "Message": "Values are nested more than 68 deep."}',
  ]),
  "rpc-unauthorized": inBoth("We have no such method, and say so when its arguments have come.", [
    '0 - {"OK": False, "Errno": 1111, "Message": "Unauthorized query ( 1111 : Unauthorized query)"}',
    "0 - closed",
    '0 + {"OK": True, "Value": None}',
    "0 + nothing",
  ]),
  "group-rule-four-attempts": inBoth("A rule does not lose its words when it is used: that is the original's defect.", [
    '1 - {"OK": True, "Value": None}',
    '1 + {"OK": False, "Errno": 1111, "Message": "Unauthorized query ( 1111 : Unauthorized query)"}',
    '1 - {"OK": True, "Value": None}',
    "1 + closed",
    '2 - {"OK": True, "Value": None}',
    '2 + {"OK": False, "Errno": 1111, "Message": "Unauthorized query ( 1111 : Unauthorized query)"}',
    '2 - {"OK": True, "Value": None}',
    "2 + closed",
    '2 - {"OK": True, "Value": {"request": True, "name": "Pong", "attrs": [False, [2]]}}',
    "2 + closed",
    '3 - {"OK": True, "Value": None}',
    '3 + {"OK": False, "Errno": 1111, "Message": "Unauthorized query ( 1111 : Unauthorized query)"}',
    '3 - {"OK": True, "Value": None}',
    "3 + closed",
    '3 - {"OK": True, "Value": {"request": True, "name": "Pong", "attrs": [False, [3]]}}',
    "3 + closed",
  ]),
  "value-tuples": {
    why: "To a handler, a tuple is a list.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [(1, (2, "x", (3)), [4, (5)], ())]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [[1, [2, "x", [3]], [4, [5]], []]]]}}',
    ],
  },
  "value-bytes": {
    why:
      "Bytes that are no UTF-8 can be sent back: the original's reader has made text of them that its writer can't write.",
    dencode: [
      "0 - closed",
      '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, ["\\u0000\\u0001\\udcfe\\udcff plain"]]}}',
      "0 + nothing",
    ],
  },
  "value-datetime": {
    why: "A Date has milliseconds, no microseconds.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [date(2024,2,29) time(23,59,58,123456)]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [date(2024,2,29) time(23,59,58,123000)]]}}',
    ],
  },
  "value-dict-int-keys": {
    why: "The keys of an object are text.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{1: "one", 2: "two", -3: "minus three"}]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"1": "one", "2": "two", "-3": "minus three"}]]}}',
    ],
  },
  "value-dict-odd-keys": {
    why: "The keys of an object are text, as they are in JSON.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{None: "none", True: "true", 1.5: "float", "s": "str"}]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"null": "none", "true": "true", "1.5": "float", "s": "str"}]]}}',
    ],
  },
  "value-dict-tuple-key": {
    why: "No key of an object is a tuple.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{(1, 2): "pair"}]]}}',
      '0 + {"OK": False, "Errno": 0, "Message": "Any.value[\\"\\"]: expected a key that is text, a number, true, false or None, got a tuple"}',
    ],
  },
  "value-dict-looks-like-a-marker": {
    why: "The echoing handler is not let send what JSON's readers would take for a date.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"__dCls": "dt", "obj": "2024-02-29 23:59:58"}]]}}',
      '0 + {"OK": False, "Errno": 0, "Message": "Internal error. Whoever runs the other side finds it in the log."}',
    ],
  },
  "value-dict-unknown-marker": {
    why: "The echoing handler is not let send what JSON's readers would take for a class of that name.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [{"__dCls": "Nope"}]]}}',
      '0 + {"OK": False, "Errno": 0, "Message": "Internal error. Whoever runs the other side finds it in the log."}',
    ],
  },
  "value-time": {
    why: "There is no type for a time of day.",
    dencode: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [time(23,59,58,123456)]]}}',
      '0 + {"OK": False, "Errno": 0, "Message": "Any.value: expected null, a boolean, a number, a bigint, a string, bytes, a Date, an array or a plain object, got a time"}',
    ],
  },
  "value-bytes, dencode client": {
    why: "What stands for bytes that are no UTF-8 is those bytes again.",
    json: [
      '0 - {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, ["\\u0000\\u0001\\udcfe\\udcff plain"]]}}',
      '0 + {"OK": True, "Value": {"request": True, "name": "AnyReply", "attrs": [False, [bytes(0,1,254,255,32,112,108,97,105,110)]]}}',
    ],
  },
  "raw-proposal-sizes-two-writes": {
    why: "How large a proposal may be does not depend on how it was cut on its way.",
    json: [
      '2 - {"OK": False, "Errno": 0, "Message": "Invalid action proposal"}',
      "2 - closed",
      '2 + {"OK": True, "Value": None}',
      "2 + nothing",
      '3 - {"OK": False, "Errno": 0, "Message": "Invalid action proposal"}',
      "3 - closed",
      '3 + {"OK": True, "Value": None}',
      "3 + nothing",
    ],
    dencode: [
      '2 - {"OK": False, "Errno": 0, "Message": "Invalid action proposal"}',
      '2 + {"OK": True, "Value": None}',
      '3 - {"OK": False, "Errno": 0, "Message": "Invalid action proposal"}',
      '3 + {"OK": True, "Value": None}',
    ],
  },
  "raw-proposal-is-a-list": inBoth("The original falls over it, and leaves the connection open without a word.", [
    '0 + {"OK": False, "Errno": 0, "Message": "Invalid action proposal"}',
  ]),
  "raw-proposal-two-elements": inBoth("The original falls over it, and leaves the connection open without a word.", [
    '0 + {"OK": False, "Errno": 0, "Message": "Invalid action proposal"}',
  ]),
  "raw-args-wrong-types": inBoth("The original's Python refuses these, with what it says of the function.", [
    '6 - {"OK": False, "Errno": 0, "Message": "Server error while serving new: LabHandler.conn_new() missing 2 required positional arguments: \'identity\' and \'kwargs\'"}',
    '6 + {"OK": False, "Errno": 0, "Message": "Expected 2 arguments"}',
    '7 - {"OK": False, "Errno": 0, "Message": "Server error while serving new: LabHandler.conn_new() missing 2 required positional arguments: \'identity\' and \'kwargs\'"}',
    '7 + {"OK": False, "Errno": 0, "Message": "Expected 2 arguments"}',
  ]),
  "raw-attrs-variants": inBoth("The original falls over one of these, and leaves the message unanswered.", [
    '2 - {"OK": True, "Value": {"request": True, "name": "Pong", "attrs": [False, [77]]}}',
    '2 + {"OK": False, "Errno": 0, "Message": "A frame is a message whose values are no list."}',
  ]),
  "raw-too-many-connections": {
    why: "Who has no room is told so at once, and why.",
    json: [
      '2 - {"OK": True, "Value": None}',
      '3 - {"OK": True, "Value": None}',
      '3 + {"OK": False, "Errno": 0, "Message": "Maximum number of connections reached"}',
    ],
    dencode: [
      '2 - {"OK": True, "Value": None}',
      '2 + {"OK": False, "Errno": 0, "Message": "Maximum number of connections reached"}',
      '3 - {"OK": True, "Value": None}',
    ],
  },
};
