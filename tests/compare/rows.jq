# SPDX-License-Identifier: GPL-2.0-only
#
# The rows of a comparison as it is shown, for renderings.test: tab-separated
# place, kind (figure, splice or median), words, and what is shown.
#
#	jq -nRr --arg form text|medians|markdown|html|ktap -f rows.jq FILE
#
# figure: A, B, estimate, interval, seeds, seeds for the precision, verdict
# splice: cells of A, adds in A, cells of B, adds in B, estimate, interval, entered
# median: A, B
# KTAP has no seeds for the precision: "?".

# HTML as text: cells end with a tab.
def plain: gsub("<svg.*?</svg>"; "") | gsub("</t[hd]>"; "\t") | gsub("<[^>]*>"; "") | gsub("&lt;"; "<") |
	gsub("&gt;"; ">") | gsub("&quot;"; "\"") | gsub("&amp;"; "&");

# Markdown: a backslash makes the next character itself.
def unmarked: gsub("\\\\(?<c>.)"; .c);

def eight: . + ([range(length; 8)] | map("")) | .[0:8];

def text: (capture("^(?<p>.*) \\(cells ok: ") | {place: .p, kind: null}) //
	(select(startswith("spliced onto whom")) | {kind: "splice"}) //
	(select(startswith("figure  ")) | {kind: "figure"}) //
	(select(startswith("median [")) | {kind: "median"}) //
	(select(. == "" or startswith("Only ") or contains(" without a verdict ")) | {kind: null}) //
	{row: ([splits("  +")] | eight)};

def markdown: (select(startswith("## ")) | {place: (.[3:] | unmarked), kind: null}) //
	(select(startswith("| spliced ")) | {kind: "splice"}) //
	(select(startswith("| figure ")) | {kind: "figure"}) //
	(select(startswith("| ")) | {row: (.[2:] | rtrimstr(" |") | split(" | ") | map(unmarked | ltrimstr(" ")) | eight)}) // {};

def html: (select(contains("<section class=\"place\"")) | {place: (sub(" <small>"; " on ") | plain)}) //
	(select(test("<tr [^>]*data-splice=")) | {kind: "splice", row: (sub(".*<tr "; "<tr ") | plain | split("\t") | .[0:8])}) //
	# the bar has no text
	(select(test("<tr [^>]*data-metric=")) | {kind: "figure", row: (sub(".*<tr "; "<tr ") | plain | split("\t") |
		.[0:5] + .[6:9])}) // {};

def ktap: (capture("^    # Subtest: (?<p>.*)") | {place: .p}) //
	(capture("^    # (?<w>.*): A in (?<ca>.*?), (?<a>.*?), B in (?<cb>.*?), (?<b>.*?), B to A (?<e>.*?), interval (?<i>.*?), entered (?<n>.*)$") |
		{kind: "splice", row: [.w, .ca, .a, .cb, .b, .e, .i, .n]}) //
	(capture("^    # (?<w>.*): A (?<a>.*?), B (?<b>.*?), B to A (?<e>.*?), interval (?<i>.*?), seeds (?<s>[0-9]+( \\(-[0-9]+\\))?)(: (?<v>.*))?$") |
		{kind: "figure", row: [.w, .a, .b, .e, .i, .s, "?", .v // ""]}) // {};

foreach inputs as $line ({}; (. + {row: null}) + ($line |
	if $form == "text" or $form == "medians" then text elif $form == "markdown" then markdown elif $form == "html" then html else ktap end);
	select(.row and .kind) | [.place, .kind] + .row | join("\t"))
