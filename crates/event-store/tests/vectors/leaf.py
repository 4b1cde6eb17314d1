"""Computes the leaf hashes in leaf.json from the description of the format in src/leaf.rs, and nothing else.

An implementation of its own on purpose: it shares no code with the crate. Run `python3 leaf.py > leaf.json`; the file
must never change for entries that are in it.
"""

import hashlib
import json
import struct
import uuid


def text(value):
    data = value.encode("utf-8")
    return struct.pack(">I", len(data)) + data


def number(value):
    return struct.pack(">q", value)


def entry(event):
    out = text("sengen.event/1") + text(event["origin"]) + number(event["position"])
    out += uuid.UUID(event["event_id"]).bytes + text(event["event_type"]) + number(event["schema_version"])
    out += number(event["recorded_at"]) + text(event["effective_at"]) + text(event["actor"])
    out += uuid.UUID(event["command_id"]).bytes + uuid.UUID(event["correlation_id"]).bytes
    tags = sorted(set(event["tags"]), key=lambda tag: tag.encode("utf-8"))
    out += struct.pack(">I", len(tags)) + b"".join(text(tag) for tag in tags)
    out += hashlib.sha256(event["data"].encode("utf-8")).digest()
    parts = sorted(event["personal"], key=lambda part: part["name"].encode("utf-8"))
    out += struct.pack(">I", len(parts))
    for part in parts:
        commitment = hashlib.sha256(bytes.fromhex(part["salt"]) + part["plain"].encode("utf-8")).digest()
        out += text(part["name"]) + uuid.UUID(part["subject"]).bytes + commitment
    return out


def tree(leaves):
    """RFC 6962, section 2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def sample(position, **changes):
    event = {
        "origin": "register.example.jp",
        "position": position,
        "event_id": str(uuid.UUID(int=0x0192_0000_0000_7000_8000_0000_0000_0000 + position)),
        "event_type": "declaration.registered",
        "schema_version": 1,
        "recorded_at": 1775001600123456 + position,
        "effective_at": "2026-04-01",
        "actor": "staff-1",
        "command_id": str(uuid.UUID(int=0xC0 + position)),
        "correlation_id": str(uuid.UUID(int=0)),
        "tags": ["organization:0192", "declaration:0192"],
        "data": '{"名前":"髙橋㈱"}',
        "personal": [],
    }
    return {**event, **changes}


EVENTS = [
    sample(1),
    sample(2, tags=[], data="{}", actor="x", effective_at="0001-01-01", recorded_at=0),
    sample(3, tags=["b:2", "b:10", "a:9", "b:10", "x:1z"]),
    sample(4, personal=[{"name": "contact", "subject": str(uuid.UUID(int=7)), "salt": "00" * 32, "plain": '{"name":"山田"}'}]),
    sample(
        5,
        schema_version=65535,
        recorded_at=253402300799999999,
        personal=[
            {"name": "representative", "subject": str(uuid.UUID(int=8)), "salt": "ff" * 32, "plain": '"佐藤"'},
            {"name": "contact", "subject": str(uuid.UUID(int=9)), "salt": "0123456789abcdef" * 4, "plain": "null"},
        ],
    ),
    sample(9007199254740993, actor="案" * 60),
    sample(7, data='{"a":1,"b":[true,null,"\\u0001"]}'),
]


def main():
    leaves = [hashlib.sha256(b"\x00" + entry(event)).digest() for event in EVENTS]
    vectors = [
        {"event": event, "entry": entry(event).hex(), "leaf_hash": leaf.hex()} for event, leaf in zip(EVENTS, leaves)
    ]
    roots = [tree(leaves[:size]).hex() for size in range(len(leaves) + 1)]
    # The leaves that the implementers of Certificate Transparency test with; their roots are well known.
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    hashes = [hashlib.sha256(b"\x00" + bytes.fromhex(data)).digest() for data in inputs]
    known = {"leaves": inputs, "roots": [tree(hashes[:size]).hex() for size in range(len(hashes) + 1)]}
    print(json.dumps({"events": vectors, "roots": roots, "rfc6962": known}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
