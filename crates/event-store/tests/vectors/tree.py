"""Computes tree.json: roots, proofs and signed checkpoints from RFC 6962 and the C2SP texts, and nothing else.

An implementation of its own on purpose: it shares no code with the crate, and the signatures are OpenSSL's (package
`cryptography`). Run `python3 tree.py > tree.json`. `python3 tree.py KEY FILE` checks a proof that `sengen proof` wrote.
"""

import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from leaf import entry, sample


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(count):
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def mth(leaves):
    """RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(mth(leaves[:k]), mth(leaves[k:]))


def path(m, leaves):
    """RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return path(m, leaves[:k]) + [mth(leaves[k:])]
    return path(m - k, leaves[k:]) + [mth(leaves[:k])]


def proof(m, leaves, complete=True):
    """RFC 6962, section 2.1.2: SUBPROOF; PROOF(m, D) is proof(m, D)."""
    if m == len(leaves):
        return [] if complete else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return proof(m, leaves[:k], complete) + [mth(leaves[k:])]
    return proof(m - k, leaves[k:], False) + [mth(leaves[:k])]


def text(data):
    return base64.b64encode(data).decode("ascii")


def key_id(name, public):
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def public_bytes(key):
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def verifier_key(name, public):
    return f"{name}+{key_id(name, public).hex()}+{text(bytes([1]) + public)}"


def checkpoint(origin, leaves, private):
    body = f"{origin}\n{len(leaves)}\n{text(mth(leaves))}\n"
    signature = private.sign(body.encode())
    identified = key_id(origin, public_bytes(private.public_key())) + signature
    return f"{body}\n— {origin} {text(identified)}\n"


def tlog_proof(entries, index, note):
    leaves = [leaf(one) for one in entries]
    lines = ["c2sp.org/tlog-proof@v1", f"extra {text(entries[index])}", f"index {index}"]
    lines += [text(one) for one in path(index, leaves)]
    return "\n".join(lines) + "\n\n" + note


def check(vkey, file):
    """A proof of inclusion, checked by the other way: folding the path as RFC 9162 has it."""
    name, ident, typed = vkey.split("+", 2)
    typed = base64.b64decode(typed)
    public = Ed25519PublicKey.from_public_bytes(typed[1:])
    body, note = file.split("\n\n", 1)
    signed, signatures = note.rsplit("\n\n", 1)
    signed += "\n"
    good = False
    for line in signatures.splitlines():
        dash, who, signature = line.split(" ")
        signature = base64.b64decode(signature)
        if who == name and signature[:4].hex() == ident:
            public.verify(signature[4:], signed.encode())
            good = True
    origin, size, root = signed.splitlines()
    lines = body.split("\n")
    data = base64.b64decode(lines[1].removeprefix("extra "))
    index, size = int(lines[2].removeprefix("index ")), int(size)
    at, last, found = index, size - 1, leaf(data)
    for line in lines[3:]:
        sibling = base64.b64decode(line)
        if at % 2 == 1 or at == last:
            found = node(sibling, found)
            while at % 2 == 0 and at != 0:
                at, last = at // 2, last // 2
        else:
            found = node(found, sibling)
        at, last = at // 2, last // 2
    return good and origin == name and index < size and last == 0 and found == base64.b64decode(root)


def vectors():
    leaves = [leaf(n.to_bytes(8, "big")) for n in range(66_000)]
    sizes = [0, 1, 2, 3, 4, 5, 7, 8, 255, 256, 257, 511, 512, 513, 1_000, 65_535, 65_536, 65_537, 66_000]
    inclusion = [(0, 1), (0, 2), (1, 2), (2, 3), (5, 7), (255, 256), (256, 257), (0, 257), (700, 1_000), (65_536, 66_000), (3, 65_537)]
    consistency = [(1, 1), (1, 2), (2, 3), (3, 7), (4, 7), (6, 8), (255, 257), (256, 512), (257, 1_000), (256, 66_000), (65_535, 66_000)]
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = public_bytes(private.public_key())
    entries = [entry(sample(position)) for position in range(1, 8)]
    origin = "register.example.jp"
    note = checkpoint(origin, [leaf(one) for one in entries], private)
    return {
        "roots": [{"size": size, "root": mth(leaves[:size]).hex()} for size in sizes],
        "inclusion": [
            {"index": index, "size": size, "path": [one.hex() for one in path(index, leaves[:size])]}
            for index, size in inclusion
        ],
        "consistency": [
            {"old": old, "new": new, "path": [one.hex() for one in proof(old, leaves[:new])]}
            for old, new in consistency
        ],
        "origin": origin,
        "key": bytes(range(32)).hex(),
        "verifier_key": verifier_key(origin, public),
        "entries": [one.hex() for one in entries],
        "checkpoint": note,
        "proof_of_5": tlog_proof(entries, 4, note),
    }


if __name__ == "__main__":
    if len(sys.argv) == 3:
        with open(sys.argv[2], encoding="utf-8") as opened:
            try:
                outcome = check(sys.argv[1], opened.read())
            except InvalidSignature:
                outcome = False
        print("true" if outcome else "FALSE")
        sys.exit(0 if outcome else 1)
    print(json.dumps(vectors(), indent=1, ensure_ascii=False))
