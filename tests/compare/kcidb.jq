# SPDX-License-Identifier: GPL-2.0-only
#
# Checks a document against KCIDB I/O schema 5.3, the format of KernelCI.
# Written from the published definition: github.com/kernelci/kcidb-io,
# kcidb_io/schema/v05_03.py as of commit 8971c0269a80. Prints a line for
# everything that the schema does not allow; nothing for a valid document.
#
# Properties that we do not use are left out below, so that using one without
# adding its rule here is reported.

def text: type == "string" and (test("\u0000") | not);
def origin: type == "string" and test("^[a-z0-9_]+$");
def origin_id: type == "string" and test("^[a-z0-9_]+:.*$");
def status: IN("FAIL", "ERROR", "MISS", "PASS", "DONE", "SKIP");
def tree_path: type == "string" and test("^([a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*)?$");

# object_rules(where; required names; {property: bool for its value})
def object($where; $required; $rules):
	if type != "object" then "\($where): expected an object"
	else
		. as $o
		| ($required[] | select($o[.] == null) | "\($where): \(.) is missing"),
		  (keys_unsorted[] | select($rules[.] == null) | "\($where): \(.) is not allowed"),
		  ($rules | to_entries[] | select(.value == false) | "\($where).\(.key): not as the schema wants it")
	end;

def has_or($name; condition): if has($name) then (.[$name] | condition) else true end;

def number_errors($where): object($where; ["value"]; {
	value: has_or("value"; type == "number"),
	unit: has_or("unit"; text),
	prefix: has_or("prefix"; IN("metric", "binary")) });

def environment_errors($where): object($where; []; {
	comment: has_or("comment"; text),
	misc: has_or("misc"; type == "object") });

def checkout_errors($where): object($where; ["id", "origin"]; {
	id: has_or("id"; origin_id),
	origin: has_or("origin"; origin),
	comment: has_or("comment"; text),
	valid: has_or("valid"; type == "boolean"),
	misc: has_or("misc"; type == "object") });

def build_errors($where): object($where; ["checkout_id", "id", "origin"]; {
	checkout_id: has_or("checkout_id"; origin_id),
	id: has_or("id"; origin_id),
	origin: has_or("origin"; origin),
	comment: has_or("comment"; text),
	architecture: has_or("architecture"; type == "string" and test("^[a-z0-9_]*$")),
	status: has_or("status"; status),
	misc: has_or("misc"; type == "object") });

def test_errors($where): object($where; ["build_id", "id", "origin"]; {
	build_id: has_or("build_id"; origin_id),
	id: has_or("id"; origin_id),
	origin: has_or("origin"; origin),
	environment: has_or("environment"; type == "object"),
	path: has_or("path"; tree_path),
	comment: has_or("comment"; text),
	status: has_or("status"; status),
	number: has_or("number"; type == "object"),
	misc: has_or("misc"; type == "object") }),
	(select(type == "object" and has("number")) | .number | number_errors("\($where).number")),
	(select(type == "object" and has("environment")) | .environment | environment_errors("\($where).environment"));

def list($name): if has($name) and (.[$name] | type) != "array" then [] else .[$name] // [] end;

def nulls: paths(. == null) | map(tostring) | "\(join(".")): null is not allowed";

def duplicates($name): [list($name)[].id] | group_by(.)[] | select(length > 1) | "\($name): id \(.[0]) is not unique";

object("document"; ["version"]; {
	version: has_or("version"; type == "object" and .major == 5 and
		(.minor | type == "number" and . >= 0 and . <= 3) and (keys - ["major", "minor"] == [])),
	checkouts: has_or("checkouts"; type == "array"),
	builds: has_or("builds"; type == "array"),
	tests: has_or("tests"; type == "array") }),
nulls,
(list("checkouts") | to_entries[] | .key as $i | .value | checkout_errors("checkouts[\($i)]")),
(list("builds") | to_entries[] | .key as $i | .value | build_errors("builds[\($i)]")),
(list("tests") | to_entries[] | .key as $i | .value | test_errors("tests[\($i)]")),
duplicates("checkouts"), duplicates("builds"), duplicates("tests"),
# "only complete data ... should be considered valid": references resolve here
([list("checkouts")[].id] as $known | list("builds")[] | select(.checkout_id | IN($known[]) | not)
	| "builds: \(.id): no checkout \(.checkout_id)"),
([list("builds")[].id] as $known | list("tests")[] | select(.build_id | IN($known[]) | not)
	| "tests: \(.id): no build \(.build_id)")
