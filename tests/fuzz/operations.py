"""Random GraphQL operations against a running server: schemathesis writes them from the checked-in schema, this script sends
them as the console does and looks at each answer: no 5xx, no fault that is ours to mend, and data that the schema allows.

Started by tests/tests/fuzz.rs, which gives all by environment: FUZZ_URL, FUZZ_COOKIE, FUZZ_SCHEMA, FUZZ_CASES, FUZZ_SEED and
FUZZ_IDS (a JSON list of ids that exist). Prints one line `fuzz: …` at the end and ends with 1 when it found something.
"""

import json
import os
import sys
import urllib.error
import urllib.request

import graphql
import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis.graphql import nodes

URL = os.environ["FUZZ_URL"]
SEED = int(os.environ["FUZZ_SEED"])
CASES = int(os.environ["FUZZ_CASES"])
IDS = json.loads(os.environ["FUZZ_IDS"])
# Faults that tell the sender what is wrong with the request. Every other one is the server's own.
EXPECTED = {"VALIDATION", "TOO_COMPLEX", "BAD_REQUEST", "TOO_LARGE"}
# Left out, with the reason: it would end the session that all the others need.
LEFT_OUT = {"signOut": "ends the fuzzer's own session"}

text = st.text(max_size=20)
days = st.dates().map(str)
schemathesis.graphql.scalar("Date", st.one_of(days, text).map(nodes.String))
schemathesis.graphql.scalar("DateTime", st.one_of(st.datetimes().map(lambda at: at.isoformat() + "Z"), text).map(nodes.String))
schemathesis.graphql.scalar("Position", st.one_of(st.integers(-1, 2**64).map(str), text).map(nodes.String))
# Half of the ids exist, so that what is behind them is reached.
schemathesis.graphql.scalar("ID", st.one_of(st.sampled_from(IDS), st.uuids().map(str), text).map(nodes.String))

with open(os.environ["FUZZ_SCHEMA"], encoding="utf-8") as file:
    SCHEMA = graphql.build_schema(file.read())
found = []
sent = {"count": 0}
tally = {"answered": 0, "refused": 0}


class WithTypeNames(graphql.Visitor):
    """Asks for the name of each object, without which nobody can tell which member of a union it is."""

    def enter_selection_set(self, node, _key, parent, *_):
        if isinstance(parent, graphql.OperationDefinitionNode):
            return None
        name = graphql.FieldNode(name=graphql.NameNode(value="__typename"), arguments=(), directives=())
        return graphql.SelectionSetNode(selections=(name, *node.selections))


def breaches(value, kind, selections, path):
    """What of the data the schema does not allow. `selections` of the type that the data has."""
    if graphql.is_non_null_type(kind):
        if value is None:
            return [f"{path} is null and must not be"]
        kind = kind.of_type
    if value is None:
        return []
    if graphql.is_list_type(kind):
        if not isinstance(value, list):
            return [f"{path} is no list: {value!r}"]
        return [b for i, item in enumerate(value) for b in breaches(item, kind.of_type, selections, f"{path}/{i}")]
    if graphql.is_leaf_type(kind):
        return leaf_breaches(value, kind, path)
    if not isinstance(value, dict):
        return [f"{path} is no object: {value!r}"]
    actual = SCHEMA.get_type(value.get("__typename", kind.name))
    if actual is None or not (actual is kind or (graphql.is_abstract_type(kind) and SCHEMA.is_sub_type(kind, actual))):
        return [f"{path} is a {value.get('__typename')}, which is no {kind.name}"]
    fields = collected(selections, actual)
    wrong = [f"{path} has {sorted(set(value) ^ set(fields))} too much or too little"] if set(value) != set(fields) else []
    for key, (name, below) in fields.items():
        if key in value and name != "__typename":
            wrong += breaches(value[key], actual.fields[name].type, below, f"{path}/{key}")
    return wrong


def leaf_breaches(value, kind, path):
    right = {
        "Int": lambda: type(value) is int and -(2**31) <= value < 2**31,
        "Float": lambda: type(value) in (int, float),
        "Boolean": lambda: type(value) is bool,
    }.get(kind.name, lambda: isinstance(value, str))
    if graphql.is_enum_type(kind):
        return [] if value in kind.values else [f"{path} is {value!r}, which {kind.name} does not have"]
    return [] if right() else [f"{path} is {value!r}, which is no {kind.name}"]


def collected(selections, actual, into=None):
    """The keys that an object of this type has by these selections, with field and further selections."""
    into = {} if into is None else into
    for node in selections:
        if isinstance(node, graphql.InlineFragmentNode):
            condition = SCHEMA.get_type(node.type_condition.name.value) if node.type_condition else actual
            if condition is actual or (graphql.is_abstract_type(condition) and SCHEMA.is_sub_type(condition, actual)):
                collected(node.selection_set.selections, actual, into)
        else:
            key = node.alias.value if node.alias else node.name.value
            below = list(node.selection_set.selections) if node.selection_set else []
            name, before = into.get(key, (node.name.value, []))
            into[key] = (name, before + below)
    return into


def send(query):
    headers = {"content-type": "application/json", "origin": URL, "sec-fetch-site": "same-origin", "cookie": os.environ["FUZZ_COOKIE"]}
    request = urllib.request.Request(f"{URL}/graphql", json.dumps({"query": query}).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def judge(query, status, body):
    if status >= 500:
        return [f"status {status}: {body[:500]!r}"]
    try:
        answer = json.loads(body)
    except ValueError:
        return [f"status {status} and no JSON: {body[:200]!r}"]
    if not isinstance(answer, dict) or not set(answer) <= {"data", "errors", "extensions"} or not set(answer) & {"data", "errors"}:
        return [f"no answer of GraphQL: {str(answer)[:500]}"]
    errors = answer.get("errors", [])
    codes = [error.get("extensions", {}).get("code") for error in errors]
    wrong = [f"fault {code}: {error.get('message')}" for code, error in zip(codes, errors) if code not in EXPECTED]
    tally["refused" if errors else "answered"] += 1
    if answer.get("data") is not None:
        operation = graphql.parse(query).definitions[0]
        root = SCHEMA.mutation_type if operation.operation is graphql.OperationType.MUTATION else SCHEMA.query_type
        data = {"__typename": root.name, **answer["data"]}
        selections = [*operation.selection_set.selections, graphql.FieldNode(name=graphql.NameNode(value="__typename"))]
        wrong += breaches(data, root, selections, "data")
    elif not errors:
        wrong.append("neither data nor a fault")
    return wrong


def attack(operation, cases, seed):
    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=cases, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def run(case):
        query = graphql.print_ast(graphql.visit(graphql.parse(case.body), WithTypeNames()))
        sent["count"] += 1
        status, body = send(query)
        for wrong in judge(query, status, body):
            found.append(f"{operation.label}: {wrong}\n    {' '.join(query.split())}")

    run()


def main():
    schema = schemathesis.graphql.from_path(os.environ["FUZZ_SCHEMA"])
    schema.config.update(base_url=URL)
    operations = [result.ok() for result in schema.get_all_operations()]
    kept = [operation for operation in operations if operation.label.split(".")[-1] not in LEFT_OUT]
    left_out = len(operations) - len(kept)
    if left_out != len(LEFT_OUT):
        found.append(f"{LEFT_OUT} are not all in the schema")
    if len(kept) > CASES:
        sys.exit(f"fuzz: {CASES} cases are fewer than the {len(kept)} operations, each needs one")
    each, more = divmod(CASES, len(kept))
    for place, operation in enumerate(kept):
        attack(operation, each + (1 if place < more else 0), SEED)
    # Of an operation without arguments there are fewer than that; the rest goes to the one with the most.
    richest = next(operation for operation in kept if operation.label == "Query.declarations")
    seed = SEED
    while (rest := CASES - sent["count"]) > 0:
        seed += 1
        attack(richest, rest, seed)
    # What was found means something only if it was found by somebody who is signed in, to the end.
    status, body = send("{ session { staff { login } } }")
    if status != 200 or not (json.loads(body)["data"] or {}).get("session"):
        found.insert(0, f"the fuzzer is not signed in at the end: {status} {body!r}")
    print(f"fuzz: {sent['count']} cases over {len(kept)} operations, {tally['answered']} answered and {tally['refused']} refused, "
          f"{left_out} left out ({', '.join(f'{name} {why}' for name, why in LEFT_OUT.items())}), {len(found)} breaches")
    for breach in found[:40]:
        print(breach)
    return 1 if found else 0


sys.exit(main())
